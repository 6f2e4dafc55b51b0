//! The file that the state is kept in. It is only ever replaced whole, and one that cannot be read stops the start rather
//! than being overwritten.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::control::snapshot;
use crate::shared::{Shared, State};

/// How often the file is brought up to date while the emulator runs.
const PERIOD: Duration = Duration::from_secs(5);

/// Why an emulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Its port cannot be listened on.
    #[error("cannot listen on port {port} of 127.0.0.1: {source}")]
    Listen {
        /// The port that was asked for.
        port: u16,
        /// What the system says.
        source: io::Error,
    },
    /// The file that the state is to be kept in cannot be read or made.
    #[error("cannot keep the state in {}: {source}", path.display())]
    State {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// That file holds something else, and is left as it is.
    #[error("{} is left as it is: {reason}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        reason: String,
    },
}

/// Takes the state from the file. One that is not there is made, so that it shows at once if that cannot be.
pub(super) fn load(state: &mut State, path: &Path) -> Result<(), StartError> {
    let cannot = |source| StartError::State { path: path.to_owned(), source };
    let text = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return save(path, &snapshot::text(state)).map_err(cannot);
        }
        read => read.map_err(cannot)?,
    };
    snapshot::restore(state, &text).map_err(|reason| StartError::Foreign { path: path.to_owned(), reason })
}

/// Keeps the file up to date, and once more when the other end of `stopped` is dropped; fails if that last time does.
pub(super) async fn keep(shared: Arc<Shared>, path: PathBuf, mut stopped: watch::Receiver<()>) -> io::Result<()> {
    let mut kept = Vec::new();
    loop {
        let is_stopped = tokio::select! {
            _ = stopped.changed() => true,
            () = tokio::time::sleep(PERIOD) => false,
        };
        let text = snapshot::text(&mut shared.lock());
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
