//! A flag for each field of a state. They are taken as texts: what a field may hold is the core's to say.

use activitysmith_kit::StateType;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};

use super::metric::MetricArg;

pub const STATE: &str = "State";

#[derive(Debug, clap::Args)]
#[command(next_help_heading = STATE)]
pub struct StateArgs {
    /// What kind of activity; needed to start one.
    #[arg(long = "type", value_name = "TYPE", value_parser = Suggest(types), hide_possible_values = true)]
    pub state_type: Option<String>,

    /// The headline.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub title: Option<String>,

    /// The second line.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub subtitle: Option<String>,

    /// progress: how much is done, from 0 to 100.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub percentage: Option<String>,

    /// progress: of --upper-limit; value: the readout.
    ///
    /// progress: how much is done, out of --upper-limit; value: the readout, a number or a text.
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    pub value: Option<String>,

    /// value: the readout as a text, also where it looks like a number.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, conflicts_with = "value")]
    pub value_text: Option<String>,

    /// progress: what --value counts up to.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub upper_limit: Option<String>,

    /// segmented_progress: how many steps there are.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub number_of_steps: Option<String>,

    /// segmented_progress: how many are completed.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub current_step: Option<String>,

    /// metrics, stats: LABEL=VALUE,unit=U,color=C.
    ///
    /// metrics, stats: `LABEL=VALUE[,unit=UNIT][,color=COLOR]`; repeat for more. LABEL:=JSON takes "42" as a text.
    #[arg(long = "metric", value_name = "LABEL=VALUE", value_parser = MetricArg::parse, allow_hyphen_values = true)]
    pub metrics: Vec<MetricArg>,

    /// alert: the text.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub message: Option<String>,

    /// timer: start it anew with so many seconds.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub duration_seconds: Option<String>,

    /// timer: true or false.
    #[arg(long, value_name = "BOOL")]
    pub counts_down: Option<String>,

    /// timer: false pauses it, true lets it go on.
    #[arg(long, value_name = "BOOL")]
    pub is_running: Option<String>,

    /// The accent colour.
    #[arg(long, value_name = "COLOR")]
    pub color: Option<String>,

    /// segmented_progress: the current step's colour.
    #[arg(long, value_name = "COLOR")]
    pub step_color: Option<String>,

    /// segmented_progress: the completed steps' colours, one each, with commas or repeated.
    #[arg(long, value_name = "COLOR,...", value_delimiter = ',')]
    pub step_colors: Vec<String>,

    /// An SF Symbol, perhaps coloured: bolt:blue.
    ///
    /// The name of an SF Symbol, and perhaps its colour: server.rack:blue.
    #[arg(long, value_name = "SYMBOL[:COLOR]")]
    pub icon: Option<String>,

    /// The icon's colour.
    #[arg(long, value_name = "COLOR")]
    pub icon_color: Option<String>,

    /// A short label, perhaps coloured: Failed:red.
    #[arg(long, value_name = "TEXT[:COLOR]", allow_hyphen_values = true)]
    pub badge: Option<String>,

    /// The badge's colour; the badge may then hold any colon.
    #[arg(long, value_name = "COLOR")]
    pub badge_color: Option<String>,
}

/// Takes any text, and lets help and completion name the known ones. So the core refuses the others, in its own words.
#[derive(Clone)]
pub struct Suggest(pub fn() -> Vec<&'static str>);

impl TypedValueParser for Suggest {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0().into_iter().map(PossibleValue::new)))
    }
}

fn types() -> Vec<&'static str> {
    StateType::ALL.iter().map(|state_type| state_type.as_str()).collect()
}
