//! What the parser of the command line has to say: help, a version, or what is wrong with it and how it would be right.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::console;
use crate::exit::Exit;

/// Says it, and gives the code to end with.
pub fn report(mut answer: clap::Error) -> ExitCode {
    if !answer.use_stderr() {
        let text = answer.render().to_string();
        return console::print(&text).map_or_else(|failure| failure.report(), |()| Exit::Success.into());
    }
    if let Some(usage) = lacks_dashes(&answer) {
        let tip = format!("put -- before the command: asmith {usage} -- CMD...");
        answer.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    let text = answer.render().to_string();
    if answer.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        console::help(&text);
    } else {
        console::usage(text.strip_prefix("error: ").unwrap_or(&text));
    }
    Exit::Usage.into()
}

/// How it is written where this is `emulate --exec CMD` or `run KEY CMD`, in which the command would be taken for flags of ours.
fn lacks_dashes(answer: &clap::Error) -> Option<&'static str> {
    let is_given = |flag| std::env::args_os().any(|arg| arg == flag);
    let is_command = |arg: &ContextValue| matches!(arg, ContextValue::String(arg) if !arg.starts_with('-'));
    let lacks = answer.kind() == ErrorKind::UnknownArgument
        && answer.get(ContextKind::InvalidArg).is_some_and(is_command)
        && !is_given("--");
    let usages = [("--exec", "emulate --exec"), ("run", "run KEY"), ("watch", "watch KEY --every 2m")];
    usages.into_iter().find_map(|(flag, usage)| (lacks && is_given(flag)).then_some(usage))
}
