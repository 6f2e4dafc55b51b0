//! Exit codes: the one place where a failure gets its number, after sysexits.h where that has a fitting one.

use std::process::ExitCode;

use activitysmith_kit::{ApiErrorKind, Error};

/// How a command ends. A command under `emulate --exec` has its own codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It did what was asked.
    Success = 0,
    /// The command line cannot be understood, or names a file that cannot be read.
    Usage = 64,
    /// The request or the key in its path breaks rules of the API, whether found here or by the service.
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

impl Exit {
    /// The one with this number.
    pub fn of_code(code: u8) -> Self {
        let all = [Self::Usage, Self::Invalid, Self::Limited, Self::Denied, Self::Config];
        all.into_iter().find(|exit| *exit as u8 == code).unwrap_or(Self::Unavailable)
    }
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
            // Among them a stream or a recipient that is not there: the same command may succeed later.
            _ => Self::Unavailable,
        }
    }
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
            (ApiErrorKind::ServerError, 69),
            (ApiErrorKind::Redirect { location: None }, 69),
            (ApiErrorKind::Unreadable, 69),
        ] {
            assert_eq!(Exit::from(&kind) as u8, code, "{kind:?}");
        }
    }
}
