//! One virtual iPhone: which activities it has, what it shows of each, and what it has to hold back. The service does
//! not know any of this; it answers 200 as soon as a change is on its way.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::budget::{Budget, STARTS, UPDATES};
use super::snapshot::FaceSnapshot;
use super::stream::Face;
use crate::time::Timestamp;

/// What a device is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
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

#[derive(Debug)]
pub(super) struct Device {
    pub(super) id: Box<str>,
    pub(super) name: String,
    /// Channels that it listens to; `None` is all of them.
    pub(super) channels: Option<BTreeSet<String>>,
    pub(super) state: DeviceState,
    pub(super) updates: Budget,
    pub(super) starts: Budget,
    /// Whether its budgets hold.
    pub(super) is_paced: bool,
    /// Since when it can be reached without a break.
    reached_at: Timestamp,
    pub(super) slots: HashMap<Arc<str>, Slot>,
    /// Streams whose change waits, in the order in which they began to.
    waiting: BTreeMap<Turn, Arc<str>>,
    /// How many of its activities run, as far as the service knows.
    running: u32,
    turns: u64,
}

/// One stream on one device.
#[derive(Debug, Default, Clone)]
pub(super) struct Slot {
    /// Whether the service takes its activity to run there.
    is_running: bool,
    pub(super) screen: Screen,
    /// When what is shown came on.
    pub(super) shown_at: Option<Timestamp>,
    /// Something newer is on its way.
    behind: Option<Turn>,
}

/// What a device shows of a stream.
#[derive(Debug, Clone, Default)]
pub(super) enum Screen {
    #[default]
    Nothing,
    /// What the stream holds.
    Newest,
    /// What the stream held before.
    Old(Box<Face>),
}

/// A slot in a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SlotSnapshot {
    is_running: bool,
    screen: ScreenSnapshot,
    shown_at: Option<Timestamp>,
    behind: Option<Turn>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ScreenSnapshot {
    Nothing,
    Newest,
    Old(Box<FaceSnapshot>),
}

/// A place in one of the two queues; those of the starts come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Turn {
    is_update: bool,
    number: u64,
}

/// No device comes to so many.
const LAST_TURN: u64 = u64::MAX >> 1;

impl Device {
    pub(super) fn new(id: &str, name: &str, is_paced: bool) -> Self {
        Self {
            id: id.into(),
            name: name.to_owned(),
            channels: None,
            state: DeviceState::Online,
            updates: Budget::default(),
            starts: Budget::default(),
            is_paced,
            reached_at: Timestamp::from_millis(0),
            slots: HashMap::new(),
            waiting: BTreeMap::new(),
            running: 0,
            turns: 0,
        }
    }

    /// How many activities run on it, as far as the service knows.
    pub(super) fn running(&self) -> u32 {
        self.running
    }

    /// Whether the service takes the stream's activity to run on it.
    pub(super) fn runs(&self, key: &str) -> bool {
        self.slots.get(key).is_some_and(|slot| slot.is_running)
    }

    /// Whether the stream's activity can run on it, perhaps in place of the one that does.
    pub(super) fn has_room_for(&self, key: &str, capacity: Option<u32>) -> bool {
        capacity.is_none_or(|capacity| self.running < capacity) || self.runs(key)
    }

    /// Whether it is among those that an activity to these channels is meant for.
    pub(super) fn is_in(&self, channels: Option<&BTreeSet<String>>) -> bool {
        let shares = |own: &BTreeSet<String>| channels.is_none_or(|channels| !channels.is_disjoint(own));
        self.channels.as_ref().is_none_or(shares)
    }

    /// Whether it would receive an activity that goes to these channels.
    pub(super) fn listens_to(&self, channels: Option<&BTreeSet<String>>) -> bool {
        self.state != DeviceState::Wiped && self.is_in(channels)
    }

    fn is_reached(&self) -> bool {
        matches!(self.state, DeviceState::Online | DeviceState::Locked)
    }

