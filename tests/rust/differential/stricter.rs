//! The rules by which the core refuses what the service takes, each for a reason. Everything else must be refused by both.

use super::case::Rule;

/// A place (`*` for any) and a code, with the reason why the core is stricter.
const STRICTER: &[(&str, &str)] = &[
    // The service's rule for blank texts is unknown, and a headline or a button that shows nothing is a mistake.
    ("content_state.title", "empty"),
    ("action.title", "empty"),
    ("secondary_action.title", "empty"),
    ("channels[]", "empty"),
    ("target.channels[]", "empty"),
    // A caller who sets a field expects an effect.
    ("*", "not_applicable"),
    // A state that names its type may have to start an activity, also when one runs now.
    ("content_state.number_of_steps", "missing"),
    // Bars cannot show texts, and a value that goes with an upper limit is a number.
    ("content_state.metrics[].value", "wrong_type"),
    ("content_state.value", "wrong_type"),
    // Digits that were lost on the way here would be lost without a word.
    ("*", "too_many_digits"),
    // Which of two a reader takes is not defined.
    ("*", "duplicate_field"),
    ("tags", "too_long"),
    ("tags[]", "duplicate_item"),
    // Keys that no page can show, or that JavaScript takes for its own.
    ("metadata.*", "empty"),
    ("metadata.*", "bad_format"),
];

pub fn than_the_service(rule: &Rule) -> bool {
    STRICTER.iter().any(|(place, code)| (*place == "*" || *place == rule.place) && *code == rule.code)
}
