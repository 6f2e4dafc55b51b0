//! Ids of activities: 32 characters that look random and are repeatable from a seed.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

/// The id of one Live Activity: 32 ASCII letters, digits, `_` and `-`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ActivityId([u8; 32]);

impl ActivityId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("the alphabet is ASCII")
    }
}

impl fmt::Display for ActivityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ActivityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for ActivityId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ActivityId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let id = <[u8; 32]>::try_from(text.as_bytes()).ok().filter(|id| id.iter().all(|byte| ALPHABET.contains(byte)));
        id.map(Self).ok_or_else(|| serde::de::Error::custom("an activity id has 32 letters, digits, _ and -"))
    }
}

/// The source of ids.
#[derive(Debug)]
pub(super) struct ActivityIds(fastrand::Rng);

impl ActivityIds {
    pub(super) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// What a source has to be made from to go on as this one would.
    pub(super) fn state(&self) -> u64 {
        self.0.get_seed()
    }

    pub(super) fn next(&mut self) -> ActivityId {
        ActivityId(std::array::from_fn(|_| ALPHABET[self.0.usize(..ALPHABET.len())]))
    }
}
