//! Metadata: flat details that the service shows beside a stream and never on the device.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::reading;
use crate::json::{self, Members, Number};
use crate::validate::{Kind, Kinded};

/// A flat object of details, at most 50 entries and 16,384 bytes of JSON.
///
/// When sent it replaces the stream's metadata, when sent empty it clears them; when absent the stream keeps its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata(Vec<(String, MetadataValue)>);

/// The value of an entry: flat, without nesting.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum MetadataValue {
    /// At most 4,000 characters.
    Text(String),
    /// Finite.
    Number(Number),
    /// `true` or `false`.
    Flag(bool),
}

impl Metadata {
    /// Sets an entry, in place of an earlier one of the same key (1 to 100 characters).
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<MetadataValue>) {
        let (key, value) = (key.into(), value.into());
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some(entry) => entry.1 = value,
            None => self.0.push((key, value)),
        }
    }

    /// The value of an entry.
    pub fn get(&self, key: &str) -> Option<&MetadataValue> {
        self.0.iter().find_map(|(known, value)| (known == key).then_some(value))
    }

    /// The entries in the order of their first setting.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &MetadataValue)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }
}

impl<K: Into<String>, V: Into<MetadataValue>> FromIterator<(K, V)> for Metadata {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut metadata = Self::default();
        for (key, value) in entries {
            metadata.insert(key, value);
        }
        metadata
    }
}

impl<K: Into<String>, V: Into<MetadataValue>, const LENGTH: usize> From<[(K, V); LENGTH]> for Metadata {
    fn from(entries: [(K, V); LENGTH]) -> Self {
        entries.into_iter().collect()
    }
}

impl Kinded for Metadata {
    const KIND: Kind = Kind::Metadata;
}

impl Serialize for Metadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = Members::deserialize(deserializer)?.into_iter();
        let entry = |(key, value): (String, Value)| reading::of(value, &key).map(|value: MetadataValue| (key, value));
        entries.map(entry).collect()
    }
}

impl<'de> Deserialize<'de> for MetadataValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self::Text(text)),
            Value::Bool(flag) => Ok(Self::Flag(flag)),
            value => json::number(&value)
                .map(Self::Number)
                .ok_or_else(|| D::Error::custom(format_args!("expected a string, a number or a boolean, got {value}"))),
        }
    }
}

impl<N: Into<Number>> From<N> for MetadataValue {
    fn from(number: N) -> Self {
        Self::Number(number.into())
    }
}

impl From<&str> for MetadataValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for MetadataValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for MetadataValue {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}
