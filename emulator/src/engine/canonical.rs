//! JSON written so that equal values have equal text: members sorted, no spaces, and numbers by value, so that 42 and
//! 42.0 are the same. This is how states are kept: small, and compared by comparing bytes.

use serde_json::{Number, Value};

/// The canonical text of an object made of these members.
pub(super) fn object<'a>(members: impl Iterator<Item = (&'a str, &'a Value)>) -> Box<str> {
    let mut out = String::with_capacity(128);
    write_object(&mut out, members.collect());
    out.into_boxed_str()
}

/// The canonical text of a value.
pub(super) fn value(value: &Value) -> Box<str> {
    let mut out = String::with_capacity(128);
    write(&mut out, value);
    out.into_boxed_str()
}

fn write(out: &mut String, value: &Value) {
    match value {
        Value::Object(members) => {
            write_object(out, members.iter().map(|(name, value)| (name.as_str(), value)).collect());
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(out, item);
            }
            out.push(']');
        }
        Value::String(text) => write_string(out, text),
        Value::Number(number) => write_number(out, number),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Null => out.push_str("null"),
    }
}

fn write_object(out: &mut String, mut members: Vec<(&str, &Value)>) {
    // Whether a map is sorted already depends on a feature of serde_json that any crate in a build may switch on.
    members.sort_unstable_by_key(|(name, _)| *name);
    out.push('{');
    for (index, (name, value)) in members.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_string(out, name);
        out.push(':');
        write(out, value);
    }
    out.push('}');
}

fn write_string(out: &mut String, text: &str) {
    if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&serde_json::to_string(text).expect("a string is representable as JSON"));
    }
}

fn write_number(out: &mut String, number: &Number) {
    // Below 2^64 every integral double is an exact i128 and can equal a number that was written as an integer.
    const INTEGERS: f64 = 18_446_744_073_709_551_616.0;
    let integral = number.as_f64().filter(|n| number.is_f64() && n.fract() == 0.0 && n.abs() < INTEGERS);
    match integral {
        Some(integral) => out.push_str(&(integral as i128).to_string()),
        None => out.push_str(&number.to_string()),
    }
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
