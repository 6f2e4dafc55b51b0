//! What an activity shows: its type, its state, its buttons and its timer.

pub(crate) mod canonical;
pub(crate) mod timer;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::contract::StreamType;
use crate::options::Mode;
use canonical::Canonical;
use timer::Timer;

/// What is shown of a stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Content {
    #[serde(rename = "type")]
    pub(crate) kind: StreamType,
    /// The `content_state` without its type and timer window.
    #[serde(deserialize_with = "canonical::deserialize_object")]
    state: Canonical,
    pub(crate) action: Option<Canonical>,
    pub(crate) secondary_action: Option<Canonical>,
    pub(crate) timer: Option<Box<Timer>>,
}

impl Content {
    pub(crate) fn new(kind: StreamType) -> Self {
        Self { kind, state: Canonical::default(), action: None, secondary_action: None, timer: None }
    }

    /// The state with its type.
    pub(crate) fn content_state(&self) -> Value {
        let mut state = self.state.value();
        state["type"] = self.kind.as_str().into();
        state
    }

    /// Takes over what a valid request body carries for this type, and says whether anything that is shown has changed.
    /// The state is replaced as a whole and buttons only if they are sent; a second button goes with the type that shows it.
    /// The timer's window is not touched.
    pub(crate) fn replace(&mut self, kind: StreamType, body: &Value, mode: Mode) -> bool {
        let mut changed = kind != self.kind;
        self.kind = kind;
        if let Some(state) = body["content_state"].as_object() {
            changed |= replace(&mut self.state, shown_state(kind, state));
        }
        if let Some(action) = body.get("action") {
            changed |= replace(&mut self.action, Some(Canonical::of(action)));
        }
        // Lenient mode accepts a second button without a first one; it has no effect then.
        let shown = mode == Mode::Strict || body.get("action").is_some();
        if !kind.shows_secondary_action() {
            self.secondary_action = None;
        } else if let Some(secondary) = body.get("secondary_action").filter(|_| shown) {
            changed |= replace(&mut self.secondary_action, Some(Canonical::of(secondary)));
        }
        changed
    }
}

fn replace<T: PartialEq>(old: &mut T, new: T) -> bool {
    let changed = *old != new;
    *old = new;
    changed
}

/// The part of a `content_state` that is replaced with each request and that means something to the type.
fn shown_state(kind: StreamType, state: &Map<String, Value>) -> Canonical {
    let shown = |field: &str| kind.applies(field) && field != "type" && !timer::is_window_field(field);
    Canonical::object(state.iter().filter(|(field, _)| shown(field)))
}
