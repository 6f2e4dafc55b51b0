//! Snapshots of the whole emulator: their text, and the file that one may be kept in. A file is only ever replaced
//! whole, and one that cannot be read stops the start rather than being overwritten.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::watch;

use super::clock::RunningClock;
use super::{Shared, StartError, State};
use crate::engine::EngineSnapshot;
use crate::options::Clock;
use crate::time::Timestamp;

const FORMAT: &str = "activitysmith-emulator";
/// Goes up when an older emulator could not read what a newer one writes.
const VERSION: u64 = 1;
/// How often the file is brought up to date while the emulator runs.
const PERIOD: Duration = Duration::from_secs(5);

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Snapshot {
    format: String,
    version: u64,
    /// The time of a clock that stands; a running one is not kept.
    clock: Option<Timestamp>,
    engine: EngineSnapshot,
}

/// The state as a snapshot's text.
pub(super) fn text(state: &mut State) -> Vec<u8> {
    let now = state.clock.now();
    let clock = matches!(state.clock, RunningClock::Manual(_)).then_some(now);
    let snapshot = Snapshot { format: FORMAT.to_owned(), version: VERSION, clock, engine: state.engine.export(now) };
    serde_json::to_vec(&snapshot).expect("a snapshot is representable as JSON")
}

/// Reads a snapshot's text; the error says what it is instead.
pub(super) fn read(text: &[u8]) -> Result<Snapshot, String> {
    let value: Value = serde_json::from_slice(text).map_err(|error| {
        if error.is_eof() {
            format!("the snapshot is cut off: {error}")
        } else {
            format!("the snapshot is no JSON: {error}")
        }
    })?;
    if value.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Err(format!("this is no snapshot of the emulator: its `format` is not \"{FORMAT}\""));
    }
    match value.get("version").and_then(Value::as_u64) {
        Some(VERSION) => {}
        Some(version) => {
            return Err(format!("the snapshot is of version {version}; this emulator reads version {VERSION}"));
        }
        None => return Err("the snapshot has no `version`".to_owned()),
    }
    Snapshot::deserialize(value).map_err(|error| format!("the snapshot does not fit: {error}"))
}

/// Puts a snapshot in the place of the state. Nothing changes if it is bad.
pub(super) fn restore(state: &mut State, snapshot: Snapshot) -> Result<(), String> {
    state.engine.import(snapshot.engine).map_err(|error| format!("the snapshot does not fit: {error}"))?;
    if let Some(now) = snapshot.clock {
        state.set_clock(Clock::Manual(now));
    }
    Ok(())
}

/// Takes the state from the file. One that is not there is made, so that it shows at once if that cannot be.
pub(super) fn load(state: &mut State, path: &Path) -> Result<(), StartError> {
    let cannot = |source| StartError::State { path: path.to_owned(), source };
    let text = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return save(path, &text(state)).map_err(cannot),
        read => read.map_err(cannot)?,
    };
    let restored = read(&text).and_then(|snapshot| restore(state, snapshot));
    restored.map_err(|reason| StartError::Foreign { path: path.to_owned(), reason })
}

/// Keeps the file up to date, and once more when the other end of `stopped` is dropped; fails if that last time does.
pub(super) async fn keep(shared: Arc<Shared>, path: PathBuf, mut stopped: watch::Receiver<()>) -> io::Result<()> {
    let mut kept = Vec::new();
    loop {
        let is_stopped = tokio::select! {
            _ = stopped.changed() => true,
            () = tokio::time::sleep(PERIOD) => false,
        };
        let text = text(&mut shared.lock());
        let mut saved = Ok(());
        // At the end in any case, as somebody may have removed it.
        if is_stopped || text != kept {
            let path = path.clone();
            // A disk may be slow, and requests do not have to wait for it.
            let saving = tokio::task::spawn_blocking(move || save(&path, &text).map(|()| text)).await?;
            saved = saving.map(|text| kept = text);
        }
        if is_stopped {
            return saved;
        }
    }
}

fn save(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let mut file = File::create(&beside)?;
    file.write_all(text)?;
    // Before it takes the other's place: a machine that goes down leaves one of them whole.
    file.sync_all()?;
    fs::rename(&beside, path)
}
