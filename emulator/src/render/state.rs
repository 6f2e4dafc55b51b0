//! Reads a `content_state` for drawing. What is missing or of another form is left out: judging it is the contract's job, and a
//! picture must come of every state.

use serde_json::Value;

use super::theme::Hue;
use crate::contract::StreamType;

/// The state of one activity with its buttons.
#[derive(Debug, Clone, Copy)]
pub(super) struct State<'a> {
    content: &'a Value,
    action: Option<&'a Value>,
    secondary_action: Option<&'a Value>,
}

/// A metric, ready to be written.
#[derive(Debug)]
pub(super) struct Metric {
    pub(super) label: String,
    pub(super) value: String,
    pub(super) unit: String,
    pub(super) hue: Option<Hue>,
    /// How full its bar is; `None` for a text.
    pub(super) share: Option<f32>,
}

/// A button, ready to be drawn.
#[derive(Debug)]
pub(super) struct Button {
    pub(super) title: String,
    /// Where it leads; `None` for a webhook and for what a page must not lead to.
    pub(super) link: Option<String>,
    /// What it does, for who asks.
    pub(super) hint: String,
}

impl<'a> State<'a> {
    pub(super) fn new(content: &'a Value, action: Option<&'a Value>, secondary_action: Option<&'a Value>) -> Self {
        Self { content, action, secondary_action }
    }

    pub(super) fn kind(self) -> Option<StreamType> {
        self.content["type"].as_str().and_then(StreamType::parse)
    }

    /// A text in one line; empty if there is none.
    pub(super) fn text(self, field: &str) -> String {
        text(&self.content[field])
    }

    pub(super) fn number(self, field: &str) -> Option<f64> {
        self.content[field].as_f64().filter(|number| number.is_finite())
    }

    /// The accent.
    pub(super) fn hue(self) -> Hue {
        hue(&self.content["color"]).unwrap_or(Hue::Blue)
    }

    /// The symbol's name and colour.
    pub(super) fn icon(self) -> Option<(&'a str, Option<Hue>)> {
        let icon = &self.content["icon"];
        let symbol = icon["symbol"].as_str().filter(|symbol| !symbol.trim().is_empty())?;
        Some((symbol, hue(&icon["color"])))
    }

    pub(super) fn badge(self) -> Option<(String, Option<Hue>)> {
        let badge = &self.content["badge"];
        let title = text(&badge["title"]);
        let shows = self.kind().is_none_or(|kind| kind.applies("badge"));
        (shows && !title.is_empty()).then(|| (title, hue(&badge["color"])))
    }

    /// The prominent readout of a `value`.
    pub(super) fn value(self) -> String {
        readout(&self.content["value"])
    }

    /// How far a progress is, from 0 to 1: by its percentage, else by its value.
    pub(super) fn progress(self) -> Option<f64> {
        let of_limit = || {
            let limit = self.number("upper_limit").filter(|limit| *limit > 0.0)?;
            Some(self.number("value")? / limit)
        };
        let share = self.number("percentage").map(|percentage| percentage / 100.0).or_else(of_limit)?;
        Some(share.clamp(0.0, 1.0))
    }

    /// Completed steps, and all steps if they are told.
    pub(super) fn steps(self) -> (u64, Option<u64>) {
        let count = |field| self.number(field).filter(|count| *count >= 0.0).map(|count| count as u64);
        let all = count("number_of_steps").filter(|all| *all > 0);
        let done = count("current_step").unwrap_or(0);
        (all.map_or(done, |all| done.min(all)), all)
    }

    /// The colour of a completed step, counted from 0.
    pub(super) fn step_hue(self, step: u64) -> Hue {
        let colors = self.content["step_colors"].as_array();
        let own = usize::try_from(step).ok().and_then(|step| colors?.get(step)).and_then(hue);
        own.unwrap_or(self.hue())
    }

    /// The colour of the step that is being worked on.
    pub(super) fn current_step_hue(self) -> Hue {
        hue(&self.content["step_color"]).unwrap_or(self.hue())
    }

