//! The command line: which commands and flags there are, and their help. It judges no state; that is the core's.

mod client;
mod duration;
mod emulate;
mod help;
mod metric;
mod pipe;
mod preview;
mod request;
mod run;
mod text;
mod variables;

pub use client::{AccountArgs, ClientArgs, Output, OutputArgs};
pub use emulate::{Clock, EmulateArgs, Limits};
pub use metric::{MetadataArg, MetricArg};
pub use pipe::{PipeArgs, WatchArgs};
pub use preview::PreviewArgs;
pub use request::{Form, Given, RequestArgs};
pub use run::{AtTheEnd, ProgressArg, ReportArgs, RunArgs};

/// The command line, each flag of which takes its value from a variable, too.
pub fn command() -> clap::Command {
    help::shorten(variables::add(<Cli as clap::CommandFactory>::command()))
}

const EXIT_CODES: &str = "\
Exit codes:
   0  done
  64  the command line cannot be understood
  65  the state or the key breaks a rule; nothing changed
  69  the service was not reached, is in trouble, failed, or has no such stream or recipient
  75  too many requests or activities; try later
  77  the API key, billing or a permission stands against it
  78  a setting is missing or cannot be used

asmith run, pipe and watch have the codes of what they run.
Each flag has a variable: ASMITH_RUN_TIMEOUT=2h is asmith run --timeout 2h.";

/// Live Activities from cron, CI and the terminal (unofficial ActivitySmith client).
#[derive(Debug, clap::Parser)]
#[command(name = "asmith", version, after_help = EXIT_CODES, max_term_width = 110)]
#[command(disable_help_subcommand = true, arg_required_else_help = true)]
pub struct Cli {
    /// Say nothing on stderr but errors.
    #[arg(short, long, global = true)]
    pub quiet: bool,

    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Run a command and show it as a Live Activity.
    Run(Box<RunArgs>),
    /// Pass stdin on to stdout, and show how much has passed.
    Pipe(Box<PipeArgs>),
    /// Run a command again and again, and show what it prints.
    Watch(Box<WatchArgs>),
    /// Inside `asmith run`: name the step that begins.
    Step(StepArgs),
    /// Show a state, which starts or updates a Live Activity.
    Stream(Box<StreamArgs>),
    /// End a stream, with a final state if one is given.
    End(Box<EndArgs>),
    /// Set the number on the app's icon.
    Badge(BadgeArgs),
    /// Check a request's JSON without sending it, and list all that is wrong.
    Validate(ValidateArgs),
    /// Draw what a phone would show of a state, about.
    Preview(PreviewArgs),
    /// Tell what is set up, and whether the service can be reached with it.
    Doctor(DoctorArgs),
    /// Run a local ActivitySmith for development and tests.
    Emulate(EmulateArgs),
    /// Print a completion script for a shell.
    Completion(CompletionArgs),
    /// Print the manual, for man -l.
    #[command(after_help = "Example:\n  asmith man | man -l -")]
    Man,
    /// Pass on what a job that has ended left open.
    #[command(hide = true)]
    Relay,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  asmith stream backup --type progress --title Backup --percentage 42

Types: segmented_progress, progress, metrics, stats, alert, timer, value.")]
pub struct StreamArgs {
    /// The stream's key: one for each thing, the same each time.
    #[arg(value_name = "STREAM_KEY", required_unless_present = "current")]
    pub key: Option<String>,

    /// Inside `asmith run`: hand it to that.
    ///
    /// Inside `asmith run`: hand it to that, which shows it with its next request.
    #[arg(long, conflicts_with = "key")]
    pub current: bool,

    /// With --current: fail (69) where asmith run is gone.
    #[arg(long)]
    pub strict: bool,

    /// Print the request, and send nothing.
    #[arg(long, conflicts_with = "current")]
    pub dry_run: bool,

    #[command(flatten)]
    pub output: OutputArgs,

    #[command(flatten)]
    pub request: RequestArgs<request::Stream>,

    #[command(flatten)]
    pub client: ClientArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  asmith end backup --title Backup --percentage 100 --auto-dismiss-minutes 5

Types: segmented_progress, progress, metrics, stats, alert, timer, value.")]
pub struct EndArgs {
    /// The stream's key.
    #[arg(value_name = "STREAM_KEY")]
    pub key: String,

    /// A stream that is not there is a success.
    #[arg(long)]
    pub missing_ok: bool,

    /// Print the request, and send nothing.
    #[arg(long)]
    pub dry_run: bool,

    #[command(flatten)]
    pub output: OutputArgs,

    #[command(flatten)]
    pub request: RequestArgs<request::End>,

    #[command(flatten)]
    pub client: ClientArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  asmith badge 3 --channel ops")]
pub struct BadgeArgs {
    /// The number, from 0, which removes it, to 2147483647.
    #[arg(value_name = "N", allow_negative_numbers = true)]
    pub number: String,

    /// Set it for this channel only; repeat for more.
    #[arg(long = "channel", value_name = "SLUG")]
    pub channels: Vec<String>,

    /// Print the request, and send nothing.
    #[arg(long)]
    pub dry_run: bool,

    #[command(flatten)]
    pub output: OutputArgs,

    #[command(flatten)]
    pub client: ClientArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  echo '{\"content_state\": {\"title\": \"Backup\", \"percentage\": 42}}' | asmith validate")]
pub struct ValidateArgs {
    /// The request's JSON, in the API's shape; - for stdin.
    #[arg(default_value = "-")]
    pub file: String,

    /// Check it as the end of a stream.
    #[arg(long)]
    pub end: bool,

    /// Check this stream key too.
    #[arg(long, value_name = "STREAM_KEY")]
    pub key: Option<String>,

    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example, in a script under asmith run deploy-web --title Deploy --steps 3 -- ./deploy.sh:
  asmith step \"Run migrations\"

Where no asmith run is around it, or it is gone, it says so and succeeds.")]
pub struct StepArgs {
    /// What the step is called; the steps before it are done.
    #[arg(value_name = "TITLE", allow_hyphen_values = true)]
    pub title: String,

    /// Fail (69) where no asmith run is around it.
    #[arg(long)]
    pub strict: bool,

    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  asmith doctor --profile work

It asks the service to end a stream that does not exist, which changes nothing.")]
pub struct DoctorArgs {
    /// Ask nobody.
    #[arg(long)]
    pub offline: bool,

    #[command(flatten)]
    pub output: OutputArgs,

    #[command(flatten)]
    pub account: AccountArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  source <(asmith completion bash)")]
pub struct CompletionArgs {
    /// For which shell.
    pub shell: clap_complete::Shell,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_flags_fit_together() {
        super::Cli::command().debug_assert();
    }
}
