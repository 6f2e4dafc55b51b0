//! The emulator's throughput: PUTs a second under `wrk`, with one stream and with very many, without viewers and with many; the memory that a stream takes; and the same requests to Prism, which is what one would use without it.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use activitysmith_emulator::{Emulator, Limits, Options};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::runtime::{Builder, Runtime};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/emulator.lua");
const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../emulator/openapi/activitysmith.json");
const PRISM: &str = "@stoplight/prism-cli@5.14.2";
const VIEWERS: usize = 200;
const ROUNDS: usize = 7;

fn main() {
    if std::env::args().skip(1).any(|argument| !argument.starts_with('-') && !"emulator".contains(&argument)) {
        return;
    }
    let emulator = start();
    let url = format!("http://{}", emulator.addr());
    let empty = resident();
    for streams in [1, 1_000, 100_000] {
        emulator.reset();
        // Twice as long as it takes to have met every stream.
        load(&url, "/api", streams, 6);
        let rate = load(&url, "/api", streams, 10);
        println!("emulator/{streams} streams  {rate:.0} PUT/s");
        if let (Some(empty), Some(full)) = (empty, resident()) {
            println!("emulator/{streams} streams  {full} kB resident, {empty} kB before");
        }
    }
    emulator.reset();
    let (alone, watched) = rates_alone_and_watched(&url, emulator.addr());
    let slower = 100.0 * (1.0 - watched / alone);
    println!("emulator/{VIEWERS} viewers  {watched:.0} PUT/s, {slower:.0} % less than {alone:.0} without");
    prism(alone);
}

/// Starts one on a thread of its own, as `asmith emulate` runs it.
fn start() -> Emulator {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let options = Options { limits: Limits::none(), ..Options::default() };
            sender.send(Emulator::start(options).await.unwrap()).unwrap();
            std::future::pending::<()>().await;
        });
    });
    receiver.recv().unwrap()
}

/// PUTs a second without viewers and with them: the medians of rounds that take turns, as machines have their moods.
fn rates_alone_and_watched(url: &str, addr: SocketAddr) -> (f64, f64) {
    let (mut alone, mut watched) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        alone.push(load(url, "/api", 1, 3));
        let viewers = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        watch(&viewers, addr);
        watched.push(load(url, "/api", 1, 3));
        // They are gone with their runtime.
    }
    (median(alone), median(watched))
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

/// Lets viewers read the events.
fn watch(runtime: &Runtime, addr: SocketAddr) {
    for _ in 0..VIEWERS {
        let mut stream = runtime.block_on(tokio::net::TcpStream::connect(addr)).unwrap();
        runtime.spawn(async move {
            stream.write_all(b"GET /_emulator/events HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
            let mut buffer = [0; 16 * 1024];
            while stream.read(&mut buffer).await.is_ok_and(|length| length > 0) {}
        });
    }
}

/// The same load on Prism, if npx is there to start it.
fn prism(emulator: f64) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut npx = Command::new("npx");
    npx.args(["--yes", PRISM, "mock", "--host", "127.0.0.1", "--port", &port.to_string(), DOCUMENT]);
    // npx does not hand a signal on to what it runs; a group of its own is reached as a whole.
    npx.process_group(0);
    let Ok(child) = npx.stdout(Stdio::null()).stderr(Stdio::null()).spawn() else {
        println!("emulator/prism  left out: npx is not there");
        return;
    };
    let mut prism = Stopped(child);
    let begun = Instant::now();
    while !answers(port) {
        assert!(prism.0.try_wait().unwrap().is_none() && begun.elapsed() < Duration::from_secs(120), "Prism starts");
        std::thread::sleep(Duration::from_millis(100));
    }
    let url = format!("http://127.0.0.1:{port}");
    load(&url, "", 1, 3);
    let rate = load(&url, "", 1, 10);
    println!("emulator/prism  {rate:.0} PUT/s; the emulator does {:.0} times as many", emulator / rate);
}

/// Whether something answers there as Prism does once it has read the document.
fn answers(port: u16) -> bool {
    let talk = || {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.write_all(b"DELETE /live-activity/stream/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok::<_, std::io::Error>(answer.starts_with("HTTP/1.1"))
    };
    talk().unwrap_or(false)
}

struct Stopped(Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["--", &format!("-{}", self.0.id())]).status();
        let _ = self.0.wait();
    }
}

/// PUTs a second, all of which succeeded.
fn load(url: &str, prefix: &str, streams: u32, seconds: u32) -> f64 {
    let mut wrk = Command::new("wrk");
    wrk.args(["--threads", "1", "--connections", "32", "--script", SCRIPT, "--duration"]).arg(seconds.to_string());
    let output = wrk.arg(url).env("STREAMS", streams.to_string()).env("PREFIX", prefix).output();
    let output = output.expect("this benchmark needs wrk: apt-get install wrk");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report = String::from_utf8(output.stdout).expect("wrk speaks ASCII");
    assert_eq!(value(&report, "Non-2xx or 3xx responses:"), None, "{report}");
    value(&report, "Requests/sec:").expect("wrk tells the rate").parse().expect("the rate is a number")
}

fn value(report: &str, label: &str) -> Option<String> {
    report.lines().find_map(|line| Some(line.trim().strip_prefix(label)?.trim().to_owned()))
}

/// The memory that this process holds, in kB, where the system tells it.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    value(&status, "VmRSS:")?.split_whitespace().next()?.parse().ok()
}
