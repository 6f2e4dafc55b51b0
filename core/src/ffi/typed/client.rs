//! A client whose requests and answers are typed. A call is started, then awaited, and can be cancelled meanwhile: a task's
//! cancellation in Swift does not reach Rust by itself.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::{AbortHandle, JoinHandle};

use super::failure::CallError;
use crate::client::Prepare;
use crate::error::{ConfigError, Error, Result};
use crate::ffi::engines::Engines;
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
    /// How many seconds a whole call may take, with all attempts and pauses: 15 by default.
    #[uniffi(default = None)]
    pub timeout_seconds: Option<f64>,
    /// How many seconds connecting may take: 5 by default.
    #[uniffi(default = None)]
    pub connect_timeout_seconds: Option<f64>,
    /// How often a request is repeated at most, where that is safe: 2 by default.
    #[uniffi(default = None)]
    pub max_retries: Option<i64>,
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
    engines: Engines,
}

/// A call under way.
#[derive(uniffi::Object)]
pub struct PendingCall {
    task: Mutex<Option<JoinHandle<Result<StreamResponse>>>>,
    abort: AbortHandle,
}

#[uniffi::export]
impl TypedClient {
    /// A client, unless a setting cannot be. A missing key shows only at the first call.
    #[uniffi::constructor]
    pub fn new(settings: ClientSettings) -> Result<Self, CallError> {
        Ok(Self { engines: Engines::new(settings.read()?)? })
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

    /// Closes connections and refuses further calls; those under way are cancelled.
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
        Ok(Arc::new(PendingCall { abort: task.abort_handle(), task: Mutex::new(Some(task)) }))
    }
}

#[uniffi::export]
impl PendingCall {
    /// What became of it. It is told once.
    pub async fn outcome(&self) -> Result<StreamResponse, CallError> {
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        match task {
            Some(task) => match task.await {
                Ok(outcome) => outcome.map_err(CallError::from),
                Err(failure) if failure.is_panic() => std::panic::resume_unwind(failure.into_panic()),
                Err(_) => Err(CallError::Cancelled),
            },
            None => Err(Error::from(ConfigError::new("call", "was awaited before; its outcome is told once")).into()),
        }
    }

    /// Abandons it, and what it was sending.
    pub fn cancel(&self) -> Result<(), CallError> {
        self.abort.abort();
        Ok(())
    }
}

impl ClientSettings {
    fn read(self) -> Result<Settings> {
        let mut settings = Settings {
            api_key: self.api_key,
            api_key_file: self.api_key_file.map(Into::into),
            base_url: self.base_url,
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

/// What no duration can be becomes none at all, which is out of range.
fn duration(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::ZERO)
}

fn count(max_retries: i64) -> Result<u32> {
    u32::try_from(max_retries).map_err(|_| {
        ConfigError::new("max_retries", format!("is {max_retries}; give a whole number of at least 0")).into()
    })
}