    /// At most eight, as the API has it.
    pub(super) fn metrics(self) -> Vec<Metric> {
        let metrics = self.content["metrics"].as_array().map_or(&[][..], Vec::as_slice);
        metrics.iter().take(8).map(metric).collect()
    }

    /// The buttons, the first one first. A second one needs a type that has room for it.
    pub(super) fn buttons(self) -> Vec<Button> {
        let has_room = self.kind().is_none_or(StreamType::shows_secondary_action);
        let second = self.secondary_action.filter(|_| has_room);
        [self.action, second].into_iter().flatten().filter_map(button).collect()
    }
}

fn text(value: &Value) -> String {
    value.as_str().map(one_line).unwrap_or_default()
}

/// The text without line breaks and runs of spaces. What no card can show is cut off, so that a text of megabytes costs no more.
fn one_line(text: &str) -> String {
    let shown: String = text.chars().take(1000).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn hue(value: &Value) -> Option<Hue> {
    value.as_str().and_then(Hue::parse)
}

/// A number as people write it, or a text as it is.
fn readout(value: &Value) -> String {
    match value {
        Value::Number(number) => number.as_f64().map(number_text).unwrap_or_default(),
        value => text(value),
    }
}

/// At most two decimals, except for small numbers, of which they would leave nothing.
pub(super) fn number_text(number: f64) -> String {
    if number != 0.0 && (number.abs() >= 1e15 || number.abs() < 0.005) {
        return format!("{number:e}");
    }
    let text = format!("{number:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn metric(metric: &Value) -> Metric {
    let share = metric["value"].as_f64().map(|value| (value / 100.0).clamp(0.0, 1.0) as f32);
    Metric {
        label: text(&metric["label"]),
        value: readout(&metric["value"]),
        unit: text(&metric["unit"]),
        hue: hue(&metric["color"]),
        share,
    }
}

fn button(action: &Value) -> Option<Button> {
    let title = text(&action["title"]);
    let url = text(&action["url"]);
    if title.is_empty() {
        return None;
    }
    if action["type"] == "webhook" {
        let method = action["method"].as_str().filter(|method| *method == "GET").unwrap_or("POST");
        return Some(Button { title, link: None, hint: format!("Webhook: {method} {url}") });
    }
    let link = is_harmless(&url).then(|| url.clone());
    Some(Button { title, link, hint: format!("Opens {url}") })
}

/// Whether a page may lead there. Anything else, `javascript:` above all, could act in the page's name.
fn is_harmless(url: &str) -> bool {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| matches!(scheme.as_str(), "http" | "https" | "shortcuts"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_percentage_counts_for_more_than_a_value() {
        let progress = |content: Value| State::new(&content, None, None).progress();
        assert_eq!(progress(json!({"percentage": 40, "value": 9, "upper_limit": 10})), Some(0.4));
        assert_eq!(progress(json!({"value": 9, "upper_limit": 10})), Some(0.9));
        assert_eq!(progress(json!({"value": 12, "upper_limit": 10})), Some(1.0));
        assert_eq!(progress(json!({"value": 12, "upper_limit": 0})), None);
    }

    #[test]
    fn numbers_are_written_as_people_write_them() {
        for (number, text) in
            [(42.0, "42"), (0.1 + 0.2, "0.3"), (12.345, "12.35"), (-0.0, "0"), (0.001, "1e-3"), (1e300, "1e300")]
        {
            assert_eq!(number_text(number), text);
        }
    }

    #[test]
    fn a_button_leads_to_web_pages_and_shortcuts_only() {
        let link = |url: &str| button(&json!({"title": "Go", "type": "open_url", "url": url})).unwrap().link;
        for url in ["https://example.com/a", "http://example.com", "shortcuts://run-shortcut?name=x"] {
            assert_eq!(link(url).as_deref(), Some(url));
        }
        for url in
            ["javascript:alert(1)", "javascript://example.com/%0aalert(1)", "data:text/html,x", "", "//example.com"]
        {
            assert_eq!(link(url), None, "{url}");
        }
        assert_eq!(
            button(&json!({"title": "Go", "type": "webhook", "url": "https://example.com"})).unwrap().link,
            None
        );
    }
}
