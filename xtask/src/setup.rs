//! How far a command may go to set the machine up, and what a missing tool means.

use crate::failure::{Failure, Result};

#[derive(Clone, Copy)]
pub(crate) struct Setup {
    /// System packages may be installed.
    pub(crate) install: bool,
    /// Nothing may be left out.
    pub(crate) ci: bool,
}

/// How a check ended that did not fail.
pub(crate) enum Outcome {
    Done,
    /// Left out, with what is missing and how to get it.
    Skipped(String),
}

impl Setup {
    /// `install` is the user's flag; `CI=true` implies it.
    pub(crate) fn new(install: bool) -> Self {
        let ci = std::env::var("CI").is_ok_and(|value| value == "true" || value == "1");
        Self { install: install || ci, ci }
    }

    /// What to do without something that this machine lacks: leave the check out, but never in CI.
    pub(crate) fn missing(self, what: &str, remedy: &str) -> Result<Outcome> {
        if self.ci {
            return Err(Failure::new(format!("{what}, and CI leaves nothing out")).hint(remedy));
        }
        Ok(Outcome::Skipped(format!("{what}; {remedy}")))
    }

    /// The same for what could not be set up; it is a failure, too, for those who asked for the set-up.
    pub(crate) fn prevented(self, failure: Failure) -> Result<Outcome> {
        if self.install { Err(failure) } else { Ok(Outcome::Skipped(failure.reason())) }
    }
}
