//! Flags of what goes with a state: buttons, the alert, tags and metadata; and the JSON that flags are laid over.

use activitysmith_kit::WebhookMethod;

use super::metric::MetadataArg;
use super::state::{StateArgs, Suggest};

pub const REQUEST: &str = "Request";

#[derive(Debug, clap::Args)]
pub struct RequestArgs {
    /// Take the request from this file; - for stdin.
    ///
    /// Take the request from this file, in the API's shape; - for stdin. Other flags replace its fields.
    #[arg(long, value_name = "FILE", help_heading = REQUEST)]
    pub json: Option<String>,

    #[command(flatten)]
    pub state: StateArgs,

    #[command(flatten)]
    pub action: ActionArgs<false>,

    #[command(flatten)]
    pub secondary_action: ActionArgs<true>,

    #[command(flatten)]
    pub alert: AlertArgs,

    /// A label in the service's history; repeat for more. Replaces the stream's tags.
    #[arg(long = "tag", value_name = "TAG", help_heading = REQUEST)]
    pub tags: Vec<String>,

    /// Clear the stream's tags.
    #[arg(long, conflicts_with = "tags", help_heading = REQUEST)]
    pub no_tags: bool,

    /// A detail in the service's history, KEY=TEXT or KEY:=JSON; repeat for more. Replaces the stream's metadata.
    #[arg(long, value_name = "KEY=TEXT", value_parser = MetadataArg::parse, allow_hyphen_values = true, help_heading = REQUEST)]
    pub metadata: Vec<MetadataArg>,

    /// Clear the stream's metadata.
    #[arg(long, conflicts_with = "metadata", help_heading = REQUEST)]
    pub no_metadata: bool,
}

/// A button: the first or, `SECONDARY`, the second.
#[derive(Debug, clap::Args)]
#[group(skip)]
#[command(next_help_heading = pick::<SECONDARY>("Button", "Second button"))]
pub struct ActionArgs<const SECONDARY: bool> {
    /// The button's label.
    #[arg(
        id = pick::<SECONDARY>("action-title", "secondary-action-title"),
        long = pick::<SECONDARY>("action-title", "secondary-action-title"),
        value_name = "TEXT",
        allow_hyphen_values = true
    )]
    pub title: Option<String>,

    /// It opens this web page or Shortcut.
    #[arg(
        id = pick::<SECONDARY>("action-open-url", "secondary-action-open-url"),
        long = pick::<SECONDARY>("action-open-url", "secondary-action-open-url"),
        value_name = "URL"
    )]
    pub open_url: Option<String>,

    /// It makes the service call this address.
    #[arg(
        id = pick::<SECONDARY>("action-webhook", "secondary-action-webhook"),
        long = pick::<SECONDARY>("action-webhook", "secondary-action-webhook"),
        conflicts_with = pick::<SECONDARY>("action-open-url", "secondary-action-open-url"),
        value_name = "URL"
    )]
    pub webhook: Option<String>,

    /// How to call it.
    #[arg(
        id = pick::<SECONDARY>("action-method", "secondary-action-method"),
        long = pick::<SECONDARY>("action-method", "secondary-action-method"),
        value_name = "METHOD",
        value_parser = Suggest(methods)
    )]
    pub method: Option<String>,

    /// What to call it with.
    #[arg(
        id = pick::<SECONDARY>("action-body", "secondary-action-body"),
        long = pick::<SECONDARY>("action-body", "secondary-action-body"),
        value_name = "JSON",
        allow_hyphen_values = true
    )]
    pub body: Option<String>,
}

const fn pick<const SECONDARY: bool>(first: &'static str, second: &'static str) -> &'static str {
    if SECONDARY { second } else { first }
}

fn methods() -> Vec<&'static str> {
    vec![WebhookMethod::Get.as_str(), WebhookMethod::Post.as_str()]
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = REQUEST)]
pub struct AlertArgs {
    /// Alert: make a sound and show this in a banner.
    ///
    /// Alert with this update: make a sound and show a banner with this first line.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub alert_title: Option<String>,

    /// Alert: the banner's text.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub alert_body: Option<String>,
}
