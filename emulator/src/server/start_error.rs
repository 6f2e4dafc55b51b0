//! Why an emulator does not start, as people and programs are told.

use std::io;
use std::path::PathBuf;

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
