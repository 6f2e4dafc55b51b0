//! JSON values from what people write on the command line. Nothing is judged here; what cannot be is left for the core to refuse.

use activitysmith_kit::{self as kit, call};
use serde::Deserialize as _;
use serde_json::{Deserializer, Map, Number, Value};

/// Whether this is a number as JSON writes it.
pub fn is_number(given: &str) -> bool {
    serde_json::from_str::<Number>(given).is_ok()
}

/// A number, or else a string.
pub fn number_or_text(given: &str) -> Value {
    serde_json::from_str(given).map_or_else(|_| given.into(), Value::Number)
}

/// As [`number_or_text`], and also in other forms in which programs print floats, such as `.5` or `NaN`.
pub fn computed_number_or_text(given: &str) -> Value {
    match given.trim().parse::<f64>() {
        Ok(number) if !is_number(given) => kit::Number::from(number).into(),
        _ => number_or_text(given),
    }
}

/// A number that is not finite, in the form in which the core takes what JSON cannot hold. None for anything else.
pub fn not_finite(given: &str) -> Option<Value> {
    let number = given.trim().parse::<f64>().ok().filter(|number| !number.is_finite())?;
    Some(kit::Number::from(number).into())
}

/// Whether a value holds a number that is not finite.
pub fn has_not_finite(value: &Value) -> bool {
    let is_not_finite = kit::Number::deserialize(value).is_ok_and(|number| !number.is_finite());
    is_not_finite
        || match value {
            Value::Array(items) => items.iter().any(has_not_finite),
            Value::Object(members) => members.values().any(has_not_finite),
            _ => false,
        }
}

/// `true` or `false`, or else a string.
pub fn flag_or_text(given: &str) -> Value {
    given.parse().map_or_else(|_| given.into(), Value::Bool)
}

/// Any JSON, or else a string.
pub fn json_or_text(given: &str) -> Value {
    call::parse_json(given.as_bytes()).unwrap_or_else(|_| given.into())
}

/// The JSON that a text begins with, and what follows it.
pub fn leading_json(given: &str) -> serde_json::Result<(Value, &str)> {
    let mut values = Deserializer::from_str(given).into_iter();
    let Some(value) = values.next() else { return serde_json::from_str(given).map(|value| (value, "")) };
    Ok((value?, &given[values.byte_offset()..]))
}

/// Changes the object that stands under a name, or makes one where there is none and the change leaves something in it. Where
/// something else stands there it stays.
pub fn edit(object: &mut Map<String, Value>, name: &str, change: impl FnOnce(&mut Map<String, Value>)) {
    match object.get_mut(name) {
        Some(Value::Object(inner)) => change(inner),
        Some(_) => {}
        None => {
            let mut inner = Map::new();
            change(&mut inner);
            if !inner.is_empty() {
                object.insert(name.to_owned(), inner.into());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_numbers() {
        for (given, number) in [("42", "42"), ("42.50", "42.5"), ("-1", "-1"), ("9007199254740993", "9007199254740993")]
        {
            assert_eq!(number_or_text(given).to_string(), number);
        }
        assert!(number_or_text("123456789012345678901234567890").is_number());
    }

    #[test]
    fn computed_numbers_come_in_any_form() {
        for (form, json) in [
            ("42.50", "42.5"),
            (".5", "0.5"),
            ("5.", "5"),
            ("100.00000000000001", "100.00000000000001"),
            ("NaN", r#"{"$activitysmith_kit::unsupported":"NaN"}"#),
            ("nan", r#"{"$activitysmith_kit::unsupported":"NaN"}"#),
            ("-Infinity", r#"{"$activitysmith_kit::unsupported":"-inf"}"#),
            ("1e999", r#"{"$activitysmith_kit::unsupported":"inf"}"#),
            ("half", "\"half\""),
            ("", "\"\""),
        ] {
            assert_eq!(computed_number_or_text(form).to_string(), json, "{form}");
        }
        assert!(not_finite("42").is_none() && not_finite("many").is_none());
        assert!(has_not_finite(&not_finite(" inf\n").unwrap()) && !has_not_finite(&"inf".into()));
        assert!(has_not_finite(&serde_json::json!([{"value": not_finite("inf")}])));
    }

    #[test]
    fn what_is_no_number_is_a_text() {
        for form in ["NaN", "inf", "0x10", "007", "+5", ".5", "1e999", "", "3,180"] {
            assert_eq!(number_or_text(form).to_string(), format!("\"{form}\""));
        }
    }

    #[test]
    fn an_inner_object_is_changed_or_made() {
        let edited = |text: &str, change: fn(&mut Map<String, Value>)| {
            let mut object = serde_json::from_str(text).unwrap();
            edit(&mut object, "in", change);
            Value::Object(object).to_string()
        };
        let set = |inner: &mut Map<String, Value>| _ = inner.insert("b".to_owned(), "new".into());
        assert_eq!(edited(r#"{"in": {"a": 1}}"#, set), r#"{"in":{"a":1,"b":"new"}}"#);
        assert_eq!(edited("{}", set), r#"{"in":{"b":"new"}}"#);
        assert_eq!(edited(r#"{"in": 7}"#, set), r#"{"in":7}"#);
        assert_eq!(edited("{}", |_| ()), "{}");
    }
}
