//! A program that publishes a stream and ends in the way that its argument names; `exits.rs` looks what becomes of the stream.

use std::process::Command;
use std::time::Duration;

use activitysmith_kit::blocking::{ActivitySmith, Publisher};
use activitysmith_kit::{Patch, Progress, Result};

fn main() -> Result<()> {
    let client = ActivitySmith::from_env()?;
    let live = client.live_activities().publish("backup", Progress::new("Backup").percentage(0)).start()?;
    live.flush(Duration::from_secs(10))?;
    live.update(Patch::new().percentage(40))?;
    let way = std::env::args().nth(1).unwrap_or_default();
    match way.as_str() {
        "finish" => drop(live.finish()?),
        "drop" => {}
        "question-mark" => live.update(Patch::new().message("not of a progress"))?,
        "panic" => panic!("the job's own mistake"),
        "exit" => std::process::exit(3),
        "finish-and-exit" => {
            live.finish()?;
            std::process::exit(3);
        }
        "SIGTERM" => {
            send("TERM");
            std::thread::sleep(Duration::from_secs(60));
        }
        "Ctrl-C" => interrupted(&live)?,
        other => panic!("{other} is no way to end"),
    }
    Ok(())
}

/// Ends as a program does that handles Ctrl-C.
fn interrupted(live: &Publisher) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    // In this order: the handler is there when the signal comes.
    let (received, ()) = runtime.block_on(async { tokio::join!(tokio::signal::ctrl_c(), async { send("INT") }) });
    received.expect("a handler");
    live.fail("interrupted")?;
    std::process::exit(130);
}

/// Sends a signal to this process.
fn send(signal: &str) {
    let status = Command::new("sh").args(["-c", &format!("kill -{signal} $PPID")]).status();
    assert!(status.is_ok_and(|status| status.success()), "{signal} was not sent");
}
