//! Indexes the words of every text file below a folder, and shows on a phone how far it is.
//!
//! ```text
//! ACTIVITYSMITH_API_KEY=ask_... cargo run -p reindex -- FOLDER
//! ```

mod index;

use std::path::PathBuf;
use std::time::Instant;

use activitysmith_kit::blocking::ActivitySmith;
use activitysmith_kit::{Progress, Result, StreamResponse};

const KEY: &str = "search-reindex";

fn main() -> Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap_or_else(|| ".".into()));
    let mut reporter = Reporter::new(ActivitySmith::from_env()?, format!("{}", folder.display()));
    let started = Instant::now();

    let files = index::files(&folder);
    let mut index = index::Index::default();
    reporter.report(0);
    for (number, file) in files.iter().enumerate() {
        index.add(number, file);
        reporter.report(100 * (number + 1) / files.len());
    }
    reporter.end();

    let seconds = started.elapsed().as_secs_f64();
    println!(
        "indexed {} words in {} files, with {} requests, in {seconds:.2} s",
        index.words(),
        files.len(),
        reporter.requests
    );
    Ok(())
}

/// Shows the job's progress. Whatever becomes of a report, the job goes on; after one that failed it sends no more of them, lest
/// a job without a network wait at every step.
struct Reporter {
    client: ActivitySmith,
    folder: String,
    shown: Option<usize>,
    failed: bool,
    requests: u32,
}

impl Reporter {
    fn new(client: ActivitySmith, folder: String) -> Self {
        Self { client, folder, shown: None, failed: false, requests: 0 }
    }

    /// Sends a percentage, if it is another than the last one.
    fn report(&mut self, percentage: usize) {
        if self.shown.replace(percentage) != Some(percentage) && !self.failed {
            let began = Instant::now();
            let response = self.client.live_activities().stream(KEY, self.state(percentage)).send();
            self.print(percentage, began, response);
        }
    }

    fn end(&mut self) {
        let began = Instant::now();
        let end = self.client.live_activities().end_stream(KEY).content_state(self.state(100)).auto_dismiss_minutes(2);
        self.print(100, began, end.send());
    }

    fn state(&self, percentage: usize) -> Progress {
        Progress::new("Search Reindex").subtitle(&*self.folder).percentage(percentage)
    }

    fn print(&mut self, percentage: usize, began: Instant, response: Result<StreamResponse>) {
        let milliseconds = began.elapsed().as_secs_f64() * 1000.0;
        match response {
            Ok(response) => {
                self.requests += response.facts.attempts;
                println!("{:<8} {KEY} {percentage:>4} % {milliseconds:>8.1} ms", response.operation);
            }
            Err(error) => {
                self.failed = true;
                self.requests += error.attempts();
                eprintln!("{:<8} {KEY} {percentage:>4} % {milliseconds:>8.1} ms  {error}", "failed");
            }
        }
    }
}
