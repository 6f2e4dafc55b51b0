//! `asmith completion`: a script for each shell.

use std::process::Stdio;

use crate::support::{asmith, run};

#[test]
fn every_shell_has_its_script() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&mut asmith(&["completion", shell]));
        for flag in ["percentage", "interruption-level", "auto-dismiss-minutes"] {
            assert!(script.succeeded().stdout.contains(flag), "{shell}: {flag}");
        }
    }
    run(&mut asmith(&["completion", "tcl"])).failed(64, "bash");
}

#[test]
fn types_are_completed() {
    assert!(run(&mut asmith(&["completion", "bash"])).stdout.contains("segmented_progress"));
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let mut child = asmith(&["completion", "zsh"]).stdout(Stdio::piped()).spawn().expect("it runs");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}
