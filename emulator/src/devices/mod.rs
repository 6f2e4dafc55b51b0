//! The virtual iPhones of an account: which activities they have, what they show of each, and what they hold back. The
//! service does not know any of this; it answers 200 as soon as a change is on its way.

pub(crate) mod budget;
pub(crate) mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::content::Content;
use crate::time::Timestamp;
use budget::{Budget, STARTS, UPDATES};

/// What every account has to begin with.
const FIRST: (&str, &str) = ("iphone", "iPhone");
/// More would only be a mistake of whoever pairs them.
pub(crate) const MOST_DEVICES: usize = 32;

/// In the order in which they were paired.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Devices(pub(crate) Vec<Device>);

/// What can be changed about a device; what is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct DeviceSettings {
    /// What it is doing.
    pub state: Option<DeviceState>,
    /// How it is called.
    pub name: Option<String>,
    /// Channels that it listens to. An empty list is all of them.
    pub channels: Option<BTreeSet<String>>,
}

impl Devices {
    pub(crate) fn new(is_paced: bool) -> Self {
        Self(vec![Device::new(FIRST.0, FIRST.1, is_paced)])
    }

    /// Whether nothing would be lost if the account were made anew.
    pub(crate) fn are_as_new(&self, now: Timestamp) -> bool {
        matches!(&*self.0, [device] if device.is_as_new(now) && (&*device.id, &*device.name) == FIRST)
    }

    /// Those that an activity to these channels reaches.
    pub(crate) fn reached(&self, channels: Option<&BTreeSet<String>>) -> impl Iterator<Item = &Device> {
        self.0.iter().filter(move |device| device.listens_to(channels))
    }

    /// The stream's activity starts on those that listen and have room, and leaves those that do not listen any more.
    pub(crate) fn start(
        &mut self,
        key: &Arc<str>,
        channels: Option<&BTreeSet<String>>,
        capacity: Option<u32>,
        now: Timestamp,
        old: Option<&Content>,
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

    /// What the stream's activity shows changes from `old`. A device that was paired since it started gets it now, if it has
    /// room.
    pub(crate) fn update(
        &mut self,
        key: &Arc<str>,
        channels: Option<&BTreeSet<String>>,
        capacity: Option<u32>,
        now: Timestamp,
        old: &Content,
    ) {
        for device in &mut self.0 {
            if !device.update(key, now, old) && device.listens_to(channels) && device.has_room_for(key, capacity) {
                device.start(key, now, None);
            }
        }
    }

    /// The stream ends; what its activity leaves on each device goes with it.
    pub(crate) fn end(&mut self, key: &str, now: Timestamp, old: &Content) -> Vec<(Box<str>, Slot)> {
        let end = |device: &mut Device| Some((device.id.clone(), device.end(key, now, old)?));
        self.0.iter_mut().filter_map(end).collect()
    }

    pub(crate) fn withdraw(&mut self, key: &Arc<str>, old: &Content) {
        self.0.iter_mut().for_each(|device| device.withdraw(key, old));
    }

    pub(crate) fn remove(&mut self, key: &str) {
        for device in &mut self.0 {
            device.remove(key);
        }
    }

    /// Takes everything off all screens.
    pub(crate) fn clear(&mut self) {
        self.0.iter_mut().for_each(Device::clear);
    }

    /// Leaves one device, as new.
    pub(crate) fn renew(&mut self) {
        let is_paced = self.0.first().is_none_or(|device| device.is_paced);
        *self = Self::new(is_paced);
    }

    pub(crate) fn settle(&mut self, now: Timestamp, moved: &mut Vec<Arc<str>>) {
        self.0.iter_mut().for_each(|device| device.settle(now, moved));
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Device> {
        self.0.iter().find(|device| *device.id == *id)
    }

    /// Changes a device, or pairs one of that id. Names the streams that this changes.
    pub(crate) fn set(
        &mut self,
        id: &str,
        settings: DeviceSettings,
        now: Timestamp,
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
        }
        device
    }

    /// Who receives an activity of this stream that goes to these channels.
    pub(crate) fn notified(&self, key: &str, channels: Option<&BTreeSet<String>>) -> Notified {
        let mut notified = Notified::default();
        for device in &self.0 {
            if device.state == DeviceState::Wiped && device.is_in(channels) {
                notified.errors.push(format!("{}: the device's token is no longer valid", device.name));
            }
            notified.devices += u32::from(device.runs(key));
        }
        notified
    }

    /// Completes devices that were read from a snapshot. `stream` tells of a stream that is known its key, and whether its
    /// activity runs.
    pub(crate) fn restore(
        &mut self,
        is_paced: bool,
        stream: impl Fn(&str) -> Option<(Arc<str>, bool)>,
    ) -> Result<(), String> {
        if self.0.len() > MOST_DEVICES {
            return Err(format!("there are more than {MOST_DEVICES} devices"));
        }
        let ids: BTreeSet<_> = self.0.iter().map(|device| &device.id).collect();
        if ids.len() < self.0.len() {
            return Err("a device is there twice".to_owned());
        }
        self.0.iter_mut().try_for_each(|device| device.restore(is_paced, &stream))
    }
}

/// What became of a push.
#[derive(Debug, Default)]
pub(crate) struct Notified {
    /// Devices that it was accepted for. Whether they show it is another matter.
    pub(crate) devices: u32,
    /// One for each device that is gone.
    pub(crate) errors: Vec<String>,
}

/// What a device is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    /// It is in use: what its budget allows is shown at once.
    #[default]
    Online,
    /// Its screen is locked. Changes are shown as on any Lock Screen, only dimmed.
    Locked,
    /// No network reaches it: it goes on showing what it showed, and learns the newest state when it is back.
    Offline,
    /// The app was removed or the device erased. It counts as a recipient no more, and its activities are gone.
    Wiped,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Device {
    #[serde(rename = "device_id")]
    pub(crate) id: Box<str>,
    pub(crate) name: String,
    /// Channels that it listens to; `None` is all of them.
    pub(crate) channels: Option<BTreeSet<String>>,
    pub(crate) state: DeviceState,
    pub(crate) updates: Budget,
    pub(crate) starts: Budget,
    /// Whether its budgets hold.
    #[serde(skip)]
    pub(crate) is_paced: bool,
    /// Since when it can be reached without a break.
    reached_at: Timestamp,
    pub(crate) slots: BTreeMap<Arc<str>, Slot>,
    /// Streams whose change waits, in the order in which they began to.
    #[serde(skip)]
    waiting: BTreeMap<Turn, Arc<str>>,
    /// How many of its activities run, as far as the service knows.
    #[serde(skip)]
    running: u32,
    #[serde(skip)]
    turns: u64,
}

/// One stream on one device.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Slot {
    /// Whether the service takes its activity to run there.
    is_running: bool,
    pub(crate) screen: Screen,
    /// When what is shown came on.
    pub(crate) shown_at: Option<Timestamp>,
    /// Something newer is on its way.
    behind: Option<Turn>,
}

