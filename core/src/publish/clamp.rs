//! Brings numbers that a running loop computed into the range of their fields, so that rounding never stops a job.

use serde_json::Value;

use crate::api::{CONTENT_STATE, METRIC};
use crate::json::{self, Members, Number};
use crate::validate::{Kind, NumberOrText, Range};

/// What [`clamp`] has changed.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Adjustment {
    /// What is worth a warning, in words: the first number that was clamped or skipped. Rounding errors are not.
    pub(crate) message: Option<String>,
    /// A number was skipped, so a field may be missing now.
    pub(crate) skipped: bool,
}

/// How far a number may be outside of its range and still be taken for a rounding error.
const ROUNDING: f64 = 1e-6;

/// Clamps the numbers of a changed state to what their fields may hold. A number without a nearest value that is true (NaN, an
/// infinity, a negative metric) is skipped: the field keeps the value that it has in `kept`, or is left out.
///
/// Where nothing is kept, as in a first state, such a number stays, for validation to refuse. Types are left to validation.
pub(crate) fn clamp(state: &mut Members, kept: Option<&Members>) -> Adjustment {
    let mut adjustment = Adjustment::default();
    json::retain(state, &mut |name, value| {
        let before = kept.and_then(|kept| kept.get(name));
        if let Value::Array(metrics) = value
            && name == "metrics"
        {
            return clamp_metrics(metrics, kept.is_some(), before, &mut adjustment);
        }
        let fitted = fit_field(name, value);
        let Fitted::Unusable(number) = fitted else {
            return adjustment.keep(name, value, &fitted);
        };
        if kept.is_none() {
            return true;
        }
        adjustment.note(|| format!("content_state.{name} is {number}, which cannot be shown; it is skipped"));
        adjustment.skipped = true;
        before.is_some_and(|before| {
            *value = before.clone();
            true
        })
    });
    clamp_step(state, kept, &mut adjustment);
    adjustment
}

/// Clamps the values of metrics; gives back whether the list stays. A metric whose value is skipped keeps the one that the metric of
/// its label has in `before`; without one the whole list is skipped, since the others would stand in its place.
fn clamp_metrics(metrics: &mut [Value], is_kept: bool, before: Option<&Value>, adjustment: &mut Adjustment) -> bool {
    let kind = METRIC.kind("value");
    let value_of = |label: Option<&Value>| {
        before?.as_array()?.iter().find(|metric| metric.get("label") == label)?.get("value").cloned()
    };
    for (index, metric) in metrics.iter_mut().enumerate() {
        let label = metric.get("label").cloned();
        let Some(value) = metric.get_mut("value") else { continue };
        let (Some(kind), Some(number)) = (kind, json::number(value)) else { continue };
        let fitted = fit(kind, number);
        let Fitted::Unusable(number) = fitted else {
            adjustment.keep(&format!("metrics[{index}].value"), value, &fitted);
            continue;
        };
        if !is_kept {
            continue;
        }
        adjustment
            .note(|| format!("content_state.metrics[{index}].value is {number}, which cannot be shown; it is skipped"));
        adjustment.skipped = true;
        match value_of(label.as_ref()) {
            Some(shown) => *value = shown,
            None => return false,
        }
    }
    true
}

/// Skips the numbers in a change of metadata that JSON cannot hold. One that holds nothing else is no change.
pub(crate) fn clamp_metadata(rest: &mut Members) -> Adjustment {
    let mut adjustment = Adjustment::default();
    let Some(entries) = rest.get_mut("metadata").and_then(json::object_mut) else { return adjustment };
    json::retain(entries, &mut |key, value| match json::number(value) {
        Some(number) if !number.is_finite() => {
            adjustment.note(|| format!("metadata.{key} is {number}, which cannot be shown; it is skipped"));
            adjustment.skipped = true;
            false
        }
        _ => true,
    });
    if adjustment.skipped && entries.is_empty() {
        rest.shift_remove("metadata");
    }
    adjustment
}

impl Adjustment {
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.message = self.message.or(other.message);
        self.skipped |= other.skipped;
        self
    }

    fn note(&mut self, message: impl FnOnce() -> String) {
        self.message.get_or_insert_with(message);
    }

    /// Takes over a number that has a nearest value.
    fn keep(&mut self, name: &str, value: &mut Value, fitted: &Fitted) -> bool {
        if let Fitted::Clamped { from, to } = *fitted {
            if (from.as_f64() - to.as_f64()).abs() > ROUNDING {
                self.note(|| format!("content_state.{name} is {from}; {to} is shown"));
            }
            *value = to.into();
        }
        true
    }
}

/// How a number fits its field.
enum Fitted {
    AsItIs,
    Clamped { from: Number, to: Number },
    Unusable(Number),
}

