//! A JSON object that can be laid over with new members and is otherwise left as it was: the order of its members, the form
//! of its numbers, and even a member that stands twice, which only the core may judge.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use crate::raw;

#[derive(Debug, Default)]
pub struct Object(Vec<(String, Box<RawValue>)>);

impl Object {
    /// The object in this text, if it is one.
    pub fn parse(text: &[u8]) -> Option<Self> {
        serde_json::from_slice(text).ok()
    }

    /// Whether it has this member.
    pub fn contains(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// Whether a number in it is not finite.
    pub fn has_not_finite(&self) -> bool {
        self.0.iter().any(|(_, value)| raw::has_not_finite(value))
    }

    /// Sets a member, in the place of those that had its name.
    pub fn set(&mut self, name: &str, value: Box<RawValue>) {
        match self.position(name) {
            Some(position) => {
                self.remove(name);
                self.0.insert(position, (name.to_owned(), value));
            }
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// Takes a member away, however often it stands.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| known != name);
    }

    /// Changes the object that stands under a name, or makes one where there is none and the change leaves something in it.
    /// Where something else stands there it stays, for the core to refuse.
    pub fn edit(&mut self, name: &str, change: impl FnOnce(&mut Self)) {
        let position = self.position(name);
        let inner = match position {
            Some(position) => Self::parse(self.0[position].1.get().as_bytes()),
            None => Some(Self::default()),
        };
        let Some(mut inner) = inner else { return };
        change(&mut inner);
        match position {
            Some(position) => self.0[position].1 = inner.to_raw(),
            None if inner.0.is_empty() => {}
            None => self.0.push((name.to_owned(), inner.to_raw())),
        }
    }

    /// The object as a value.
    pub fn to_raw(&self) -> Box<RawValue> {
        to_raw_value(self).expect("members are JSON and their names are texts")
    }

    /// The object as a text.
    pub fn into_bytes(self) -> Vec<u8> {
        String::from(Box::<str>::from(self.to_raw())).into_bytes()
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|(known, _)| known == name)
    }
}

impl FromIterator<(String, Box<RawValue>)> for Object {
    fn from_iter<I: IntoIterator<Item = (String, Box<RawValue>)>>(members: I) -> Self {
        Self(members.into_iter().collect())
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, change: impl FnOnce(&mut Object)) -> String {
        let mut object = Object::parse(text.as_bytes()).unwrap();
        change(&mut object);
        String::from_utf8(object.into_bytes()).unwrap()
    }

    #[test]
    fn a_member_is_set_in_its_place_and_the_others_stay_as_they_were() {
        let set = |object: &mut Object| object.set("b", raw::text("new"));
        assert_eq!(
            edited(r#"{"z": 1.50, "b": 1, "a": 12345678901234567890123, "b": 2}"#, set),
            r#"{"z":1.50,"b":"new","a":12345678901234567890123}"#
        );
        assert_eq!(edited(r#"{"a": 1, "a": 2}"#, set), r#"{"a":1,"a":2,"b":"new"}"#);
    }

    #[test]
    fn an_inner_object_is_changed_or_made() {
        let edit = |object: &mut Object| object.edit("in", |inner| inner.set("b", raw::text("new")));
        assert_eq!(edited(r#"{"in": {"a": 1}}"#, edit), r#"{"in":{"a":1,"b":"new"}}"#);
        assert_eq!(edited("{}", edit), r#"{"in":{"b":"new"}}"#);
        assert_eq!(edited(r#"{"in": 7}"#, edit), r#"{"in":7}"#);
        assert_eq!(edited("{}", |object| object.edit("in", |_| ())), "{}");
    }
}
