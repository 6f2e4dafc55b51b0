//! How those values cross that Swift has a form of its own for. None of them can fail: what is no value of the API is left for
//! validation to find.

use std::collections::HashMap;

use crate::model::{Extra, Metadata, MetadataValue, Names, Number};

uniffi::custom_type!(Number, NumberValue, { lower: |number| number.into(), try_lift: |value| Ok(value.into()) });

uniffi::custom_type!(Names, Vec<String>, {
    lower: |names| names.iter().map(str::to_owned).collect(),
    try_lift: |names| Ok(names.into()),
});

uniffi::custom_type!(Metadata, HashMap<String, MetadataValue>, {
    lower: |metadata| metadata.iter().map(|(key, value)| (key.to_owned(), value.clone())).collect(),
    try_lift: |entries| Ok(entries.into_iter().collect()),
});

uniffi::custom_type!(Extra, HashMap<String, JsonValue>, {
    remote,
    lower: |extra| extra.into_iter().map(|(name, value)| (name, value.into())).collect(),
    try_lift: |members| Ok(members.into_iter().map(|(name, value)| (name, value.into())).collect()),
});

/// A number in the form that it has in the caller's language, so that none of its digits is lost on the way.
#[derive(Clone, Copy, Debug, PartialEq, uniffi::Enum)]
pub enum NumberValue {
    /// Sent as it is.
    Integer(i64),
    /// One above the largest signed integer.
    Large(u64),
    /// Sent as an integer where it has no fraction: 42.0 as 42. What is not finite is refused.
    Double(f64),
}

impl From<Number> for NumberValue {
    fn from(number: Number) -> Self {
        match number.as_integer() {
            Some(integer) => i64::try_from(integer).map_or_else(|_| Self::Large(integer as u64), Self::Integer),
            None => Self::Double(number.as_f64()),
        }
    }
}

impl From<NumberValue> for Number {
    fn from(value: NumberValue) -> Self {
        match value {
            NumberValue::Integer(integer) => integer.into(),
            NumberValue::Large(integer) => integer.into(),
            NumberValue::Double(double) => double.into(),
        }
    }
}

/// The name under which any JSON crosses.
type AnyJson = serde_json::Value;

uniffi::custom_type!(AnyJson, JsonValue, {
    remote,
    lower: |value| value.into(),
    try_lift: |value| Ok(value.into()),
});

/// Any JSON: what a webhook is called with, and fields newer than this release.
#[derive(Clone, Debug, PartialEq, uniffi::Enum)]
pub enum JsonValue {
    /// `null`
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    String(String),
    /// A list.
    Array(Vec<JsonValue>),
    /// An object; the order of its members is not kept.
    Object(HashMap<String, JsonValue>),
}

impl From<serde_json::Value> for JsonValue {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value;
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bool(flag),
            Value::Number(number) => Self::Number(Number::from_json(&number)),
            Value::String(text) => Self::String(text),
            Value::Array(list) => Self::Array(list.into_iter().map(Self::from).collect()),
            Value::Object(members) => {
                Self::Object(members.into_iter().map(|(name, value)| (name, value.into())).collect())
            }
        }
    }
}

impl From<JsonValue> for serde_json::Value {
    fn from(value: JsonValue) -> Self {
        match value {
            JsonValue::Null => Self::Null,
            JsonValue::Bool(flag) => Self::Bool(flag),
            JsonValue::Number(number) => number.into(),
            JsonValue::String(text) => Self::String(text),
            JsonValue::Array(list) => list.into_iter().map(Self::from).collect(),
            JsonValue::Object(members) => {
                Self::Object(members.into_iter().map(|(name, value)| (name, value.into())).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_cross_with_all_their_digits() {
        for number in [Number::from(42), 9_007_199_254_740_993_i64.into(), u64::MAX.into(), 37.5.into()] {
            assert_eq!(Number::from(NumberValue::from(number)), number);
        }
        assert_eq!(NumberValue::from(Number::from(42.0)), NumberValue::Integer(42));
    }

    #[test]
    fn any_json_crosses_unchanged() {
        let text = r#"{"a":[1,-2.5,18446744073709551615,true,null,"t"]}"#;
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::Value::from(JsonValue::from(value.clone())), value);
    }

    #[test]
    fn what_json_cannot_hold_is_left_for_validation_to_refuse() {
        use crate::model::json::{marker, number};
        for double in [f64::NAN, f64::INFINITY] {
            let value = serde_json::Value::from(JsonValue::Number(double.into()));
            assert_eq!(value, marker(Number::from(double).to_string()));
            assert!(!number(&value).unwrap().is_finite());
        }
    }
}