fn fit_field(name: &str, value: &Value) -> Fitted {
    let kind = CONTENT_STATE.kind(name);
    kind.zip(json::number(value)).map_or(Fitted::AsItIs, |(kind, number)| fit(kind, number))
}

fn fit(kind: &Kind, number: Number) -> Fitted {
    let float = number.as_f64();
    let is_percentage = matches!(kind, Kind::Number(Range::Percent));
    if !float.is_finite() || (number.may_have_lost_digits() && !is_percentage) {
        return Fitted::Unusable(number);
    }
    let nearest = match kind {
        Kind::Number(Range::Percent) => float.clamp(0.0, 100.0),
        // A fraction of a step is not done yet.
        Kind::Integer { least, .. } => {
            let whole = (float + ROUNDING).floor();
            if whole < f64::from(*least) && *least > 0 {
                return Fitted::Unusable(number);
            }
            whole.max(f64::from(*least))
        }
        Kind::Number(Range::Positive) if float <= 0.0 => return Fitted::Unusable(number),
        Kind::NumberOrText(NumberOrText::Metric) if float < -ROUNDING => return Fitted::Unusable(number),
        Kind::NumberOrText(NumberOrText::Metric) if float < 0.0 => 0.0,
        _ => return Fitted::AsItIs,
    };
    #[allow(clippy::float_cmp, reason = "a number inside its range is left as it is")]
    if nearest == float { Fitted::AsItIs } else { Fitted::Clamped { from: number, to: nearest.into() } }
}

