//! `asmith badge`: sets the number on the app's icon.

use std::process::ExitCode;

use activitysmith_kit::BadgeRequest;
use activitysmith_kit::api::BADGE;
use activitysmith_kit::call::Request;
use serde_json::json;

use super::dry_run;
use crate::args::{BadgeArgs, Output};
use crate::client::client;
use crate::console::{self, Console};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::value::number_or_text;

pub fn run(args: &BadgeArgs, console: Console) -> Result<ExitCode, Failure> {
    let mut body = json!({"badge": number_or_text(&args.number)});
    if !args.channels.is_empty() {
        body["channels"] = json!(args.channels);
    }
    let body = body.to_string().into_bytes();
    if args.dry_run {
        return dry_run::show(Request::from_json(&BADGE, "", &body), args.output.output, console);
    }
    let response = client(&args.client, console)?.call_json::<BadgeRequest>("", body).send()?;
    if args.output.output == Output::Json {
        console::print_json(&response)?;
    }
    let devices = response.devices_updated.map(|devices| format!(" (devices: {devices})")).unwrap_or_default();
    console.note(&match response.facts.status {
        0 => "badge: disabled by ACTIVITYSMITH_DISABLED, nothing was sent".to_owned(),
        _ => format!("badge: {}{devices}", args.number),
    });
    Ok(Exit::Success.into())
}
