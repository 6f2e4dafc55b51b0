//! A budget that the processes of one host share: a file under an advisory lock.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::call::open_regular;
use crate::publish::{BudgetRules, BudgetState, Command, Reply};

/// How often the lock is asked for, and the pause between two attempts. A process holds it for microseconds.
const ATTEMPTS: u32 = 20;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(1);
/// A budget takes some 200 bytes; what is longer is none.
const LARGEST_FILE: u64 = 4_096;

/// The budget in a file. It is made when it is needed.
#[derive(Debug)]
pub(super) struct BudgetFile {
    path: PathBuf,
    rules: BudgetRules,
}

impl BudgetFile {
    pub(super) fn new(path: impl Into<PathBuf>, rules: &BudgetRules) -> Self {
        Self { path: path.into(), rules: *rules }
    }

    /// Does what a command says with the budget, or says why it cannot be used. It waits for the lock, so it needs a thread.
    pub(super) fn apply(&self, command: &Command) -> Result<Reply, String> {
        let used = self.open().and_then(|mut file| {
            // All processes of a host have this clock; what it has jumped over is made plausible again.
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            let state = read(&mut file)?.unwrap_or_else(|| BudgetState::new(&self.rules));
            let mut state = state.plausible(&self.rules, now);
            let reply = command.apply(&self.rules, &mut state, now);
            write(&mut file, &state)?;
            Ok(reply)
        });
        used.map_err(|error| format!("the shared budget in {} cannot be used: {error}", self.path.display()))
    }

    /// The file, locked until it is closed.
    fn open(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = open_regular(&mut options, &self.path)?;
        for _ in 0..ATTEMPTS {
            if file.try_lock().is_ok() {
                return Ok(file);
            }
            std::thread::sleep(BETWEEN_ATTEMPTS);
        }
        Err(io::Error::new(io::ErrorKind::WouldBlock, "it is locked"))
    }
}

/// How every budget begins.
const BEGINNING: &str = r#"{"interval":"#;

/// What the file says. One that is new, or was damaged by a crash, says nothing; one that never was a budget is left alone.
fn read(file: &mut File) -> io::Result<Option<BudgetState>> {
    let mut text = Vec::new();
    file.take(LARGEST_FILE).read_to_end(&mut text)?;
    let is_ours = text.starts_with(BEGINNING.as_bytes())
        || BEGINNING.as_bytes().starts_with(&text)
        || text.iter().all(|byte| *byte == 0);
    if is_ours { Ok(serde_json::from_slice(&text).ok()) } else { Err(io::Error::other("it is no budget")) }
}

fn write(file: &mut File, state: &BudgetState) -> io::Result<()> {
    let text = serde_json::to_vec(state)?;
    file.rewind()?;
    file.write_all(&text)?;
    file.set_len(text.len() as u64)
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    use std::path::Path;

    use super::*;
    use crate::publish::Class;

    /// A path of a test's own, at which nothing is, before and after it.
    struct Fresh(PathBuf);

    impl Drop for Fresh {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    fn fresh(name: &str) -> Fresh {
        let path = std::env::temp_dir().join(format!("activitysmith-kit-budget-{}-{name}", std::process::id()));
        let _ = std::fs::remove_file(&path);
        Fresh(path)
    }

    fn take(file: &Fresh) -> Result<Reply, String> {
        BudgetFile::new(&file.0, &BudgetRules::default()).apply(&Command::take(Class::Start))
    }

    #[test]
    fn two_clients_share_one_burst() {
        let file = fresh("shared");
        // It is taken again where the machine has stalled for so long that more is there.
        loop {
            let _ = std::fs::remove_file(&file.0);
            let started = std::time::Instant::now();
            let taken = (0..20).take_while(|_| take(&file) == Ok(Some(Ok(())))).count();
            if started.elapsed() < Duration::from_secs(1) {
                assert_eq!(taken, 7, "the rest of the burst is for ends");
                break;
            }
        }
    }

    #[test]
    fn a_new_budget_begins_as_the_rules_say() {
        let file = fresh("rules");
        let rules = BudgetRules { burst: 1, interval: Duration::from_secs(1_000), ..BudgetRules::default() };
        let take = || BudgetFile::new(&file.0, &rules).apply(&Command::take(Class::Start));
        assert_eq!(take(), Ok(Some(Ok(()))));
        assert!(matches!(take(), Ok(Some(Err(_)))));
    }

    #[test]
    fn a_file_that_is_locked_is_given_up_soon() {
        let file = fresh("held");
        let holder = BudgetFile::new(&file.0, &BudgetRules::default()).open().unwrap();
        assert!(take(&file).unwrap_err().ends_with("it is locked"));
        drop(holder);
        assert_eq!(take(&file), Ok(Some(Ok(()))));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_cannot_be_used() {
        let file = fresh("pipe");
        nix::unistd::mkfifo(&file.0, nix::sys::stat::Mode::S_IRWXU).unwrap();
        for path in [&file.0, Path::new("/dev/zero"), Path::new("/nowhere/at/all"), &std::env::temp_dir()] {
            let problem =
                BudgetFile::new(path, &BudgetRules::default()).apply(&Command::take(Class::Start)).unwrap_err();
            assert!(problem.contains("cannot be used"), "{problem}");
        }
    }

    #[test]
    fn a_damaged_file_is_begun_anew() {
        for damaged in
            ["", "{", r#"{"interval":{"secs":1"#, r#"{"interval":{"secs":18446744073709551615,"nanos":0}}"#, "\u{0}"]
        {
            let file = fresh("damaged");
            std::fs::write(&file.0, damaged).unwrap();
            assert_eq!(take(&file), Ok(Some(Ok(()))), "{damaged}");
            assert!(std::fs::read_to_string(&file.0).unwrap().starts_with(r#"{"interval":"#), "{damaged}");
        }
    }

    #[test]
    fn a_file_that_is_no_budget_is_left_alone() {
        for foreign in ["notes\n", "null", r#"{"a": 1}"#, "\u{0}x"] {
            let file = fresh("foreign");
            std::fs::write(&file.0, foreign).unwrap();
            assert!(take(&file).unwrap_err().ends_with("it is no budget"));
            assert_eq!(std::fs::read_to_string(&file.0).unwrap(), foreign);
        }
    }

    #[test]
    fn what_a_file_claims_cannot_last() {
        let file = fresh("absurd");
        let far = r#"{"secs":9000000000000,"nanos":0}"#;
        let text = format!(
            r#"{{"interval":{far},"burst":0,"due":{far},"frozen_until":{far},"slowed":0.0,"slowed_at":{far},"blind_freezes":0}}"#
        );
        std::fs::write(&file.0, text).unwrap();
        let wait = take(&file).unwrap().unwrap().unwrap_err();
        assert!(wait <= Duration::from_secs(17 * 60), "{wait:?}");
    }
}
