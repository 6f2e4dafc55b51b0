//! One JSON value that borrows from where it came: a text, a `serde_json::Value` or a typed model.
//!
//! Typed models and JSON texts meet in this form, so that each rule is checked, and each byte written, in one place. Unlike
//! `serde_json::Value` it keeps the order of keys, lets repeated keys be seen, and copies no text. It knows nothing of the API.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::Number;

/// The members of an object, in their order.
pub(crate) type Members<'a> = Vec<(Cow<'a, str>, Json<'a>)>;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json<'a> {
    Null,
    Flag(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Members<'a>),
    /// Something of the caller's language that JSON has no form for, and what it is: `a set`. Every check refuses it.
    Unsupported(Cow<'a, str>),
}

impl<'a> Json<'a> {
    /// Reads a JSON text, without copying what needs no unescaping, or says why it is none.
    pub(crate) fn parse(text: &'a [u8]) -> Result<Self, String> {
        // UTF-8 is checked once for the whole, which is cheaper than for each string.
        let text = std::str::from_utf8(text).map_err(|error| error.to_string())?;
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    pub(crate) fn write(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(256);
        // Serializing into memory fails for neither of its two reasons: there is no I/O, and all keys are text.
        serde_json::to_writer(&mut bytes, self).expect("a JSON value serializes");
        bytes
    }

    /// The same value, which borrows from nothing.
    pub(crate) fn into_owned(self) -> Json<'static> {
        match self {
            Self::Null => Json::Null,
            Self::Flag(flag) => Json::Flag(flag),
            Self::Number(number) => Json::Number(number),
            Self::Text(text) => Json::Text(text.into_owned().into()),
            Self::List(list) => Json::List(list.into_iter().map(Json::into_owned).collect()),
            Self::Object(members) => Json::Object(owned(members)),
            Self::Unsupported(kind) => Json::Unsupported(kind.into_owned().into()),
        }
    }

    /// What this is, in words for a message.
    pub(crate) fn kind(&self) -> &str {
        match self {
            Self::Null => "null",
            Self::Flag(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "an array",
            Self::Object(_) => "an object",
            Self::Unsupported(kind) => kind,
        }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_number(&self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn as_list(&self) -> Option<&[Json<'a>]> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    pub(crate) fn as_object(&self) -> Option<&Members<'a>> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The member of this name, if this is an object that has it.
    pub(crate) fn get(&self, name: &str) -> Option<&Json<'a>> {
        self.as_object()?.iter().find_map(|(key, value)| (key == name).then_some(value))
    }
}

/// The same members, which borrow from nothing.
pub(crate) fn owned(members: Members<'_>) -> Members<'static> {
    members.into_iter().map(|(name, value)| (name.into_owned().into(), value.into_owned())).collect()
}

/// What can be read from JSON leniently.
pub(crate) trait FromJson: Sized {
    /// The value, if it is of this type.
    fn from_json(value: &Json<'_>) -> Option<Self>;

    /// Puts the value into its place, or gives it back when it is of another type. Null is absence.
    fn read_into<'a>(place: &mut Option<Self>, value: Json<'a>) -> Option<Json<'a>> {
        *place = Self::from_json(&value);
        (place.is_none() && value != Json::Null).then_some(value)
    }
}

impl FromJson for String {
    fn from_json(value: &Json<'_>) -> Option<Self> {
        value.as_text().map(str::to_owned)
    }
}

impl FromJson for bool {
    fn from_json(value: &Json<'_>) -> Option<Self> {
        match value {
            Json::Flag(flag) => Some(*flag),
            _ => None,
        }
    }
}

impl FromJson for u64 {
    fn from_json(value: &Json<'_>) -> Option<Self> {
        value.as_number()?.as_integer()?.try_into().ok()
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: &Json<'_>) -> Option<Self> {
        value.as_list()?.iter().map(T::from_json).collect()
    }
}

/// What can be seen as JSON without being copied.
pub(crate) trait AsJson {
    fn as_json(&self) -> Json<'_>;
}

impl AsJson for String {
    fn as_json(&self) -> Json<'_> {
        Json::Text(Cow::Borrowed(self))
    }
}

impl AsJson for bool {
    fn as_json(&self) -> Json<'_> {
        Json::Flag(*self)
    }
}

impl AsJson for Number {
    fn as_json(&self) -> Json<'_> {
        Json::Number(*self)
    }
}

impl<T: AsJson> AsJson for Vec<T> {
    fn as_json(&self) -> Json<'_> {
        Json::List(self.iter().map(AsJson::as_json).collect())
    }
}

impl AsJson for serde_json::Map<String, serde_json::Value> {
    fn as_json(&self) -> Json<'_> {
        Json::Object(self.iter().map(|(key, value)| (Cow::Borrowed(key.as_str()), value.as_json())).collect())
    }
}

impl AsJson for serde_json::Value {
    fn as_json(&self) -> Json<'_> {
        match self {
            Self::Null => Json::Null,
            Self::Bool(flag) => Json::Flag(*flag),
            Self::Number(number) => Json::Number(from_serde(number)),
            Self::String(text) => text.as_json(),
            Self::Array(list) => list.as_json(),
            Self::Object(members) => match members.get(UNSUPPORTED) {
                Some(Self::String(kind)) if members.len() == 1 => unsupported(Cow::Borrowed(kind)),
                _ => members.as_json(),
            },
        }
    }
}

