//! The window of a timer at the time of drawing, and how it is written. A page goes on counting by what the picture carries.

use serde_json::Value;

use super::font::{Font, Weight};
use super::svg::Svg;
use super::text::{self, Rect};
use super::theme::{Palette, Tone};
use crate::content::timer::TimerView;
use crate::time::Timestamp;

/// What a picture shows of a timer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    timer: TimerView,
    now: Timestamp,
}

impl Clock {
    pub(super) fn new(timer: TimerView, now: Timestamp) -> Self {
        Self { timer, now }
    }

    pub(super) fn is_running(self) -> bool {
        self.timer.is_running
    }

    /// As people read it: `0:07`, `4:59`, `1:02:03`. A countdown reaches zero when it is over, and not before.
    pub(super) fn text(self) -> String {
        let seconds = self.seconds();
        clock_text(if self.timer.counts_down { seconds.ceil() } else { seconds.floor() })
    }

    /// The digits, which end at `right`, with what a page needs to go on counting.
    pub(super) fn digits(self, svg: &mut Svg, at: text::At, baseline: f32, font: Font, color: &str) {
        let (x, anchor) = match at {
            text::At::Start(x) => (x, "start"),
            text::At::Middle(x) => (x, "middle"),
            text::At::End(x) => (x, "end"),
        };
        svg.element("text")
            .numbers(&[("x", x), ("y", baseline), ("font-size", font.size)])
            .set("font-weight", font.weight.as_str())
            .set("text-anchor", anchor)
            .set("fill", color)
            .set("role", "timer")
            .set("data-timer", self.direction())
            .set("data-running", if self.timer.is_running { "true" } else { "false" })
            .set("data-at", &self.now.as_millis().to_string())
            .set("data-seconds", &self.seconds().to_string())
            .set("data-duration", &self.timer.duration_seconds.map(|seconds| seconds.to_string()).unwrap_or_default())
            .text(&self.text());
    }

    /// How much of the window is left or has passed; nothing for a timer without an end.
    pub(super) fn bar(self, svg: &mut Svg, rect: Rect, palette: Palette, tone: Tone) -> bool {
        let Some(duration) = self.timer.duration_seconds.filter(|duration| *duration > 0.0) else { return false };
        let share = (self.seconds() / duration).clamp(0.0, 1.0) as f32;
        let Rect { x, y, width, height } = rect;
        text::area(svg, rect, height / 2.0, palette.track);
        svg.element("rect")
            .numbers(&[("x", x), ("y", y), ("width", width * share), ("height", height), ("rx", height / 2.0)])
            .set("fill", tone.fill)
            .number("data-timer-bar", width)
            .end();
        true
    }

    fn seconds(self) -> f64 {
        let seconds = match self.timer {
            TimerView { counts_down: true, remaining_seconds: Some(remaining), .. } => remaining,
            timer => timer.elapsed_seconds,
        };
        if seconds.is_finite() { seconds.max(0.0) } else { 0.0 }
    }

    fn direction(self) -> &'static str {
        if self.timer.counts_down { "down" } else { "up" }
    }
}

/// The timer of a state that has just been sent.
pub(super) fn of_state(content_state: &Value) -> TimerView {
    let flag = |field: &str| content_state[field].as_bool();
    let duration_seconds = content_state["duration_seconds"].as_f64().filter(|seconds| *seconds > 0.0);
    TimerView {
        counts_down: flag("counts_down").unwrap_or(true),
        is_running: flag("is_running").unwrap_or(true),
        duration_seconds,
        elapsed_seconds: 0.0,
        remaining_seconds: duration_seconds,
    }
}

/// The font of the digits.
pub(super) const fn digits(size: f32) -> Font {
    Font::new(Weight::SemiBold, size)
}

fn clock_text(seconds: f64) -> String {
    let seconds = seconds as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn clock(state: &Value) -> Clock {
        Clock::new(of_state(state), Timestamp::from_millis(0))
    }

    #[test]
    fn time_is_written_as_people_read_it() {
        for (seconds, text) in
            [(0.0, "0:00"), (7.0, "0:07"), (299.0, "4:59"), (3723.0, "1:02:03"), (360_000.0, "100:00:00")]
        {
            assert_eq!(clock_text(seconds), text);
        }
    }

    #[test]
    fn a_countdown_begins_with_all_of_its_window_and_the_other_with_nothing() {
        assert_eq!(clock(&json!({"duration_seconds": 90.5})).text(), "1:31");
        assert_eq!(clock(&json!({"duration_seconds": 90.5, "counts_down": false})).text(), "0:00");
        assert_eq!(clock(&json!({"duration_seconds": "soon"})).text(), "0:00");
    }
}
