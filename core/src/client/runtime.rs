//! What the host gives: clocks, chance, pauses and time limits, native and in wasm.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use web_time::Instant;

use crate::error::ConfigError;
use crate::exchange::Now;

/// A boxed future; `Send` where threads are.
#[cfg(not(target_arch = "wasm32"))]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
/// A boxed future; `Send` where threads are.
#[cfg(target_arch = "wasm32")]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Tells the time since it was made.
pub(super) struct Clock(Instant);

impl Clock {
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn now(&self) -> Now {
        Now { monotonic: self.0.elapsed(), wall: web_time::SystemTime::now() }
    }

    #[cfg(target_arch = "wasm32")]
    pub(super) fn now(&self) -> Now {
        use web_time::web::SystemTimeExt as _;
        Now { monotonic: self.0.elapsed(), wall: web_time::SystemTime::now().to_std() }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod host {
    use super::{ConfigError, Duration, Future};

    /// Whether calls can be made here at all; without this check they would panic.
    pub(in super::super) fn check() -> Result<(), ConfigError> {
        match tokio::runtime::Handle::try_current() {
            Ok(_) => Ok(()),
            Err(_) => {
                Err(ConfigError::new("runtime", "is missing: await calls inside tokio, or use the blocking client"))
            }
        }
    }

    pub(in super::super) fn random() -> f64 {
        fastrand::f64()
    }

    pub(in super::super) async fn sleep(pause: Duration) {
        tokio::time::sleep(pause).await;
    }

    /// The future's outcome, or nothing when the time is up first.
    pub(in super::super) async fn within<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
        tokio::time::timeout(limit, future).await.ok()
    }
}

#[cfg(target_arch = "wasm32")]
mod host {
    use std::pin::pin;
    use std::task::Poll;

    use super::{ConfigError, Duration, Future};

    #[allow(clippy::unnecessary_wraps, reason = "as on native")]
    pub(in super::super) fn check() -> Result<(), ConfigError> {
        Ok(())
    }

    pub(in super::super) fn random() -> f64 {
        js_sys::Math::random()
    }

    pub(in super::super) async fn sleep(pause: Duration) {
        gloo_timers::future::sleep(pause).await;
    }

    /// The future's outcome, or nothing when the time is up first.
    pub(in super::super) async fn within<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
        let (mut future, mut timer) = (pin!(future), pin!(sleep(limit)));
        std::future::poll_fn(|context| match future.as_mut().poll(context) {
            Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
            Poll::Pending => timer.as_mut().poll(context).map(|()| None),
        })
        .await
    }
}

pub(super) use host::{check, random, sleep, within};
