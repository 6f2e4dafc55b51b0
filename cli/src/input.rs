//! Reads what a flag or an argument names: a file, or `-` for stdin.

use std::fs;
use std::io::{self, Read as _};

use crate::exit::{Exit, Failure};

pub fn read(file: &str) -> Result<Vec<u8>, Failure> {
    let text = if file == "-" {
        let mut text = Vec::new();
        io::stdin().lock().read_to_end(&mut text).map(|_| text)
    } else {
        fs::read(file)
    };
    text.map_err(|error| Failure::new(Exit::Usage, format!("{file} cannot be read: {error}")))
}