/// What a device shows of a stream.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Screen {
    #[default]
    Nothing,
    /// What the stream holds.
    Newest,
    /// What the stream held before.
    Old(Box<Content>),
}

/// A place in one of the two queues; those of the starts come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Turn {
    is_update: bool,
    number: u64,
}

/// No device comes to so many.
const LAST_TURN: u64 = u64::MAX >> 1;

impl Device {
    pub(crate) fn new(id: &str, name: &str, is_paced: bool) -> Self {
        Self {
            id: id.into(),
            name: name.to_owned(),
            channels: None,
            state: DeviceState::Online,
            updates: Budget::default(),
            starts: Budget::default(),
            is_paced,
            reached_at: Timestamp::from_millis(0),
            slots: BTreeMap::new(),
            waiting: BTreeMap::new(),
            running: 0,
            turns: 0,
        }
    }

    /// How many activities run on it, as far as the service knows.
    pub(crate) fn running(&self) -> u32 {
        self.running
    }

    /// Whether the service takes the stream's activity to run on it.
    pub(crate) fn runs(&self, key: &str) -> bool {
        self.slots.get(key).is_some_and(|slot| slot.is_running)
    }

    /// Whether the stream's activity can run on it, perhaps in place of the one that does.
    pub(crate) fn has_room_for(&self, key: &str, capacity: Option<u32>) -> bool {
        capacity.is_none_or(|capacity| self.running < capacity) || self.runs(key)
    }

    /// Whether it is among those that an activity to these channels is meant for.
    pub(crate) fn is_in(&self, channels: Option<&BTreeSet<String>>) -> bool {
        let shares = |own: &BTreeSet<String>| channels.is_none_or(|channels| !channels.is_disjoint(own));
        self.channels.as_ref().is_none_or(shares)
    }

