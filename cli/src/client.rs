//! From flags to a client. What is not given here the client takes from the environment, and what is not there from a profile.

use activitysmith_kit::{ActivitySmith, Builder, blocking};

use crate::args::{AccountArgs, ClientArgs};
use crate::config::{self, Profile};
use crate::console::Console;
use crate::failure::Failure;
use crate::runtime;

const API_KEY: &str = "ACTIVITYSMITH_API_KEY";
const API_KEY_FILE: &str = "ACTIVITYSMITH_API_KEY_FILE";
const BASE_URL: &str = "ACTIVITYSMITH_BASE_URL";
pub const BUDGET_FILE: &str = "ACTIVITYSMITH_BUDGET_FILE";

/// The client that these flags ask for.
pub fn client(args: &ClientArgs, console: Console) -> Result<blocking::ActivitySmith, Failure> {
    let mut builder = builder(&args.account, &config::profile(&args.account)?, console);
    if let Some(timeout) = args.timeout {
        builder = builder.timeout(timeout);
    }
    if let Some(max_retries) = args.max_retries {
        builder = builder.max_retries(max_retries);
    }
    runtime::room().map_err(|error| runtime::cannot_start(&error))?;
    Ok(builder.build_blocking()?)
}

/// A client in the making, for this account.
pub fn builder(args: &AccountArgs, profile: &Profile, console: Console) -> Builder {
    let mut builder = ActivitySmith::builder();
    if args.api_key.is_some() {
        console.warn(
            "--api-key exposes the key to every user who can list processes; use ACTIVITYSMITH_API_KEY or --api-key-file",
        );
    }
    let source = key_source(args, profile);
    let key = match source {
        KeySource::Flag => args.api_key.as_ref(),
        KeySource::Profile => profile.api_key.as_ref(),
        _ => None,
    };
    let file = match source {
        KeySource::FileFlag => args.api_key_file.as_ref(),
        KeySource::ProfileFile => profile.api_key_file.as_ref(),
        _ => None,
    };
    if let Some(key) = key {
        builder = builder.api_key(key);
    }
    if let Some(file) = file {
        builder = builder.api_key_file(file);
    }
    if let Some(base_url) = args.base_url.as_ref().or(profile.base_url.as_ref().filter(|_| !is_set(BASE_URL))) {
        builder = builder.base_url(base_url);
    }
    if let Some(file) = profile.budget_file.as_ref().filter(|_| !is_set(BUDGET_FILE)) {
        builder = builder.budget_file(file);
    }
    builder
}

/// Where the key comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySource {
    Flag,
    FileFlag,
    Variable,
    FileVariable,
    Profile,
    ProfileFile,
    Nowhere,
}

/// The first of them that gives one.
pub fn key_source(args: &AccountArgs, profile: &Profile) -> KeySource {
    let sources = [
        (KeySource::Flag, args.api_key.is_some()),
        (KeySource::FileFlag, args.api_key_file.is_some()),
        (KeySource::Variable, is_set(API_KEY)),
        (KeySource::FileVariable, is_set(API_KEY_FILE)),
        (KeySource::Profile, profile.api_key.is_some()),
        (KeySource::ProfileFile, profile.api_key_file.is_some()),
    ];
    sources.into_iter().find_map(|(source, is_given)| is_given.then_some(source)).unwrap_or(KeySource::Nowhere)
}

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| !value.is_empty())
}
