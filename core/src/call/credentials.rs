//! The key: where it comes from, what it may look like, and how it is kept out of everything but the header that needs it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::base_url::BaseUrl;
use super::host::Host;
use super::response::Response;
use super::settings::{API_KEY, API_KEY_FILE, BASE_URL, variable};
use crate::error::ConfigError;
use crate::json;

/// How keys begin that must never leave the machine.
const TEST_KEY: &str = "ask_test_";

/// The key: given, or found when it is first needed.
#[derive(Clone)]
pub(super) struct Keys {
    source: Option<(KeySource, Arc<dyn Host>)>,
    found: OnceLock<Credentials>,
}

/// A key that may be sent to the base URL.
#[derive(Clone)]
pub(super) struct Credentials {
    pub(super) key: ApiKey,
    /// The header's value.
    pub(super) authorization: String,
}

impl Keys {
    pub(super) fn given(key: ApiKey, base_url: &BaseUrl) -> Result<Self, ConfigError> {
        Ok(Self { source: None, found: Credentials::new(key, base_url)?.into() })
    }

    pub(super) fn later(source: KeySource, host: Arc<dyn Host>) -> Self {
        Self { source: Some((source, host)), found: OnceLock::new() }
    }

    /// The key, if it was needed before.
    pub(super) fn found(&self) -> Option<&ApiKey> {
        self.found.get().map(|credentials| &credentials.key)
    }

    pub(super) fn get(&self, base_url: &BaseUrl) -> Result<&Credentials, ConfigError> {
        if let (None, Some((source, host))) = (self.found.get(), &self.source) {
            let credentials = Credentials::new(ApiKey::find(source, &**host)?, base_url)?;
            return Ok(self.found.get_or_init(|| credentials));
        }
        Ok(self.found.get().expect("a key is given or has a source"))
    }
}

impl Credentials {
    fn new(key: ApiKey, base_url: &BaseUrl) -> Result<Self, ConfigError> {
        key.check(base_url)?;
        Ok(Self { authorization: key.authorization(), key })
    }
}

/// Where a key is that is not given outright.
#[derive(Clone)]
pub(super) enum KeySource {
    File {
        setting: &'static str,
        path: PathBuf,
    },
    /// `ACTIVITYSMITH_API_KEY`, or the file that `ACTIVITYSMITH_API_KEY_FILE` names.
    Environment,
}

/// A key. It shows itself to nobody.
#[derive(Clone)]
pub(super) struct ApiKey {
    text: String,
    setting: String,
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// The most bytes of a key: far more than any has, and fewer than servers refuse in a header.
const LONGEST_KEY: usize = 1024;

/// What stands in the place of a key.
const REDACTED: &str = "[redacted]";

impl ApiKey {
    /// `setting` names where the key was given.
    pub(super) fn new(setting: &str, text: impl Into<String>) -> Result<Self, ConfigError> {
        let text = text.into();
        let refuse = |problem| Err(ConfigError::new(setting, problem));
        if text.trim().is_empty() {
            return refuse("is empty; give a key, such as ask_...");
        }
        if text.len() > LONGEST_KEY {
            return refuse("is longer than 1,024 bytes; give the key alone");
        }
        if text.contains(['\n', '\r']) {
            return refuse("contains a line break; give the key alone");
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return refuse("contains a space, a control or a non-ASCII character; give the key alone");
        }
        Ok(Self { text, setting: setting.to_owned() })
    }

    /// Whether it may be sent there.
    fn check(&self, base_url: &BaseUrl) -> Result<(), ConfigError> {
        if self.is_for_tests() && !base_url.for_tests {
            let there = &base_url.text;
            let problem =
                format!("is a test key, which goes to loopback only, not to {there}; set {BASE_URL} to an emulator");
            return Err(ConfigError::new(&*self.setting, problem));
        }
        Ok(())
    }

    /// From where it is, now that it is needed.
    fn find(source: &KeySource, host: &dyn Host) -> Result<Self, ConfigError> {
        match source {
            KeySource::File { setting, path } => Self::read(setting, path, host),
            KeySource::Environment => match (variable(host, API_KEY), variable(host, API_KEY_FILE)) {
                (Some(key), _) => Self::new(API_KEY, key),
                (None, Some(file)) => Self::read(API_KEY_FILE, Path::new(&file), host),
                (None, None) => Err(ConfigError::new(API_KEY, "is not set; set it, or pass the key as api_key")),
            },
        }
    }

    fn read(setting: &str, path: &Path, host: &dyn Host) -> Result<Self, ConfigError> {
        match host.read_file(path) {
            Ok(text) if text.trim().is_empty() => Err(ConfigError::new(setting, "names an empty file")),
            Ok(text) => Self::new(setting, text.trim()),
            Err(error) => Err(ConfigError::new(setting, format!("names a file that cannot be read: {error}"))),
        }
    }

    pub(super) fn is_for_tests(&self) -> bool {
        self.text.starts_with(TEST_KEY)
    }

    /// Whether this text is the key.
    pub(super) fn is(&self, text: &str) -> bool {
        self.text == text
    }

    fn authorization(&self) -> String {
        ["Bearer ", &self.text].concat()
    }

    /// Takes the key out of an answer that repeats it, before anybody keeps the answer.
    pub(super) fn redact(&self, response: &mut Response) {
        if self.position_in(&response.body).is_some() {
            response.body = self.without(&response.body);
        }
        self.redact_spelled(&mut response.body);
        for (_, value) in &mut response.headers {
            self.redact_text(value);
        }
    }

