//! JSON values in the form in which people wrote them: `42` stays `42`, and an integer of any length keeps its digits.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Deserializer, Number, Value, json};

/// A string.
pub fn text(text: &str) -> Box<RawValue> {
    serde_json::value::to_raw_value(text).expect("every text has a form in JSON")
}

/// A number, or else a string, which the core refuses in its own words where only a number will do.
pub fn number_or_text(given: &str) -> Box<RawValue> {
    json_of::<Number>(given).unwrap_or_else(|_| text(given))
}

/// As [`number_or_text`], and also in other forms in which programs print floats, such as `.5` or `NaN`.
pub fn computed_number_or_text(given: &str) -> Box<RawValue> {
    match given.trim().parse::<f64>() {
        Ok(number) if json_of::<Number>(given).is_err() => float(number),
        _ => number_or_text(given),
    }
}

/// A number that is not finite, in the form in which the core takes what JSON cannot hold. None for anything else.
pub fn not_finite(given: &str) -> Option<Box<RawValue>> {
    given.trim().parse::<f64>().ok().filter(|number| !number.is_finite()).map(float)
}

fn float(number: f64) -> Box<RawValue> {
    let json = if number.is_finite() { json!(number) } else { json!({NOT_FINITE: number.to_string()}) };
    RawValue::from_string(json.to_string()).expect("it is JSON")
}

/// Whether this value holds a number that is not finite.
pub fn has_not_finite(value: &RawValue) -> bool {
    value.get().contains(NOT_FINITE)
}

/// The core's marker for what JSON cannot hold.
const NOT_FINITE: &str = "$activitysmith_kit::unsupported";

/// `true` or `false`, or else a string.
pub fn flag_or_text(given: &str) -> Box<RawValue> {
    json_of::<bool>(given).unwrap_or_else(|_| text(given))
}

/// Any JSON, or else a string.
pub fn json_or_text(given: &str) -> Box<RawValue> {
    json(given).unwrap_or_else(|_| text(given))
}

/// Any JSON.
pub fn json(given: &str) -> serde_json::Result<Box<RawValue>> {
    json_of::<Value>(given)
}

/// The JSON that a text begins with, and what follows it.
pub fn leading_json(given: &str) -> serde_json::Result<(Box<RawValue>, &str)> {
    let mut values = Deserializer::from_str(given).into_iter::<Value>();
    let Some(value) = values.next() else { return json(given).map(|value| (value, "")) };
    value?;
    let (value, rest) = given.split_at(values.byte_offset());
    Ok((RawValue::from_string(value.to_owned())?, rest))
}

/// The text itself, if it can be read as a `T`; its form alone would let numbers pass that no reader takes.
fn json_of<T: DeserializeOwned>(given: &str) -> serde_json::Result<Box<RawValue>> {
    serde_json::from_str::<T>(given)?;
    RawValue::from_string(given.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_form() {
        for form in ["42", "42.50", "-1", "9007199254740993", "123456789012345678901234567890"] {
            assert_eq!(number_or_text(form).get(), form);
        }
    }

    #[test]
    fn computed_numbers_come_in_any_form() {
        for (form, json) in [
            ("42.50", "42.50"),
            (".5", "0.5"),
            ("5.", "5.0"),
            ("100.00000000000001", "100.00000000000001"),
            ("NaN", r#"{"$activitysmith_kit::unsupported":"NaN"}"#),
            ("nan", r#"{"$activitysmith_kit::unsupported":"NaN"}"#),
            ("-Infinity", r#"{"$activitysmith_kit::unsupported":"-inf"}"#),
            ("1e999", r#"{"$activitysmith_kit::unsupported":"inf"}"#),
            ("half", "\"half\""),
            ("", "\"\""),
        ] {
            assert_eq!(computed_number_or_text(form).get(), json, "{form}");
        }
        assert!(not_finite("42").is_none() && not_finite("many").is_none());
        assert!(has_not_finite(&not_finite(" inf\n").unwrap()) && !has_not_finite(&text("inf")));
    }

    #[test]
    fn what_is_no_number_is_a_text() {
        for form in ["NaN", "inf", "0x10", "007", "+5", ".5", "1e999", "", "3,180"] {
            assert_eq!(number_or_text(form).get(), format!("\"{form}\""));
        }
    }
}
