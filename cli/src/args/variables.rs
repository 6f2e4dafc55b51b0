//! A variable for each flag: `ASMITH_`, the command, the flag. What stands on the command line wins, and one that is
//! empty counts as not set.

use clap::builder::BoolishValueParser;
use clap::{Arg, ArgAction, Command};

/// What has a variable of its own already, or would do harm in one.
const NONE: &[&str] = &["api-key", "api-key-file", "base-url", "help", "version"];
/// What is the same for all commands.
const SHARED: &[&str] = &["config", "profile"];

/// Adds them to a command and those below it.
pub fn add(command: Command) -> Command {
    below(command, "ASMITH")
}

fn below(command: Command, prefix: &str) -> Command {
    command.mut_args(|arg| with_variable(arg, prefix)).mut_subcommands(|command| {
        let prefix = format!("{prefix}_{}", upper(command.get_name()));
        below(command, &prefix)
    })
}

fn with_variable(arg: Arg, prefix: &str) -> Arg {
    // A hidden one is another spelling.
    let long = arg.get_long().filter(|long| !NONE.contains(long) && !arg.is_hide_set());
    let Some(long) = long else { return arg };
    let prefix = if SHARED.contains(&long) { "ASMITH" } else { prefix };
    // There is one command line in a process.
    let name: &'static str = Box::leak(format!("{prefix}_{}", upper(long)).into_boxed_str());
    if std::env::var_os(name).is_some_and(|value| value.is_empty()) {
        return arg;
    }
    let is_switch = matches!(arg.get_action(), ArgAction::SetTrue);
    let arg = arg.env(name).hide_env(true);
    if is_switch { arg.value_parser(BoolishValueParser::new()) } else { arg }
}

fn upper(name: &str) -> String {
    name.to_ascii_uppercase().replace('-', "_")
}
