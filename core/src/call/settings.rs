//! Settings as they are handed in, and what they must be. What is not given comes from the host or has the default named here.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use super::host::Host;
use super::retry::RetryPolicy;
use crate::declare::described;
use crate::error::ConfigError;
use crate::json;

pub(super) const API_KEY: &str = "ACTIVITYSMITH_API_KEY";
pub(super) const API_KEY_FILE: &str = "ACTIVITYSMITH_API_KEY_FILE";
pub(super) const BASE_URL: &str = "ACTIVITYSMITH_BASE_URL";
pub(super) const ALLOW_HOST: &str = "ACTIVITYSMITH_ALLOW_HOST";
const BUDGET_FILE: &str = "ACTIVITYSMITH_BUDGET_FILE";
/// Replaces limits of publishing, for tests.
pub(crate) const RULES: &str = "ACTIVITYSMITH_RULES";
const FLUSH_TIMEOUT: &str = "ACTIVITYSMITH_FLUSH_TIMEOUT";
const DISABLED: &str = "ACTIVITYSMITH_DISABLED";

/// The longest time limit; browsers' timers take no more than 24.8 days.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

described! {
    /// The settings of a client.
    #[derive(Clone)]
    pub struct Settings {
        /// The API key. Default: `ACTIVITYSMITH_API_KEY`, or the file `ACTIVITYSMITH_API_KEY_FILE`, at the first call.
        pub api_key: Option<String>,
        /// The file with the API key and nothing else but white space, read at the first call.
        pub api_key_file: Option<PathBuf>,
        /// The base URL. Default: `ACTIVITYSMITH_BASE_URL`, else the service. Plain http is for loopback only.
        pub base_url: Option<String>,
        /// The timeout of a call, including all attempts and pauses: at most one day, 15 seconds by default.
        pub timeout: Duration,
        /// The timeout of connecting: at most one day, 5 seconds by default.
        pub connect_timeout: Duration,
        /// The maximum number of retries, where retrying is safe: 2 by default.
        pub max_retries: u32,
        /// The timeout of a publisher's end. Default: `ACTIVITYSMITH_FLUSH_TIMEOUT`, in seconds; else 2 seconds after a success and
        /// 5 after a failure.
        pub flush_timeout: Option<Duration>,
        /// The file of a request budget shared with other processes of this host. Default: `ACTIVITYSMITH_BUDGET_FILE`, else none.
        /// Its folder must not be writable by other users.
        pub budget_file: Option<PathBuf>,
        /// Which kit it is, for the `user-agent` header: `python` makes `activitysmith-kit-python/...`. None sends no such header.
        pub agent: Option<Cow<'static, str>>,
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            api_key: None,
            api_key_file: None,
            base_url: None,
            timeout: Duration::from_secs(15),
            connect_timeout: Duration::from_secs(5),
            max_retries: RetryPolicy::default().max_retries,
            flush_timeout: None,
            budget_file: None,
            agent: None,
        }
    }
}

/// Without the key.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("base_url", &self.base_url)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// How long the ends of publishers may take, if that is set.
    pub(super) fn find_flush_timeout(&self, host: &dyn Host) -> Result<Option<Duration>, ConfigError> {
        let Some(text) = variable(host, FLUSH_TIMEOUT).filter(|_| self.flush_timeout.is_none()) else {
            return Ok(self.flush_timeout);
        };
        let value = json::parse(text.as_bytes()).unwrap_or_default();
        let problem =
            |_| ConfigError::new(FLUSH_TIMEOUT, format!("is {text:?}; give a number of seconds of at least 0"));
        any_seconds(FLUSH_TIMEOUT, &value).map(Some).map_err(problem)
    }

    /// The file of a shared budget, if there is one.
    pub(super) fn find_budget_file(&self, host: &dyn Host) -> Option<PathBuf> {
        self.budget_file.clone().or_else(|| variable(host, BUDGET_FILE).map(PathBuf::from))
    }

    /// Reads settings from a JSON object, where durations are in seconds:
    /// `{"api_key", "api_key_file", "base_url", "timeout_seconds", "connect_timeout_seconds", "max_retries", "flush_timeout_seconds",
    /// "budget_file", "agent"}`, all at will.
    pub fn from_json(text: &[u8]) -> Result<Self, ConfigError> {
        let value =
            json::parse(text).map_err(|error| ConfigError::new("settings", format!("are not JSON: {error}")))?;
        let Some(members) = json::object(&value) else {
            return Err(ConfigError::new("settings", format!("are {}; give an object", json::kind(&value))));
        };
        let mut settings = Self::default();
        for (name, value) in members {
            match name.as_str() {
                "api_key" => settings.api_key = Some(string("api_key", value)?),
                "api_key_file" => settings.api_key_file = Some(string("api_key_file", value)?.into()),
                "base_url" => settings.base_url = Some(string("base_url", value)?),
                "timeout_seconds" => settings.timeout = seconds("timeout", value)?,
                "connect_timeout_seconds" => settings.connect_timeout = seconds("connect_timeout", value)?,
                "max_retries" => settings.max_retries = count("max_retries", value)?,
                "flush_timeout_seconds" => settings.flush_timeout = Some(any_seconds("flush_timeout", value)?),
                "budget_file" => settings.budget_file = Some(string("budget_file", value)?.into()),
                "agent" => settings.agent = Some(string("agent", value)?.into()),
                other => return Err(ConfigError::new(other, "is not a setting; leave it out")),
            }
        }
        Ok(settings)
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        self.limits().check()?;
        check_time("connect_timeout", self.connect_timeout)
    }

    pub(crate) fn limits(&self) -> CallLimits {
        CallLimits { timeout: self.timeout, retry: RetryPolicy { max_retries: self.max_retries } }
    }
}

