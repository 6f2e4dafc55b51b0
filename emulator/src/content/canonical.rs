//! JSON text in which equal values are equal: members are sorted, there are no spaces, and numbers are written by value,
//! so that 42 and 42.0 are the same. States are kept in this form, since it is small and bytes compare quickly.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Number, Value};

/// A JSON value as canonical text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Canonical(Box<str>);

impl Canonical {
    pub(crate) fn of(value: &Value) -> Self {
        Self::new(value.clone())
    }

    /// An object of these members.
    pub(crate) fn object<'a>(members: impl Iterator<Item = (&'a String, &'a Value)>) -> Self {
        Self::new(members.map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    pub(crate) fn value(&self) -> Value {
        serde_json::from_str(&self.0).expect("canonical text is JSON")
    }

    fn new(mut value: Value) -> Self {
        unify_numbers(&mut value);
        value.sort_all_objects();
        Self(value.to_string().into_boxed_str())
    }
}

/// An empty object.
impl Default for Canonical {
    fn default() -> Self {
        Self("{}".into())
    }
}

impl Serialize for Canonical {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Canonical {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::new)
    }
}

/// Reads canonical text that is an object.
pub(super) fn deserialize_object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Canonical, D::Error> {
    Map::deserialize(deserializer).map(|members| Canonical::new(Value::Object(members)))
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

    use super::Canonical;

    fn parsed(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn numbers_are_written_by_value() {
        assert_eq!(Canonical::of(&parsed("42")), Canonical::of(&parsed("42.0")));
        assert_eq!(Canonical::of(&parsed("42")), Canonical::of(&parsed("4.2e1")));
        assert_eq!(Canonical::of(&parsed("0")), Canonical::of(&parsed("-0.0")));
        assert_ne!(Canonical::of(&parsed("42")), Canonical::of(&parsed("42.5")));
        assert_ne!(Canonical::of(&parsed("42")), Canonical::of(&parsed("\"42\"")));
    }

    #[test]
    fn the_order_of_members_does_not_count_but_that_of_items_does() {
        assert_eq!(Canonical::of(&parsed(r#"{"a":1,"b":[2,3]}"#)), Canonical::of(&parsed(r#"{"b":[2,3],"a":1}"#)));
        assert_ne!(Canonical::of(&parsed("[2,3]")), Canonical::of(&parsed("[3,2]")));
    }

    #[test]
    fn is_json_that_reads_back_as_the_same_value() {
        let original = json!({"quote\"": ["\\", "\n", "é", null, true, false, -7, 1.25, 1e300, u64::MAX]});
        assert_eq!(Canonical::of(&original).value(), original);
    }
}
