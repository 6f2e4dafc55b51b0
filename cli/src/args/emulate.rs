//! Flags of the local server.

use std::ffi::OsString;

use activitysmith_emulator::Timestamp;

#[derive(Debug, clap::Args)]
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
