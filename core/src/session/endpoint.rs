//! Where requests go and as whom, and the steps of a call that need either.

use std::fmt;

use super::base_url::BaseUrl;
use super::credentials::{ApiKey, KeySource, Keys};
use super::host::Host;
use super::http_request::HttpRequest;
use super::settings::{CallLimits, Settings};
use crate::error::{ConfigError, Error};
use crate::exchange::{Exchange, Next, Now, TransportError};
use crate::wire::{Request, Response};

/// A base URL, and the key that may be sent there. A clone has the key, if it was needed before, and finds it anew otherwise.
#[derive(Clone)]
pub(crate) struct Endpoint {
    pub(crate) base_url: BaseUrl,
    keys: Keys,
    user_agent: Option<String>,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").field("base_url", &self.base_url.text).finish_non_exhaustive()
    }
}

impl Endpoint {
    /// The endpoint of these settings.
    pub(crate) fn open(settings: Settings, host: Box<dyn Host>) -> Result<Self, ConfigError> {
        let base_url = BaseUrl::find(settings.base_url.as_deref(), &*host)?;
        let keys = match (settings.api_key, settings.api_key_file) {
            (Some(key), _) => Keys::given(ApiKey::new("api_key", key)?, &base_url)?,
            (None, Some(path)) => Keys::later(KeySource::File { setting: "api_key_file", path }, host.into()),
            (None, None) => Keys::later(KeySource::Environment, host.into()),
        };
        let user_agent = settings.agent.map(|agent| format!("activitysmith-kit-{agent}/{}", env!("CARGO_PKG_VERSION")));
        Ok(Self { base_url, keys, user_agent })
    }

    /// Whether there is a key, or why not.
    pub(crate) fn check_key(&self) -> Result<(), ConfigError> {
        self.keys.get(&self.base_url).map(|_| ())
    }

    /// Begins a call, now that a key is needed.
    pub(crate) fn begin(&self, request: Request, limits: CallLimits, now: Now) -> Result<Exchange, ConfigError> {
        if self.keys.get(&self.base_url)?.key.is(request.stream_key()) {
            return Err(ConfigError::new(
                "stream_key",
                "is the API key, which belongs into no address; name the stream",
            ));
        }
        Ok(Exchange::new(request, limits.retry, limits.timeout, now))
    }

    /// What to send now.
    pub(crate) fn http_request(&self, exchange: &Exchange) -> Result<HttpRequest, ConfigError> {
        let request = exchange.request();
        let mut headers = Vec::with_capacity(4);
        headers.push(("authorization", self.keys.get(&self.base_url)?.authorization.clone()));
        headers.push(("accept", "application/json".to_owned()));
        if request.body.is_some() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        if let Some(user_agent) = &self.user_agent {
            headers.push(("user-agent", user_agent.clone()));
        }
        Ok(HttpRequest {
            method: request.method,
            base_url: self.base_url.text.clone(),
            loopback: self.base_url.loopback,
            path: request.path.clone(),
            headers,
            body: request.body.clone(),
        })
    }

    /// Takes what became of a request, and takes the key out of it before anybody keeps it.
    pub(crate) fn proceed(
        &self,
        exchange: &mut Exchange,
        mut answer: Result<Response, TransportError>,
        now: Now,
        jitter: f64,
    ) -> Next {
        let key = self.keys.found();
        match (&mut answer, key) {
            (Ok(response), Some(key)) => key.redact(response),
            (Err(failure), Some(key)) => failure.detail_mut().into_iter().for_each(|detail| key.redact_text(detail)),
            (_, None) => {}
        }
        let mut next = exchange.proceed(answer, now, jitter);
        if let (Next::Done(Err(Error::Api(error))), Some(key)) = (&mut next, key) {
            // Once more, since JSON can spell a key in many ways.
            error.texts_mut().for_each(|text| key.redact_text(text));
        }
        next
    }

    /// Takes the key out of a part of an answer that is handed on beside its outcome.
    pub(crate) fn redact(&self, bytes: Vec<u8>) -> Vec<u8> {
        match self.keys.found() {
            Some(key) => key.without(&bytes),
            None => bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::super::host::Variables;
    use super::*;
    use crate::validate::Purpose;

    #[test]
    fn a_failure_that_repeats_the_key_is_cleaned() {
        let settings = Settings { api_key: Some("ask_1".to_owned()), max_retries: 0, ..Settings::default() };
        let limits = settings.limits();
        let endpoint = Endpoint::open(settings, Box::new(Variables(|_| None))).unwrap();
        let now = Now { monotonic: Duration::ZERO, wall: SystemTime::UNIX_EPOCH };
        for failure in [TransportError::connect("no ask_1"), TransportError::interrupted("no ask_1")] {
            let end = Request::from_json(Purpose::End, &"k".into(), serde_json::json!({})).unwrap();
            let mut exchange = endpoint.begin(end, limits, now).unwrap();
            let Next::Done(Err(error)) = endpoint.proceed(&mut exchange, Err(failure), now, 0.0) else {
                panic!("it is not repeated");
            };
            assert!(error.to_string().contains("no [redacted]"), "{error}");
        }
    }
}
