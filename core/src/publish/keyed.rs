//! The collections of the driver and the dispatcher. They are sorted vectors, since the trees and maps of `std::collections` take several
//! times as much code, which WebAssembly carries once more for every type.

use std::borrow::Borrow;
use std::time::Duration;

/// Moments, and what they are for: a slot, or the number of a request or an operation. In order.
#[derive(Debug, Default)]
pub(super) struct Moments(Vec<(Duration, u64)>);

impl Moments {
    pub(super) fn insert(&mut self, moment: (Duration, u64)) {
        if let Err(position) = self.0.binary_search(&moment) {
            self.0.insert(position, moment);
        }
    }

    pub(super) fn remove(&mut self, moment: &(Duration, u64)) {
        if let Ok(position) = self.0.binary_search(moment) {
            self.0.remove(position);
        }
    }

    pub(super) fn first(&self) -> Option<&(Duration, u64)> {
        self.0.first()
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, (Duration, u64)> {
        self.0.iter()
    }
}

/// Values in the order of their keys. They are boxed, so that to insert and to remove one moves little.
#[derive(Debug)]
pub(super) struct Keyed<V, K = u64>(Vec<(K, Box<V>)>);

impl<V, K> Default for Keyed<V, K> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V, K: Ord> Keyed<V, K> {
    fn position<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|(other, _)| other.borrow().cmp(key))
    }

    /// Puts a value in, in place of one of the same key.
    pub(super) fn insert(&mut self, key: K, value: V) {
        match self.position(&key) {
            Ok(position) => *self.0[position].1 = value,
            Err(position) => self.0.insert(position, (key, Box::new(value))),
        }
    }

    pub(super) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.position(key).ok().map(|position| &*self.0[position].1)
    }

    pub(super) fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.position(key).ok().map(|position| &mut *self.0[position].1)
    }

    pub(super) fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.position(key).ok().map(|position| *self.0.remove(position).1)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, &**value))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_their_keys() {
        let mut keyed = Keyed::default();
        for key in [5, 1, 3, 1] {
            keyed.insert(key, key * 10);
        }
        assert_eq!(keyed.iter().map(|(key, value)| (*key, *value)).collect::<Vec<_>>(), [(1, 10), (3, 30), (5, 50)]);
        *keyed.get_mut(&3).unwrap() += 1;
        assert_eq!((keyed.get(&3), keyed.get(&4)), (Some(&31), None));
        assert_eq!((keyed.remove(&1), keyed.remove(&1)), (Some(10), None));
    }
}
