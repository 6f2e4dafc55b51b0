//! Setting up a client: arguments first, then the environment, then defaults.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::handle::ActivitySmith;
use super::http::Http;
use super::run::Shared;
use super::transport::{Transport, TransportFuture};
use crate::call::TransportError;
use crate::call::{Host, HttpRequest, Process, Session, Settings};
use crate::error::Result;
use crate::publish::{AccountBudget, Rules, SharedBudget};

/// Sets up an [`ActivitySmith`]. Settings that are not given come from the environment, or have the default that the setter names.
pub struct Builder {
    settings: Settings,
    transport: Option<Arc<dyn Transport>>,
    budget: Option<Box<dyn AccountBudget + Send>>,
    host: Box<dyn Host>,
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Default for Builder {
    fn default() -> Self {
        // A browser would ask the service's leave for a header that it sends anyway.
        let agent = cfg!(not(target_arch = "wasm32")).then_some("rust".into());
        Settings { agent, ..Settings::default() }.into()
    }
}

#[doc(hidden)]
impl From<Settings> for Builder {
    fn from(settings: Settings) -> Self {
        Self { settings, transport: None, budget: None, host: Box::new(Process) }
    }
}

impl Builder {
    /// The API key. Default: `ACTIVITYSMITH_API_KEY`, or the file `ACTIVITYSMITH_API_KEY_FILE`, at the first request.
    #[must_use]
    pub fn api_key(mut self, api_key: impl Into<String>) -> Self {
        self.settings.api_key = Some(api_key.into());
        self
    }

    /// The file with the API key and nothing else but white space, read at the first request.
    #[must_use]
    pub fn api_key_file(mut self, api_key_file: impl Into<PathBuf>) -> Self {
        self.settings.api_key_file = Some(api_key_file.into());
        self
    }

    /// The base URL. Default: `ACTIVITYSMITH_BASE_URL`, else the service. Plain http is for loopback only.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.settings.base_url = Some(base_url.into());
        self
    }

    /// The timeout of a call, including all attempts and pauses: at most one day, 15 seconds by default.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// The timeout of connecting: at most one day, 5 seconds by default. It has no effect in a browser.
    #[must_use]
    pub fn connect_timeout(mut self, connect_timeout: Duration) -> Self {
        self.settings.connect_timeout = connect_timeout;
        self
    }

    /// The maximum number of retries, where retrying is safe: 2 by default.
    #[must_use]
    pub fn max_retries(mut self, max_retries: u32) -> Self {
        self.settings.max_retries = max_retries;
        self
    }

    /// Sends the requests, in place of the built-in HTTP client.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// The timeout of a publisher's end. Default: `ACTIVITYSMITH_FLUSH_TIMEOUT`, in seconds; else 2 seconds after a success and 5
    /// after a failure.
    #[must_use]
    pub fn flush_timeout(mut self, flush_timeout: Duration) -> Self {
        self.settings.flush_timeout = Some(flush_timeout);
        self
    }

    /// Shares the account's request budget with all processes of this host that name the same file, for many jobs that start at the
    /// same moment. If the file cannot be used or stays locked, the process falls back to a budget of its own. The file is created
    /// when needed and holds no secret. Its folder must not be writable by other users. Default: `ACTIVITYSMITH_BUDGET_FILE`, else
    /// each client has a budget of its own.
    #[must_use]
    pub fn budget_file(mut self, budget_file: impl Into<PathBuf>) -> Self {
        self.settings.budget_file = Some(budget_file.into());
        self
    }

    /// Shares a request budget with other clients, in place of this client's own. Publishers wait for it; calls are counted and
    /// never wait.
    #[doc(hidden)]
    #[must_use]
    pub fn budget(mut self, budget: impl AccountBudget + Send + 'static) -> Self {
        self.budget = Some(Box::new(budget));
        self
    }

    /// The client. A missing key is reported at the first request. With `ACTIVITYSMITH_DISABLED` set, settings are not checked and
    /// nothing is sent.
    ///
    /// # Errors
    ///
    /// A setting is invalid.
    pub fn build(self) -> Result<ActivitySmith> {
        Self::connect(Session::new(self.settings, self.host)?, self.transport, self.budget)
    }

