//! What the emulator bears: PUTs a second under `wrk`, with one stream and with very many, and the memory that a stream takes.

use std::process::Command;

use activitysmith_emulator::{Emulator, Limits, Options};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/emulator.lua");

fn main() {
    if std::env::args().skip(1).any(|argument| !argument.starts_with('-') && !"emulator".contains(&argument)) {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let emulator = runtime.block_on(Emulator::start(Options { limits: Limits::none(), ..Options::default() })).unwrap();
    let url = format!("http://{}", emulator.addr());
    let empty = resident();
    for streams in [1, 1_000, 100_000] {
        emulator.reset();
        // Twice as long as it takes to have met every stream.
        load(&url, streams, 6);
        let report = load(&url, streams, 10);
        let (rate, failures) = (value(&report, "Requests/sec:"), value(&report, "Non-2xx or 3xx responses:"));
        assert_eq!(failures, None, "{report}");
        println!("emulator/{streams} streams  {} PUT/s", rate.expect("wrk tells the rate"));
        if let (Some(empty), Some(full)) = (empty, resident()) {
            println!("emulator/{streams} streams  {full} kB resident, {empty} kB before");
        }
    }
}

fn load(url: &str, streams: u32, seconds: u32) -> String {
    let mut wrk = Command::new("wrk");
    wrk.args(["--threads", "1", "--connections", "32", "--script", SCRIPT, "--duration"]).arg(seconds.to_string());
    let output = wrk.arg(url).env("STREAMS", streams.to_string()).output();
    let output = output.expect("this benchmark needs wrk: apt-get install wrk");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("wrk speaks ASCII")
}

fn value(report: &str, label: &str) -> Option<String> {
    report.lines().find_map(|line| Some(line.trim().strip_prefix(label)?.trim().to_owned()))
}

/// The memory that this process holds, in kB, where the system tells it.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    value(&status, "VmRSS:")?.split_whitespace().next()?.parse().ok()
}
