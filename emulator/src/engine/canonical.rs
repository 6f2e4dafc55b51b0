//! JSON written so that equal values have equal text: members sorted, no spaces, and numbers by value, so that 42 and
//! 42.0 are the same. This is how states are kept: small, and compared by comparing bytes.

use serde_json::{Number, Value};

/// The canonical text of an object made of these members.
pub(super) fn object<'a>(members: impl Iterator<Item = (&'a str, &'a Value)>) -> Box<str> {
    text(members.map(|(name, value)| (name.to_owned(), value.clone())).collect())
}

/// The canonical text of a value.
pub(super) fn value(value: &Value) -> Box<str> {
    text(value.clone())
}

fn text(mut value: Value) -> Box<str> {
    unify_numbers(&mut value);
    value.sort_all_objects();
    value.to_string().into_boxed_str()
}

fn unify_numbers(value: &mut Value) {
    match value {
        Value::Number(number) => {
            if let Some(integer) = integer(number) {
                *number = integer;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(unify_numbers),
        Value::Object(members) => members.values_mut().for_each(unify_numbers),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// The integer that a double is equal to. Below 2^64 a number that was written as an integer can be.
fn integer(number: &Number) -> Option<Number> {
    const INTEGERS: f64 = 18_446_744_073_709_551_616.0;
    let integral = number.as_f64().filter(|n| number.is_f64() && n.fract() == 0.0 && n.abs() < INTEGERS)?;
    Number::from_i128(integral as i128)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::value;

    fn parsed(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn numbers_are_written_by_value() {
        assert_eq!(value(&parsed("42")), value(&parsed("42.0")));
        assert_eq!(value(&parsed("42")), value(&parsed("4.2e1")));
        assert_eq!(value(&parsed("0")), value(&parsed("-0.0")));
        assert_ne!(value(&parsed("42")), value(&parsed("42.5")));
        assert_ne!(value(&parsed("42")), value(&parsed("\"42\"")));
    }

    #[test]
    fn the_order_of_members_does_not_count_but_that_of_items_does() {
        assert_eq!(value(&parsed(r#"{"a":1,"b":[2,3]}"#)), value(&parsed(r#"{"b":[2,3],"a":1}"#)));
        assert_ne!(value(&parsed("[2,3]")), value(&parsed("[3,2]")));
    }

    #[test]
    fn is_json_that_reads_back_as_the_same_value() {
        let original = json!({"quote\"": ["\\", "\n", "é", null, true, false, -7, 1.25, 1e300, u64::MAX]});
        assert_eq!(parsed(&value(&original)), original);
    }
}
