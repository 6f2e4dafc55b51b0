//! Names of accounts, and ids of activities.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

/// The id of one Live Activity: 32 ASCII letters, digits, `_` and `-`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
pub struct ActivityId(#[cfg_attr(test, schemars(with = "String"))] [u8; 32]);

impl ActivityId {
    /// The id that a text is, if it has the form of one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let id = <[u8; 32]>::try_from(text.as_bytes()).ok()?;
        id.iter().all(|byte| ALPHABET.contains(byte)).then_some(Self(id))
    }

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
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("an activity id has 32 letters, digits, _ and -"))
    }
}

/// The source of ids.
#[derive(Debug)]
pub(crate) struct ActivityIds(fastrand::Rng);

impl ActivityIds {
    pub(crate) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// What a source has to be made from to go on as this one would.
    pub(crate) fn state(&self) -> u64 {
        self.0.get_seed()
    }

    pub(crate) fn next(&mut self) -> ActivityId {
        ActivityId(std::array::from_fn(|_| ALPHABET[self.0.usize(..ALPHABET.len())]))
    }
}

/// A short name of an account that does not give away its API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(extend("pattern" = "^acct_[0-9a-f]{16}$")))]
pub struct AccountId(#[cfg_attr(test, schemars(with = "String"))] u64);

impl AccountId {
    /// The name of the account with this API key. It is the same in every run, so that a snapshot needs no keys.
    pub fn of(key: &str) -> Self {
        // FNV-1a, whose high digits are then mixed: nothing here has to withstand an attack.
        let folded = key
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let mixed = (folded ^ (folded >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        Self(mixed ^ (mixed >> 33))
    }

    pub(crate) fn as_number(self) -> u64 {
        self.0
    }

    /// The account that is meant by an API key, or by a name that was shown before.
    pub fn named(name: &str) -> Self {
        Self::parse(name).unwrap_or_else(|| Self::of(name))
    }

    /// Reads a name as it is shown.
    pub fn parse(name: &str) -> Option<Self> {
        let digits = name.strip_prefix("acct_").filter(|digits| digits.len() == 16)?;
        u64::from_str_radix(digits, 16).ok().map(Self)
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "acct_{:016x}", self.0)
    }
}

impl Serialize for AccountId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AccountId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::parse(&name)
            .ok_or_else(|| serde::de::Error::custom("an account is named acct_ and 16 hexadecimal digits"))
    }
}
