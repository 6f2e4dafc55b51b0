//! Durations as people write them: `90`, `2.5`, `500ms`, `1m 30s`.

use std::time::Duration;

/// A hundred years. A longer duration is reduced to it, so that it can be added to any time.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// A number alone counts seconds. Which durations make sense is not decided here.
pub fn parse(text: &str) -> Result<Duration, String> {
    let duration = match text.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() => {
            Duration::try_from_secs_f64(seconds.min(LONGEST.as_secs_f64())).map_err(|error| error.to_string())?
        }
        Ok(_) => return Err("it is not finite".to_owned()),
        Err(_) => humantime::parse_duration(text).map_err(|error| format!("{error}; write it as in 5s"))?,
    };
    Ok(duration.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_seconds_and_units() {
        assert_eq!(parse("2.5"), Ok(Duration::from_millis(2500)));
        assert_eq!(parse("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse("1m 30s"), Ok(Duration::from_secs(90)));
    }

    #[test]
    fn refuses_what_is_no_duration() {
        for text in ["", "soon", "-1", "-1s", "NaN", "inf", "1e999", "1e308s", "5 parsecs", "99999999999999999999h"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn bounds_what_could_not_be_added_to_a_time() {
        for text in ["1e19", "1e308", "9223372036854775807", "18446744073709551615s", "9999999999y", "101y"] {
            assert_eq!(parse(text), Ok(LONGEST), "{text}");
        }
        let _ = std::time::Instant::now() + LONGEST;
    }
}
