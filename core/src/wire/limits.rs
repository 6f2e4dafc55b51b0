//! What the service says of its limits: `RateLimit`, `RateLimit-Policy` and `Retry-After`, read as leniently as can be.
//! Whatever cannot be understood is passed over; nothing here fails.

use std::time::{Duration, SystemTime};

use crate::model::RateLimit;

/// The longest header that is looked at, in bytes; real ones take a tenth of it.
const LONGEST_HEADER: usize = 4_096;

/// Reads both headers of the IETF's draft: items by policy, each with parameters, for example
/// `"account:live-activities"; r=250; t=30`.
pub(super) fn rate_limits<'a>(headers: impl Iterator<Item = &'a str>) -> Vec<RateLimit> {
    let mut limits = Vec::new();
    let headers = headers.filter(|header| header.len() <= LONGEST_HEADER);
    for (name, parameters) in headers.flat_map(items) {
        let limit = entry(&mut limits, name);
        for (key, value) in parameters.filter_map(|parameter| parameter.split_once('=')) {
            let Ok(value) = value.trim().parse::<u64>() else {
                continue;
            };
            match key.trim() {
                "r" => limit.remaining = Some(value),
                "t" => limit.reset = Some(Duration::from_secs(value)),
                "q" => limit.quota = Some(value),
                "w" => limit.window = Some(Duration::from_secs(value)),
                _ => {}
            }
        }
    }
    limits
}

fn entry<'a>(limits: &'a mut Vec<RateLimit>, name: &str) -> &'a mut RateLimit {
    let position = limits.iter().position(|limit| limit.policy == name).unwrap_or_else(|| {
        limits.push(RateLimit { policy: name.to_owned(), ..RateLimit::default() });
        limits.len() - 1
    });
    &mut limits[position]
}

/// The items of a header, each a name without its quotes and its parameters.
fn items(header: &str) -> impl Iterator<Item = (&str, impl Iterator<Item = &str>)> {
    split_unquoted(header, ',').filter_map(|item| {
        let mut parts = split_unquoted(item, ';').map(str::trim);
        let name = parts.next()?.trim_matches('"');
        (!name.is_empty()).then_some((name, parts))
    })
}

/// Splits where `separator` stands outside quotes.
fn split_unquoted(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let outside_quotes = |position: &usize| text[..*position].matches('"').count() % 2 == 0;
        let end = text.match_indices(separator).map(|(position, _)| position).find(outside_quotes);
        rest = end.map(|end| &text[end + separator.len_utf8()..]);
        Some(&text[..end.unwrap_or(text.len())])
    })
}

/// How long to wait by `Retry-After`: seconds, or a date. A date is measured against the server's own clock where it tells it.
pub(super) fn retry_after(value: &str, server_date: Option<&str>, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<f64>() {
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