pub(crate) fn from_serde(number: &serde_json::Number) -> Number {
    if let Some(integer) = number.as_i64() {
        integer.into()
    } else if let Some(integer) = number.as_u64() {
        integer.into()
    } else {
        // With serde_json's `arbitrary_precision`, which another crate may switch on, a number can lie outside all doubles.
        number.as_f64().unwrap_or(f64::INFINITY).into()
    }
}

impl From<Json<'_>> for serde_json::Value {
    fn from(json: Json<'_>) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Flag(flag) => Self::Bool(flag),
            Json::Number(number) => match number.as_integer() {
                Some(integer) => match i64::try_from(integer) {
                    Ok(integer) => integer.into(),
                    Err(_) => (integer as u64).into(),
                },
                None => number.as_f64().into(),
            },
            Json::Text(text) => Self::String(text.into_owned()),
            Json::List(list) => list.into_iter().map(Self::from).collect(),
            Json::Object(members) => object(members.into_iter().map(|(key, value)| (key.into_owned(), value.into()))),
            Json::Unsupported(kind) => object([(UNSUPPORTED.to_owned(), Self::String(kind.into_owned()))]),
        }
    }
}

/// One by one: to collect them would sort them first, which takes 10 kB of code.
fn object(members: impl IntoIterator<Item = (String, serde_json::Value)>) -> serde_json::Value {
    let mut object = serde_json::Map::new();
    for (key, value) in members {
        object.insert(key, value);
    }
    object.into()
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(list) => serializer.collect_seq(list),
            Self::Object(members) => serializer.collect_map(members.iter().map(|(key, value)| (key, value))),
            // As it came. No request gets here with it.
            Self::Unsupported(kind) => serializer.collect_map([(UNSUPPORTED, kind)]),
        }
    }
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Json::Flag(flag))
    }

    fn visit_i64<E: de::Error>(self, integer: i64) -> Result<Self::Value, E> {
        Ok(Json::Number(integer.into()))
    }

    fn visit_u64<E: de::Error>(self, integer: u64) -> Result<Self::Value, E> {
        Ok(Json::Number(integer.into()))
    }

    fn visit_f64<E: de::Error>(self, float: f64) -> Result<Self::Value, E> {
        Ok(Json::Number(float.into()))
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = seq.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::with_capacity(8);
        while let Some((Key(key), value)) = map.next_entry()? {
            match value {
                Json::Text(digits) if key == EXACT_NUMBER => return exact_number(&digits),
                Json::Text(kind) if key == UNSUPPORTED => return Ok(unsupported(kind)),
                value => members.push((key, value)),
            }
        }
        Ok(Json::Object(members))
    }
}

/// How serde_json hands over a number when another crate has switched on its `arbitrary_precision`.
const EXACT_NUMBER: &str = "$serde_json::private::Number";

/// How another language hands over what JSON cannot hold: an object with this key and, in words, what it is. Numbers that are not
/// finite go by their names: `NaN`, `inf`, `-inf`.
pub(crate) const UNSUPPORTED: &str = "$activitysmith_kit::unsupported";

fn unsupported(kind: Cow<'_, str>) -> Json<'_> {
    match Number::from_name(&kind) {
        Some(number) => Json::Number(number),
        None => Json::Unsupported(kind),
    }
}

fn exact_number<'de, E: de::Error>(digits: &str) -> Result<Json<'de>, E> {
    let number = Number::from_digits(digits);
    number.map(Json::Number).ok_or_else(|| E::custom(format_args!("{digits} is no number")))
}

/// A key that borrows where it can; serde's own `Cow` always copies.
pub(crate) struct Key<'a>(pub(crate) Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Json::deserialize(deserializer)? {
            Json::Text(text) => Ok(Self(text)),
            other => Err(de::Error::custom(format_args!("a key is {}, not a string", other.kind()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_back_as_it_was_but_for_spaces() {
        let text = br#"{"b":[1,-2,3.5,true,null],"a":{"z":"\u00e9\n","a":18446744073709551615}}"#;
        let json = Json::parse(text).unwrap();
        assert_eq!(
            String::from_utf8(json.write()).unwrap(),
            "{\"b\":[1,-2,3.5,true,null],\"a\":{\"z\":\"é\\n\",\"a\":18446744073709551615}}"
        );
        assert_eq!(serde_json::to_value(&json).unwrap(), serde_json::Value::from(json));
    }

    /// Another crate of the same program can switch the feature on; the form is the same whether it is on here or not.
    #[test]
    fn numbers_are_numbers_also_under_arbitrary_precision() {
        for (digits, number) in
            [("42", Number::from(42)), ("18446744073709551615", u64::MAX.into()), ("37.5", 37.5.into())]
        {
            let text = format!(r#"{{"{EXACT_NUMBER}":"{digits}"}}"#);
            assert_eq!(Json::parse(text.as_bytes()), Ok(Json::Number(number)));
        }
    }

    #[test]
    fn repeated_keys_are_seen() {
        let json = Json::parse(br#"{"a":1,"a":2}"#).unwrap();
        assert_eq!(json.as_object().unwrap().len(), 2);
    }
}
