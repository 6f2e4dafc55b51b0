//! What each device shows of a stream, beside what the API knows of it. Changes nothing.

use serde::Serialize;
use serde_json::Value;

use super::account::Account;
use super::budget::{BudgetView, UPDATES};
use super::device::{Device, DeviceState, Screen, Slot};
use super::stream::{Ended, Face, Stream};
use super::view::{TimerView, content_state, json, view_timer};
use crate::time::Timestamp;

/// What one device shows of a stream.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeviceShows {
    /// The device.
    pub device_id: String,
    /// How it is called.
    pub name: String,
    /// What it is doing.
    pub state: DeviceState,
    /// The state on its screen with its type; `None` if it shows nothing of the stream.
    pub shows: Option<Value>,
    /// The first button on its screen.
    pub action: Option<Value>,
    /// The second button on its screen.
    pub secondary_action: Option<Value>,
    /// The window of the timer on its screen, which runs on by itself.
    pub timer: Option<TimerView>,
    /// When this came on its screen.
    pub shown_at: Option<Timestamp>,
    /// Whether the stream has something newer that it does not show yet.
    pub is_stale: bool,
    /// When the newest state will show if nothing more is sent; `None` if nothing waits, or if it is offline.
    pub pending_until: Option<Timestamp>,
    /// Updates, of all streams together, that it would still show at once; `None` without a limit.
    pub budget: Option<BudgetView>,
}

/// A stream that the API knows, on the devices of its account.
pub(super) fn running(account: &Account, key: &str, stream: &Stream, now: Timestamp) -> Vec<DeviceShows> {
    let show = |device: &Device| show(device, device.slots.get(key), stream, now);
    devices(account).iter().map(show).collect()
}

/// A stream that a DELETE has ended.
pub(super) fn ended(account: &Account, ended: &Ended, now: Timestamp) -> Vec<DeviceShows> {
    let show = |device: &Device| {
        let slot = ended.slots.iter().find(|(id, _)| *id == device.id).map(|(_, slot)| slot);
        // One that has not heard of the end goes on showing what it showed.
        show(device, slot.filter(|slot| slot.is_behind() || now < ended.dismisses_at), &ended.stream, now)
    };
    devices(account).iter().map(show).collect()
}

fn devices(account: &Account) -> &[Device] {
    if account.settings.has_device { &account.devices.0 } else { &[] }
}

fn show(device: &Device, slot: Option<&Slot>, stream: &Stream, now: Timestamp) -> DeviceShows {
    let newest;
    let face: Option<&Face> = match slot.map(|slot| &slot.screen) {
        None | Some(Screen::Nothing) => None,
        Some(Screen::Old(face)) => Some(face),
        Some(Screen::Newest) => {
            newest = stream.face();
            Some(&newest)
        }
    };
    DeviceShows {
        device_id: device.id.to_string(),
        name: device.name.clone(),
        state: device.state,
        shows: face.map(|face| content_state(face.kind, &face.content_state)),
        action: face.and_then(|face| face.action.as_deref()).map(json),
        secondary_action: face.and_then(|face| face.secondary_action.as_deref()).map(json),
        timer: face.and_then(|face| face.timer.as_deref()).map(|timer| view_timer(timer, now)),
        shown_at: slot.filter(|_| face.is_some()).and_then(|slot| slot.shown_at),
        is_stale: slot.is_some_and(Slot::is_behind),
        pending_until: slot.and_then(|slot| device.shows_at(slot, now)),
        budget: device.is_paced.then(|| device.updates.view(UPDATES, now)),
    }
}
