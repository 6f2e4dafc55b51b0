//! Durations as people write them: `90`, `2.5`, `500ms`, `1m 30s`.

use std::time::Duration;

/// A number alone counts seconds. Which durations make sense is not decided here.
pub fn parse(text: &str) -> Result<Duration, String> {
    match text.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string()),
        Err(_) => humantime::parse_duration(text).map_err(|error| format!("{error}; write it as in 5s")),
    }
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
        for text in ["", "soon", "-1", "NaN", "inf", "5 parsecs"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
