//! Room for what is read at a time.

use std::ops::{Deref, DerefMut};

/// As much as `cat` takes.
const SIZE: usize = 128 * 1024;
const PAGE: usize = 4096;

/// Bytes that begin where a page of memory does: from and to there the kernel copies twice as fast.
pub struct Buffer {
    room: Vec<u8>,
    start: usize,
}

impl Buffer {
    pub fn new() -> Self {
        let room = vec![0; SIZE + PAGE];
        // If the offset is unknown, any start will do.
        let start = room.as_ptr().align_offset(PAGE) % PAGE;
        Self { room, start }
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.room[self.start..][..SIZE]
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.room[self.start..][..SIZE]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_begins_with_a_page() {
        let buffer = Buffer::new();
        assert_eq!(buffer.as_ptr().addr() % PAGE, 0);
        assert_eq!(buffer.len(), SIZE);
    }
}
