//! Help and the manual: short enough to be read, and with an example.

use activitysmith_kit::StateType;

use crate::support::{asmith, run};

const COMMANDS: &[&str] = &[
    "run",
    "pipe",
    "watch",
    "step",
    "stream",
    "end",
    "push",
    "metric",
    "badge",
    "activity",
    "activity start",
    "activity update",
    "activity end",
    "validate",
    "preview",
    "doctor",
    "emulate",
    "completion",
    "man",
];

#[test]
fn help_fits_a_screen_and_shows_how() {
    for &command in COMMANDS {
        for flag in ["--help", "-h"] {
            let told =
                run(asmith(&[&command.split(' ').collect::<Vec<_>>(), &[flag][..]].concat()).env("COLUMNS", "80"));
            let help = &told.succeeded().stdout;
            let lines = help.lines().count();
            assert!(lines <= 40, "{command}: {lines} lines\n{help}");
            assert!(help.lines().all(|line| line.chars().count() <= 80), "{help}");
            assert!(help.contains(&format!("asmith {command}")), "{help}");
            assert!(help.contains("Example"), "{help}");
        }
    }
    let told = run(asmith(&["--help"]).env("COLUMNS", "80"));
    assert!(told.succeeded().stdout.lines().count() <= 40, "{}", told.stdout);
}

#[test]
fn what_fits_no_screen_is_in_the_help_of_all_flags_and_in_the_manual() {
    let manual = run(&mut asmith(&["man"])).succeeded().stdout.replace('\\', "");
    for command in ["run", "pipe", "watch", "stream", "end", "push", "metric", "badge"] {
        assert!(!run(&mut asmith(&[command, "--help"])).stdout.contains("--api-key-file"), "{command}");
        let all = run(&mut asmith(&[command, "--help-all"]));
        for flag in ["--api-key-file", "--base-url", "--profile", "--config", "--help-all"] {
            assert!(all.succeeded().stdout.contains(flag) && manual.contains(flag), "{command} {flag}");
        }
    }
    for flag in ["--secondary-action-body", "--value-text", "--auto-dismiss-seconds"] {
        assert!(run(&mut asmith(&["end", "--help-all"])).stdout.contains(flag) && manual.contains(flag), "{flag}");
    }
}

#[test]
fn the_types_of_states_are_in_the_help() {
    for command in ["stream", "end"] {
        let help = run(&mut asmith(&[command, "-h"])).stdout;
        for state_type in StateType::ALL {
            assert!(help.contains(state_type.as_str()), "{state_type:?}");
        }
    }
}

#[test]
fn the_manual_knows_every_command() {
    let manual = run(&mut asmith(&["man"])).succeeded().stdout.clone();
    for command in COMMANDS {
        assert!(manual.contains(&format!("asmith\\-{}", command.replace(' ', "\\-"))), "{command}");
    }
    assert!(!manual.contains("relay"));
}
