//! What `--help` shows of a command: as much as fits a screen. `--help-all` and the manual show every flag.

use clap::{Arg, ArgAction, Command};

/// Flags that few need, by command.
const RARE: &[(&str, &[&str])] = &[
    ("run", RARE_OF_A_JOB),
    ("pipe", RARE_OF_A_JOB),
    ("watch", RARE_OF_A_JOB),
    ("stream", RARE_OF_A_REQUEST),
    ("end", RARE_OF_A_REQUEST),
    ("push", RARE_OF_A_REQUEST),
    ("metric", RARE_OF_A_REQUEST),
    ("badge", RARE_OF_A_REQUEST),
    ("start", RARE_OF_A_REQUEST),
    ("update", RARE_OF_A_REQUEST),
];

const RARE_OF_A_JOB: &[&str] =
    &["push-on-success", "flush-timeout", "jitter", "channel", "tag", "profile", "config", "base-url", "api-key-file"];

const RARE_OF_A_REQUEST: &[&str] = &[
    "strict",
    "value-text",
    "counts-down",
    "is-running",
    "step-color",
    "step-colors",
    "icon-color",
    "badge-color",
    "action-title",
    "action-open-url",
    "action-webhook",
    "action-method",
    "action-body",
    "secondary-action-title",
    "secondary-action-open-url",
    "secondary-action-webhook",
    "secondary-action-method",
    "secondary-action-body",
    "alert-body",
    "payload",
    "sound",
    "tag",
    "no-tags",
    "metadata",
    "no-metadata",
    "auto-dismiss-seconds",
    "max-retries",
    "timeout",
    "profile",
    "config",
    "base-url",
    "api-key-file",
];

/// Leaves them out of the short help, and has a flag for the long one where there is one.
pub fn shorten(command: Command) -> Command {
    command.mut_subcommands(|command| {
        let command = shorten(command);
        let Some((_, rare)) = RARE.iter().find(|(name, _)| *name == command.get_name()) else { return command };
        let help = Arg::new("help").short('h').long("help").action(ArgAction::HelpShort).help("Print this help");
        let all = Arg::new("help-all").long("help-all").action(ArgAction::HelpLong).help("Print help for all flags");
        let is_rare = |arg: &Arg| arg.get_long().is_some_and(|long| rare.contains(&long));
        command
            .mut_args(|arg| if is_rare(&arg) { arg.hide_short_help(true) } else { arg })
            .disable_help_flag(true)
            .args([help, all].map(|arg| arg.help_heading(None)))
    })
}
