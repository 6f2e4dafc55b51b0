//! A client whose requests and answers are typed. A call is started, then awaited, and can be cancelled meanwhile: a task's
//! cancellation in Swift does not reach Rust by itself.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use super::failure::CallError;
use super::pending::Pending;
use crate::client::Prepare;
use crate::error::{ConfigError, Error, Result};
use crate::ffi::process_clients::ProcessClients;
use crate::model::{EndRequest, StreamRequest, StreamResponse};
use crate::session::Settings;

/// What a client is set up with. What is not given comes from the environment, or has its default.
#[derive(Clone, uniffi::Record)]
pub struct ClientSettings {
    /// The API key. Else it is read at the first call: from `ACTIVITYSMITH_API_KEY`, or from the file that
    /// `ACTIVITYSMITH_API_KEY_FILE` names.
    #[uniffi(default = None)]
    pub api_key: Option<String>,
    /// The file that holds the API key; it is read at the first call.
    #[uniffi(default = None)]
    pub api_key_file: Option<String>,
    /// Where the API is. Else `ACTIVITYSMITH_BASE_URL`, else the service.
    #[uniffi(default = None)]
    pub base_url: Option<String>,
    /// How many seconds a whole call may take, with all attempts and pauses.
    #[uniffi(default = None)]
    pub timeout_seconds: Option<f64>,
    /// How many seconds connecting may take.
    #[uniffi(default = None)]
    pub connect_timeout_seconds: Option<f64>,
    /// How often a request is repeated at most, where that is safe.
    #[uniffi(default = None)]
    pub max_retries: Option<i64>,
    /// The file of a budget that is shared with other processes of the host. Else `ACTIVITYSMITH_BUDGET_FILE`, else there is none.
    #[uniffi(default = None)]
    pub budget_file: Option<String>,
}

/// How patient one call is, where it differs from its client.
#[derive(Clone, Copy, uniffi::Record)]
pub struct CallOptions {
    /// How many seconds it may take, with all attempts and pauses.
    #[uniffi(default = None)]
    pub timeout_seconds: Option<f64>,
    /// How often it is repeated at most.
    #[uniffi(default = None)]
    pub max_retries: Option<i64>,
}

/// A client whose requests and answers are typed. Threads may share it.
#[derive(uniffi::Object)]
pub struct TypedClient {
    pub(super) engines: ProcessClients,
}

/// A call under way.
#[derive(uniffi::Object)]
pub struct PendingCall {
    pending: Pending<StreamResponse>,
}

#[uniffi::export]
impl TypedClient {
    /// A client, unless a setting cannot be. A missing key shows only at the first call.
    #[uniffi::constructor]
    pub fn new(settings: ClientSettings) -> Result<Self, CallError> {
        Ok(Self { engines: ProcessClients::new(settings.read()?)? })
    }

    /// Shows a state under a stream key.
    pub fn stream(
        &self,
        stream_key: String,
        request: StreamRequest,
        options: CallOptions,
    ) -> Result<Arc<PendingCall>, CallError> {
        self.start(stream_key, request, options)
    }

    /// Ends a stream.
    pub fn end_stream(
        &self,
        stream_key: String,
        request: EndRequest,
        options: CallOptions,
    ) -> Result<Arc<PendingCall>, CallError> {
        self.start(stream_key, request, options)
    }

    /// Closes connections. Calls under way and later ones fail, and say why.
    pub fn close(&self) -> Result<(), CallError> {
        self.engines.close();
        Ok(())
    }
}

impl TypedClient {
    fn start<R: Prepare>(
        &self,
        stream_key: String,
        request: R,
        options: CallOptions,
    ) -> Result<Arc<PendingCall>, CallError> {
        let engine = self.engines.current()?;
        let mut call = engine.client.live_activities().call(stream_key, request);
        if let Some(timeout) = options.timeout_seconds {
            call = call.timeout(duration(timeout));
        }
        if let Some(max_retries) = options.max_retries {
            call = call.max_retries(count(max_retries)?);
        }
        let work = engine.client.start(call);
        let task = engine.runtime().map_err(Error::from)?.spawn(work);
        Ok(Arc::new(PendingCall::new(task)))
    }
}

#[uniffi::export]
impl PendingCall {
    /// What became of it. It is told once.
    pub async fn outcome(&self) -> Result<StreamResponse, CallError> {
        self.pending.outcome().await
    }

    /// Abandons it, and what it was sending.
    pub fn cancel(&self) -> Result<(), CallError> {
        self.pending.cancel();
        Ok(())
    }
}

impl PendingCall {
    pub(super) fn new(task: JoinHandle<Result<StreamResponse>>) -> Self {
        Self { pending: Pending::new(task) }
    }
}

