//! Help and the manual: short enough to be read, and with an example.

use crate::support::{asmith, run};

const COMMANDS: &[&str] =
    &["run", "pipe", "watch", "step", "stream", "end", "validate", "doctor", "emulate", "completion", "man"];
/// Those with a flag for each field of the API fit no screen.
const LONG: &[&str] = &["stream", "end"];

#[test]
fn help_fits_a_screen_and_shows_how() {
    for &command in COMMANDS {
        let told = run(asmith(&[command, "-h"]).env("COLUMNS", "120"));
        let help = &told.succeeded().stdout;
        let lines = help.lines().count();
        assert!(lines <= 40 || LONG.contains(&command), "{command}: {lines} lines\n{help}");
        assert!(help.contains(&format!("asmith {command}")), "{help}");
        assert!(help.contains("Example") || ["man", "step"].contains(&command), "{help}");
    }
}

#[test]
fn the_manual_knows_every_command() {
    let manual = run(&mut asmith(&["man"])).succeeded().stdout.clone();
    for command in COMMANDS {
        assert!(manual.contains(&format!("asmith\\-{command}")), "{command}");
    }
    assert!(!manual.contains("relay"));
}