/// How long a call may take, and how often it is repeated.
#[derive(Clone, Copy, Debug)]
pub struct CallLimits {
    /// With all attempts and pauses.
    pub timeout: Duration,
    /// How often, and after which pauses.
    pub retry: RetryPolicy,
}

impl CallLimits {
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        check_time("timeout", self.timeout)
    }
}

fn check_time(setting: &str, time: Duration) -> Result<(), ConfigError> {
    if time.is_zero() {
        return Err(ConfigError::new(setting, "must be more than 0"));
    }
    if time > LONGEST_TIMEOUT {
        return Err(ConfigError::new(setting, "must be at most 86,400 s (one day)"));
    }
    Ok(())
}

fn string(setting: &str, value: &Value) -> Result<String, ConfigError> {
    let text = value.as_str().map(str::to_owned);
    text.ok_or_else(|| ConfigError::new(setting, format!("is {}; give a string", json::kind(value))))
}

pub(super) fn seconds(setting: &str, value: &Value) -> Result<Duration, ConfigError> {
    let Some(number) = json::number(value) else {
        return Err(ConfigError::new(setting, format!("is {}; give a number of seconds", json::kind(value))));
    };
    // What no duration can be is out of range at the same end.
    let beyond = if number.as_f64() > 0.0 { Duration::MAX } else { Duration::ZERO };
    let time = Duration::try_from_secs_f64(number.as_f64()).unwrap_or(beyond);
    check_time(setting, time).map(|()| time)
}

/// A time of any length, zero included. It stands here for all that takes one.
pub(crate) fn any_seconds(setting: &str, value: &Value) -> Result<Duration, ConfigError> {
    let seconds = json::number(value).map(crate::Number::as_f64).filter(|seconds| *seconds >= 0.0);
    let time = seconds.map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
    time.ok_or_else(|| {
        ConfigError::new(setting, format!("is {}; give a number of seconds of at least 0", in_words(value)))
    })
}

pub(super) fn count(setting: &str, value: &Value) -> Result<u32, ConfigError> {
    let whole = json::number(value).and_then(crate::Number::as_integer).and_then(|number| u32::try_from(number).ok());
    whole.ok_or_else(|| ConfigError::new(setting, format!("is {}; give a whole number of at least 0", in_words(value))))
}

/// What a value is, for a message: a number, or else its type.
pub(crate) fn in_words(value: &Value) -> String {
    json::number(value).map_or_else(|| json::kind(value).to_owned(), |number| number.to_string())
}

/// A variable of the environment, without the spaces around it: a line break often comes along from a file or a secret store. One
/// that is set to nothing counts as not set.
pub(super) fn variable(host: &dyn Host, name: &str) -> Option<String> {
    host.variable(name).filter(|value| !value.is_empty()).map(|value| value.trim().to_owned())
}

/// Whether all calls are to be inert.
pub(super) fn is_disabled(host: &dyn Host) -> bool {
    variable(host, DISABLED).is_some_and(|value| !matches!(value.as_str(), "0" | "false" | "no" | "off"))
}

#[cfg(test)]
mod tests {
    use super::super::host::Variables;
    use super::*;

    #[test]
    fn the_environment_can_switch_everything_off() {
        assert!(!is_disabled(&Variables(|_| None)));
        assert!(is_disabled(&Variables(|_| Some("1"))));
        assert!(!is_disabled(&Variables(|_| Some("0"))));
        assert!(!is_disabled(&Variables(|_| Some(""))));
    }

    #[test]
    fn settings_come_as_json_too() {
        let settings =
            Settings::from_json(br#"{"api_key": "ask_1", "timeout_seconds": 2.5, "max_retries": 0}"#).unwrap();
        assert_eq!((settings.api_key.as_deref(), settings.max_retries), (Some("ask_1"), 0));
        assert_eq!(settings.timeout, Duration::from_millis(2500));
        assert!(!format!("{settings:?}").contains("ask_1"));
    }

    #[test]
    fn what_cannot_be_a_setting_is_refused_by_its_name() {
        for (json, refusal) in [
            (r#"{"timeout_seconds": 0}"#, "timeout must be more than 0"),
            (r#"{"timeout_seconds": -1}"#, "timeout must be more than 0"),
            (r#"{"timeout_seconds": 86401}"#, "timeout must be at most 86,400 s (one day)"),
            (r#"{"timeout_seconds": 1e30}"#, "timeout must be at most 86,400 s (one day)"),
            (r#"{"timeout_seconds": {"$activitysmith_kit::unsupported": "NaN"}}"#, "timeout must be more than 0"),
            (r#"{"timeout_seconds": "5"}"#, "timeout is a string; give a number of seconds"),
            (r#"{"max_retries": -1}"#, "max_retries is -1; give a whole number of at least 0"),
            (r#"{"max_retries": 1.5}"#, "max_retries is 1.5"),
            (r#"{"max_retries": true}"#, "max_retries is a boolean"),
            (r#"{"api_key": 5}"#, "api_key is a number; give a string"),
            (r#"{"api_key": {"$activitysmith_kit::unsupported": "bytes"}}"#, "api_key is bytes; give a string"),
            (r#"{"retries": 5}"#, "retries is not a setting"),
            ("[]", "settings are an array"),
            ("{", "settings are not JSON"),
        ] {
            let error = Settings::from_json(json.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with(refusal), "{json}: {error}");
        }
    }
}
