//! Devices as control endpoints show them.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::budget::{BudgetView, STARTS, UPDATES};
use super::{Device, DeviceState, Screen, Slot};
use crate::api::ids::AccountId;
use crate::content::Content;
use crate::content::canonical::Canonical;
use crate::content::timer::TimerView;
use crate::time::Timestamp;

/// A device as it can be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DeviceView {
    /// Whose device it is.
    pub account: AccountId,
    /// Its name within the account.
    pub device_id: String,
    /// How it is called.
    pub name: String,
    /// What it is doing.
    pub state: DeviceState,
    /// Channels that it listens to; `None` is all of them.
    pub channels: Option<BTreeSet<String>>,
    /// Activities that run on it.
    pub active: u32,
    /// Activities that can run on it; `None` without a limit.
    pub capacity: Option<u32>,
    /// Updates that it would still show at once; `None` without a limit.
    pub budget: Option<BudgetView>,
    /// Activities that may still be started by a push; `None` without a limit.
    pub start_budget: Option<BudgetView>,
    /// Keys of the streams of which it does not show the newest state.
    pub stale: Vec<String>,
}

/// What a device shows of a stream.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DeviceShows {
    /// The device.
    pub device_id: String,
    /// How it is called.
    pub name: String,
    /// What it is doing.
    pub state: DeviceState,
    /// The state on its screen with its type; `None` if it shows nothing of the stream.
    #[cfg_attr(test, schemars(with = "Option<serde_json::Map<String, Value>>"))]
    pub shows: Option<Value>,
    /// The first button on its screen.
    #[cfg_attr(test, schemars(with = "Option<serde_json::Map<String, Value>>"))]
    pub action: Option<Value>,
    /// The second button on its screen.
    #[cfg_attr(test, schemars(with = "Option<serde_json::Map<String, Value>>"))]
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

impl Device {
    pub(crate) fn view(&self, account: AccountId, capacity: Option<u32>, now: Timestamp) -> DeviceView {
        let paced = |view| self.is_paced.then_some(view);
        let stale = self.slots.iter().filter(|(_, slot)| slot.is_behind());
        DeviceView {
            account,
            device_id: self.id.to_string(),
            name: self.name.clone(),
            state: self.state,
            channels: self.channels.clone(),
            active: self.running(),
            capacity,
            budget: paced(self.updates.view(UPDATES, now)),
            start_budget: paced(self.starts.view(STARTS, now)),
            stale: stale.map(|(key, _)| key.to_string()).collect(),
        }
    }

    /// What it shows of a stream whose newest content this is.
    pub(crate) fn shows(&self, slot: Option<&Slot>, newest: &Content, now: Timestamp) -> DeviceShows {
        let content = match slot.map(|slot| &slot.screen) {
            None | Some(Screen::Nothing) => None,
            Some(Screen::Old(content)) => Some(&**content),
            Some(Screen::Newest) => Some(newest),
        };
        DeviceShows {
            device_id: self.id.to_string(),
            name: self.name.clone(),
            state: self.state,
            shows: content.map(Content::content_state),
            action: content.and_then(|content| content.action.as_ref()).map(Canonical::value),
            secondary_action: content.and_then(|content| content.secondary_action.as_ref()).map(Canonical::value),
            timer: content.and_then(|content| content.timer.as_ref()).map(|timer| timer.view(now)),
            shown_at: slot.filter(|_| content.is_some()).and_then(|slot| slot.shown_at),
            is_stale: slot.is_some_and(Slot::is_behind),
            pending_until: slot.and_then(|slot| self.shows_at(slot, now)),
            budget: self.is_paced.then(|| self.updates.view(UPDATES, now)),
        }
    }
}
