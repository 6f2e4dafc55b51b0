//! Reads small text files without blocking on one that never ends, such as a pipe without a writer.

use std::fs::{File, FileType, OpenOptions};
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;
use std::time::{Duration, Instant};

/// In bytes, and more than any file of settings has.
const LARGEST_FILE: u64 = 1024 * 1024;
/// How often a pipe is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// Reads a regular file. Links are followed.
///
/// # Errors
///
/// If the path leads to anything else, or to a file of more than 1 MiB.
pub fn read_file(path: &Path) -> io::Result<String> {
    read(path, None)
}

/// Reads a regular file or a pipe, such as a shell makes of `<(pass show key)`. The pipe has to end within this time.
///
/// # Errors
///
/// As [`read_file`], and if the pipe does not end in time.
pub fn read_file_or_pipe(path: &Path, longest: Duration) -> io::Result<String> {
    read(path, Some(longest))
}

fn read(path: &Path, longest: Option<Duration>) -> io::Result<String> {
    let mut file = open(OpenOptions::new().read(true), path)?;
    let kind = file.metadata()?.file_type();
    let mut text = Vec::new();
    match longest {
        _ if kind.is_file() => read_on(&mut file, &mut text)?,
        Some(longest) if is_pipe(kind) => read_pipe(&mut file, &mut text, longest)?,
        _ => return Err(not_regular()),
    }
    String::from_utf8(text).map_err(|_| io::Error::new(ErrorKind::InvalidData, "it is not UTF-8"))
}

fn read_pipe(pipe: &mut File, text: &mut Vec<u8>, longest: Duration) -> io::Result<()> {
    let started = Instant::now();
    loop {
        match read_on(pipe, text) {
            // A pipe that no process has opened for writing yet reads as if it had ended, without any text.
            Ok(()) if !text.is_empty() => return Ok(()),
            Err(error) if error.kind() != ErrorKind::WouldBlock => return Err(error),
            Ok(()) | Err(_) => {}
        }
        if started.elapsed() >= longest {
            let problem = format!("no whole text came through the pipe within {} s", longest.as_secs_f64());
            return Err(io::Error::new(ErrorKind::TimedOut, problem));
        }
        std::thread::sleep(LOOK);
    }
}

/// Opens a file with these options; anything else that has a path is refused, and never waited for.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn open_regular(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    let file = open(options, path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(not_regular()) }
}

/// Does not wait for the other end of a pipe, and does not make a terminal that of this process.
fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    {
        use nix::fcntl::OFlag;
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags((OFlag::O_NONBLOCK | OFlag::O_NOCTTY).bits());
    }
    options.open(path)
}

fn not_regular() -> io::Error {
    io::Error::other("it is not a regular file")
}

#[cfg(unix)]
fn is_pipe(kind: FileType) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&kind)
}

#[cfg(not(unix))]
fn is_pipe(_: FileType) -> bool {
    false
}

