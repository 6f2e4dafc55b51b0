//! The seven types of activity and which fields of `content_state` mean something to each.

use serde::{Deserialize, Serialize};

/// What an activity shows: `content_state.type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StreamType {
    /// Completed steps out of a number of steps.
    SegmentedProgress,
    /// One bar, by percentage or by a value and its upper limit.
    Progress,
    /// Measured values drawn as bars.
    Metrics,
    /// Measured values written out.
    Stats,
    /// A message.
    Alert,
    /// A countdown, or time elapsed.
    Timer,
    /// One prominent number or text.
    Value,
}

impl StreamType {
    /// All types.
    pub const ALL: [Self; 7] =
        [Self::SegmentedProgress, Self::Progress, Self::Metrics, Self::Stats, Self::Alert, Self::Timer, Self::Value];

    /// The type of this wire name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SegmentedProgress => "segmented_progress",
            Self::Progress => "progress",
            Self::Metrics => "metrics",
            Self::Stats => "stats",
            Self::Alert => "alert",
            Self::Timer => "timer",
            Self::Value => "value",
        }
    }

    /// Whether a field of `content_state` means something to this type. The others are allowed and have no effect.
    pub fn applies(self, field: &str) -> bool {
        match field {
            "title" | "subtitle" | "type" | "icon" | "color" | "auto_dismiss_seconds" | "auto_dismiss_minutes" => true,
            "number_of_steps" | "current_step" | "step_color" | "step_colors" => self == Self::SegmentedProgress,
            "percentage" | "upper_limit" => self == Self::Progress,
            "value" => matches!(self, Self::Progress | Self::Value),
            "metrics" => matches!(self, Self::Metrics | Self::Stats),
            "message" => self == Self::Alert,
            "duration_seconds" | "counts_down" | "is_running" => self == Self::Timer,
            "badge" => self.has_room(),
            _ => false,
        }
    }

    /// Whether a second button can be shown.
    pub fn shows_secondary_action(self) -> bool {
        self.has_room()
    }

    /// The layouts that leave room for a badge are the ones that leave room for a second button.
    fn has_room(self) -> bool {
        !matches!(self, Self::Metrics | Self::Stats | Self::Timer)
    }
}
