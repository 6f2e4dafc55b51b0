//! What the client costs beside the bare HTTP client beneath it: the same bytes to the same server on loopback, in turn.
//!
//! The two take turns in short rounds, so that a machine whose speed drifts slows both; the ratio is that of the medians.

use std::time::{Duration, Instant};

use activitysmith_emulator::{Emulator, Limits, Options};
use activitysmith_kit::call::Request;
use activitysmith_kit::{ActivitySmith, Progress, StreamRequest};

const ROUNDS: usize = 60;
const CALLS: u32 = 200;
const KEY: &str = "ask_test_bench";

fn main() {
    // The workspace builds reqwest with rustls, whose provider a bare client takes from the process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    if std::env::args().skip(1).any(|argument| !argument.starts_with('-') && !"call".contains(&argument)) {
        return;
    }
    // The server has a thread of its own; what is measured runs on this one.
    let server = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let emulator = server.block_on(Emulator::start(Options { limits: Limits::none(), ..Options::default() })).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(compare(&emulator.base_url()));
}

async fn compare(base_url: &str) {
    let ours = ActivitySmith::builder().base_url(base_url).api_key(KEY).build().unwrap();
    #[allow(clippy::disallowed_methods, reason = "this is what ours is compared with")]
    let bare = reqwest::Client::new();
    let state = || Progress::new("Search Reindex").subtitle("catalog-v2").percentage(42);
    let body = Request::new("search-reindex", &StreamRequest::from(state())).unwrap().body.unwrap();
    let url = format!("{base_url}/live-activity/stream/search-reindex");

    let (mut our_rounds, mut bare_rounds) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let begin = Instant::now();
        for _ in 0..CALLS {
            ours.live_activities().stream("search-reindex", state()).await.unwrap();
        }
        let our_time = begin.elapsed();
        let begin = Instant::now();
        for _ in 0..CALLS {
            let request = bare.put(&url).bearer_auth(KEY).header("content-type", "application/json");
            let response = request.body(body.clone()).send().await.unwrap();
            assert!(response.status().is_success());
            response.bytes().await.unwrap();
        }
        // The first round warms up.
        if round > 0 {
            our_rounds.push(our_time / CALLS);
            bare_rounds.push(begin.elapsed() / CALLS);
        }
    }
    let (ours, bare) = (median(our_rounds), median(bare_rounds));
    let ratio = ours.as_secs_f64() / bare.as_secs_f64();
    println!("call/stream over loopback  {ours:?}");
    println!("call/bare reqwest PUT      {bare:?}");
    println!("call/ratio                 {ratio:.3}");
}

fn median(mut rounds: Vec<Duration>) -> Duration {
    rounds.sort_unstable();
    rounds[rounds.len() / 2]
}
