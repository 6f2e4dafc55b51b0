//! A number that keeps its form: integers stay integers, however large, and only true fractions are doubles.

use std::fmt;
use std::time::Duration;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::Value;

use super::marker::{UNSUPPORTED, marker, unsupported};

/// A number as the API takes it.
///
/// `42` is sent as `42`, never as `42.0`, and every 64-bit integer stays exact. A double without a fraction is sent as an
/// integer too, up to 2^53, beyond which doubles no longer tell neighbours apart.
///
/// ```
/// use activitysmith_kit::Number;
/// assert_eq!(Number::from(42.0), Number::from(42));
/// assert_eq!(Number::from(9_007_199_254_740_993_u64).to_string(), "9007199254740993");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number(Repr);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Repr {
    Integer(i64),
    /// Above `i64::MAX` only, so that each integer has one form.
    Large(u64),
    Float(f64),
}

/// Every integer up to this magnitude has a double of its own: 2^53.
const EXACT_DOUBLES: f64 = 9_007_199_254_740_992.0;

/// The first double that no 64-bit integer reaches: 2^64.
const BEYOND_INTEGERS: f64 = 18_446_744_073_709_551_616.0;

impl Number {
    /// The nearest double.
    pub fn as_f64(self) -> f64 {
        match self.0 {
            Repr::Integer(integer) => integer as f64,
            Repr::Large(integer) => integer as f64,
            Repr::Float(float) => float,
        }
    }

    /// The integer, if this is one.
    pub fn as_integer(self) -> Option<i128> {
        match self.0 {
            Repr::Integer(integer) => Some(integer.into()),
            Repr::Large(integer) => Some(integer.into()),
            Repr::Float(_) => None,
        }
    }

    /// Neither infinite nor NaN. JSON can hold no other number, and validation refuses what it cannot hold.
    pub fn is_finite(self) -> bool {
        self.as_f64().is_finite()
    }

    pub(crate) fn from_json(number: &serde_json::Number) -> Self {
        if let Some(integer) = number.as_i64() {
            integer.into()
        } else if let Some(integer) = number.as_u64() {
            integer.into()
        } else {
            // With serde_json's `arbitrary_precision`, which another crate may switch on, a number can lie outside all doubles.
            number.as_f64().unwrap_or(f64::INFINITY).into()
        }
    }

    /// The number that is not finite and has this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "NaN" | "nan" => Some(f64::NAN.into()),
            "inf" => Some(f64::INFINITY.into()),
            "-inf" => Some(f64::NEG_INFINITY.into()),
            _ => None,
        }
    }

    /// A double so large that an integer written in its place has lost digits on the way here.
    pub(crate) fn may_have_lost_digits(self) -> bool {
        matches!(self.0, Repr::Float(float) if float.abs() >= BEYOND_INTEGERS)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Repr::Integer(integer) => integer.fmt(f),
            Repr::Large(integer) => integer.fmt(f),
            Repr::Float(float) if float.is_nan() => f.write_str("NaN"),
            Repr::Float(float) if float.is_infinite() => f.write_str(if float > 0.0 { "inf" } else { "-inf" }),
            Repr::Float(float) => f.write_str(&serde_json::to_string(&float).unwrap_or_default()),
        }
    }
}

impl From<f64> for Number {
    fn from(float: f64) -> Self {
        let integer = float as i64;
        #[allow(clippy::float_cmp, reason = "a fraction is there or not")]
        if integer as f64 == float && float.abs() <= EXACT_DOUBLES {
            Self(Repr::Integer(integer))
        } else {
            Self(Repr::Float(float))
        }
    }
}

impl From<f32> for Number {
    /// Through the shortest decimal that names the same `f32`, so that `0.1` stays `0.1`.
    fn from(float: f32) -> Self {
        Self::from(float.to_string().parse::<f64>().unwrap_or_else(|_| f64::from(float)))
    }
}

impl From<Duration> for Number {
    /// As seconds, which is what the API counts durations in.
    fn from(duration: Duration) -> Self {
        match duration.subsec_nanos() {
            0 => duration.as_secs().into(),
            _ => duration.as_secs_f64().into(),
        }
    }
}

macro_rules! from_integers {
    ($($integer:ty),*) => {
        $(impl From<$integer> for Number {
            fn from(integer: $integer) -> Self {
                match i64::try_from(integer) {
                    Ok(integer) => Self(Repr::Integer(integer)),
                    Err(_) => Self(Repr::Large(integer as u64)),
                }
            }
        })*
    };
}
from_integers!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

/// A number that is not finite becomes the marker for what JSON cannot hold, which validation refuses.
impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Repr::Integer(integer) => serializer.serialize_i64(integer),
            Repr::Large(integer) => serializer.serialize_u64(integer),
            Repr::Float(float) if float.is_finite() => serializer.serialize_f64(float),
            Repr::Float(_) => {
                let mut members = serializer.serialize_map(Some(1))?;
                members.serialize_entry(UNSUPPORTED, &self.to_string())?;
                members.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        number(&value).ok_or_else(|| D::Error::custom(format_args!("expected a number, got {value}")))
    }
}

/// As it is written.
impl From<Number> for Value {
    fn from(number: Number) -> Self {
        match number.0 {
            Repr::Integer(integer) => integer.into(),
            Repr::Large(integer) => integer.into(),
            Repr::Float(float) if float.is_finite() => float.into(),
            Repr::Float(_) => marker(number.to_string()),
        }
    }
}

/// The number, also one that is not finite.
pub(crate) fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(Number::from_json(number)),
        other => Number::from_name(unsupported(other)?),
    }
}

/// Writes a duration, where there is one, as a number of seconds.
pub(crate) fn seconds<D, S>(duration: &D, serializer: S) -> Result<S::Ok, S::Error>
where
    D: Copy + Into<Option<Duration>>,
    S: Serializer,
{
    let duration: Option<Duration> = (*duration).into();
    duration.map(Number::from).serialize(serializer)
}
#[cfg(test)]
mod tests {
    use super::*;

    fn written(number: impl Into<Number>) -> String {
        serde_json::to_string(&number.into()).unwrap()
    }

    #[test]
    fn integers_and_integral_doubles_have_no_fraction() {
        assert_eq!(written(42), "42");
        assert_eq!(written(42.0), "42");
        assert_eq!(written(-0.0), "0");
        assert_eq!(written(37.5), "37.5");
        assert_eq!(written(0.1_f32), "0.1");
        assert_eq!(written(Duration::from_secs(90)), "90");
        assert_eq!(written(Duration::from_millis(1_500)), "1.5");
    }

    #[test]
    fn sixty_four_bit_integers_stay_exact() {
        assert_eq!(written(u64::MAX), "18446744073709551615");
        assert_eq!(written(i64::MIN), "-9223372036854775808");
        assert_eq!(written(9_007_199_254_740_993_i64), "9007199254740993");
    }

    #[test]
    fn numbers_are_read_as_they_are_shown() {
        for digits in ["42", "-1", "18446744073709551615", "37.5", "-0.25"] {
            assert_eq!(serde_json::from_str::<Number>(digits).unwrap().to_string(), digits);
        }
        for name in ["NaN", "inf", "-inf"] {
            assert_eq!(Number::from_name(name).unwrap().to_string(), name);
        }
        assert!(serde_json::from_str::<Number>("\"forty\"").is_err());
    }

    #[test]
    fn what_json_cannot_hold_is_known_as_such() {
        for float in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(!Number::from(float).is_finite());
        }
    }
}
