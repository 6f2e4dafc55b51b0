//! Flags of `asmith run`, and those about reporting that it shares with `pipe` and `watch`.

use std::ffi::OsString;
use std::time::Duration;

use clap::builder::PossibleValue;
use regex::bytes::Regex;

use super::client::{AccountArgs, OutputArgs};
use super::{duration, text};

const REPORT: &str = "Reporting";

#[derive(Debug, clap::Args)]
#[command(override_usage = "asmith run [OPTIONS] <STREAM_KEY> -- <CMD>...")]
#[command(after_help = "\
Examples:
  asmith run nightly-backup --title \"Nightly backup\" -- ./backup.sh
  asmith run deploy --steps 3 -- ./deploy.sh  # in it: asmith step Build

The exit code is CMD's own, 128+n for a signal, 124 after --timeout, 126 or 127 where CMD cannot be run.")]
pub struct RunArgs {
    /// The stream's key: one for each job, the same each time.
    #[arg(value_name = "STREAM_KEY", value_parser = text::lossy())]
    pub key: String,

    /// Steps to come, each begun by: asmith step TITLE.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub steps: Option<u32>,

    /// How to find progress in the output, or off.
    ///
    /// How to find progress in the output: auto, a REGEX with 1 group (%) or 2 (n, m), or off. Unasked it is auto where stdout is a
    /// pipe or a file of its own, once it was seen to grow.
    #[arg(long, value_name = "auto|REGEX", value_parser = progress, conflicts_with = "steps")]
    pub progress: Option<ProgressArg>,

    /// Read progress from CMD's descriptor N.
    ///
    /// Give CMD descriptor N, for lines as 42, 42%, 3/10, {"percentage":42}.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(3..=255), conflicts_with_all = ["steps", "progress"])]
    pub progress_fd: Option<i32>,

    /// Ask CMD to end (SIGTERM) after this time: 2h.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    pub timeout: Option<Duration>,

    /// Kill it when it has not after.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse, default_value = "10s", requires = "timeout")]
    pub kill_after: Duration,

    /// Show its last N lines; they may hold secrets.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=20))]
    pub output_lines: Option<u8>,

    /// CMD is one text, for $SHELL -c to read.
    #[arg(long)]
    pub shell: bool,

    /// Print the first request; send and run nothing.
    #[arg(long)]
    pub dry_run: bool,

    #[command(flatten)]
    pub report: ReportArgs,

    /// The command and its arguments; no shell reads them unless asked to.
    #[arg(last = true, required = true, value_name = "CMD", hide = true)]
    pub command: Vec<OsString>,
}

/// How a job is reported.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = REPORT)]
pub struct ReportArgs {
    /// The headline [default: the stream's key].
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, value_parser = text::lossy())]
    pub title: Option<String>,

    /// What becomes of it after success.
    #[arg(
        long,
        value_name = "end|keep",
        default_value = "end",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub on_success: AtTheEnd,

    /// What becomes of it after a failure.
    #[arg(
        long,
        value_name = "end|keep",
        default_value = "end",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub on_failure: AtTheEnd,

    /// Send a push notification if it fails.
    ///
    /// Send a push notification if it fails: TEXT is its headline, else the title with "failed". Its text says why.
    #[arg(long, value_name = "TEXT", num_args = 0..=1, require_equals = true, default_missing_value = "", value_parser = text::lossy())]
    pub push_on_failure: Option<String>,

    /// Send one if it succeeds.
    ///
    /// Send a push notification if it succeeds: TEXT is its headline, else the title with "finished".
    #[arg(long, value_name = "TEXT", num_args = 0..=1, require_equals = true, default_missing_value = "", value_parser = text::lossy())]
    pub push_on_success: Option<String>,

    /// How long it stays on the Lock Screen then.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    pub dismiss_after: Option<Duration>,

    /// How long the end may take [or ACTIVITYSMITH_FLUSH_TIMEOUT; default: 2s after a success, 5s after a failure].
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    pub flush_timeout: Option<Duration>,

    /// Show nothing before, unless the job fails.
    ///
    /// Show nothing before this time has passed, unless the job fails.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    pub show_after: Option<Duration>,

    /// Wait for a random time of at most this length before the first request, unless the command ends.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    pub jitter: Option<Duration>,

    /// Fail where only the reporting failed.
    #[arg(long)]
    pub strict: bool,

    /// Send to this channel only; repeat for more.
    #[arg(long = "channel", value_name = "SLUG")]
    pub channels: Vec<String>,

    /// A label in the service's history; repeat for more.
    #[arg(long = "tag", value_name = "TAG")]
    pub tags: Vec<String>,

    #[command(flatten)]
    pub output: OutputArgs,

    #[command(flatten)]
    pub account: AccountArgs,
}

/// What becomes of an activity when its job is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtTheEnd {
    /// It ends.
    End,
    /// It stays, with its last state, until another call ends it.
    Keep,
}

// By hand, since sentences of its own would make `--help` a page longer.
impl clap::ValueEnum for AtTheEnd {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::End, Self::Keep]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(if *self == Self::End { "end" } else { "keep" }))
    }
}

/// Where progress is found in an output.
#[derive(Clone, Debug)]
pub enum ProgressArg {
    /// What looks like it.
    Auto,
    /// What this finds, which has one group or two.
    Regex(Regex),
    /// Nowhere.
    Off,
}

impl ProgressArg {
    /// Whether it looks for any.
    pub fn is_some(&self) -> bool {
        !matches!(self, Self::Off)
    }
}

fn progress(text: &str) -> Result<ProgressArg, String> {
    match text {
        "auto" => Ok(ProgressArg::Auto),
        "off" => Ok(ProgressArg::Off),
        text => {
            let regex = Regex::new(text).map_err(|error| format!("it is neither auto nor off nor a regex: {error}"))?;
            match regex.captures_len() - 1 {
                1 | 2 => Ok(ProgressArg::Regex(regex)),
                groups => Err(format!(
                    "it has {groups} groups; give one for a percentage, as in '(\\d+)%', or two for n and m"
                )),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regex_has_one_group_or_two() {
        assert!(matches!(progress("auto"), Ok(ProgressArg::Auto)));
        assert!(matches!(progress("off"), Ok(ProgressArg::Off)));
        assert!(matches!(progress(r"(\d+)%"), Ok(ProgressArg::Regex(_))));
        assert!(matches!(progress(r"(\d+) of (\d+)"), Ok(ProgressArg::Regex(_))));
        for text in ["", "percent", "(a)(b)(c)", "(", "on"] {
            assert!(progress(text).is_err(), "{text}");
        }
    }
}