/// No more steps are done than there are, whichever of the two numbers changed.
fn clamp_step(state: &mut Members, kept: Option<&Members>, adjustment: &mut Adjustment) {
    const STEP: &str = "current_step";
    let changed = |name: &str| json::number(state.get(name)?);
    let before = |name: &str| json::number(kept?.get(name)?);
    let either = |name: &str| changed(name).or_else(|| before(name));
    let (Some(done), Some(all)) = (either(STEP), either("number_of_steps")) else { return };
    if done.as_f64() <= all.as_f64() || (changed(STEP).is_none() && changed("number_of_steps").is_none()) {
        return;
    }
    adjustment.note(|| format!("content_state.{STEP} is {done} of {all}; {all} is shown"));
    state.insert(STEP.to_owned(), all.into());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::api::END_STREAM;

    fn members(text: &str) -> Members {
        serde_json::from_str(text).unwrap()
    }

    fn number(name: &str, number: f64) -> Members {
        Members::from_iter([(name.to_owned(), Number::from(number).into())])
    }

    fn written(state: &Members) -> String {
        serde_json::to_string(state).unwrap()
    }

    #[test]
    fn numbers_are_clamped_to_their_fields() {
        for (name, given, expected, is_told) in [
            ("percentage", 100.000_000_000_000_01, r#"{"percentage":100}"#, false),
            ("percentage", 101.0, r#"{"percentage":100}"#, true),
            ("percentage", -0.000_000_1, r#"{"percentage":0}"#, false),
            ("percentage", -3.0, r#"{"percentage":0}"#, true),
            ("percentage", 42.5, r#"{"percentage":42.5}"#, false),
            ("current_step", 2.999_999_999_9, r#"{"current_step":3}"#, false),
            ("current_step", 2.7, r#"{"current_step":2}"#, true),
            ("current_step", -1.0, r#"{"current_step":0}"#, true),
            ("value", -12.5, r#"{"value":-12.5}"#, false),
        ] {
            let mut state = number(name, given);
            let adjustment = clamp(&mut state, Some(&Members::new()));
            assert_eq!(written(&state), expected);
            assert_eq!((adjustment.message.is_some(), adjustment.skipped), (is_told, false), "{name}: {given}");
        }
    }

    #[test]
    fn numbers_without_a_nearest_value_are_skipped() {
        let kept = members(r#"{"percentage": 41, "number_of_steps": 5, "upper_limit": 8, "value": 3}"#);
        for (name, given) in [
            ("percentage", f64::NAN),
            ("percentage", f64::INFINITY),
            ("value", f64::NEG_INFINITY),
            ("value", 1e300),
            ("upper_limit", 0.0),
            ("number_of_steps", 0.0),
        ] {
            let mut state = number(name, given);
            let adjustment = clamp(&mut state, Some(&kept));
            assert!(adjustment.skipped && adjustment.message.is_some(), "{name}: {given}");
            assert_eq!(state.get(name), kept.get(name));
            let mut state = number(name, given);
            clamp(&mut state, Some(&Members::new()));
            assert!(state.is_empty(), "nothing is kept in its place");
            let mut state = number(name, given);
            assert_eq!(clamp(&mut state, None), Adjustment::default());
            assert_eq!(state.len(), 1, "a first state is refused for it");
        }
    }

    #[test]
    fn steps_are_at_most_their_number() {
        let kept = members(r#"{"number_of_steps": 5, "current_step": 4}"#);
        for (given, expected) in [
            (r#"{"current_step": 7}"#, r#"{"current_step":5}"#),
            (r#"{"number_of_steps": 3}"#, r#"{"number_of_steps":3,"current_step":3}"#),
            (r#"{"number_of_steps": 9, "current_step": 7}"#, r#"{"number_of_steps":9,"current_step":7}"#),
            (r#"{"title": "T"}"#, r#"{"title":"T"}"#),
        ] {
            let mut state = members(given);
            clamp(&mut state, Some(&kept));
            assert_eq!(written(&state), expected);
        }
    }

    #[test]
    fn a_metric_keeps_its_value_where_the_new_one_is_skipped() {
        let kept = members(r#"{"metrics": [{"label": "CPU", "value": 1}, {"label": "RAM", "value": 2}]}"#);
        let mut state =
            members(r#"{"metrics": [{"label": "RAM", "value": -5}, {"label": "CPU", "value": -1e-9}], "title": "T"}"#);
        let adjustment = clamp(&mut state, Some(&kept));
        let expected = r#"{"metrics":[{"label":"RAM","value":2},{"label":"CPU","value":0}],"title":"T"}"#;
        assert_eq!(written(&state), expected);
        assert_eq!(
            adjustment.message.as_deref(),
            Some("content_state.metrics[0].value is -5, which cannot be shown; it is skipped")
        );
    }

    #[test]
    fn a_new_metric_that_cannot_be_shown_takes_its_list_with_it() {
        let kept = members(r#"{"metrics": [{"label": "CPU", "value": 1}]}"#);
        let mut state = members(r#"{"metrics": [{"label": "CPU", "value": 3}, {"label": "RAM", "value": -5}]}"#);
        assert!(clamp(&mut state, Some(&kept)).skipped);
        assert!(state.is_empty(), "what is shown stays");
        let mut first = members(r#"{"metrics": [{"label": "CPU", "value": -5}]}"#);
        assert_eq!(clamp(&mut first, None), Adjustment::default());
        assert_eq!(written(&first), r#"{"metrics":[{"label":"CPU","value":-5}]}"#, "for validation to refuse");
    }

    #[test]
    fn metadata_loses_what_json_cannot_hold_and_is_never_cleared_by_it() {
        let metadata = |entries: Members| Members::from_iter([("metadata".to_owned(), Value::Object(entries))]);
        let mut entries = number("loss", f64::NAN);
        entries.insert("run".to_owned(), "7".into());
        let mut rest = metadata(entries);
        assert!(clamp_metadata(&mut rest).skipped);
        assert_eq!(written(&rest), r#"{"metadata":{"run":"7"}}"#);
        let mut rest = metadata(number("loss", f64::NAN));
        assert!(clamp_metadata(&mut rest).skipped);
        assert!(rest.is_empty());
        let mut rest = metadata(Members::new());
        assert!(!clamp_metadata(&mut rest).skipped);
        assert_eq!(rest.len(), 1, "an empty one clears, and was asked for");
    }

    const NUMBERS: [&str; 8] = [
        "percentage",
        "value",
        "upper_limit",
        "number_of_steps",
        "current_step",
        "duration_seconds",
        "auto_dismiss_seconds",
        "auto_dismiss_minutes",
    ];

    fn any_float() -> impl Strategy<Value = f64> {
        let odd =
            [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, -0.0, 0.0, 100.0, 1e19, -1e19];
        prop_oneof![prop::sample::select(odd.to_vec()), -200.0..200.0_f64, any::<f64>()]
    }

    proptest! {
        #[test]
        fn no_number_is_refused_after_clamping(fields in prop::collection::btree_map(prop::sample::select(&NUMBERS[..]), any_float(), 1..5)) {
            let kept = members(r#"{"percentage": 1, "value": 1, "upper_limit": 2, "number_of_steps": 5, "current_step": 1}"#);
            let mut state: Members =
                fields.into_iter().map(|(name, value)| (name.to_owned(), Number::from(value).into())).collect();
            clamp(&mut state, Some(&kept));
            state.insert("title".to_owned(), "T".into());
            for (one, other) in [("value", "upper_limit"), ("upper_limit", "value")] {
                if !state.contains_key(other) {
                    state.shift_remove(one);
                }
            }
            let mut body = serde_json::json!({"content_state": state});
            prop_assert_eq!(END_STREAM.check(&"k".into(), &mut body), Ok(()));
        }
    }
}
