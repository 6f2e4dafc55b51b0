//! The command line: which commands and flags there are, and their help. It judges no state; that is the core's.

mod client;
mod duration;
mod emulate;
mod help;
mod official;
mod pairs;
mod pipe;
mod preview;
mod request;
mod run;
mod text;
mod variables;

use activitysmith_kit::api::{ENDPOINTS, Spec};
use activitysmith_kit::{
    BadgeRequest, EndRequest, EndStreamRequest, Endpoint, MetricRequest, Push, StartRequest, StreamRequest,
    UpdateRequest,
};

pub use client::{AccountArgs, ClientArgs, Output, OutputArgs};
pub use emulate::{Clock, EmulateArgs, Limits};
pub use official::{Member, Source, Translated, translate};
pub use pairs::{ActionArg, MetadataArg, MetricArg};
pub use pipe::{PipeArgs, WatchArgs};
pub use preview::PreviewArgs;
pub use request::{Form, Given, RequestArgs, requires_state};
pub use run::{AtTheEnd, ProgressArg, ReportArgs, RunArgs};

/// The command line, each flag of which takes its value from a variable, too.
pub fn command() -> clap::Command {
    help::shorten(variables::add(<Cli as clap::CommandFactory>::command()))
}

const EXIT_CODES: &str = "\
Exit codes:
   0  done
  64  the command line cannot be understood
  65  the request or the key breaks a rule; nothing changed
  69  the service was not reached, failed, or has no such stream or recipient
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
    /// Send a push notification, or replace one.
    Push(Box<PushArgs>),
    /// Set the value of a metric, which widgets show.
    Metric(Box<MetricArgs>),
    /// Set the number on the app's icon.
    #[command(after_help = "Example:\n  asmith badge 3 --channel ops")]
    Badge(Box<CallArgs<BadgeRequest>>),
    /// Start, update and end a Live Activity by its id.
    #[command(after_help = ACTIVITY_EXAMPLE)]
    Activity(ActivityArgs),
    /// Check a request's JSON offline, and list all that is wrong.
    Validate(ValidateArgs),
    /// Draw what a phone would show of a state, about.
    Preview(PreviewArgs),
    /// Tell what is set up, and whether the service can be reached.
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

impl Command {
    /// Where the members of its request go that the official command line takes as JSON.
    pub fn members(&mut self) -> Option<&mut Vec<Member>> {
        Some(match self {
            Self::Stream(args) => &mut args.call.request.members,
            Self::End(args) => &mut args.call.request.members,
            Self::Push(args) => &mut args.call.request.members,
            Self::Metric(args) => &mut args.call.request.members,
            Self::Badge(args) => &mut args.request.members,
            Self::Activity(args) => match &mut args.command {
                ActivityCommand::Start(args) => &mut args.request.members,
                ActivityCommand::Update(args) => &mut args.request.members,
                ActivityCommand::End(args) => &mut args.request.members,
            },
            _ => return None,
        })
    }
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
    #[arg(long, conflicts_with_all = ["key", "dry_run"])]
    pub current: bool,

    /// With --current: fail (69) where asmith run is gone.
    #[arg(long)]
    pub strict: bool,

    #[command(flatten)]
    pub call: CallArgs<StreamRequest>,
}

/// What all commands have that make one request: what is sent, and how.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct CallArgs<E: Endpoint> {
    #[command(flatten)]
    pub request: RequestArgs<E>,

    #[command(flatten)]
    pub send: SendArgs,
}

#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct SendArgs {
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
  asmith end backup --title Backup --percentage 100 --auto-dismiss-minutes 5

Types: segmented_progress, progress, metrics, stats, alert, timer, value.")]
pub struct EndArgs {
    /// The stream's key.
    #[arg(value_name = "STREAM_KEY")]
    pub key: String,

    /// A stream that is not there is a success.
    #[arg(long)]
    pub missing_ok: bool,

    #[command(flatten)]
    pub call: CallArgs<EndStreamRequest>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  asmith push \"Backup failed\" --message \"exit 3\" --action Log=https://ci.test/7
  asmith push --replace \"$id\" \"Backup done\"")]
pub struct PushArgs {
    /// Replace this notification, silently.
    ///
    /// Replace the notification of this id, silently and for the same recipients. What is left out is removed, but for tags and
    /// metadata.
    #[arg(long, value_name = "NOTIFICATION_ID")]
    pub replace: Option<String>,

    #[command(flatten)]
    pub call: CallArgs<Push>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  asmith metric queue.depth 42")]
pub struct MetricArgs {
    /// The key of the metric, as the web app names it.
    #[arg(value_name = "METRIC_KEY")]
    pub key: String,

    #[command(flatten)]
    pub call: CallArgs<MetricRequest>,
}

const ACTIVITY_EXAMPLE: &str = "\
Example:
  id=$(asmith activity start --type progress --title Import --percentage 0)
  asmith activity update \"$id\" --title Import --percentage 50
  asmith activity end \"$id\" --title Import --percentage 100

A stream needs no id, and a script's next run finds it again: asmith stream.";

#[derive(Debug, clap::Args)]
pub struct ActivityArgs {
    #[command(subcommand)]
    pub command: ActivityCommand,
}

#[derive(Debug, clap::Subcommand)]
pub enum ActivityCommand {
    /// Start one, and print its id.
    #[command(after_help = ACTIVITY_EXAMPLE)]
    Start(Box<CallArgs<StartRequest>>),
    /// Change what one shows.
    #[command(after_help = ACTIVITY_EXAMPLE)]
    Update(Box<CallArgs<UpdateRequest>>),
    /// End one, with its final state.
    #[command(after_help = ACTIVITY_EXAMPLE)]
    End(Box<CallArgs<EndRequest>>),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  echo '{\"content_state\": {\"title\": \"Backup\", \"percentage\": 42}}' | asmith validate")]
pub struct ValidateArgs {
    /// The request, in the API's shape, as JSON or YAML; - for stdin.
    #[arg(default_value = "-")]
    pub file: String,

    /// The endpoint that it is for.
    ///
    /// The endpoint that it is for: stream, end_stream, start, update, end, push, replace_push, metric or badge.
    #[arg(long = "as", value_name = "ENDPOINT", default_value = "stream", value_parser = endpoint)]
    pub endpoint: &'static Spec,

    /// Check this key of the path too: a stream key, for example.
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,

    #[command(flatten)]
    pub output: OutputArgs,
}

fn endpoint(name: &str) -> Result<&'static Spec, String> {
    let names = || ENDPOINTS.iter().map(|spec| spec.name).collect::<Vec<_>>().join(", ");
    ENDPOINTS.iter().copied().find(|spec| spec.name == name).ok_or_else(|| format!("give one of {}", names()))
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
