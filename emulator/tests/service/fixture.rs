//! A service under test: the service, a clock that stands until it is moved, and one account's key.

use std::time::Duration;

use activitysmith_emulator::{AccountSettings, ApiRequest, Service, StreamView};
use activitysmith_emulator::{Limits, Options, Timestamp};
use serde_json::{Value, json};

pub(crate) const KEY: &str = "ask_test_lighthouse";

pub(crate) struct Fixture {
    pub(crate) inner: Service,
    pub(crate) now: Timestamp,
    pub(crate) key: String,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Value,
}

impl Fixture {
    /// Without request rates, so that a test may send as much as it likes.
    pub(crate) fn new() -> Self {
        let limits = Limits { activities_per_device: Some(5), ..Limits::none() };
        Self::with(&Options { limits, ..Options::default() })
    }

    pub(crate) fn with(options: &Options) -> Self {
        let now = Timestamp::from_millis(1_790_000_000_000);
        Self { inner: Service::new(options), now, key: KEY.to_owned() }
    }

    pub(crate) fn put(&mut self, stream_key: &str, body: &Value) -> Answer {
        self.send("PUT", &format!("/live-activity/stream/{stream_key}"), body.to_string().as_bytes())
    }

    /// A PUT of nothing but a `content_state`.
    pub(crate) fn show(&mut self, stream_key: &str, content_state: impl Into<Value>) -> Answer {
        self.put(stream_key, &json!({"content_state": content_state.into()}))
    }

    /// A PUT of a small progress state.
    pub(crate) fn progress(&mut self, stream_key: &str, percentage: u32) -> Answer {
        self.show(stream_key, json!({"title": "Lamp oil", "type": "progress", "percentage": percentage}))
    }

    pub(crate) fn delete(&mut self, stream_key: &str) -> Answer {
        self.send("DELETE", &format!("/live-activity/stream/{stream_key}"), b"")
    }

    pub(crate) fn delete_with(&mut self, stream_key: &str, body: &Value) -> Answer {
        self.send("DELETE", &format!("/live-activity/stream/{stream_key}"), body.to_string().as_bytes())
    }

    pub(crate) fn send(&mut self, method: &str, path: &str, body: &[u8]) -> Answer {
        let authorization = format!("Bearer {}", self.key);
        let response = self.inner.handle(self.now, &ApiRequest::new(method, path, &authorization, body));
        Answer {
            status: response.status,
            headers: response.headers,
            body: serde_json::from_slice(&response.body).unwrap(),
        }
    }

    pub(crate) fn pass(&mut self, seconds: u64) {
        self.now = self.now.after(Duration::from_secs(seconds));
    }

    pub(crate) fn set_up(&mut self, settings: &AccountSettings) {
        self.inner.set_account(Some(&self.key), settings);
    }

    pub(crate) fn stream(&mut self, stream_key: &str) -> StreamView {
        self.inner.stream(self.now, Some(&self.key), stream_key).unwrap()
    }
}

impl Answer {
    /// `operation` of a 200, else the status and the error label, for assertions that read as one line.
    pub(crate) fn outcome(&self) -> String {
        match self.body["operation"].as_str() {
            Some(operation) => operation.to_owned(),
            None => format!("{} {}", self.status, self.body["error"].as_str().unwrap_or_default()),
        }
    }

    pub(crate) fn id(&self) -> Option<String> {
        self.body["activity_id"].as_str().map(str::to_owned)
    }

    pub(crate) fn has(&self, field: &str) -> bool {
        self.body.get(field).is_some()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}
