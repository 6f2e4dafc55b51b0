//! What programs do: the states that they show, how they change them, and what they should be showing after that.

use activitysmith_emulator::{StreamState, StreamView};
use fastrand::Rng;
use serde_json::{Map, Value, json};

const TYPES: [&str; 7] = ["segmented_progress", "progress", "metrics", "stats", "alert", "timer", "value"];
/// Those with a number.
const WITH_NUMBERS: [&str; 4] = ["progress", "metrics", "stats", "value"];

/// What a program does with its stream.
#[derive(Clone, Debug)]
pub enum Deed {
    Update {
        changes: Value,
        urgent: bool,
    },
    Replace(Value),
    /// So many of a thousand items are done.
    Count(u64),
    /// An update that breaks a rule.
    Mistake(Value),
    Flush,
    End(Ending),
    Close,
}

#[derive(Clone, Debug)]
pub enum Ending {
    Finished(Value),
    Complete,
    Failed,
}

/// What a program takes its stream to show, by what it did: kept apart from the library on purpose.
#[derive(Clone, Debug, Default)]
pub struct Model {
    pub state: Map<String, Value>,
    rest: Map<String, Value>,
    /// The window of a timer that was set last.
    window: Option<f64>,
}

impl Model {
    pub fn update(&mut self, changes: &Value) {
        for (name, value) in changes.as_object().expect("changes are an object") {
            match name.as_str() {
                "alert" => {}
                "duration_seconds" => self.window = value.as_f64(),
                "tags" | "metadata" | "channels" => drop(self.rest.insert(name.clone(), value.clone())),
                _ => drop(self.state.insert(name.clone(), value.clone())),
            }
        }
    }

    pub fn count(&mut self, done: u64) {
        self.update(&json!({"percentage": done / 10}));
    }

    pub fn replace(&mut self, state: &Value) {
        if self.state.get("type") != state.get("type") {
            self.window = None;
        }
        self.state.clear();
        self.update(state);
    }

    /// A request came so late that it undid what is sent just once.
    pub fn forget_edges(&mut self) {
        self.window = None;
        self.rest.retain(|_, value| *value != json!([]) && *value != json!({}));
    }

    /// An activity was started without a window, which its publisher leaves to the service otherwise.
    pub fn forget_window(&mut self) {
        self.window = None;
    }

    pub fn end(&mut self, ending: &Ending) {
        match ending {
            Ending::Finished(changes) => self.update(changes),
            Ending::Complete => self.update(&json!({"percentage": 100})),
            Ending::Failed => {
                let line = if self.kind() == "alert" { "message" } else { "subtitle" };
                self.update(&json!({"color": "red", line: "OSError", "auto_dismiss_minutes": 60}));
                if ["segmented_progress", "progress", "alert", "value"].contains(&self.kind()) {
                    self.update(&json!({"badge": {"title": "Failed", "color": "red"}}));
                }
            }
        }
    }

    pub fn kind(&self) -> &str {
        self.state["type"].as_str().expect("a type is a text")
    }

    /// Whether a request says all of it.
    pub fn is_said_by(&self, body: &Value) -> bool {
        let mut said = body["content_state"].clone();
        said.as_object_mut().is_some_and(|said| {
            said.remove("duration_seconds");
            *said == self.state
        })
    }

    /// What the service shows otherwise, if anything.
    pub fn differs(&self, view: &StreamView) -> Option<String> {
        let mut expected = self.state.clone();
        expected.retain(|name, _| !["counts_down", "is_running"].contains(&name.as_str()));
        let expected = Value::Object(expected);
        if expected != view.content_state {
            return Some(format!("{} instead of {expected}", view.content_state));
        }
        for (name, expected) in &self.rest {
            let shown = match name.as_str() {
                "tags" => json!(view.tags),
                // An end does not take them.
                "channels" if view.state == StreamState::Ended => continue,
                "channels" => json!(view.channels),
                _ => view.metadata.clone(),
            };
            if *expected != shown {
                return Some(format!("{name} {shown} instead of {expected}"));
            }
        }
        // An end can turn what runs into a timer, which then has stopped already.
        let window = view.timer?.duration_seconds;
        let differs = self.window.is_some() && window != self.window;
        differs.then(|| format!("a window of {window:?} instead of {:?}", self.window))
    }
}

