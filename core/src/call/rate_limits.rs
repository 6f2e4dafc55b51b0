//! What the service says of its limits: `RateLimit`, `RateLimit-Policy` and `Retry-After`, read as leniently as can be.
//! Whatever cannot be understood is passed over; nothing here fails.

use std::time::{Duration, SystemTime};

use crate::api::RateLimit;

/// The longest header that is looked at, in bytes; real ones take a tenth of it.
const LONGEST_HEADER: usize = 4_096;

/// Reads both headers of the IETF's draft: items by policy, each with parameters, for example
/// `"account:live-activities"; r=250; t=30`.
pub(super) fn rate_limits<'a>(headers: impl Iterator<Item = &'a str>) -> Vec<RateLimit> {
    let mut limits = Vec::new();
    for header in headers.filter(|header| header.len() <= LONGEST_HEADER) {
        let mut current = None;
        for piece in pieces(header) {
            match piece {
                Piece::Policy(name) => {
                    let name = name.trim_ascii().trim_matches('"');
                    current = (!name.is_empty()).then(|| position(&mut limits, name));
                }
                Piece::Parameter(parameter) => {
                    if let Some(current) = current {
                        read_parameter(&mut limits[current], parameter);
                    }
                }
            }
        }
    }
    limits
}

enum Piece<'a> {
    Policy(&'a str),
    Parameter(&'a str),
}

/// A header's pieces in one pass: what follows a comma is a policy, what follows a semicolon one of its parameters. Neither
/// counts inside quotes.
fn pieces(header: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = Some(header);
    let mut is_parameter = false;
    std::iter::from_fn(move || {
        let text = rest?;
        let mut quoted = false;
        let end = text.bytes().position(|byte| {
            quoted ^= byte == b'"';
            !quoted && (byte == b',' || byte == b';')
        });
        let piece = &text[..end.unwrap_or(text.len())];
        let piece = if is_parameter { Piece::Parameter(piece) } else { Piece::Policy(piece) };
        is_parameter = end.is_some_and(|end| text.as_bytes()[end] == b';');
        rest = end.map(|end| &text[end + 1..]);
        Some(piece)
    })
}

fn read_parameter(limit: &mut RateLimit, parameter: &str) {
    let Some((key, value)) = parameter.split_once('=') else { return };
    let Ok(value) = value.trim_ascii().parse::<u64>() else { return };
    match key.trim_ascii() {
        "r" => limit.remaining = Some(value),
        "t" => limit.reset = Some(Duration::from_secs(value)),
        "q" => limit.quota = Some(value),
        "w" => limit.window = Some(Duration::from_secs(value)),
        _ => {}
    }
}

/// Where a policy stands among those read so far, or from now on.
fn position(limits: &mut Vec<RateLimit>, name: &str) -> usize {
    limits.iter().position(|limit| limit.policy == name).unwrap_or_else(|| {
        limits.push(RateLimit { policy: name.to_owned(), ..RateLimit::default() });
        limits.len() - 1
    })
}

/// How long to wait by `Retry-After`: seconds, or a date. A date is measured against the Date header where there is one.
pub(super) fn retry_after(value: &str, server_date: Option<&str>, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    // Fractions by serde_json: the standard library's own way would add 20 kB of tables to a small binary that reads JSON anyway.
    let seconds = value.parse::<u64>().map(|whole| whole as f64).or_else(|_| serde_json::from_str(value));
    if let Ok(seconds) = seconds {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = httpdate::parse_http_date(value).ok()?;
    let now = server_date.and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or(now);
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_headers_meet_by_policy() {
        let limits = rate_limits(
            [
                r#""public-api-ip:live-activities"; r=412; t=9, "account:live-activities";r=250;t=30"#,
                r#""account:live-activities"; q=300; w=60, "new, one"; q=7;x="a;b""#,
            ]
            .into_iter(),
        );
        assert_eq!(limits.len(), 3);
        let account = &limits[1];
        assert_eq!(account.policy, "account:live-activities");
        assert_eq!((account.remaining, account.reset), (Some(250), Some(Duration::from_secs(30))));
        assert_eq!((account.quota, account.window), (Some(300), Some(Duration::from_secs(60))));
        assert_eq!((limits[2].policy.as_str(), limits[2].quota), ("new, one", Some(7)));
    }

    #[test]
    fn nonsense_is_passed_over() {
        for header in ["", ",", ";;;", "\"", "\"a", "a;r", "a;r=", "a;r=-1;t=soon", "=;=,=", "\u{fffd}\",\u{fffd}"] {
            for limit in rate_limits([header, header].into_iter()) {
                assert_eq!((limit.remaining, limit.reset, limit.quota), (None, None, None), "{header}");
            }
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let date = |seconds| httpdate::fmt_http_date(now + Duration::from_secs(seconds));
        assert_eq!(retry_after("17", None, now), Some(Duration::from_secs(17)));
        assert_eq!(retry_after(" 0.5 ", None, now), Some(Duration::from_millis(500)));
        assert_eq!(retry_after(&date(90), None, now), Some(Duration::from_secs(90)));
        assert_eq!(
            retry_after(&date(90), Some(&date(60)), now),
            Some(Duration::from_secs(30)),
            "the server's clock counts"
        );
        assert_eq!(retry_after(&date(0), Some(&date(60)), now), Some(Duration::ZERO), "a past date means now");
        for nonsense in ["", "soon", "-3", "NaN", "inf", "1e300"] {
            assert_eq!(retry_after(nonsense, None, now), None, "{nonsense}");
        }
    }
}
