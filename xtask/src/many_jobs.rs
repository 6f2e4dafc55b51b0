//! The bench `many-jobs`: how much later than its command each of many `asmith run` ends that start at the same moment.

use crate::cli;
use crate::emulator::{Emulator, KEY, isolated};
use crate::failure::{Failure, Result};
use crate::files;
use crate::workspace::Workspace;
use fs_err as fs;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, SystemTime};

const JOBS: usize = 100;
/// What the jobs do. The file that a job writes at its end says when that was.
const SCRIPT: &str = "sleep 2; : > \"$0\"";
/// The most that any of them may end later than its command.
const TARGET: Duration = Duration::from_millis(2_500);

pub(crate) fn bench(workspace: &Workspace) -> Result<()> {
    let asmith = cli::asmith(workspace, "release")?;
    for (name, shares_budget) in [("a budget for each", false), ("a budget for all", true)] {
        let folder = workspace.target.join("many-jobs");
        files::empty(&folder)?;
        let journal = folder.join("journal");
        let emulator = Emulator::start(&asmith, &["--journal", &journal.to_string_lossy()])?;
        let budget = shares_budget.then(|| folder.join("budget"));
        let mut late = run_jobs(&asmith, &emulator.url, &folder, budget.as_deref())?;
        // The emulator writes its journal when it ends.
        drop(emulator);
        let shown = shown_in(&journal)?;
        late.sort();
        let [median, most_of_them, last] = [JOBS / 2, JOBS * 9 / 10, JOBS - 1].map(|place| late[place].as_secs_f64());
        println!(
            "many-jobs/{name:18} median {median:6.3} s   90 % {most_of_them:6.3} s   maximum {last:6.3} s (at most {} s)   \
             shown {shown} of {JOBS}",
            TARGET.as_secs_f64(),
        );
    }
    Ok(())
}

/// Runs all jobs, and gives back how much later than its command each of them has ended.
fn run_jobs(asmith: &Path, url: &str, folder: &Path, budget: Option<&Path>) -> Result<Vec<Duration>> {
    let start = |number: usize| {
        let end: PathBuf = folder.join(number.to_string());
        let mut job = Command::new(asmith);
        isolated(&mut job).args(["--quiet", "run", &format!("many-jobs-{number}"), "--", "sh", "-c", SCRIPT]).arg(&end);
        job.env("ACTIVITYSMITH_BASE_URL", url).env("ACTIVITYSMITH_API_KEY", KEY);
        if let Some(budget) = budget {
            job.env("ACTIVITYSMITH_BUDGET_FILE", budget);
        }
        // As under cron, stdout is a pipe.
        let child = job.stdout(Stdio::piped()).spawn()?;
        Ok(thread::spawn(move || {
            let output = child.wait_with_output()?;
            let now = SystemTime::now();
            if !output.status.success() {
                return Err(Failure::new(format!("a job failed ({})", output.status)));
            }
            let ended = fs::metadata(&end)?.modified()?;
            Ok(now.duration_since(ended).unwrap_or_default())
        }))
    };
    let jobs = (0..JOBS).map(start).collect::<Result<Vec<_>>>()?;
    jobs.into_iter().map(|job| job.join().expect("the thread does not panic")).collect()
}

/// How many activities the service has started.
fn shown_in(journal: &Path) -> Result<usize> {
    let text = fs::read_to_string(journal)?;
    let entries = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    Ok(entries.filter(|entry| entry["response"]["operation"] == "started").count())
}
