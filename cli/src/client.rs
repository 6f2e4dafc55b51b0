//! From flags to a client. What is not given here the client takes from the environment.

use activitysmith_kit::{ActivitySmith, Builder, blocking};

use crate::args::{AccountArgs, ClientArgs};
use crate::console::Console;
use crate::failure::Failure;

/// The client that these flags ask for.
pub fn client(args: &ClientArgs, console: Console) -> Result<blocking::ActivitySmith, Failure> {
    let mut builder = builder(&args.account, console);
    if let Some(timeout) = args.timeout {
        builder = builder.timeout(timeout);
    }
    if let Some(max_retries) = args.max_retries {
        builder = builder.max_retries(max_retries);
    }
    Ok(builder.build_blocking()?)
}

/// A client in the making, for this account.
pub fn builder(args: &AccountArgs, console: Console) -> Builder {
    let mut builder = ActivitySmith::builder();
    if let Some(key) = &args.api_key {
        console.warn(
            "--api-key shows the key to everybody who may list processes; use ACTIVITYSMITH_API_KEY or --api-key-file",
        );
        builder = builder.api_key(key);
    }
    if let Some(file) = &args.api_key_file {
        builder = builder.api_key_file(file);
    }
    if let Some(base_url) = &args.base_url {
        builder = builder.base_url(base_url);
    }
    builder
}
