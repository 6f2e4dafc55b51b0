//! Looks at a file that a command writes to, from beside: the command's output stays the file itself, with nothing between. It reads
//! the file anew, by a descriptor of its own, so no other process's position in it changes.

use std::fs::{File, OpenOptions};
use std::io::{self, PipeWriter, Read as _, Seek as _, SeekFrom};
use std::os::fd::{AsFd as _, AsRawFd as _, BorrowedFd};
use std::os::unix::fs::OpenOptionsExt as _;
use std::thread;

use memchr::memchr2;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, poll};
use nix::unistd::{Whence, lseek};
use tokio::sync::oneshot;

use super::relay::BUFFER;

/// How often the length of the file is checked, in milliseconds: a phone is updated less often.
const LOOK: u16 = 200;
/// So much is looked at each time, from the end: what a busy program has written before is out of date at once.
const MOST: u64 = 1 << 20;

/// A file that is looked at.
#[derive(Debug)]
pub struct FileTail {
    done: oneshot::Receiver<()>,
    /// Closed, it ends the thread once that has read what is there.
    stop: Option<PipeWriter>,
}

/// The file behind a descriptor, to be read from where the next output goes. None where it is no file, cannot be read, or is appended
/// to: a log that others write to as well shows their progress too.
pub fn behind(output: BorrowedFd<'_>) -> Option<File> {
    let flags = OFlag::from_bits_truncate(fcntl(output, FcntlArg::F_GETFL).ok()?);
    let position = u64::try_from(lseek(output, 0, Whence::SeekCur).ok()?).ok()?;
    // Linux opens it anew here. Elsewhere this is the descriptor once more, which shares its position; such a one cannot be read.
    let path = format!("/proc/self/fd/{}", output.as_raw_fd());
    let mut file = OpenOptions::new().read(true).custom_flags(OFlag::O_NONBLOCK.bits()).open(path).ok()?;
    let is_own = !flags.contains(OFlag::O_APPEND) && file.metadata().ok()?.is_file();
    (is_own && file.seek(SeekFrom::Start(position)).is_ok()).then_some(file)
}

impl FileTail {
    /// Begins to look. `look` sees each piece, and nothing at the end.
    pub fn start(mut file: File, mut look: impl FnMut(&[u8]) + Send + 'static) -> io::Result<Self> {
        let (stopped, stop) = io::pipe()?;
        let (sender, done) = oneshot::channel();
        thread::Builder::new().name("file".to_owned()).spawn(move || {
            let mut buffer = vec![0; BUFFER];
            while !waited(stopped.as_fd()) {
                see(&mut file, u64::MAX, &mut buffer, &mut look);
            }
            // As much as there is now: what the command has left behind may write on.
            let length = file.metadata().map_or(0, |metadata| metadata.len());
            see(&mut file, length, &mut buffer, &mut look);
            look(b"");
            // The receiver may be gone.
            let _ = sender.send(());
        })?;
        Ok(Self { done, stop: Some(stop) })
    }

    /// Waits until it has seen all that the command has written.
    pub async fn finish(&mut self) {
        self.stop = None;
        // It ends in any case.
        let _ = (&mut self.done).await;
    }
}

/// Waits for a moment. True when there is nothing more to wait for.
fn waited(stopped: BorrowedFd<'_>) -> bool {
    poll(&mut [PollFd::new(stopped, PollFlags::POLLIN)], LOOK).is_ok_and(|ready| ready > 0)
}

/// Shows what is new, up to here. What cannot be read is not shown.
fn see(file: &mut File, end: u64, buffer: &mut [u8], look: &mut impl FnMut(&[u8])) {
    let (Ok(mut position), Ok(metadata)) = (file.stream_position(), file.metadata()) else { return };
    let end = end.min(metadata.len());
    if end < position {
        // The file was truncated.
        position = file.seek(SeekFrom::Start(0)).unwrap_or(position);
    }
    let mut is_cut = false;
    if end.saturating_sub(position) > MOST {
        position = file.seek(SeekFrom::Start(end - MOST)).unwrap_or(position);
        // What has begun before goes on as nothing that counts.
        look(b"x\n");
        is_cut = true;
    }
    while position < end {
        let length = match file.read(buffer) {
            Ok(0) | Err(_) => return,
            Ok(length) => length,
        };
        position += length as u64;
        let mut seen = &buffer[..length];
        if is_cut {
            // Not from the middle of a line.
            let Some(at) = memchr2(b'\n', b'\r', seen) else { continue };
            seen = &seen[at..];
            is_cut = false;
        }
        look(seen);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn seen(file: &mut File) -> String {
        let mut seen = Vec::new();
        see(file, u64::MAX, &mut [0; 4], &mut |piece| seen.extend_from_slice(piece));
        String::from_utf8(seen).unwrap()
    }

    #[test]
    fn it_is_read_from_where_the_output_begins_and_anew_when_it_is_truncated() {
        let path = std::env::temp_dir().join(format!("asmith-tail-{}", std::process::id()));
        let mut output = File::create(&path).unwrap();
        output.write_all(b"before").unwrap();
        let mut file = behind(output.as_fd()).unwrap();
        output.write_all(b"after it").unwrap();
        assert_eq!(seen(&mut file), "after it");
        assert_eq!(output.stream_position().unwrap(), 14);
        output.set_len(0).unwrap();
        output.rewind().unwrap();
        output.write_all(b"new").unwrap();
        assert_eq!(seen(&mut file), "new");
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn of_much_at_once_only_the_end_is_looked_at_and_no_part_of_a_line() {
        let path = std::env::temp_dir().join(format!("asmith-much-{}", std::process::id()));
        let mut output = File::create(&path).unwrap();
        let mut file = behind(output.as_fd()).unwrap();
        output.write_all(&b"12345 of it\n".repeat(200_000)).unwrap();
        let seen = seen(&mut file);
        assert!(seen.starts_with("x\n\n12345 of it\n") && seen.ends_with("12345 of it\n"));
        assert!(seen.len() as u64 <= MOST + 2);
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn what_is_no_file_of_its_own_is_not_looked_at() {
        let path = std::env::temp_dir().join(format!("asmith-log-{}", std::process::id()));
        let log = OpenOptions::new().create(true).append(true).open(&path).unwrap();
        assert!(behind(log.as_fd()).is_none());
        std::fs::remove_file(path).unwrap();
        let null = OpenOptions::new().write(true).open("/dev/null").unwrap();
        assert!(behind(null.as_fd()).is_none());
        let (_, pipe) = io::pipe().unwrap();
        assert!(behind(pipe.as_fd()).is_none());
    }
}
