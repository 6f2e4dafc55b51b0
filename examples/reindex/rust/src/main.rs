//! Indexes the words of every text file below a folder, and shows on a phone how far it is.
//!
//! ```text
//! ACTIVITYSMITH_API_KEY=ask_... cargo run -p reindex -- FOLDER
//! ```

mod index;

use std::path::PathBuf;
use std::time::Instant;

use activitysmith_kit::blocking::ActivitySmith;
use activitysmith_kit::{Call, Prepare, Progress};

const KEY: &str = "search-reindex";

fn main() {
    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap_or_else(|| ".".into()));
    let mut reporter = Reporter::new(folder.display().to_string());
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
}

/// Shows the job's progress. Whatever becomes of a report, the job goes on; after one that failed only the end is reported,
/// lest a job without a network wait at every step.
struct Reporter {
    client: Option<ActivitySmith>,
    folder: String,
    shown: Option<usize>,
    failed: bool,
    requests: u32,
}

impl Reporter {
    fn new(folder: String) -> Self {
        let client = ActivitySmith::from_env().map_err(|error| eprintln!("no progress will be shown: {error}")).ok();
        Self { client, folder, shown: None, failed: false, requests: 0 }
    }

    /// Sends a percentage, if it is another than the last one.
    fn report(&mut self, percentage: usize) {
        if self.shown.replace(percentage) != Some(percentage) && !self.failed {
            if let Some(client) = self.client.clone() {
                self.send(percentage, client.live_activities().stream(KEY, self.state(percentage)));
            }
        }
    }

    fn end(&mut self) {
        if let Some(client) = self.client.clone() {
            let end = client.live_activities().end_stream(KEY).content_state(self.state(100));
            self.send(100, end.auto_dismiss_minutes(2));
        }
    }

    fn state(&self, percentage: usize) -> Progress {
        Progress::new("Search Reindex").subtitle(&*self.folder).percentage(percentage)
    }

    /// Sends a call and prints what became of it.
    fn send<R: Prepare>(&mut self, percentage: usize, call: Call<'_, ActivitySmith, R>) {
        let began = Instant::now();
        let result = call.send();
        let milliseconds = began.elapsed().as_secs_f64() * 1000.0;
        match result {
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