impl ClientSettings {
    fn read(self) -> Result<Settings> {
        let mut settings = Settings {
            api_key: self.api_key,
            api_key_file: self.api_key_file.map(Into::into),
            base_url: self.base_url,
            budget_file: self.budget_file.map(Into::into),
            agent: Some("swift".into()),
            ..Settings::default()
        };
        if let Some(timeout) = self.timeout_seconds {
            settings.timeout = duration(timeout);
        }
        if let Some(timeout) = self.connect_timeout_seconds {
            settings.connect_timeout = duration(timeout);
        }
        if let Some(max_retries) = self.max_retries {
            settings.max_retries = count(max_retries)?;
        }
        Ok(settings)
    }
}

/// What no duration can be becomes the nearest one. Where there are limits, both ends are out of range.
pub(super) fn duration(seconds: f64) -> Duration {
    let nearest = if seconds > 0.0 { Duration::MAX } else { Duration::ZERO };
    Duration::try_from_secs_f64(seconds).unwrap_or(nearest)
}

fn count(max_retries: i64) -> Result<u32> {
    u32::try_from(max_retries).map_err(|_| {
        ConfigError::new("max_retries", format!("is {max_retries}; give a whole number of at least 0")).into()
    })
}

#[cfg(test)]
mod tests {
    use std::future::{Future, pending};

    use super::*;
    use crate::client::background_runtime;

    /// What becomes of a call that does this, once something has been done to it.
    fn outcome_of(
        work: impl Future<Output = Result<StreamResponse>> + Send + 'static,
        meanwhile: impl FnOnce(&PendingCall),
    ) -> Result<StreamResponse, CallError> {
        let runtime = background_runtime().unwrap();
        let call = PendingCall::new(runtime.spawn(work));
        meanwhile(&call);
        runtime.block_on(call.outcome())
    }

    /// Connections to this address are taken, and never answered.
    fn silent_client() -> (std::net::TcpListener, TypedClient) {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let settings = ClientSettings {
            api_key: Some("ask_test_1".into()),
            api_key_file: None,
            base_url: Some(format!("http://{}/api", listener.local_addr().unwrap())),
            timeout_seconds: None,
            connect_timeout_seconds: None,
            max_retries: None,
            budget_file: None,
        };
        (listener, TypedClient::new(settings).unwrap())
    }

    fn end(client: &TypedClient) -> Result<Arc<PendingCall>, CallError> {
        let options = CallOptions { timeout_seconds: None, max_retries: None };
        client.end_stream("nightly-backup".into(), EndRequest::default(), options)
    }

    fn is_closed(failure: &CallError) -> bool {
        matches!(failure, CallError::Config { error, .. } if error.setting == "client" && error.problem.starts_with("is closed"))
    }

    #[test]
    fn what_no_duration_can_be_becomes_the_nearest_one() {
        for (seconds, nearest) in [
            (1.5, Duration::from_millis(1500)),
            (f64::MAX, Duration::MAX),
            (f64::INFINITY, Duration::MAX),
            (-1.0, Duration::ZERO),
            (f64::NEG_INFINITY, Duration::ZERO),
            (f64::NAN, Duration::ZERO),
        ] {
            assert_eq!(duration(seconds), nearest, "{seconds}");
        }
    }

    #[test]
    fn a_panic_becomes_an_error() {
        let failure = outcome_of(async { panic!("no such thing") }, |_| {}).unwrap_err();
        assert!(matches!(&failure, CallError::Defect { problem } if problem == "no such thing"), "{failure:?}");
    }

    #[test]
    fn a_cancelled_call_says_so() {
        let failure = outcome_of(pending(), |call| call.cancel().unwrap()).unwrap_err();
        assert!(matches!(failure, CallError::Cancelled), "{failure:?}");
    }

    #[test]
    fn calls_under_way_and_later_ones_hear_that_the_client_is_closed() {
        let (_listener, client) = silent_client();
        let call = end(&client).unwrap();
        client.close().unwrap();
        let failure =
            tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(call.outcome()).unwrap_err();
        assert!(is_closed(&failure), "{failure:?}");
        let failure = end(&client).err().unwrap();
        assert!(is_closed(&failure), "{failure:?}");
    }

    #[test]
    fn an_outcome_is_told_once() {
        let runtime = background_runtime().unwrap();
        let call = PendingCall::new(runtime.spawn(async { Ok(StreamResponse::disabled("k")) }));
        runtime.block_on(call.outcome()).unwrap();
        let failure = runtime.block_on(call.outcome()).unwrap_err();
        assert!(matches!(&failure, CallError::Config { error, .. } if error.setting == "call"), "{failure:?}");
        call.cancel().unwrap();
    }
}