    /// Whether what it shows of a stream would be out of date after a change; the caller then keeps a copy.
    pub(super) fn would_fall_behind(&self, key: &str, now: Timestamp) -> bool {
        if self.is_reached() && !self.is_paced {
            return false;
        }
        let shows_newest = self.slots.get(key).is_some_and(|slot| matches!(slot.screen, Screen::Newest));
        shows_newest && !(self.is_reached() && self.lets_pass(true, now))
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
    pub(super) fn start(&mut self, key: &Arc<str>, now: Timestamp, old: Option<&Face>) {
        let is_reached = self.is_reached();
        let slot = self.slots.entry(Arc::clone(key)).or_default();
        self.running += u32::from(!slot.is_running);
        slot.is_running = true;
        if is_reached {
            slot.screen = Screen::Nothing;
        } else {
            slot.keep(old);
        }
        if let Some(turn) = slot.behind.take() {
            self.waiting.remove(&turn);
        }
        self.change(key, now, false);
    }

    /// What its activity shows changes from `old`. False if it has none.
    pub(super) fn update(&mut self, key: &Arc<str>, now: Timestamp, old: Option<&Face>) -> bool {
        let is_free = self.is_reached() && !self.is_paced;
        let Some(slot) = self.slots.get_mut(key) else { return false };
        if !slot.is_running || slot.behind.is_some() {
            return true;
        }
        if is_free {
            slot.show_newest(now);
            return true;
        }
        slot.keep(old);
        self.change(key, now, true);
        true
    }

    /// Shows a change of a stream at once, or lets it wait.
    fn change(&mut self, key: &Arc<str>, now: Timestamp, is_update: bool) {
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
    pub(super) fn end(&mut self, key: &str, now: Timestamp, old: &Face) -> Option<Slot> {
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
    pub(super) fn withdraw(&mut self, key: &Arc<str>, old: &Face) {
        let Some(mut slot) = self.remove(key).filter(|_| !self.is_reached()) else { return };
        slot.keep(Some(old));
        if matches!(slot.screen, Screen::Old(_)) {
            slot.behind = Some(Turn { is_update: true, number: 0 });
            self.slots.insert(Arc::clone(key), slot);
        }
    }

    /// The activity is gone from the device itself.
    pub(super) fn remove(&mut self, key: &str) -> Option<Slot> {
        let mut slot = self.slots.remove(key)?;
        self.running -= u32::from(slot.is_running);
        slot.is_running = false;
        if let Some(turn) = slot.behind.take() {
            self.waiting.remove(&turn);
        }
        Some(slot)
    }

    /// Shows what could not be shown before, as far as time has brought the budgets back, and names the streams.
    pub(super) fn settle(&mut self, now: Timestamp, moved: &mut Vec<Arc<str>>) {
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
    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.waiting.clear();
        self.running = 0;
    }

    /// Changes what it is doing, and names the streams that this changes.
    pub(super) fn set_state(&mut self, state: DeviceState, now: Timestamp, moved: &mut Vec<Arc<str>>) {
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
    pub(super) fn shows_at(&self, slot: &Slot, now: Timestamp) -> Option<Timestamp> {
        let turn = slot.behind.filter(|_| self.is_reached() && self.is_paced)?;
        let from = Turn { is_update: turn.is_update, number: 0 };
        let before = u32::try_from(self.waiting.range(from..turn).count()).unwrap_or(u32::MAX);
        let (budget, plan) = if turn.is_update { (self.updates, UPDATES) } else { (self.starts, STARTS) };
        Some(budget.next_at(plan, now, before))
    }

    pub(super) fn reached_at(&self) -> Timestamp {
        self.reached_at
    }

    /// Takes over from a snapshot what it shows of streams that are known, each with whether its activity runs. The error is what it
    /// has that cannot be.
    pub(super) fn restore(
        &mut self,
        state: DeviceState,
        reached_at: Timestamp,
        slots: impl Iterator<Item = (Arc<str>, SlotSnapshot, bool)>,
    ) -> Result<(), &'static str> {
        (self.state, self.reached_at) = (state, reached_at);
        for (key, snapshot, runs) in slots {
            let mut slot = snapshot.restored();
            slot.is_running &= runs;
            self.running += u32::from(slot.is_running);
            // What was withdrawn waits for the network alone, and has no place in a queue.
            if let Some(turn) = slot.behind.filter(|turn| turn.number > 0) {
                self.turns = self.turns.max(turn.number);
                if turn.number > LAST_TURN || self.waiting.insert(turn, Arc::clone(&key)).is_some() {
                    return Err("two changes that wait in one place, or one in a place that there is not");
                }
            }
            if self.slots.insert(key, slot).is_some() {
                return Err("a stream twice");
            }
        }
        Ok(())
    }

    pub(super) fn is_as_new(&self, now: Timestamp) -> bool {
        self.state == DeviceState::Online
            && self.channels.is_none()
            && self.updates.is_full(now)
            && self.starts.is_full(now)
    }
}

impl Slot {
    fn keep(&mut self, old: Option<&Face>) {
        if let Some(old) = old.filter(|_| matches!(self.screen, Screen::Newest)) {
            self.screen = Screen::Old(Box::new(old.clone()));
        }
    }

    fn show_newest(&mut self, now: Timestamp) {
        (self.screen, self.shown_at, self.behind) = (Screen::Newest, Some(now), None);
    }

    /// The device of an ended stream is reached again.
    pub(super) fn catch_up(&mut self, now: Timestamp) {
        if self.behind.is_some() {
            self.show_newest(now);
        }
    }

    pub(super) fn snapshot(&self) -> SlotSnapshot {
        SlotSnapshot {
            is_running: self.is_running,
            screen: match &self.screen {
                Screen::Nothing => ScreenSnapshot::Nothing,
                Screen::Newest => ScreenSnapshot::Newest,
                Screen::Old(face) => ScreenSnapshot::Old(Box::new(FaceSnapshot::of(face))),
            },
            shown_at: self.shown_at,
            behind: self.behind,
        }
    }

    pub(super) fn is_behind(&self) -> bool {
        self.behind.is_some()
    }
}

impl SlotSnapshot {
    pub(super) fn restored(self) -> Slot {
        Slot {
            is_running: self.is_running,
            screen: match self.screen {
                ScreenSnapshot::Nothing => Screen::Nothing,
                ScreenSnapshot::Newest => Screen::Newest,
                ScreenSnapshot::Old(face) => Screen::Old(Box::new(face.restored())),
            },
            shown_at: self.shown_at,
            behind: self.behind,
        }
    }
}
