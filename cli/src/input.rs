//! Reads what a flag or an argument names: a file, or `-` for stdin. What it says is not judged here.

use std::fs::File;
use std::io::{self, Read};

use activitysmith_kit::call;
use serde_json::Value;

use crate::exit::Exit;
use crate::failure::Failure;

/// What some editors put before a text to say that it is UTF-8; JSON may not begin so.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// In bytes, and far more than any request has.
const LARGEST: u64 = 16 * 1024 * 1024;

/// `on_stdin` is how one gives the same on stdin, for those who give it on the command line.
pub fn read(file: &str, on_stdin: &str) -> Result<Vec<u8>, Failure> {
    let text = if file == "-" { read_all(io::stdin().lock()) } else { File::open(file).and_then(read_all) };
    match text {
        Ok(mut text) => {
            if text.starts_with(BYTE_ORDER_MARK) {
                text.drain(..BYTE_ORDER_MARK.len());
            }
            Ok(text)
        }
        Err(_) if file.trim_start().starts_with(['{', '[']) => {
            let problem = format!("this is JSON where the name of a file belongs; pipe it into {on_stdin}");
            Err(Failure::new(Exit::Usage, problem))
        }
        Err(error) => Err(Failure::new(Exit::Usage, format!("{file} cannot be read: {error}"))),
    }
}

/// A request as JSON, also where it is written in YAML.
pub fn request(file: &str, on_stdin: &str) -> Result<Vec<u8>, Failure> {
    let text = read(file, on_stdin)?;
    // What is meant as JSON is not read as YAML, in which NaN and None are texts.
    let is_json = text.trim_ascii_start().starts_with(b"{") || text.trim_ascii_start().starts_with(b"[");
    if is_json || call::parse_json(&text).is_ok() {
        return Ok(text);
    }
    let options = serde_saphyr::options! { strict_booleans: true };
    match serde_saphyr::from_slice_with_options::<Value>(&text, options) {
        Ok(yaml) if yaml.is_object() => Ok(yaml.to_string().into_bytes()),
        // Any text is YAML, but only an object can be a request. All else is for the core to refuse.
        Ok(_) => Ok(text),
        Err(error) => {
            let problem = format!("nothing was sent: the request is neither JSON nor YAML: {error}");
            Err(Failure::new(Exit::Invalid, problem))
        }
    }
}

fn read_all(from: impl Read) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut text)?;
    if text.len() as u64 > LARGEST {
        return Err(io::Error::other("it is larger than 16 MiB"));
    }
    Ok(text)
}
