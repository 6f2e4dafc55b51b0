//! A call from Swift beside the Rust client's: the same state to the same server on loopback, in turn.
//!
//! The two take turns in short rounds, so that a machine whose speed drifts slows both; the ratio is that of the
//! medians. The arguments are the command of the program in Swift.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::time::Instant;

use activitysmith_kit::{ActivitySmith, Progress};

const ROUNDS: usize = 60;
const CALLS: u32 = 200;
/// What the package promises of the Rust client's calls a second.
const LEAST: f64 = 0.8;

fn main() -> ExitCode {
    let mut swift = Swift::start();
    let client = ActivitySmith::from_env().unwrap();
    // Tokio's usual runtime, in which, as in the Swift package, one thread makes calls and another drives the connection.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (mut swift_rounds, mut rust_rounds) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let swift_time = swift.round();
        let rust_time = runtime.block_on(rust(&client));
        // The first round warms up.
        if round > 0 {
            swift_rounds.push(swift_time);
            rust_rounds.push(rust_time);
        }
    }
    let [swift, rust] = [swift_rounds, rust_rounds].map(|rounds| f64::from(CALLS) / median(rounds));
    println!("call/Swift            {swift:>7.0} a second");
    println!("call/Rust             {rust:>7.0} a second");
    let ratio = swift / rust;
    println!("call/ratio            {ratio:>7.3}");
    if ratio < LEAST {
        eprintln!("error: Swift makes {ratio:.3} of the Rust client's calls a second, less than {LEAST}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

async fn rust(client: &ActivitySmith) -> f64 {
    let begin = Instant::now();
    for _ in 0..CALLS {
        let state = Progress::new("Search Reindex").subtitle("catalog-v2").percentage(42);
        client.live_activities().stream("search-reindex", state).await.unwrap();
    }
    begin.elapsed().as_secs_f64()
}

/// The program in Swift, which makes calls when it is told to.
struct Swift {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Swift {
    fn start() -> Self {
        let command: Vec<String> = std::env::args().skip(1).collect();
        let mut process =
            Command::new(&command[0]).args(&command[1..]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        Self { process, input, output: BufReader::new(output) }
    }

    /// How many seconds its calls took.
    fn round(&mut self) -> f64 {
        writeln!(self.input, "{CALLS}").unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim().parse().unwrap()
    }
}

impl Drop for Swift {
    fn drop(&mut self) {
        // It fails only for a process that has ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn median(mut rounds: Vec<f64>) -> f64 {
    rounds.sort_unstable_by(f64::total_cmp);
    rounds[rounds.len() / 2]
}
