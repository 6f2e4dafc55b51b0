//! What a check finds: violations with their paths, and the error that carries them all.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::nearest::nearest;
use crate::declare::{described, names};
use crate::json::{self, GIVEN_TWICE};

names! {
    /// The kind of rule that a value breaks. Stable; messages are not.
    pub enum ViolationCode {
        /// A required field is missing.
        Missing = "missing",
        /// The API has no field of this name here.
        UnknownField = "unknown_field",
        /// The same field is given twice.
        DuplicateField = "duplicate_field",
        /// A value of the wrong type.
        WrongType = "wrong_type",
        /// NaN or infinite.
        NotFinite = "not_finite",
        /// Larger than any 64-bit integer, so that digits may have been lost.
        TooManyDigits = "too_many_digits",
        /// A fraction where a whole number belongs.
        NotInteger = "not_integer",
        /// Too small or too large.
        OutOfRange = "out_of_range",
        /// An empty or blank text, or an empty list.
        Empty = "empty",
        /// A text, list or object above its limit.
        TooLong = "too_long",
        /// Not one of the known values.
        UnknownValue = "unknown_value",
        /// A text in the wrong format.
        BadFormat = "bad_format",
        /// A known field that does not apply here.
        NotApplicable = "not_applicable",
        /// Two fields that contradict each other.
        Conflict = "conflict",
        /// The same item is in a list twice.
        DuplicateItem = "duplicate_item",
        /// The text is not JSON.
        InvalidJson = "invalid_json",
    }
}

described! {
    /// One broken rule.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Violation {
        /// The path, for example `content_state.metrics[2].value`; `stream_key` for the key, `request` for the whole.
        pub path: String,
        /// The kind of rule.
        pub code: ViolationCode,
        /// A sentence that names the field, what is wrong and what to do.
        pub message: String,
    }
}

impl Violation {
    /// A violation, for example for a test.
    pub fn new(path: impl Into<String>, code: ViolationCode, message: impl Into<String>) -> Self {
        Self { path: path.into(), code, message: message.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

described! {
    /// The request breaks rules of the API. Nothing was sent.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    pub struct ValidationError {
        /// Every broken rule, at least one.
        violations: Vec<Violation>,
    }
}

impl ValidationError {
    /// An error of these violations, for example for a test.
    ///
    /// ```
    /// use activitysmith_kit::{Error, ValidationError, Violation, ViolationCode};
    ///
    /// let path = "content_state.percentage";
    /// let message = "content_state.percentage is 101; give a number from 0 to 100";
    /// let error = Error::from(ValidationError::new([Violation::new(path, ViolationCode::OutOfRange, message)]));
    /// assert_eq!(error.kind(), "validation");
    /// ```
    ///
    /// # Panics
    ///
    /// There is no violation.
    pub fn new(violations: impl IntoIterator<Item = Violation>) -> Self {
        let violations: Vec<_> = violations.into_iter().collect();
        assert!(!violations.is_empty(), "a validation error has at least one violation");
        Self { violations }
    }

    /// Every broken rule, at least one.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Whether nothing is wrong but that fields are missing.
    pub(crate) fn is_only_missing(&self) -> bool {
        self.violations.iter().all(|violation| violation.code == ViolationCode::Missing)
    }

    /// The same of an object that is a member of what was checked.
    pub(crate) fn beneath(mut self, name: &str) -> Self {
        let whole = Path::Root.to_string();
        for Violation { path, message, .. } in &mut self.violations {
            *message = match message.strip_prefix(&whole) {
                Some(rest) if *path == whole => format!("{name}{rest}"),
                _ => format!("{name}.{message}"),
            };
            *path = if *path == whole { name.to_owned() } else { format!("{name}.{path}") };
        }
        self
    }

    /// The same where options go beside a request, so that a misspelt one may stand in it.
    pub(crate) fn or_options(mut self, options: &[&'static str]) -> Self {
        let unknown = self.violations.iter_mut().filter(|violation| violation.code == ViolationCode::UnknownField);
        for Violation { path, message, .. } in unknown {
            if let Some(option) = nearest(path, options.iter().copied()) {
                *message = format!("{path} is unknown; did you mean {option}?");
            }
        }
        self
    }

    /// `problem` says why a text is no JSON.
    pub(crate) fn invalid_json(problem: &str) -> Self {
        Self::of_request(ViolationCode::InvalidJson, format!("request is not JSON: {problem}"))
    }

    /// A request of so many bytes is not looked at.
    pub(crate) fn too_large(bytes: usize, most: usize) -> Self {
        Self::of_request(ViolationCode::TooLong, format!("request has {bytes} bytes; give at most {most}"))
    }

    fn of_request(code: ViolationCode, message: String) -> Self {
        Self::new([Violation::new(Path::Root.to_string(), code, message)])
    }
}

impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing was sent: ")?;
        for (index, violation) in self.violations.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; also, " };
            write!(f, "{separator}{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ValidationError {}

/// Where a check stands; it becomes text only when something is wrong.
#[derive(Clone, Copy)]
pub(crate) enum Path<'a> {
    Root,
    Member(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

impl<'a> Path<'a> {
    pub(crate) fn member(&'a self, name: &'a str) -> Self {
        Self::Member(self, name)
    }

    pub(crate) fn item(&'a self, index: usize) -> Self {
        Self::Item(self, index)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("request"),
            Self::Member(Self::Root, name) => f.write_str(&excerpt(name)),
            Self::Member(parent, name) => write!(f, "{parent}.{}", excerpt(name)),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// A caller's text for a message: on one line and short.
pub(crate) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut excerpt: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if text.chars().nth(LONGEST).is_some() {
        excerpt.push_str("...");
    }
    excerpt
}

/// Collects violations.
#[derive(Default)]
pub(crate) struct Findings(Vec<Violation>);

impl Findings {
    /// Reports what is wrong at a path, with which the message begins.
    #[cold]
    #[inline(never)]
    pub(crate) fn report(&mut self, path: &Path<'_>, code: ViolationCode, message: fmt::Arguments<'_>) {
        let path = path.to_string();
        let message = format!("{path} {message}");
        self.add(path, code, message);
    }

    /// Reports a value of a type that does not belong there; `advice` follows what it is.
    pub(crate) fn wrong_type(&mut self, value: &Value, path: &Path<'_>, advice: fmt::Arguments<'_>) {
        match json::kind(value) {
            GIVEN_TWICE => self.report(path, ViolationCode::DuplicateField, format_args!("is given twice; keep one")),
            kind => self.report(path, ViolationCode::WrongType, format_args!("is {kind}{advice}")),
        }
    }

    pub(crate) fn add(&mut self, path: String, code: ViolationCode, message: String) {
        self.0.push(Violation::new(path, code, message));
    }

    pub(crate) fn into_result(self) -> Result<(), ValidationError> {
        if self.0.is_empty() { Ok(()) } else { Err(ValidationError { violations: self.0 }) }
    }
}
