//! Flags of the local server.

use std::ffi::OsString;
use std::path::PathBuf;

use activitysmith_emulator::Timestamp;

#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(after_help = "\
Examples:
  asmith emulate --port 4010
  asmith emulate --exec -- pytest")]
pub struct EmulateArgs {
    /// The port on 127.0.0.1, 0 for any free one [default: 4010; any free one with --exec].
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,

    /// Overlook requests that break the API's rules harmlessly.
    #[arg(long)]
    pub lenient: bool,

    /// Whose request rates and capacity hold: the service's, or none for load tests.
    #[arg(long, value_name = "PRESET", default_value = "service")]
    pub limits: Limits,

    /// real, or manual to stand still until told to move, or a time to stand at, as 2026-12-01T08:00:00Z.
    #[arg(long, value_name = "CLOCK", default_value = "real", value_parser = clock)]
    pub clock: Clock,

    /// Begin with the state in FILE, if it is there, and keep the state in it.
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,

    /// What chance decides (ids, faults) repeats itself for the same N.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,

    /// Serve the API alone, without /_emulator/.
    #[arg(long)]
    pub no_control: bool,

    /// Stop when the program that started it has ended, however that came.
    #[arg(long, conflicts_with = "exec")]
    pub exit_with_parent: bool,
    /// Write what was asked and answered to this file when it stops, a line of JSON for each request [the newest 100,000, and
    /// 32 MiB of them at most].
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,

    /// Run CMD against it, with ACTIVITYSMITH_BASE_URL and ACTIVITYSMITH_API_KEY set, and exit with its code.
    #[arg(long, requires = "command")]
    pub exec: bool,

    /// The command for --exec.
    #[arg(last = true, value_name = "CMD", requires = "exec")]
    pub command: Vec<OsString>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Limits {
    Service,
    None,
}

/// Where the time comes from.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The machine.
    Real,
    /// It stands at the time of the start.
    Manual,
    /// It stands at this time.
    At(Timestamp),
}

fn clock(text: &str) -> Result<Clock, String> {
    match text {
        "real" => Ok(Clock::Real),
        "manual" => Ok(Clock::Manual),
        time => Timestamp::parse(time)
            .map(Clock::At)
            .ok_or_else(|| "give real, manual or a time as 2026-12-01T08:00:00Z".to_owned()),
    }
}
