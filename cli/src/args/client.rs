//! Flags about how to send, not what.

use std::path::PathBuf;
use std::time::Duration;

use super::duration;

const SENDING: &str = "Sending";

#[derive(Debug, clap::Args)]
#[command(next_help_heading = SENDING)]
pub struct ClientArgs {
    /// How long the whole call may take, for example 5s.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    pub timeout: Option<Duration>,

    /// How often a request is repeated at most, where that is safe.
    #[arg(long, value_name = "N")]
    pub max_retries: Option<u32>,

    #[command(flatten)]
    pub account: AccountArgs,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = SENDING)]
pub struct AccountArgs {
    /// The profile of the configuration file to use [or ASMITH_PROFILE].
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,

    /// The configuration file [or ASMITH_CONFIG].
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Where the API is [or ACTIVITYSMITH_BASE_URL].
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,

    /// The file that holds the API key [or ACTIVITYSMITH_API_KEY_FILE].
    #[arg(long, value_name = "FILE", conflicts_with = "api_key")]
    pub api_key_file: Option<PathBuf>,

    /// The API key. Others may see it; prefer ACTIVITYSMITH_API_KEY.
    #[arg(long, value_name = "KEY", hide = true)]
    pub api_key: Option<String>,
}

#[derive(Debug, clap::Args)]
pub struct OutputArgs {
    /// json prints the outcome for programs.
    #[arg(
        long,
        value_name = "text|json",
        default_value = "text",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub output: Output,
}

// What help shows of each value is its name; with sentences of their own, `--help` would take a page more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Output {
    Text,
    Json,
}
