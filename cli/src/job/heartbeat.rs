//! When to say of a job that it still runs, where nothing else is known of it. A phone counts the time by itself, and would count on
//! after the machine has gone.

use std::time::Duration;

/// Seconds after the start: soon, so that a user sees it live, and then ever more rarely, so that the service shows each.
const FIRST: &[u64] = &[2, 60, 5 * 60, 15 * 60, 30 * 60];
const THEN_EVERY: u64 = 60 * 60;

/// The first of them after this time.
pub fn next(after: Duration) -> Duration {
    let seconds = after.as_secs();
    let first = FIRST.iter().copied().find(|beat| *beat > seconds);
    Duration::from_secs(first.unwrap_or_else(|| (seconds / THEN_EVERY + 1) * THEN_EVERY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_comes_soon_and_then_ever_more_seldom() {
        let mut beats = vec![Duration::ZERO];
        for _ in 0..7 {
            beats.push(next(*beats.last().unwrap()));
        }
        assert_eq!(beats[1..], [2, 60, 300, 900, 1800, 3600, 7200].map(Duration::from_secs));
        assert_eq!(next(Duration::from_millis(2900)), Duration::from_secs(60));
    }
}
