//! The two requests of the stream API, as a caller states them: one to show a state, one to end a stream.

use serde::Serialize;

use super::{Action, ContentState, Metadata, Number, PushAlert, wire_object};

wire_object! {
    /// Shows a state under a stream key: the service starts, updates or replaces the Live Activity.
    StreamRequest(
        /// What to show.
        content_state: ContentState,
    ) {
        /// The first button; it applies to every state.
        action: Action,
        /// The second button; it needs a first one and applies to `alert`, `progress`, `segmented_progress` and `value`.
        secondary_action: Action,
        /// A sound and a banner that accompany this update.
        alert: PushAlert,
        /// Who receives it: the slugs of channels, at least one. Absent, everybody that the key can reach.
        channels: Names,
        /// Labels for the service's history: at most 20. Absent, the stream keeps its own; an empty list clears them.
        tags: Names,
        /// Details for the service's history. Absent, the stream keeps its own; an empty one clears them.
        metadata: Metadata,
    }
}

wire_object! {
    /// Ends a stream. Empty, it leaves the last state as it is.
    EndRequest() {
        /// The final state; an [`Update`](crate::Update) will do, since nothing is started.
        content_state: ContentState,
        /// Seconds until the ended activity leaves the Lock Screen, 0 for at once; it needs a `content_state`, and wins over
        /// `auto_dismiss_minutes`. Without either the service waits for about two minutes.
        auto_dismiss_seconds: Number,
        /// Minutes until the ended activity leaves the Lock Screen; it needs a `content_state`.
        auto_dismiss_minutes: Number,
        /// The first button.
        action: Action,
        /// The second button.
        secondary_action: Action,
        /// A sound and a banner that accompany the end.
        alert: PushAlert,
        /// As in [`StreamRequest`].
        tags: Names,
        /// As in [`StreamRequest`].
        metadata: Metadata,
    }
}

/// Anything that is a [`ContentState`] is a request by itself: `Progress::new("Backup").percentage(42).into()`.
impl<S: Into<ContentState>> From<S> for StreamRequest {
    fn from(content_state: S) -> Self {
        Self::new(content_state)
    }
}

/// A list of names: channel slugs or tags. Made from any list of strings.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Names(Vec<String>);

impl Names {
    /// None at all: as tags it clears, as channels it is refused.
    pub const NONE: Self = Self(Vec::new());

    /// The names in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl Default for EndRequest {
    fn default() -> Self {
        Self::new()
    }
}

impl From<&[&str]> for Names {
    fn from(names: &[&str]) -> Self {
        names.iter().copied().collect()
    }
}

impl<N: Into<String>, const LENGTH: usize> From<[N; LENGTH]> for Names {
    fn from(names: [N; LENGTH]) -> Self {
        names.into_iter().collect()
    }
}

impl<N: Into<String>> From<Vec<N>> for Names {
    fn from(names: Vec<N>) -> Self {
        names.into_iter().collect()
    }
}

impl<N: Into<String>> FromIterator<N> for Names {
    fn from_iter<I: IntoIterator<Item = N>>(names: I) -> Self {
        Self(names.into_iter().map(Into::into).collect())
    }
}
