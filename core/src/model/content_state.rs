//! The seven states that a Live Activity can show, each with just the fields that apply to it, and the untyped update.

use serde::Serialize;

use super::{Badge, Color, Icon, Metric, Number, Patch, Readout, wire_object};
use crate::declare::names;

/// What a Live Activity shows.
///
/// A typed state holds all that a fresh activity needs, so it can start, update or replace one at any time. An [`Update`]
/// leaves the type out and needs a running activity.
///
/// What has no meaning for a state does not compile:
///
/// ```compile_fail
/// activitysmith_kit::Timer::countdown("Oven", 90).percentage(42);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum ContentState {
    /// Completed steps of a known number.
    SegmentedProgress(SegmentedProgress),
    /// A bar.
    Progress(Progress),
    /// Up to 8 figures drawn as bars.
    Metrics(Metrics),
    /// Up to 8 figures as numbers or texts.
    Stats(Stats),
    /// A message.
    Alert(Alert),
    /// A countdown or a stopwatch.
    Timer(Timer),
    /// One prominent readout.
    Value(Value),
    /// Changes to whatever runs now.
    Update(Update),
}

wire_object! {
    /// Completed steps of a known number, each its own segment.
    SegmentedProgress: type = "segmented_progress" (
        /// The headline; not blank.
        title: String,
        /// How many steps there are, at least 1; it may change later.
        number_of_steps: Number,
        /// How many are completed, from 0 to `number_of_steps`.
        current_step: Number,
    ) {
        /// The second line.
        subtitle: String,
        /// The accent colour.
        color: Color,
        /// The current step's colour, in place of `color`.
        step_color: Color,
        /// The completed steps' colours, one for each.
        step_colors: Vec<Color>,
        /// A picture beside the title.
        icon: Icon,
        /// A short label in a corner.
        badge: Badge,
    }
}

wire_object! {
    /// A bar: give `percentage`, or `value` with `upper_limit`. With all three, the percentage wins.
    Progress: type = "progress" (
        /// The headline; not blank.
        title: String,
    ) {
        /// The second line.
        subtitle: String,
        /// How much is done, from 0 to 100.
        percentage: Number,
        /// How much is done, out of `upper_limit`.
        value: Number,
        /// What `value` counts up to; above 0.
        upper_limit: Number,
        /// The accent colour.
        color: Color,
        /// A picture beside the title.
        icon: Icon,
        /// A short label in a corner.
        badge: Badge,
    }
}

wire_object! {
    /// Figures drawn as bars: numbers only, best as percentages.
    Metrics: type = "metrics" (
        /// The headline; not blank.
        title: String,
        /// 1 to 8 figures; two look best.
        metrics: Vec<Metric>,
    ) {
        /// The second line.
        subtitle: String,
        /// The accent colour.
        color: Color,
        /// A picture beside the title.
        icon: Icon,
    }
}

wire_object! {
    /// Figures as numbers or formatted texts.
    Stats: type = "stats" (
        /// The headline; not blank.
        title: String,
        /// 1 to 8 figures.
        metrics: Vec<Metric>,
    ) {
        /// The second line.
        subtitle: String,
        /// The accent colour; the figures have their own.
        color: Color,
        /// A picture beside the title.
        icon: Icon,
    }
}

wire_object! {
    /// A message that waits for somebody.
    Alert: type = "alert" (
        /// The headline; not blank.
        title: String,
        /// The text; at least 1 character.
        message: String,
    ) {
        /// The second line.
        subtitle: String,
        /// The buttons' colour.
        color: Color,
        /// A picture beside the title.
        icon: Icon,
        /// A short label in a corner.
        badge: Badge,
    }
}

wire_object! {
    /// A countdown or a stopwatch that the device runs by itself. Later updates without `duration_seconds` keep it going;
    /// one with it restarts it.
    Timer: type = "timer" (
        /// The headline; not blank.
        title: String,
    ) {
        /// The second line.
        subtitle: String,
        /// The window's length in seconds, above 0; fractions are allowed.
        duration_seconds: Number,
        /// `false` counts up. The service's own default is `true`.
        counts_down: bool,
        /// `false` pauses, `true` resumes. Left out, nothing is said of it.
        is_running: bool,
        /// The accent colour.
        color: Color,
        /// A picture beside the title.
        icon: Icon,
    }
}