    /// Whether it would receive an activity that goes to these channels.
    pub(crate) fn listens_to(&self, channels: Option<&BTreeSet<String>>) -> bool {
        self.state != DeviceState::Wiped && self.is_in(channels)
    }

    fn is_reached(&self) -> bool {
        matches!(self.state, DeviceState::Online | DeviceState::Locked)
    }

    fn lets_pass(&self, is_update: bool, now: Timestamp) -> bool {
        let (budget, plan) = if is_update { (self.updates, UPDATES) } else { (self.starts, STARTS) };
        !self.is_paced || (self.first(is_update).is_none() && budget.next_at(plan, now, 0) <= now)
    }

    fn first(&self, is_update: bool) -> Option<Turn> {
        let from = Turn { is_update, number: 0 };
        self.waiting.range(from..).next().map(|(turn, _)| *turn).filter(|turn| turn.is_update == is_update)
    }

    /// An activity starts on it, perhaps in place of the stream's last one, which showed `old`.
    fn start(&mut self, key: &Arc<str>, now: Timestamp, old: Option<&Content>) {
        let is_reached = self.is_reached();
        let slot = self.slots.entry(Arc::clone(key)).or_default();
        self.running += u32::from(!slot.is_running);
        slot.is_running = true;
        if is_reached {
            slot.screen = Screen::Nothing;
        }
        if let Some(turn) = slot.behind.take() {
            self.waiting.remove(&turn);
        }
        self.change(key, now, false, old);
    }

    /// What its activity shows changes from `old`. False if it has none.
    fn update(&mut self, key: &Arc<str>, now: Timestamp, old: &Content) -> bool {
        let Some(slot) = self.slots.get(key) else { return false };
        if slot.is_running && slot.behind.is_none() {
            self.change(key, now, true, Some(old));
        }
        true
    }

    /// Shows a change of a stream at once, or lets it wait.
    fn change(&mut self, key: &Arc<str>, now: Timestamp, is_update: bool, old: Option<&Content>) {
        let passes = self.is_reached() && self.lets_pass(is_update, now);
        if passes {
            self.spend(is_update, now);
        }
        self.turns += 1;
        let turn = Turn { is_update, number: self.turns };
        let slot = self.slots.get_mut(key).expect("a change is of a stream that is there");
        if passes {
            slot.show_newest(now);
        } else {
            slot.keep(old);
            slot.behind = Some(turn);
            self.waiting.insert(turn, Arc::clone(key));
        }
    }

    fn spend(&mut self, is_update: bool, now: Timestamp) {
        if self.is_paced {
            let (budget, plan) = if is_update { (&mut self.updates, UPDATES) } else { (&mut self.starts, STARTS) };
            budget.spend(plan, now);
        }
    }

    /// A DELETE ends the stream's activity, which showed `old` before its last state. Ends are always let through. The
    /// slot goes with the ended stream.
    pub(crate) fn end(&mut self, key: &str, now: Timestamp, old: &Content) -> Option<Slot> {
        let mut slot = self.remove(key)?;
        if !self.is_reached() {
            slot.keep(Some(old));
            // It is told as soon as it is back; there is nothing to wait for after that.
            slot.behind = matches!(slot.screen, Screen::Old(_)).then_some(Turn { is_update: true, number: 0 });
        } else if !matches!(slot.screen, Screen::Nothing) {
            slot.show_newest(now);
        }
        Some(slot)
    }

    /// The service ends the stream's activity and takes it off the screen, which the device learns when it is reached.
    pub(crate) fn withdraw(&mut self, key: &Arc<str>, old: &Content) {
        let Some(mut slot) = self.remove(key).filter(|_| !self.is_reached()) else { return };
        slot.keep(Some(old));
        if matches!(slot.screen, Screen::Old(_)) {
            slot.behind = Some(Turn { is_update: true, number: 0 });
            self.slots.insert(Arc::clone(key), slot);
        }
    }

    /// The activity is gone from the device itself.
    pub(crate) fn remove(&mut self, key: &str) -> Option<Slot> {
        let mut slot = self.slots.remove(key)?;
        self.running -= u32::from(slot.is_running);
        slot.is_running = false;
        if let Some(turn) = slot.behind.take() {
            self.waiting.remove(&turn);
        }
        Some(slot)
    }

