//! `asmith preview`: draws what a phone would show of a state, offline. It is an approximation.

use std::fs;
use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::process::ExitCode;
use std::time::SystemTime;

use activitysmith_emulator::Timestamp;
use activitysmith_emulator::render::Picture;
use activitysmith_kit::api::{END_STREAM, STREAM};
use activitysmith_kit::call::Request;
use serde_json::{Value, json};

use crate::args::PreviewArgs;
use crate::console::{self, Console};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;

/// A key that is right; a picture has none.
const ANY_KEY: &str = "any";

pub fn run(args: &PreviewArgs, console: Console) -> Result<ExitCode, Failure> {
    let form = Form::of(&args.out)?;
    if args.file == "-" && io::stdin().is_terminal() {
        console.note("reads the state's JSON from stdin; end it with Ctrl-D");
    }
    let body = body(input::request(&args.file, "asmith preview - --out FILE")?);
    let checked = if args.end {
        Request::from_json(&END_STREAM, ANY_KEY, &body)
    } else {
        Request::from_json(&STREAM, ANY_KEY, &body)
    };
    let request = checked.map_err(|error| Failure::of_violations(&error, "nothing was drawn: "))?;
    for advice in &*request.advice {
        console.warn(advice);
    }
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    if !body["content_state"]["type"].is_string() {
        return Err(Failure::new(
            Exit::Invalid,
            "nothing was drawn: content_state.type is missing, and a picture depends on it",
        ));
    }
    let picture = Picture::of_request(&body, Timestamp::from(SystemTime::now()));
    let picture = picture.theme(args.theme).surface(args.surface);
    match form {
        Form::Stdout => console::print(&(picture.svg() + "\n"))?,
        Form::Svg => write(&args.out, (picture.svg() + "\n").as_bytes(), console)?,
        Form::Png => write(&args.out, &png(&picture, args.scale)?, console)?,
    }
    Ok(Exit::Success.into())
}

/// What is written, and where.
enum Form {
    Stdout,
    Svg,
    Png,
}

impl Form {
    fn of(out: &Path) -> Result<Self, Failure> {
        let is = |wanted: &str| out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted));
        if out == Path::new("-") {
            Ok(Self::Stdout)
        } else if is("svg") {
            Ok(Self::Svg)
        } else if is("png") {
            Ok(Self::Png)
        } else {
            Err(Failure::new(Exit::Usage, format!("--out {}: give a name that ends in .svg or .png", out.display())))
        }
    }
}

/// The body of the request, also for who gave the state alone. What cannot be read is left for the core to refuse.
fn body(text: Vec<u8>) -> Vec<u8> {
    match serde_json::from_slice::<Value>(&text) {
        Ok(Value::Object(state)) if !state.contains_key("content_state") => {
            json!({"content_state": state}).to_string().into_bytes()
        }
        _ => text,
    }
}

#[cfg(feature = "png")]
fn png(picture: &Picture<'_>, scale: f32) -> Result<Vec<u8>, Failure> {
    picture.png(scale).map_err(|error| Failure::new(Exit::Usage, format!("--scale {scale}: {error}")))
}

#[cfg(not(feature = "png"))]
fn png(_: &Picture<'_>, _: f32) -> Result<Vec<u8>, Failure> {
    Err(Failure::new(Exit::Usage, "this asmith was built without PNG; give a name that ends in .svg"))
}

fn write(out: &Path, picture: &[u8], console: Console) -> Result<(), Failure> {
    fs::write(out, picture)
        .map_err(|error| Failure::new(Exit::Usage, format!("{} cannot be written: {error}", out.display())))?;
    console.note(&format!("drew {}", out.display()));
    Ok(())
}
