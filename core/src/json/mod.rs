//! How JSON texts become values.
//!
//! Models, texts and answers all become `serde_json::Value`s, so that each rule is checked, and each byte written, in one place.

use std::fmt;

use serde::de::{Deserialize as _, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::Serialize;
use serde_json::{Map, Value};

mod marker;
mod number;

pub(crate) use marker::{GIVEN_TWICE, UNSUPPORTED, marker, unsupported};
pub use number::Number;
pub(crate) use number::{number, seconds};

/// The members of an object, in their order.
pub(crate) type Members = Map<String, Value>;

/// Fields newer than this release, by name. They are sent beside the known ones, unchecked.
pub type Extra = Map<String, Value>;

/// Where [`Extra`] stands in JSON that a caller hands in; on the wire its members stand in its place.
pub(crate) const EXTRA: &str = "extra";

/// Reads a caller's text, or says why it is not JSON.
pub(crate) fn parse(text: &[u8]) -> Result<Value, String> {
    // UTF-8 is checked once for the whole, which is cheaper than for each string.
    let text = std::str::from_utf8(text).map_err(|error| error.to_string())?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = RepeatedNames.deserialize(&mut deserializer);
    let whole = value.and_then(|value| deserializer.end().map(|()| value));
    whole.map(with_plain_numbers).map_err(|error| error.to_string())
}

/// Reads an answer, if it is JSON. Where a name stands twice, the last one counts.
pub(crate) fn parse_answer(text: &[u8]) -> Option<Value> {
    let value = serde_json::from_str(std::str::from_utf8(text).ok()?).ok()?;
    Some(with_plain_numbers(value))
}

/// A model as a value.
pub(crate) fn to_value(model: &(impl Serialize + ?Sized)) -> Value {
    with_plain_numbers(serde_json::to_value(model).expect("a model has text keys only"))
}

pub(crate) fn write(value: &Value) -> Vec<u8> {
    // Serializing into memory fails for neither of its two reasons: there is no I/O, and all keys are text.
    serde_json::to_vec(value).expect("a JSON value serializes")
}

/// The value with its numbers in the form of [`Number`]: 42.0 becomes 42.
pub(crate) fn with_plain_numbers(mut value: Value) -> Value {
    make_numbers_plain(&mut value);
    value
}

fn make_numbers_plain(value: &mut Value) {
    match value {
        Value::Number(number) => *value = Number::from_json(number).into(),
        Value::Array(list) => list.iter_mut().for_each(make_numbers_plain),
        Value::Object(members) => members.values_mut().for_each(make_numbers_plain),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// Adds a member, or marks the one that has its name already.
pub(crate) fn add(members: &mut Members, name: String, value: Value) {
    let is_new = !members.contains_key(&name);
    members.insert(name, if is_new { value } else { marker(GIVEN_TWICE) });
}

/// Keeps the members for which this says so. It is one function for all, since each copy of `retain` takes more than a kilobyte.
pub(crate) fn retain(members: &mut Members, keeps: &mut dyn FnMut(&str, &mut Value) -> bool) {
    members.retain(|name, value| keeps(name, value));
}

/// The members, if this is an object and no marker.
pub(crate) fn object(value: &Value) -> Option<&Members> {
    value.as_object().filter(|members| !members.contains_key(UNSUPPORTED))
}

/// The same, to be changed.
pub(crate) fn object_mut(value: &mut Value) -> Option<&mut Members> {
    value.as_object_mut().filter(|members| !members.contains_key(UNSUPPORTED))
}

/// What a value is, for a message.
pub(crate) fn kind(value: &Value) -> &str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => unsupported(value).unwrap_or("an object"),
    }
}

/// Reads a value in which a name that stands twice is marked.
#[derive(Clone, Copy)]
struct RepeatedNames;

impl<'de> DeserializeSeed<'de> for RepeatedNames {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for RepeatedNames {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(flag.into())
    }

    fn visit_i64<E>(self, integer: i64) -> Result<Value, E> {
        Ok(integer.into())
    }

    fn visit_u64<E>(self, integer: u64) -> Result<Value, E> {
        Ok(integer.into())
    }

    fn visit_f64<E>(self, float: f64) -> Result<Value, E> {
        Ok(float.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = seq.next_element_seed(self)? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Members::new();
        while let Some(name) = map.next_key()? {
            add(&mut members, name, map.next_value_seed(self)?);
        }
        Ok(number_of(&members).unwrap_or(Value::Object(members)))
    }
}

/// The number that an object is where another crate has switched on serde_json's `arbitrary_precision`: only serde_json knows its form.
fn number_of(members: &Members) -> Option<Value> {
    let may_be = members.len() == 1 && members.values().all(Value::is_string);
    let number = may_be.then(|| serde_json::Number::deserialize(members).ok())??;
    Some(Value::Number(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_back_as_it_was_but_for_spaces() {
        let text = br#"{"b":[1,-2,3.5,true,null],"a":{"z":"\u00e9\n","a":18446744073709551615}}"#;
        let value = parse(text).unwrap();
        assert_eq!(
            String::from_utf8(write(&value)).unwrap(),
            "{\"b\":[1,-2,3.5,true,null],\"a\":{\"z\":\"é\\n\",\"a\":18446744073709551615}}"
        );
    }

    #[test]
    fn numbers_have_one_form() {
        for (text, form) in [("42.0", "42"), ("4.2e1", "42"), ("-0.0", "0"), ("37.50", "37.5"), ("-18.40", "-18.4")] {
            assert_eq!(parse(text.as_bytes()).unwrap().to_string(), form);
            assert_eq!(parse_answer(text.as_bytes()).unwrap().to_string(), form);
            let fields = Members::from_iter([("n".to_owned(), serde_json::from_str(text).unwrap())]);
            assert_eq!(to_value(&fields)["n"].to_string(), form);
        }
    }

    #[test]
    fn a_name_that_stands_twice_is_marked_in_what_callers_give_and_not_in_answers() {
        let text = br#"{"a": 1, "b": {"c": 1, "c": 2}, "a": 3, "a": 4}"#;
        let marked = parse(text).unwrap();
        assert_eq!((kind(&marked["a"]), kind(&marked["b"]["c"])), (GIVEN_TWICE, GIVEN_TWICE));
        assert_eq!(parse_answer(text).unwrap(), serde_json::json!({"a": 4, "b": {"c": 2}}));
    }

    #[test]
    fn a_marker_is_what_it_stands_for() {
        let (set, nan) = (marker("a set"), marker("NaN"));
        assert_eq!((kind(&set), object(&set), number(&set)), ("a set", None, None));
        assert!(number(&nan).unwrap().as_f64().is_nan());
        assert_eq!(Value::from(Number::from(f64::NAN)), nan);
        assert_eq!(to_value(&Number::from(f64::NEG_INFINITY)), marker("-inf"));
    }
}
