//! Flags of the commands that report what passes by: `pipe` and `watch`.

use std::ffi::OsString;
use std::time::Duration;

use super::run::ReportArgs;
use super::{duration, text};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pg_dump shop | asmith pipe db-dump --title \"Dump of shop\" --bytes | gzip > shop.sql.gz
  ./import.py --print-rows | asmith pipe import --title Import --total 12000 > imported.txt")]
pub struct PipeArgs {
    /// The stream's key: one for each job, the same each time.
    #[arg(value_name = "STREAM_KEY", value_parser = text::lossy())]
    pub key: String,

    /// How much there will be, 0 where that is not known [default: with --bytes, the size of a file on stdin].
    #[arg(long, value_name = "N", conflicts_with = "json")]
    pub total: Option<u64>,

    /// Count lines; the default.
    #[arg(long, conflicts_with_all = ["bytes", "json"])]
    pub lines: bool,

    /// Count bytes.
    #[arg(long, conflicts_with = "json")]
    pub bytes: bool,

    /// Show what the lines say: {"percentage": 42}, or any other part of a state.
    #[arg(long)]
    pub json: bool,

    #[command(flatten)]
    pub report: ReportArgs,
}

#[derive(Debug, clap::Args)]
#[command(override_usage = "asmith watch [OPTIONS] --every <DURATION> <STREAM_KEY> -- <CMD>...")]
#[command(after_help = "\
Examples:
  asmith watch queue --title \"Orders waiting\" --every 2m -- ./count-orders
  asmith watch disk --title Disk --every 10m -- sh -c 'df --output=pcent / | tail -1'

CMD prints 42, 42%, 3/10 or a state as JSON. Ctrl-C or SIGTERM ends the stream.")]
pub struct WatchArgs {
    /// The stream's key: one for each thing that is watched, the same each time.
    #[arg(value_name = "STREAM_KEY", value_parser = text::lossy())]
    pub key: String,

    /// How long to wait after each run.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    pub every: Duration,

    /// Stop after so many runs.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub times: Option<u64>,

    #[command(flatten)]
    pub report: ReportArgs,

    /// The command and its arguments; no shell reads them.
    #[arg(last = true, required = true, value_name = "CMD", hide = true)]
    pub command: Vec<OsString>,
}