/// Adds what can be read now. What was read before an error is kept.
fn read_on(file: &mut File, text: &mut Vec<u8>) -> io::Result<()> {
    let room = (LARGEST_FILE + 1).saturating_sub(text.len() as u64);
    file.take(room).read_to_end(text)?;
    if text.len() as u64 > LARGEST_FILE {
        return Err(io::Error::other("it is larger than 1 MiB"));
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::io::Write as _;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::path::PathBuf;

    use nix::sys::stat::Mode;
    use nix::unistd::mkfifo;

    use super::*;

    const MOMENT: Duration = Duration::from_millis(20);
    /// Longer than any test is patient.
    const AGES: Duration = Duration::from_secs(600);

    /// A folder of a test's own, which goes with it.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("activitysmith-kit-file-{}-{name}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir(&path).unwrap();
            Self(path)
        }

        fn pipe(&self) -> PathBuf {
            let path = self.0.join("pipe");
            mkfifo(&path, Mode::S_IRWXU).unwrap();
            path
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn refusal(read: io::Result<String>) -> String {
        read.unwrap_err().to_string()
    }

    #[test]
    fn a_file_is_read_through_any_links() {
        let folder = Folder::new("links");
        fs::create_dir_all(folder.0.join("a/b/c")).unwrap();
        fs::write(folder.0.join("file"), "text\n").unwrap();
        symlink("../../../file", folder.0.join("a/b/c/first")).unwrap();
        symlink("a/b/c/first", folder.0.join("second")).unwrap();
        for path in ["file", "a/b/c/first", "second"] {
            let path = folder.0.join(path);
            assert_eq!(read_file(&path).unwrap(), "text\n");
            assert_eq!(read_file_or_pipe(&path, AGES).unwrap(), "text\n");
        }
    }

    #[test]
    fn what_is_no_file_is_refused_at_once() {
        let folder = Folder::new("others");
        let path = |name: &str| folder.0.join(name);
        let _listener = UnixListener::bind(path("socket")).unwrap();
        symlink("/dev/zero", path("zero")).unwrap();
        symlink("loop", path("loop")).unwrap();
        for path in [path("socket"), path("zero"), path("loop"), path("none"), folder.0.clone(), "/dev/null".into()] {
            assert!(read_file(&path).is_err(), "{path:?}");
            assert!(read_file_or_pipe(&path, AGES).is_err(), "{path:?}");
        }
        assert_eq!(refusal(read_file(&path("zero"))), "it is not a regular file");
        assert_eq!(refusal(read_file(&folder.pipe())), "it is not a regular file");
    }

    #[test]
    fn what_is_too_large_or_no_text_is_refused() {
        let folder = Folder::new("large");
        let path = folder.0.join("file");
        File::create(&path).unwrap().set_len(10_000_000_000).unwrap();
        assert_eq!(refusal(read_file(&path)), "it is larger than 1 MiB");
        assert_eq!(refusal(read_file_or_pipe(&path, AGES)), "it is larger than 1 MiB");
        fs::write(&path, b"caf\xe9").unwrap();
        assert_eq!(refusal(read_file(&path)), "it is not UTF-8");
        fs::write(&path, "x".repeat(1024 * 1024)).unwrap();
        assert_eq!(read_file(&path).unwrap().len(), 1024 * 1024);
    }

    #[test]
    fn a_pipe_is_read_to_its_end_however_it_comes() {
        let folder = Folder::new("pipe");
        let path = folder.pipe();
        let writer = {
            let path = path.clone();
            // It waits for the reader before it opens, and comes in pieces.
            std::thread::spawn(move || {
                let mut pipe = OpenOptions::new().write(true).open(path).unwrap();
                for piece in ["as", "k_", "1\n"] {
                    pipe.write_all(piece.as_bytes()).unwrap();
                    std::thread::sleep(MOMENT);
                }
            })
        };
        assert_eq!(read_file_or_pipe(&path, AGES).unwrap(), "ask_1\n");
        writer.join().unwrap();
    }

    #[test]
    fn a_pipe_that_does_not_end_is_left_in_time() {
        let folder = Folder::new("endless");
        let path = folder.pipe();
        let refused = "no whole text came through the pipe within 0.02 s";
        assert_eq!(refusal(read_file_or_pipe(&path, MOMENT)), refused);
        let mut pipe = OpenOptions::new().read(true).write(true).open(&path).unwrap();
        assert_eq!(refusal(read_file_or_pipe(&path, MOMENT)), refused);
        pipe.write_all(b"ask_1\n").unwrap();
        assert_eq!(refusal(read_file_or_pipe(&path, MOMENT)), refused);
    }

    #[test]
    fn a_pipe_that_says_too_much_is_refused() {
        let folder = Folder::new("much");
        let path = folder.pipe();
        let writer = {
            let path = path.clone();
            std::thread::spawn(move || {
                let mut pipe = OpenOptions::new().write(true).open(path).unwrap();
                // Until the reader has gone.
                while pipe.write_all(&[b'x'; 4096]).is_ok() {}
            })
        };
        assert_eq!(refusal(read_file_or_pipe(&path, AGES)), "it is larger than 1 MiB");
        writer.join().unwrap();
    }
}
