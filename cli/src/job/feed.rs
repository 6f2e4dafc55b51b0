//! What was found in an output and is not reported yet: the threads that copy the output write it, and the report reads it.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::progress::{Output, Percent};

/// So many states wait at most; of more, the oldest is old.
const MOST_STATES: usize = 64;
/// The longest line that is kept for people, in characters.
const LONGEST_LINE: usize = 200;

#[derive(Debug, Default)]
pub struct Feed {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    percent: Option<Percent>,
    states: VecDeque<String>,
    lines: VecDeque<String>,
}

/// What is new.
#[derive(Debug, Default)]
pub struct Latest {
    /// How far it is.
    pub percent: Option<Percent>,
    /// States as JSON, oldest first.
    pub states: Vec<String>,
}

impl Feed {
    /// Adds the progress of a piece of output, and the last few of its lines.
    pub fn add(&self, output: Output, most_lines: usize) {
        if output.percent.is_none() && most_lines == 0 {
            return;
        }
        let mut state = self.state();
        state.percent = output.percent.or(state.percent);
        for line in output.lines {
            if state.lines.len() == most_lines {
                state.lines.pop_front();
            }
            if most_lines > 0 {
                state.lines.push_back(line.chars().take(LONGEST_LINE).collect());
            }
        }
        drop(state);
        self.changed.notify_one();
    }

    /// Takes states as JSON.
    pub fn add_states(&self, states: impl IntoIterator<Item = String>) {
        let mut state = self.state();
        for json in states {
            if state.states.len() == MOST_STATES {
                state.states.pop_front();
            }
            state.states.push_back(json);
        }
        drop(state);
        self.changed.notify_one();
    }

    /// Waits for something new.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    pub fn take(&self) -> Latest {
        let mut state = self.state();
        Latest { percent: state.percent.take(), states: state.states.drain(..).collect() }
    }

    /// The last lines of the output.
    pub fn lines(&self) -> Vec<String> {
        self.state().lines.iter().cloned().collect()
    }

    /// No change leaves the state half done.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
