//! Publishers, their budgets and the emulator's service on a virtual clock and a faulty network: whatever happens, the last state of
//! every stream is shown or told of as not shown, and nothing is said twice that may be said once.
//!
//! A world that breaks a promise prints its seed and its story; `ACTIVITYSMITH_SEED` repeats that one world. An optimized build
//! (`cargo test --profile simulation -p activitysmith-simulation`) runs the whole simulation, a debug build a small share of it.

mod chance;
mod coverage;
mod day;
mod evening;
mod judge;
mod network;
mod program;
mod sabotage;
mod store;
mod traffic;
mod world;

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use coverage::Coverage;
use judge::{Broken, Violation};
use sabotage::Sabotage;
use world::World;

const IS_WHOLE: bool = !cfg!(debug_assertions);
const REQUESTS: u64 = if IS_WHOLE { 1_000_000 } else { 3_000 };
const FAULTS: u64 = REQUESTS / 10;
/// Of each fault in each phase.
const LEAST: u64 = 1_000;

/// Prints a line that is shown also when all is well, which the test runner would otherwise keep to itself.
#[allow(clippy::explicit_write, reason = "the runner keeps what eprintln writes")]
fn tell(line: &str) {
    writeln!(std::io::stderr(), "{line}").unwrap();
}

/// Lives a world, and gives back what it covered and what it broke.
fn live(seed: u64, sabotage: Sabotage, traced: bool) -> (Coverage, Vec<Violation>, Vec<String>) {
    let mut world = World::new(seed, sabotage);
    world.trace = traced.then(Vec::new);
    let lived = catch_unwind(AssertUnwindSafe(|| world.live()));
    if lived.is_err() {
        tell(&format!("ACTIVITYSMITH_SEED={seed} panics"));
        world.judge.find(Broken::Panicked, "see above");
    }
    (world.coverage, world.judge.violations, world.trace.unwrap_or_default())
}

/// Tells the story of a world that broke a promise, and fails.
fn tell_story(seed: u64, lines: usize) -> ! {
    let (coverage, violations, trace) = live(seed, Sabotage::None, true);
    tell(&trace[trace.len().saturating_sub(lines)..].join("\n"));
    tell(&coverage.table());
    for violation in &violations {
        tell(&violation.to_string());
    }
    panic!("ACTIVITYSMITH_SEED={seed} repeats this");
}

#[test]
fn publishers_keep_their_promises_whatever_happens() {
    if let Ok(seed) = std::env::var("ACTIVITYSMITH_SEED") {
        let seed = seed.parse().expect("a seed is a number");
        let (coverage, violations, _) = live(seed, Sabotage::None, false);
        if !violations.is_empty() {
            tell_story(seed, usize::MAX);
        }
        tell(&coverage.table());
        return;
    }
    let first = fastrand::u64(..);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    tell(&format!("worlds from seed {first} on, {REQUESTS} requests, {threads} threads"));
    let next = AtomicU64::new(0);
    let total = Mutex::new((Coverage::default(), None));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = first.wrapping_add(next.fetch_add(1, Ordering::Relaxed));
                    let (coverage, violations, _) = live(seed, Sabotage::None, false);
                    let (all, broken) = &mut *total.lock().unwrap();
                    all.add(&coverage);
                    if !violations.is_empty() {
                        *broken = Some(seed);
                    }
                    let is_enough = all.requests >= REQUESTS && (!IS_WHOLE || all.least() >= LEAST);
                    if broken.is_some() || is_enough || all.requests >= 2 * REQUESTS {
                        return;
                    }
                }
            });
        }
    });
    let (coverage, broken) = total.into_inner().unwrap();
    if let Some(seed) = broken {
        tell_story(seed, 100);
    }
    tell(&format!("{}\n{:>34} {:>9}", coverage.table(), "worlds", next.into_inner()));
    assert!(coverage.faults() >= FAULTS, "only {} faults", coverage.faults());
    // A small share says nothing about that.
    assert!(!IS_WHOLE || coverage.least() >= LEAST, "a fault was tried only {} times in some phase", coverage.least());
    assert!(coverage.compared >= coverage.publishers / 10, "only {} states were compared", coverage.compared);
}

/// Which promise a planted bug breaks, in the first world where it breaks any.
fn broken_by(sabotage: Sabotage) -> Broken {
    let mut violations = (0..1_000).flat_map(|seed| live(seed, sabotage, false).1);
    violations.next().expect("a planted bug is found").broken
}

#[test]
fn a_lost_last_state_is_found() {
    let broken = broken_by(Sabotage::LosesTheLastState);
    assert!(matches!(broken, Broken::LastStateLost | Broken::ToldTooEarly), "{broken:?}");
}

#[test]
fn an_alert_that_is_shown_twice_is_found() {
    assert_eq!(broken_by(Sabotage::RepeatsAlerts), Broken::AlertShownTwice);
}

#[test]
fn a_request_after_the_end_is_found() {
    assert_eq!(broken_by(Sabotage::SendsAfterTheEnd), Broken::SentAfterTheEnd);
}

#[test]
fn a_request_in_a_pause_is_found() {
    assert_eq!(broken_by(Sabotage::IgnoresPauses), Broken::SentInPause);
}

#[test]
fn a_job_that_is_shown_too_early_is_found() {
    assert_eq!(broken_by(Sabotage::ShowsTooEarly), Broken::ShownTooEarly);
}

#[test]
fn a_success_that_waits_for_its_display_is_found() {
    assert_eq!(broken_by(Sabotage::WaitsForDisplays), Broken::Waited);
}

#[test]
fn a_request_after_a_close_is_found() {
    assert_eq!(broken_by(Sabotage::ForgetsToClose), Broken::SentAfterTheEnd);
}

#[test]
fn an_outcome_that_is_lost_is_found() {
    assert_eq!(broken_by(Sabotage::LosesOutcomes), Broken::NotSettled);
}

#[test]
fn an_outcome_that_comes_twice_is_found() {
    assert_eq!(broken_by(Sabotage::RepeatsOutcomes), Broken::SettledTwice);
}

#[test]
fn a_warning_that_is_repeated_is_found() {
    assert_eq!(broken_by(Sabotage::RepeatsWarnings), Broken::WarnedAgain);
}

#[test]
fn clients_that_share_no_budget_are_found() {
    assert_eq!(broken_by(Sabotage::SharesNothing), Broken::OverTheLimit);
}
