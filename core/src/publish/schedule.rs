//! Which publishers may send, in their order, and when to look at the others again. Each answer takes logarithmic time.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::time::Duration;

use super::budget::Class;

/// Where a publisher is, among those of a [`Dispatcher`](super::Dispatcher).
pub(super) type Slot = u32;

/// What is known of one publisher at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Place {
    /// It may send: a request of which class, and since when it waits.
    pub(super) ready: Option<(Class, Duration)>,
    /// It may send, and has to by then.
    pub(super) deadline: Option<Duration>,
    /// It may send, and otherwise ends without being shown.
    pub(super) is_unshown: bool,
    /// When to look at it again.
    pub(super) next: Option<Duration>,
    /// Since when it waits for room on the device.
    pub(super) waits_for_room: Option<Duration>,
}

#[derive(Debug, Default)]
pub(super) struct Schedule {
    /// By slot.
    places: Vec<Place>,
    ready: BTreeSet<(Reverse<Class>, Duration, Slot)>,
    deadlines: BTreeSet<(Duration, Slot)>,
    unshown: BTreeSet<Slot>,
    next: BTreeSet<(Duration, Slot)>,
    waits_for_room: BTreeSet<(Duration, Slot)>,
}

impl Schedule {
    /// Puts a publisher into its place.
    pub(super) fn put(&mut self, slot: Slot, place: Place) {
        let index = slot as usize;
        if self.places.len() <= index {
            self.places.resize(index + 1, Place::default());
        }
        let old = std::mem::replace(&mut self.places[index], place);
        if old == place {
            return;
        }
        let ready = |place: Place| place.ready.map(|(class, since)| (Reverse(class), since, slot));
        let timed = |time: Option<Duration>| time.map(|time| (time, slot));
        exchange(&mut self.ready, ready(old), ready(place));
        exchange(&mut self.deadlines, timed(old.deadline), timed(place.deadline));
        exchange(&mut self.unshown, old.is_unshown.then_some(slot), place.is_unshown.then_some(slot));
        exchange(&mut self.next, timed(old.next), timed(place.next));
        exchange(&mut self.waits_for_room, timed(old.waits_for_room), timed(place.waits_for_room));
    }

    /// The publisher that sends first.
    pub(super) fn first(&self) -> Option<(Class, Slot)> {
        self.ready.first().map(|(class, _, slot)| (class.0, *slot))
    }

    /// All that may send.
    pub(super) fn ready(&self) -> impl Iterator<Item = Slot> + '_ {
        self.ready.iter().map(|(.., slot)| *slot)
    }

    /// A publisher that may send, and has to by then.
    pub(super) fn due_by(&self, time: Duration) -> Option<Slot> {
        self.deadlines.first().filter(|(deadline, _)| *deadline <= time).map(|(_, slot)| *slot)
    }

    /// All that may send, and otherwise end without being shown.
    pub(super) fn unshown(&self) -> Vec<Slot> {
        self.unshown.iter().copied().collect()
    }

    /// The publisher that has waited longest for room on the device.
    pub(super) fn first_for_room(&self) -> Option<Slot> {
        self.waits_for_room.first().map(|(_, slot)| *slot)
    }

    /// When to look at a publisher again.
    pub(super) fn next(&self) -> Option<Duration> {
        self.next.first().map(|(time, _)| *time)
    }

    /// The publishers to look at again at this moment.
    pub(super) fn due(&self, now: Duration) -> Vec<Slot> {
        self.next.iter().take_while(|(time, _)| *time <= now).map(|(_, slot)| *slot).collect()
    }
}

fn exchange<T: Ord>(set: &mut BTreeSet<T>, old: Option<T>, new: Option<T>) {
    if old != new {
        if let Some(old) = old {
            set.remove(&old);
        }
        set.extend(new);
    }
}
