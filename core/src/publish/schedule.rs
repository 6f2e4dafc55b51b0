//! Which publishers may send, in their order, and when to look at the others again.

use std::time::Duration;

use super::budget::Class;
use super::keyed::Moments;

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
    /// By class, and since when they wait.
    ready: [Moments; Class::ALL.len()],
    deadlines: Moments,
    /// Since when they wait.
    unshown: Moments,
    next: Moments,
    waits_for_room: Moments,
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
        for class in Class::ALL {
            let since = |place: Place| place.ready.filter(|(ready, _)| *ready == class).map(|(_, since)| since);
            exchange(&mut self.ready[class as usize], slot, since(old), since(place));
        }
        let unshown = |place: Place| place.ready.filter(|_| place.is_unshown).map(|(_, since)| since);
        exchange(&mut self.deadlines, slot, old.deadline, place.deadline);
        exchange(&mut self.unshown, slot, unshown(old), unshown(place));
        exchange(&mut self.next, slot, old.next, place.next);
        exchange(&mut self.waits_for_room, slot, old.waits_for_room, place.waits_for_room);
    }

    /// The publisher that sends first.
    pub(super) fn first(&self) -> Option<(Class, Slot)> {
        let first = |class: Class| self.ready[class as usize].first().map(|(_, slot)| (class, *slot as Slot));
        Class::ALL.into_iter().rev().find_map(first)
    }

    /// All that may send.
    pub(super) fn ready(&self) -> Vec<Slot> {
        self.ready.iter().flat_map(Moments::iter).map(|(_, slot)| *slot as Slot).collect()
    }

    /// A publisher that may send, and has to by then.
    pub(super) fn due_by(&self, time: Duration) -> Option<Slot> {
        self.deadlines.first().filter(|(deadline, _)| *deadline <= time).map(|(_, slot)| *slot as Slot)
    }

    /// All that may send, and otherwise end without being shown.
    pub(super) fn unshown(&self) -> Vec<Slot> {
        self.unshown.iter().map(|(_, slot)| *slot as Slot).collect()
    }

    /// The publisher that has waited longest for room on the device.
    pub(super) fn first_for_room(&self) -> Option<Slot> {
        self.waits_for_room.first().map(|(_, slot)| *slot as Slot)
    }

    /// When to look at a publisher again.
    pub(super) fn next(&self) -> Option<Duration> {
        self.next.first().map(|(time, _)| *time)
    }

    /// The publishers to look at again at this moment.
    pub(super) fn due(&self, now: Duration) -> Vec<Slot> {
        self.next.iter().take_while(|(time, _)| *time <= now).map(|(_, slot)| *slot as Slot).collect()
    }
}

fn exchange(moments: &mut Moments, slot: Slot, old: Option<Duration>, new: Option<Duration>) {
    if old != new {
        if let Some(old) = old {
            moments.remove(&(old, slot.into()));
        }
        if let Some(new) = new {
            moments.insert((new, slot.into()));
        }
    }
}
