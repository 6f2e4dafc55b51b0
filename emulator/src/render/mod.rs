//! Draws what a phone would show of one state, as SVG and, with the feature `png`, as PNG. Pure: a state and a time in, a text out.
//!
//! It is an approximation: the layout is our own, and so are the symbols. Nothing that a state holds becomes markup.

mod body;
mod font;
mod icons;
mod island;
mod lock;
#[cfg(feature = "png")]
mod png;
mod state;
mod svg;
mod text;
mod theme;
mod timer;

use serde_json::Value;

pub(crate) use font::FILES as FONTS;
#[cfg(feature = "png")]
pub use png::{MAX_SCALE, PngError};
pub use theme::Theme;

use crate::content::timer::TimerView;
use crate::contract::StreamType;
use crate::time::Timestamp;
use font::FAMILY;
use state::State;
use svg::Svg;
use timer::Clock;

/// Where on the phone a state is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Surface {
    /// The card on the Lock Screen.
    #[default]
    Lock,
    /// The Dynamic Island at rest.
    IslandCompact,
    /// The Dynamic Island when it is touched.
    IslandExpanded,
}

impl Surface {
    /// All surfaces.
    pub const ALL: [Self; 3] = [Self::Lock, Self::IslandCompact, Self::IslandExpanded];

    /// The surface of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|surface| surface.as_str() == name)
    }

    /// Its name: `lock`, `island-compact` or `island-expanded`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lock => "lock",
            Self::IslandCompact => "island-compact",
            Self::IslandExpanded => "island-expanded",
        }
    }
}

/// A state, and how it is to be drawn.
#[derive(Debug, Clone, Copy)]
pub struct Picture<'a> {
    content_state: &'a Value,
    action: Option<&'a Value>,
    secondary_action: Option<&'a Value>,
    timer: TimerView,
    now: Timestamp,
    theme: Theme,
    surface: Surface,
}

impl<'a> Picture<'a> {
    /// The picture of a state with its buttons at `now`. Without the window of a timer, one stands at its beginning.
    pub fn new(
        content_state: &'a Value,
        action: Option<&'a Value>,
        secondary_action: Option<&'a Value>,
        timer: Option<TimerView>,
        now: Timestamp,
    ) -> Self {
        let timer = timer.unwrap_or_else(|| timer::of_state(content_state));
        let (theme, surface) = (Theme::default(), Surface::default());
        Self { content_state, action, secondary_action, timer, now, theme, surface }
    }

    /// The picture of what the body of a request shows when it arrives at `now`.
    pub fn of_request(body: &'a Value, now: Timestamp) -> Self {
        Self::new(&body["content_state"], body.get("action"), body.get("secondary_action"), None, now)
    }

    /// In this light.
    #[must_use]
    pub fn theme(self, theme: Theme) -> Self {
        Self { theme, ..self }
    }

    /// In this place.
    #[must_use]
    pub fn surface(self, surface: Surface) -> Self {
        Self { surface, ..self }
    }

    /// The picture as an SVG document, in points. Its texts can be read by programs, its buttons are links, and its timers carry what
    /// it takes to go on counting: `data-timer` (`up` or `down`), `data-seconds` at `data-at` (milliseconds since 1970),
    /// `data-duration` and `data-running`.
    pub fn svg(&self) -> String {
        let state = State::new(self.content_state, self.action, self.secondary_action);
        let clock = Clock::new(self.timer, self.now);
        let mut content = Svg::default();
        let (width, height) = match self.surface {
            Surface::Lock => {
                let palette = self.theme.palette();
                (lock::WIDTH, lock::draw(&mut content, lock::CARD, palette, state, clock))
            }
            Surface::IslandExpanded => {
                let palette = self.theme.island();
                (lock::WIDTH, lock::draw(&mut content, lock::ISLAND, palette, state, clock))
            }
            Surface::IslandCompact => {
                island::draw(&mut content, self.theme.island(), state, clock);
                (island::WIDTH, island::HEIGHT)
            }
        };
        let mut svg = Svg::default();
        svg.element("svg")
            .set("xmlns", "http://www.w3.org/2000/svg")
            .numbers(&[("width", width), ("height", height)])
            .set("viewBox", &format!("0 0 {width} {height}"))
            .set("font-family", FAMILY)
            .set("role", "group")
            .set("aria-label", &label(state, clock))
            .holding(|svg| svg.append(&content));
        svg.into_text()
    }
}

/// What the picture says, in one sentence and unabridged.
fn label(state: State<'_>, clock: Clock) -> String {
    let reading = match state.kind() {
        Some(StreamType::Progress) => body::percentage(state).unwrap_or_default(),
        Some(StreamType::SegmentedProgress) => body::steps(state),
        Some(StreamType::Value) => state.value(),
        Some(StreamType::Timer) if clock.is_running() => "timer".to_owned(),
        Some(StreamType::Timer) => format!("timer, stopped at {}", clock.text()),
        Some(StreamType::Alert) | None => state.text("message"),
        Some(StreamType::Metrics | StreamType::Stats) => {
            let metrics =
                state.metrics().into_iter().map(|metric| format!("{} {}{}", metric.label, metric.value, metric.unit));
            metrics.collect::<Vec<_>>().join(", ")
        }
    };
    let badge = state.badge().map(|(title, _)| title).unwrap_or_default();
    let parts = [state.text("title"), state.text("subtitle"), reading, badge];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}
