//! Why a command failed, in words for people, and the exit code that goes with it.

use std::process::ExitCode;

use activitysmith_kit::{Error, ValidationError};

use crate::console;
use crate::exit::Exit;

/// How a command ends that did not do what was asked.
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

    /// All that is wrong with a request, a line each, after what that means for the command.
    pub fn of_violations(error: &ValidationError, meaning: &str) -> Self {
        let violations = error.violations();
        let s = if violations.len() == 1 { "" } else { "s" };
        let summary = format!("{meaning}{} violation{s}", violations.len());
        Self::with_details(Exit::Invalid, summary, violations.iter().map(ToString::to_string).collect())
    }

    /// The code to end with.
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// What has failed, in a line.
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// The summary and the details, in one line.
    pub fn in_a_line(&self) -> String {
        [std::slice::from_ref(&self.summary), &self.details].concat().join(": ")
    }

    /// Says it on stderr, and gives the code to end with.
    pub fn report(&self) -> ExitCode {
        console::error(&self.summary, &self.details);
        self.exit.into()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match &error {
            Error::Validation(error) => Self::of_violations(error, "nothing was sent: "),
            _ => Self::new(Exit::from(&error), words(&error)),
        }
    }
}

/// What an error says, in the terms of the command line.
pub fn words(error: &Error) -> String {
    error.to_string().replace("or pass the key as api_key", "or give --api-key-file")
}