    /// Takes the key out of a body of JSON, which can spell it in many ways.
    fn redact_spelled(&self, body: &mut Vec<u8>) {
        if !body.contains(&b'\\') {
            return;
        }
        let (Some(mut value), Ok(before)) = (json::parse_answer(body), json::parse(body)) else { return };
        self.redact_value(&mut value);
        // They differ also where a name stands twice. What it held first is in the text, but in no value.
        if value != before {
            *body = json::write(&value);
        }
    }

    fn redact_value(&self, value: &mut Value) {
        match value {
            Value::String(text) => self.redact_text(text),
            Value::Array(list) => list.iter_mut().for_each(|item| self.redact_value(item)),
            Value::Object(members) => {
                let redacted = std::mem::take(members).into_iter().map(|(mut name, mut value)| {
                    self.redact_text(&mut name);
                    self.redact_value(&mut value);
                    (name, value)
                });
                *members = redacted.collect();
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Takes the key out of a text.
    pub(super) fn redact_text(&self, text: &mut String) {
        if self.position_in(text.as_bytes()).is_some() {
            *text = text.replace(&self.text, REDACTED);
        }
    }

    /// A body with something else in each place of the key.
    pub(super) fn without(&self, body: &[u8]) -> Vec<u8> {
        let mut clean = Vec::with_capacity(body.len());
        let mut rest = body;
        while let Some(start) = self.position_in(rest) {
            clean.extend_from_slice(&rest[..start]);
            clean.extend_from_slice(REDACTED.as_bytes());
            rest = &rest[start + self.text.len()..];
        }
        clean.extend_from_slice(rest);
        clean
    }

    /// Where the key begins. Answers are short, so that nothing quicker is worth its size in a library that others load; the first
    /// byte alone tells most places apart.
    fn position_in(&self, body: &[u8]) -> Option<usize> {
        let key = self.text.as_bytes();
        body.windows(key.len()).position(|window| window[0] == key[0] && window == key)
    }
}

#[cfg(test)]
mod tests {
    use super::super::host::Variables;
    use super::*;

    #[test]
    fn keys_that_cannot_be_are_refused_and_not_repeated() {
        let (longest, huge) = ("a".repeat(LONGEST_KEY), "a".repeat(LONGEST_KEY + 1));
        assert!(ApiKey::new("api_key", longest).is_ok());
        for text in ["", "  ", "\n", "ask_1\n", "ask_1\r\nX-Evil: 1", "ask 1", "ask_é", &huge] {
            let refusal = ApiKey::new("api_key", text).unwrap_err().to_string();
            assert!(text.trim().is_empty() || !refusal.contains(text), "{refusal}");
        }
        assert_eq!(format!("{:?}", ApiKey::new("api_key", "ask_1").unwrap()), "[redacted]");
    }

    #[test]
    fn a_test_key_never_leaves_the_machine() {
        let base = |text| BaseUrl::find(Some(text), &Variables(|_| None)).unwrap();
        let test_key = ApiKey::new("api_key", "ask_test_1").unwrap();
        assert!(test_key.check(&base("http://127.0.0.1:1/api")).is_ok());
        for foreign in [super::super::base_url::SERVICE, "https://example.com"] {
            let refusal = test_key.check(&base(foreign)).unwrap_err();
            assert!(refusal.problem.contains("test key") && !refusal.to_string().contains("ask_test_1"), "{refusal}");
        }
    }

    #[test]
    fn a_key_from_a_variable_is_stripped_and_checked() {
        let find = |host: Variables| ApiKey::find(&KeySource::Environment, &host);
        let stripped = Variables(|name| (name == API_KEY).then_some(" ask_1\r\n"));
        assert!(find(stripped).unwrap().is("ask_1"));
        for (host, refusal) in [
            (Variables(|name| (name == API_KEY).then_some("\n")), "is empty"),
            (Variables(|name| (name == API_KEY).then_some("ask_1\nask_2\n")), "contains a line break"),
        ] {
            let error = find(host).unwrap_err().to_string();
            assert!(error.starts_with(API_KEY) && error.contains(refusal), "{error}");
        }
    }

    #[test]
    fn an_answer_that_repeats_the_key_is_cleaned() {
        let key = ApiKey::new("api_key", "ask_1").unwrap();
        let header = ("location".to_owned(), "https://example.com/ask_1".to_owned());
        let mut response = Response { status: 400, headers: vec![header], body: b"no ask_1, ask_1".to_vec() };
        key.redact(&mut response);
        assert_eq!(response.body, b"no [redacted], [redacted]");
        assert_eq!(response.headers[0].1, "https://example.com/[redacted]");
    }

    #[test]
    fn an_answer_that_spells_the_key_otherwise_is_cleaned_too() {
        let key = ApiKey::new("api_key", "ask_1").unwrap();
        let clean = |body: &str| {
            let mut response = Response { status: 200, headers: vec![], body: body.as_bytes().to_vec() };
            key.redact(&mut response);
            String::from_utf8(response.body).unwrap()
        };
        assert_eq!(
            clean(r#"{"message": "\u0061sk_1", "new": [{"\u0061sk_1": ["ask\u005f1"]}]}"#),
            r#"{"message":"[redacted]","new":[{"[redacted]":["[redacted]"]}]}"#
        );
        assert_eq!(clean(r#"{"message": "\u0061sk_1", "message": "m"}"#), r#"{"message":"m"}"#);
        let innocent = r#"{"message": "\u0061sk",  "count": 1.50}"#;
        assert_eq!(clean(innocent), innocent);
    }

    #[test]
    fn a_key_that_stands_in_its_own_replacement_is_cleaned_once() {
        let key = ApiKey::new("api_key", "red").unwrap();
        let mut response = Response { status: 400, headers: vec![], body: b"red".repeat(100_000) };
        key.redact(&mut response);
        assert_eq!(response.body.len(), REDACTED.len() * 100_000);
    }
}
