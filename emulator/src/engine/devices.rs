//! The devices of one account, and what the account's streams do on them.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::account::AccountId;
use super::budget::{BudgetView, STARTS, UPDATES};
use super::device::{Device, DeviceState, Slot};
use super::stream::{Ended, Face};
use crate::time::Timestamp;

/// What every account has to begin with.
const FIRST: (&str, &str) = ("iphone", "iPhone");
/// More would only be a mistake of whoever pairs them.
pub(super) const MOST_DEVICES: usize = 32;

/// In the order in which they were paired.
#[derive(Debug)]
pub(super) struct Devices(pub(super) Vec<Device>);

/// What can be changed about a device; what is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeviceSettings {
    /// What it is doing.
    pub state: Option<DeviceState>,
    /// How it is called.
    pub name: Option<String>,
    /// Channels that it listens to. An empty list is all of them.
    pub channels: Option<BTreeSet<String>>,
}

/// A device as it can be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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

impl Devices {
    pub(super) fn new(is_paced: bool) -> Self {
        Self(vec![Device::new(FIRST.0, FIRST.1, is_paced)])
    }

    /// Whether nothing would be lost if the account were made anew.
    pub(super) fn are_as_new(&self, now: Timestamp) -> bool {
        matches!(&*self.0, [device] if device.is_as_new(now) && (&*device.id, &*device.name) == FIRST)
    }

    /// Those that an activity to these channels reaches.
    pub(super) fn reached(&self, channels: Option<&BTreeSet<String>>) -> impl Iterator<Item = &Device> {
        self.0.iter().filter(move |device| device.listens_to(channels))
    }

    /// The stream's activity starts on those that listen and have room, and leaves those that do not listen any more.
    pub(super) fn start(
        &mut self,
        key: &Arc<str>,
        channels: Option<&BTreeSet<String>>,
        capacity: Option<u32>,
        now: Timestamp,
        old: Option<&Face>,
    ) {
        for device in &mut self.0 {
            if device.listens_to(channels) {
                if device.has_room_for(key, capacity) {
                    device.start(key, now, old);
                }
            } else if let Some(old) = old {
                device.withdraw(key, old);
            }
        }
    }

    pub(super) fn would_fall_behind(&self, key: &str, now: Timestamp) -> bool {
        self.0.iter().any(|device| device.would_fall_behind(key, now))
    }

    /// What the stream's activity shows changes from `old`. A device that was paired since it started gets it now, if it has
    /// room.
    pub(super) fn update(
        &mut self,
        key: &Arc<str>,
        channels: Option<&BTreeSet<String>>,
        capacity: Option<u32>,
        now: Timestamp,
        old: Option<&Face>,
    ) {
        for device in &mut self.0 {
            if !device.update(key, now, old) && device.listens_to(channels) && device.has_room_for(key, capacity) {
                device.start(key, now, None);
            }
        }
    }

    /// The stream ends; what its activity leaves on each device goes with it.
    pub(super) fn end(&mut self, key: &str, now: Timestamp, old: &Face) -> Vec<(Box<str>, Slot)> {
        let end = |device: &mut Device| Some((device.id.clone(), device.end(key, now, old)?));
        self.0.iter_mut().filter_map(end).collect()
    }

    pub(super) fn withdraw(&mut self, key: &Arc<str>, old: &Face) {
        self.0.iter_mut().for_each(|device| device.withdraw(key, old));
    }

    pub(super) fn remove(&mut self, key: &str) {
        for device in &mut self.0 {
            device.remove(key);
        }
    }

    /// Takes everything off all screens.
    pub(super) fn clear(&mut self) {
        self.0.iter_mut().for_each(Device::clear);
    }

    /// Leaves one device, as new.
    pub(super) fn renew(&mut self) {
        let is_paced = self.0.first().is_none_or(|device| device.is_paced);
        *self = Self::new(is_paced);
    }

    pub(super) fn settle(&mut self, now: Timestamp, moved: &mut Vec<Arc<str>>) {
        self.0.iter_mut().for_each(|device| device.settle(now, moved));
    }

    pub(super) fn find(&self, id: &str) -> Option<&Device> {
        self.0.iter().find(|device| *device.id == *id)
    }

    /// Changes a device, or pairs one of that id. Names the streams that this changes.
    pub(super) fn set<'a>(
        &mut self,
        id: &str,
        settings: DeviceSettings,
        now: Timestamp,
        ended: impl Iterator<Item = &'a mut Ended>,
        moved: &mut Vec<Arc<str>>,
    ) -> &Device {
        let index = self.0.iter().position(|device| *device.id == *id).unwrap_or_else(|| {
            let is_paced = self.0.first().is_none_or(|device| device.is_paced);
            self.0.push(Device::new(id, id, is_paced));
            self.0.len() - 1
        });
        let device = &mut self.0[index];
        if let Some(name) = settings.name {
            device.name = name;
        }
        if let Some(channels) = settings.channels {
            device.channels = (!channels.is_empty()).then_some(channels);
        }
        if let Some(state) = settings.state {
            device.set_state(state, now, moved);
            for ended in ended {
                if state == DeviceState::Wiped {
                    ended.slots.retain(|(known, _)| **known != *id);
                } else if state != DeviceState::Offline {
                    ended.slots.iter_mut().filter(|(known, _)| **known == *id).for_each(|(_, slot)| slot.catch_up(now));
                }
                moved.push(Arc::clone(&ended.key));
            }
        }
        device
    }
}

/// The device as it stands at `now`.
pub(super) fn view(account: AccountId, device: &Device, capacity: Option<u32>, now: Timestamp) -> DeviceView {
    let paced = |view| device.is_paced.then_some(view);
    let mut stale: Vec<_> =
        device.slots.iter().filter(|(_, slot)| slot.is_behind()).map(|(key, _)| key.to_string()).collect();
    stale.sort_unstable();
    DeviceView {
        account,
        device_id: device.id.to_string(),
        name: device.name.clone(),
        state: device.state,
        channels: device.channels.clone(),
        active: device.running(),
        capacity,
        budget: paced(device.updates.view(UPDATES, now)),
        start_budget: paced(device.starts.view(STARTS, now)),
        stale,
    }
}