    /// Shows what could not be shown before, as far as time has brought the budgets back, and names the streams.
    pub(crate) fn settle(&mut self, now: Timestamp, moved: &mut Vec<Arc<str>>) {
        if !self.is_reached() {
            return;
        }
        for is_update in [false, true] {
            while let Some(turn) = self.first(is_update) {
                let (budget, plan) = if is_update { (self.updates, UPDATES) } else { (self.starts, STARTS) };
                if self.is_paced && budget.next_at(plan, now, 0) > now {
                    break;
                }
                let due = if self.is_paced { budget.ready_at(plan) } else { self.reached_at };
                let due = due.max(self.reached_at).min(now);
                self.spend(is_update, due);
                let key = self.waiting.remove(&turn).expect("the first one is there");
                if let Some(slot) = self.slots.get_mut(&key) {
                    slot.show_newest(due);
                }
                moved.push(key);
            }
        }
    }

    /// Takes everything off its screen.
    pub(crate) fn clear(&mut self) {
        self.slots.clear();
        self.waiting.clear();
        self.running = 0;
    }

    /// Changes what it is doing, and names the streams that this changes.
    pub(crate) fn set_state(&mut self, state: DeviceState, now: Timestamp, moved: &mut Vec<Arc<str>>) {
        let was_reached = self.is_reached();
        let was_wiped = std::mem::replace(&mut self.state, state) == DeviceState::Wiped;
        if state == DeviceState::Wiped {
            moved.extend(self.slots.keys().cloned());
            self.clear();
        } else if was_wiped {
            (self.updates, self.starts) = (Budget::default(), Budget::default());
        }
        if self.is_reached() && !was_reached {
            self.reached_at = now;
            self.slots.retain(|key, slot| {
                if !slot.is_running {
                    moved.push(Arc::clone(key));
                }
                slot.is_running
            });
            self.settle(now, moved);
        }
    }

    /// When what is newest of a stream will show, if it does not and that can be told.
    pub(crate) fn shows_at(&self, slot: &Slot, now: Timestamp) -> Option<Timestamp> {
        let turn = slot.behind.filter(|_| self.is_reached() && self.is_paced)?;
        let from = Turn { is_update: turn.is_update, number: 0 };
        let before = u32::try_from(self.waiting.range(from..turn).count()).unwrap_or(u32::MAX);
        let (budget, plan) = if turn.is_update { (self.updates, UPDATES) } else { (self.starts, STARTS) };
        Some(budget.next_at(plan, now, before))
    }

    /// Completes a device that was read from a snapshot. `stream` tells of a stream that is known its key, and whether its
    /// activity runs.
    fn restore(&mut self, is_paced: bool, stream: impl Fn(&str) -> Option<(Arc<str>, bool)>) -> Result<(), String> {
        self.is_paced = is_paced;
        for (key, mut slot) in std::mem::take(&mut self.slots) {
            let Some((key, runs)) = stream(&key) else { continue };
            slot.is_running &= runs;
            self.running += u32::from(slot.is_running);
            // A withdrawal waits for the network alone, and has no place in a queue.
            if let Some(turn) = slot.behind.filter(|turn| turn.number > 0) {
                self.turns = self.turns.max(turn.number);
                if turn.number > LAST_TURN || self.waiting.insert(turn, Arc::clone(&key)).is_some() {
                    return Err(format!(
                        "the device {} has two changes in one place of a queue, or a place too high",
                        self.id
                    ));
                }
            }
            self.slots.insert(key, slot);
        }
        Ok(())
    }

    pub(crate) fn is_as_new(&self, now: Timestamp) -> bool {
        self.state == DeviceState::Online
            && self.channels.is_none()
            && self.updates.is_full(now)
            && self.starts.is_full(now)
    }
}

impl Slot {
    fn keep(&mut self, old: Option<&Content>) {
        if let Some(old) = old.filter(|_| matches!(self.screen, Screen::Newest)) {
            self.screen = Screen::Old(Box::new(old.clone()));
        }
    }

    fn show_newest(&mut self, now: Timestamp) {
        (self.screen, self.shown_at, self.behind) = (Screen::Newest, Some(now), None);
    }

    /// The device of an ended stream is reached again.
    pub(crate) fn catch_up(&mut self, now: Timestamp) {
        if self.behind.is_some() {
            self.show_newest(now);
        }
    }

    pub(crate) fn is_behind(&self) -> bool {
        self.behind.is_some()
    }
}