    #[cfg(feature = "ffi")]
    pub(super) fn reconnect(session: Session) -> Result<ActivitySmith> {
        Self::connect(session, None, None)
    }

    fn connect(
        session: Session,
        transport: Option<Arc<dyn Transport>>,
        budget: Option<Box<dyn AccountBudget + Send>>,
    ) -> Result<ActivitySmith> {
        let transport = match (transport, session.base_url()) {
            (Some(transport), _) => transport,
            (None, Some(base_url)) => Arc::new(Http::new(base_url, session.connect_timeout())?),
            (None, None) => Arc::new(Unused),
        };
        let rules = Rules::of(&session)?;
        let is_shared = cfg!(not(target_arch = "wasm32")) && session.budget_file().is_some();
        let of_file = || Box::new(SharedBudget::new(rules.budget)) as Box<_>;
        let budget = budget.or_else(|| is_shared.then(of_file));
        Ok(ActivitySmith { shared: Arc::new(Shared::new(session, &rules, transport, budget)) })
    }
}

impl ActivitySmith {
    /// A client whose settings come from the environment. A missing key is reported at the first request.
    ///
    /// # Errors
    ///
    /// A setting is invalid.
    pub fn from_env() -> Result<Self> {
        Self::builder().build()
    }

    /// Sets up a client.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// A client with connections of its own, as a forked process needs them. What was found out about settings and key stays.
    #[cfg(feature = "ffi")]
    pub(crate) fn reconnected(&self) -> Result<Self> {
        Builder::reconnect((*self.shared.session).clone())
    }
}

/// The transport of a client that sends nothing.
struct Unused;

impl Transport for Unused {
    fn send(&self, _: HttpRequest) -> TransportFuture<'_> {
        Box::pin(async { Err(TransportError::connect("the client is disabled")) })
    }
}

#[cfg(test)]
mod tests {
    use std::future::IntoFuture;
    use std::task::{Context, Poll, Waker};

    use super::*;
    use crate::api::{Operation, StreamResponse};
    use crate::call::Variables;

    /// A builder in a process with these variables.
    fn within(variables: fn(&str) -> Option<&'static str>) -> Builder {
        Builder { host: Box::new(Variables(variables)), ..Builder::default() }
    }

    /// The end of a stream, for calls that are decided without a network.
    fn end(builder: Builder) -> Result<StreamResponse> {
        let client = builder.build()?;
        let mut call = client.live_activities().end_stream("nightly-backup").into_future();
        match call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => panic!("it went to the network"),
        }
    }

    #[test]
    fn a_disabled_client_looks_at_no_setting_and_sends_nothing() {
        let disabled = within(|name| (name == "ACTIVITYSMITH_DISABLED").then_some("1"));
        let outcome = end(disabled.base_url("nonsense").api_key("").timeout(Duration::ZERO)).unwrap();
        assert_eq!(outcome.operation, Operation::Disabled);
        assert_eq!(outcome.stream_key.as_deref(), Some("nightly-backup"));
        assert_eq!((outcome.facts.status, outcome.facts.attempts), (0, 0));
    }

    #[test]
    fn a_missing_key_shows_at_the_first_call_only() {
        let builder = within(|_| None);
        assert!(within(|_| None).build().is_ok());
        let error = end(builder).unwrap_err().to_string();
        assert_eq!(error, "ACTIVITYSMITH_API_KEY is not set; set it, or pass the key as api_key");
    }

    #[test]
    fn a_key_file_that_is_not_there_is_named_by_its_setting() {
        let variable = within(|name| (name == "ACTIVITYSMITH_API_KEY_FILE").then_some("/nowhere/key"));
        let error = end(variable).unwrap_err().to_string();
        assert!(error.starts_with("ACTIVITYSMITH_API_KEY_FILE names a file that cannot be read"), "{error}");
        let error = end(within(|_| None).api_key_file("/nowhere/key")).unwrap_err().to_string();
        assert!(error.starts_with("api_key_file names a file that cannot be read"), "{error}");
    }

    #[test]
    fn a_base_url_of_the_environment_is_refused_by_its_name() {
        let error = within(|name| (name == "ACTIVITYSMITH_BASE_URL").then_some("http://example.com")).build();
        assert!(error.unwrap_err().to_string().starts_with("ACTIVITYSMITH_BASE_URL is plain http"));
    }
}
