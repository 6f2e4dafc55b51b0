//! A budget that the processes of one host share: a file under an advisory lock.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::error::Error;
use crate::model::StreamResponse;
use crate::publish::{AccountBudget, Budget, BudgetState, Class};
use crate::session::open_regular;

/// How often the lock is asked for, and how long to wait between: whoever holds it needs microseconds.
const ATTEMPTS: u32 = 20;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(1);
/// A budget takes some 200 bytes; what is longer is none.
const LARGEST_FILE: u64 = 4_096;

/// The requests of one account, shared by all processes of a host that name the same file.
///
/// It is there for many jobs that start at the same moment. A file that cannot be used, or that somebody holds, stops nobody: a
/// process then has a budget of its own.
#[derive(Debug)]
pub struct BudgetFile {
    path: PathBuf,
    /// What counts when the file cannot be used.
    own: Budget,
    /// Why it could not be used last.
    problem: Option<String>,
}

impl BudgetFile {
    /// The budget in this file, which is made when it is needed. It holds no secret, and needs a folder that no stranger writes to.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), own: Budget::default(), problem: None }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Does something with the shared budget; nothing where there is none.
    fn shared<T>(&mut self, act: impl FnOnce(&mut BudgetState, Duration) -> T) -> Option<T> {
        let used = self.open().and_then(|mut file| {
            // All processes of a host have this clock; what it has jumped over is made plausible again.
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            let mut state = read(&mut file)?.plausible(now);
            let outcome = act(&mut state, now);
            write(&mut file, &state)?;
            Ok(outcome)
        });
        match used {
            Ok(outcome) => Some(outcome),
            Err(error) => {
                self.problem = Some(format!("the shared budget in {} cannot be used: {error}", self.path.display()));
                None
            }
        }
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
        Err(io::Error::new(io::ErrorKind::WouldBlock, "somebody else holds it"))
    }
}

/// How every budget begins.
const BEGINNING: &str = r#"{"interval":"#;

/// What the file says. One that is new, or was spoilt by a crash, begins anew; one that never was a budget is left alone.
fn read(file: &mut File) -> io::Result<BudgetState> {
    let mut text = Vec::new();
    file.take(LARGEST_FILE).read_to_end(&mut text)?;
    let is_ours = text.starts_with(BEGINNING.as_bytes())
        || BEGINNING.as_bytes().starts_with(&text)
        || text.iter().all(|byte| *byte == 0);
    if is_ours {
        Ok(serde_json::from_slice(&text).unwrap_or_default())
    } else {
        Err(io::Error::other("it is no budget"))
    }
}

fn write(file: &mut File, state: &BudgetState) -> io::Result<()> {
    let text = serde_json::to_vec(state)?;
    file.rewind()?;
    file.write_all(&text)?;
    file.set_len(text.len() as u64)
}

impl AccountBudget for BudgetFile {
    fn take(&mut self, class: Class, now: Duration) -> Result<(), Duration> {
        // Its own is counted beside, so that it is not full of requests when it has to do.
        let own = self.own.take(class, now);
        self.shared(|shared, now| shared.take(class, now)).unwrap_or(own)
    }

    fn charge(&mut self, now: Duration) {
        self.own.charge(now);
        self.shared(BudgetState::charge);
    }

    fn learn(&mut self, outcome: &Result<StreamResponse, Error>, now: Duration, jitter: f64) {
        self.own.learn(outcome, now, jitter);
        self.shared(|shared, now| shared.learn(outcome, now, jitter));
    }

    fn take_problem(&mut self) -> Option<String> {
        self.problem.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    /// What there is at once. It is taken anew where the machine has stalled so long that more has come.
    fn burst(make: impl Fn() -> Vec<BudgetFile>) -> usize {
        loop {
            let mut budgets = make();
            let started = std::time::Instant::now();
            let mut taken = 0;
            while budgets.iter_mut().all(|budget| budget.take(Class::Start, Duration::ZERO).is_ok()) {
                taken += budgets.len();
            }
            if started.elapsed() < Duration::from_secs(1) {
                return taken;
            }
        }
    }

    #[test]
    fn two_processes_share_one_burst() {
        let file = fresh("shared");
        let taken = burst(|| {
            let _ = std::fs::remove_file(&file.0);
            vec![BudgetFile::new(&file.0), BudgetFile::new(&file.0)]
        });
        assert!(taken <= 7, "{taken} of the 7 that are not kept for ends");
    }

    #[test]
    fn a_file_that_cannot_be_used_leaves_each_its_own() {
        let nowhere = Path::new("/nowhere/at/all");
        assert_eq!(burst(|| vec![BudgetFile::new(nowhere)]), 7);
    }

    #[test]
    fn a_file_that_somebody_holds_keeps_nobody_waiting() {
        let file = fresh("held");
        let holder = BudgetFile::new(&file.0).open().unwrap();
        let started = std::time::Instant::now();
        assert!(BudgetFile::new(&file.0).take(Class::Start, Duration::ZERO).is_ok());
        assert!(started.elapsed() < Duration::from_secs(60));
        drop(holder);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_leaves_each_its_own() {
        let file = fresh("pipe");
        nix::unistd::mkfifo(&file.0, nix::sys::stat::Mode::S_IRWXU).unwrap();
        for path in [&file.0, Path::new("/dev/zero"), &std::env::temp_dir()] {
            let mut budget = BudgetFile::new(path);
            assert!(budget.take(Class::Start, Duration::ZERO).is_ok());
            let problem = budget.take_problem().unwrap();
            assert!(problem.contains("cannot be used"), "{problem}");
        }
        assert_eq!(burst(|| vec![BudgetFile::new(&file.0)]), 7);
    }

    #[test]
    fn a_spoilt_file_is_begun_anew() {
        for spoilt in
            ["", "{", r#"{"interval":{"secs":1"#, r#"{"interval":{"secs":18446744073709551615,"nanos":0}}"#, "\u{0}"]
        {
            let file = fresh("spoilt");
            std::fs::write(&file.0, spoilt).unwrap();
            let mut budget = BudgetFile::new(&file.0);
            assert!(budget.take(Class::Start, Duration::ZERO).is_ok(), "{spoilt}");
            assert!(std::fs::read_to_string(&file.0).unwrap().starts_with(r#"{"interval":"#), "{spoilt}");
        }
    }

    #[test]
    fn a_file_that_is_no_budget_is_left_alone() {
        for foreign in ["notes\n", "null", r#"{"a": 1}"#, "\u{0}x"] {
            let file = fresh("foreign");
            std::fs::write(&file.0, foreign).unwrap();
            assert_eq!(burst(|| vec![BudgetFile::new(&file.0)]), 7);
            let mut budget = BudgetFile::new(&file.0);
            budget.charge(Duration::ZERO);
            assert!(budget.take_problem().unwrap().ends_with("it is no budget"));
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
        let wait = BudgetFile::new(&file.0).take(Class::Start, Duration::ZERO).unwrap_err();
        assert!(wait <= Duration::from_secs(17 * 60), "{wait:?}");
    }
}
