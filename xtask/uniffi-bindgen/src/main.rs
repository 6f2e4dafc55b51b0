//! UniFFI's own generator, and after it, for Python, the step that makes its module quick to import.

mod slim;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The module that is made for the core, by its namespace.
const MODULE: &str = "activitysmith_kit.py";

fn main() -> ExitCode {
    // Ends the process itself when it fails.
    uniffi::uniffi_bindgen_main();
    let arguments: Vec<String> = std::env::args().collect();
    if value(&arguments, ["--language", "-l"]) != Some("python") {
        return ExitCode::SUCCESS;
    }
    let folder = value(&arguments, ["--out-dir", "-o"]).unwrap_or(".");
    let file = Path::new(folder).join(MODULE);
    match slim_down(&file) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{}: {problem}", file.display());
            ExitCode::FAILURE
        }
    }
}

fn slim_down(file: &PathBuf) -> Result<(), String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    std::fs::write(file, slim::slim(&text)?).map_err(|error| error.to_string())
}

/// What stands behind an option, in either of its two spellings.
fn value<'a>(arguments: &'a [String], names: [&str; 2]) -> Option<&'a str> {
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if names.contains(&argument.as_str()) {
            return rest.next().map(String::as_str);
        }
        if let Some((name, value)) = argument.split_once('=')
            && names.contains(&name)
        {
            return Some(value);
        }
    }
    None
}
