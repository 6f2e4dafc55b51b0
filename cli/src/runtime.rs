//! The runtime that requests, signals and children are waited for with, and whether there is room for it.

use std::io;

use tokio::runtime::{Builder, Runtime};

use crate::exit::Exit;
use crate::failure::Failure;

/// Pipes, each of two files: as many as a runtime opens at least.
const PIPES: usize = 3;

/// One for this thread alone.
pub fn of_this_thread() -> io::Result<Runtime> {
    room()?;
    Builder::new_current_thread().enable_all().build()
}

/// Whether enough files may be opened. Where too few may, tokio does not say so but panics.
pub fn room() -> io::Result<()> {
    let pipes: io::Result<Vec<_>> = (0..PIPES).map(|_| io::pipe()).collect();
    pipes.map(drop)
}

/// What to say where there is no room.
pub fn cannot_start(error: &io::Error) -> Failure {
    Failure::new(Exit::Unavailable, format!("cannot start: {error}"))
}
