//! Reads a request body into memory, up to a limit.

use std::io;
use std::time::Duration;

use axum::body::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::sync::{Semaphore, SemaphorePermit};

/// The largest body that is kept.
pub(super) const LIMIT: usize = 1024 * 1024;
/// The largest body that is read to its end, so that a client which writes first and reads later sees the answer.
const DRAINED: usize = 32 * LIMIT;

/// The largest snapshot that is read.
pub(super) const SNAPSHOT_LIMIT: usize = 128 * LIMIT;
/// How long a body may take to arrive.
const LONGEST: Duration = Duration::from_secs(60);

/// What any body may have without waiting for room.
const SMALL: usize = 16 * 1024;
/// Memory for larger bodies, in units of [`LIMIT`], however many connections there are; a body waits until there is enough.
static ROOM: Semaphore = Semaphore::const_new(256);

/// A body that was read, or given up.
#[derive(Debug)]
pub(super) enum Limited {
    /// With the room that it takes until it is dropped.
    Whole(Bytes, Option<SemaphorePermit<'static>>),
    /// More than so many bytes.
    TooLarge(usize),
}

/// What to tell the sender of too large a body.
pub(super) fn too_large(limit: usize) -> String {
    format!("the body must not exceed {} MiB", limit / LIMIT)
}

/// Reads a body to its end, up to `limit` bytes, and gives up if it takes too long.
pub(super) async fn read(body: Incoming, limit: usize) -> io::Result<Limited> {
    if body.is_end_stream() {
        return Ok(Limited::Whole(Bytes::new(), None));
    }
    let read = tokio::time::timeout(LONGEST, read_on(body, limit)).await;
    read.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?.map_err(io::Error::other)
}

async fn read_on(mut body: Incoming, limit: usize) -> Result<Limited, hyper::Error> {
    let mut whole = Vec::new();
    let mut length = 0;
    let mut room = None;
    while length <= limit.max(DRAINED) {
        let Some(frame) = body.frame().await else { break };
        let Ok(data) = frame?.into_data() else { continue };
        length += data.len();
        if length > limit {
            (whole, room) = (Vec::new(), None);
            continue;
        }
        if length > SMALL && room.is_none() {
            let units = u32::try_from(limit / LIMIT).expect("limits are small");
            // It fails only where the semaphore is closed.
            room = ROOM.acquire_many(units).await.ok();
        }
        whole.extend_from_slice(&data);
    }
    Ok(if length > limit { Limited::TooLarge(limit) } else { Limited::Whole(whole.into(), room) })
}
