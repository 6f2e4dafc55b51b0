//! Exit codes: the one place where a failure gets its number, after sysexits.h where that has a fitting one.

use std::process::ExitCode;

use activitysmith_kit::{ApiErrorKind, Error};

use crate::console;

/// How a command ends. A command under `emulate --exec` has its own codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It did what was asked.
    Success = 0,
    /// The command line cannot be understood, or names a file that cannot be read.
    Usage = 64,
    /// The state or the stream key breaks rules of the API, whether found here or by the service.
    Invalid = 65,
    /// The service was not reached, is in trouble or did not do it for a reason that is none of the others.
    Unavailable = 69,
    /// Too many requests or too many activities: worth trying later.
    Limited = 75,
    /// The API key, the account's billing or a permission stands against it.
    Denied = 77,
    /// A setting is missing or cannot be used.
    Config = 78,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<&Error> for Exit {
    fn from(error: &Error) -> Self {
        match error {
            Error::Config(_) => Self::Config,
            Error::Validation(_) => Self::Invalid,
            Error::Api(error) => Self::from(&error.kind),
            _ => Self::Unavailable,
        }
    }
}

impl From<&ApiErrorKind> for Exit {
    fn from(kind: &ApiErrorKind) -> Self {
        match kind {
            ApiErrorKind::BadRequest => Self::Invalid,
            ApiErrorKind::Unauthorized | ApiErrorKind::BillingBlocked { .. } | ApiErrorKind::Forbidden => Self::Denied,
            ApiErrorKind::RateLimited | ApiErrorKind::ActivityLimitReached { .. } => Self::Limited,
            // Among them a stream or a recipient that is not there: nobody needs to change the command for it to work later.
            _ => Self::Unavailable,
        }
    }
}

/// Why a command failed, in words for people, and how it ends.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    summary: String,
    details: Vec<String>,
}

impl Failure {
    pub fn new(exit: Exit, summary: impl Into<String>) -> Self {
        Self::with_details(exit, summary, Vec::new())
    }

    pub fn with_details(exit: Exit, summary: impl Into<String>, details: Vec<String>) -> Self {
        Self { exit, summary: summary.into(), details }
    }

    /// Says it on stderr, and gives the code to end with.
    pub fn report(&self) -> ExitCode {
        console::error(&self.summary, &self.details);
        self.exit.into()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let exit = Exit::from(&error);
        match error {
            Error::Validation(error) => {
                let violations = error.violations();
                let summary = format!("nothing was sent: {}", count_violations(violations.len()));
                Self::with_details(exit, summary, violations.iter().map(ToString::to_string).collect())
            }
            error => Self::new(exit, error.to_string()),
        }
    }
}

/// How many violations, in words.
pub fn count_violations(count: usize) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} violation{s}")
}

/// Shows what the parser of the command line has to say: help, a version, or what is wrong.
pub fn of_parser(answer: &clap::Error) -> ExitCode {
    let text = answer.render().to_string();
    if answer.use_stderr() {
        console::usage(text.strip_prefix("error: ").unwrap_or(&text));
        return Exit::Usage.into();
    }
    console::print(&text).map_or_else(|failure| failure.report(), |()| Exit::Success.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_answer_has_its_exit_code() {
        let limit = ApiErrorKind::ActivityLimitReached {
            limit: Some(5),
            active: Some(5),
            blocked_devices: None,
            targeted_devices: None,
        };
        for (kind, code) in [
            (ApiErrorKind::BadRequest, 65),
            (ApiErrorKind::Unauthorized, 77),
            (ApiErrorKind::BillingBlocked { upgrade_url: None }, 77),
            (ApiErrorKind::Forbidden, 77),
            (ApiErrorKind::NotFound, 69),
            (ApiErrorKind::NoRecipients { effective_channel_slugs: None }, 69),
            (ApiErrorKind::RateLimited, 75),
            (limit, 75),
            (ApiErrorKind::Server, 69),
            (ApiErrorKind::Redirect { location: None }, 69),
            (ApiErrorKind::Unreadable, 69),
        ] {
            assert_eq!(Exit::from(&kind) as u8, code, "{kind:?}");
        }
    }
}
