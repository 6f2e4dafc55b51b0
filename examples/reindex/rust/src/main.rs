//! Indexes the words of every text file below a folder, and shows on a phone how far it is.
//!
//! ```text
//! ACTIVITYSMITH_API_KEY=ask_... cargo run -p reindex -- FOLDER
//! ```

mod index;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use activitysmith_kit::blocking::{ActivitySmith, Publisher};
use activitysmith_kit::{Patch, Progress, Result};

/// For a job of seconds. Leave it out for one that takes minutes: the default is what iOS shows for hours.
const MIN_INTERVAL: Duration = Duration::from_millis(20);

fn main() {
    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap_or_else(|| ".".into()));
    let live = publish(&folder.display().to_string()).map_err(|error| eprintln!("no progress is shown: {error}")).ok();

    let started = Instant::now();
    let files = index::files(&folder);
    let mut index = index::Index::default();
    for (number, file) in files.iter().enumerate() {
        index.add(number, file);
        if let Some(live) = &live {
            // A percentage breaks no rule, and the network is no concern of an update.
            let _ = live.update(Patch::new().percentage(100 * (number as u64 + 1) / files.len() as u64));
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("indexed {} words in {} files in {seconds:.2} s", index.words(), files.len());

    if let Some(live) = live {
        finish(&live);
    }
}

fn publish(folder: &str) -> Result<Publisher> {
    let milliseconds = MIN_INTERVAL.as_millis();
    println!(
        "publishing search-reindex, for this short job every {milliseconds} ms; usually it is every 15 s and more"
    );
    let state = Progress::new("Search Reindex").subtitle(folder).percentage(0);
    ActivitySmith::from_env()?.live_activities().publish("search-reindex", state).min_interval(MIN_INTERVAL).start()
}

fn finish(live: &Publisher) {
    if let Some(reason) = live.disabled_reason() {
        eprintln!("nothing was published: {reason}");
        return;
    }
    let outcome = live.finish();
    let counters = live.counters();
    println!("{} updates: {} requests, {} coalesced", counters.updates, counters.sent, counters.coalesced);
    match outcome {
        Ok(_) => println!("the last state arrived"),
        Err(error) => eprintln!("the last state did not arrive: {error}"),
    }
}