wire_object! {
    /// One prominent readout.
    Value: type = "value" (
        /// The headline; not blank.
        title: String,
        /// A finite number, or a text that is shown exactly as given.
        value: Readout,
    ) {
        /// The second line.
        subtitle: String,
        /// The accent colour.
        color: Color,
        /// A picture beside the title.
        icon: Icon,
        /// A short label in a corner.
        badge: Badge,
    }
}

/// Defines all that can change of a state, of whatever type: as a request of its own, and as a part of what is published.
macro_rules! changes {
    ($( $(#[doc = $doc:literal])* $field:ident : $type:ty ),* $(,)?) => {
        wire_object! {
            /// Changes to whatever runs now; the service infers the type. It cannot start an activity: the first request of a
            /// stream, and any that may have to start afresh, needs a typed state.
            Update(
                /// The headline; not blank.
                title: String,
            ) {
                $( $(#[doc = $doc])* $field: $type, )*
            }
        }

        impl Patch {
            /// The headline; not blank.
            #[must_use]
            pub fn title(self, title: impl Into<String>) -> Self {
                self.of_the_state("title", &title.into())
            }

            $(
                $(#[doc = $doc])*
                #[must_use]
                pub fn $field(self, $field: impl Into<$type>) -> Self {
                    let value: $type = $field.into();
                    self.of_the_state(stringify!($field), &value)
                }
            )*
        }
    };
}

changes! {
    /// The second line.
    subtitle: String,
    /// `segmented_progress`: how many steps there are, at least 1.
    number_of_steps: Number,
    /// `segmented_progress`: how many are completed.
    current_step: Number,
    /// `progress`: how much is done, from 0 to 100.
    percentage: Number,
    /// `progress`: how much is done, out of `upper_limit`; `value`: the readout.
    value: Readout,
    /// `progress`: what `value` counts up to; above 0.
    upper_limit: Number,
    /// `metrics` and `stats`: 1 to 8 figures.
    metrics: Vec<Metric>,
    /// `alert`: the text.
    message: String,
    /// `timer`: restarts the window with this length in seconds.
    duration_seconds: Number,
    /// `timer`: the direction.
    counts_down: bool,
    /// `timer`: `false` pauses, `true` resumes.
    is_running: bool,
    /// The accent colour.
    color: Color,
    /// `segmented_progress`: the current step's colour.
    step_color: Color,
    /// `segmented_progress`: the completed steps' colours.
    step_colors: Vec<Color>,
    /// A picture beside the title.
    icon: Icon,
    /// A short label in a corner.
    badge: Badge,
}

impl Timer {
    /// Counts down from `duration_seconds`.
    pub fn countdown(title: impl Into<String>, duration_seconds: impl Into<Number>) -> Self {
        Self::new(title).duration_seconds(duration_seconds)
    }

    /// Counts up from zero with no end.
    pub fn elapsed(title: impl Into<String>) -> Self {
        Self::new(title).counts_down(false)
    }
}

macro_rules! states {
    ($($state:ident = $text:literal),* $(,)?) => {
        names! {
            /// Which of the seven states one is.
            pub enum StateType {
                $( $state = $text, )*
            }
        }

        impl StateType {
            /// The type of this name on the wire.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $( $text => Some(Self::$state), )*
                    _ => None,
                }
            }

            /// The fields without which a fresh activity of this type cannot be shown.
            pub(crate) fn required(self) -> &'static [&'static str] {
                match self {
                    $( Self::$state => $state::REQUIRED, )*
                }
            }

            /// The other fields that apply to this type.
            pub(crate) fn optional(self) -> &'static [&'static str] {
                match self {
                    $( Self::$state => $state::OPTIONAL, )*
                }
            }
        }

        $( impl From<$state> for ContentState {
            fn from(state: $state) -> Self {
                Self::$state(state)
            }
        } )*
    };
}

states! {
    SegmentedProgress = "segmented_progress",
    Progress = "progress",
    Metrics = "metrics",
    Stats = "stats",
    Alert = "alert",
    Timer = "timer",
    Value = "value",
}

impl From<Update> for ContentState {
    fn from(update: Update) -> Self {
        Self::Update(update)
    }
}