/// A whole state that can start an activity; `n` makes it unlike any other.
pub fn state(n: u32, of_numbers: bool, random: &mut Rng) -> Value {
    let types: &[&str] = if of_numbers { &WITH_NUMBERS } else { &TYPES };
    let kind = *random.choice(types).expect("there are some");
    let mut state = json!({"title": format!("T{n}"), "type": kind});
    match kind {
        "segmented_progress" => (state["number_of_steps"], state["current_step"]) = (json!(9), json!(n % 9)),
        "progress" if random.bool() => state["percentage"] = json!(0),
        "progress" => (state["value"], state["upper_limit"]) = (json!(0), json!(1_000_000_000)),
        "metrics" | "stats" => state["metrics"] = json!([{"label": "a", "value": n}, {"label": "b", "value": 1}]),
        "alert" => state["message"] = json!(format!("m{n}")),
        "timer" if random.bool() => state["counts_down"] = json!(false),
        "timer" => state["duration_seconds"] = json!(n + 1),
        _ => state["value"] = json!(n),
    }
    state
}

/// A change of a mere number, if the state has one. It never completes anything.
pub fn number(model: &Model, n: u32) -> Option<Value> {
    // Never a whole number, which could be written in two ways.
    let number = f64::from(n % 9_900) / 100.0 + 0.005;
    match model.kind() {
        "progress" if model.state.contains_key("percentage") => Some(json!({"percentage": number})),
        "progress" | "value" => Some(json!({"value": n})),
        "metrics" | "stats" => {
            Some(json!({"metrics": [{"label": "a", "value": number}, {"label": "b", "value": n % 2}]}))
        }
        _ => None,
    }
}

fn change(model: &Model, n: u32, random: &mut Rng) -> Value {
    match random.u8(..6) {
        0 => json!({"title": format!("T{n}")}),
        1 => json!({"color": random.choice(&["red", "green", "blue"])}),
        2 => json!({"icon": {"symbol": format!("{}.circle", n % 50)}}),
        3 if model.kind() == "segmented_progress" => json!({"current_step": n % 10}),
        3 if model.kind() == "alert" => json!({"message": format!("m{n}")}),
        _ => json!({"subtitle": format!("s{n}")}),
    }
}

fn beside(n: u32, random: &mut Rng) -> Value {
    match random.u8(..6) {
        0 => json!({"tags": []}),
        1 => json!({"tags": ["sim", format!("n{n}")]}),
        2 => json!({"metadata": {}}),
        3 => json!({"metadata": {"n": n, "deep": false}}),
        4 => json!({"tags": [], "metadata": {"n": n}, "subtitle": format!("s{n}")}),
        _ => json!({"channels": [format!("c{}", n % 3)]}),
    }
}

/// The next thing that a program does. `n` makes it unlike any other.
pub fn deed(model: &Model, n: u32, random: &mut Rng) -> Deed {
    let update = |changes| Deed::Update { changes, urgent: false };
    let moved = number(model, n);
    match random.u8(..100) {
        0..42 => update(moved.unwrap_or_else(|| change(model, n, random))),
        42..65 => update(change(model, n, random)),
        65..70 => Deed::Update { changes: moved.unwrap_or_else(|| change(model, n, random)), urgent: true },
        70..76 => {
            let mut changes = change(model, n, random);
            changes["alert"] = json!({"title": format!("A{n}")});
            update(changes)
        }
        76..79 if model.kind() == "timer" && random.bool() => {
            Deed::Replace(json!({"title": format!("T{n}"), "type": "timer"}))
        }
        76..80 => Deed::Replace(state(n, false, random)),
        80..84 => update(beside(n, random)),
        84..86 if model.kind() == "timer" => update(json!({"duration_seconds": n + 1})),
        84..87 => Deed::Mistake(json!({"subtitle": format!("s{n}"), "percentage": "all"})),
        87..92 => Deed::Flush,
        92..94 => Deed::Close,
        _ => Deed::End(ending(model, n, random)),
    }
}

pub fn ending(model: &Model, n: u32, random: &mut Rng) -> Ending {
    match random.u8(..5) {
        0 => Ending::Failed,
        1 if model.kind() == "progress" => Ending::Complete,
        2 => Ending::Finished(json!({"subtitle": "done", "alert": {"title": format!("A{n}")}})),
        3 => Ending::Finished(json!({"title": format!("T{n}"), "auto_dismiss_seconds": n % 60})),
        _ => Ending::Finished(json!({})),
    }
}
