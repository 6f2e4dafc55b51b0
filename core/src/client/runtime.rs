//! What the host gives: clocks, chance, tasks, pauses and time limits, native and in wasm.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use web_time::Instant;

use crate::call::Now;
use crate::error::ConfigError;

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

/// The outcome of the first future that is done: of neither where it is the one that only stops the other.
async fn first<T>(stop: impl Future, work: impl Future<Output = T>) -> Option<T> {
    let (mut stop, mut work) = (pin!(stop), pin!(work));
    std::future::poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
        Poll::Pending => stop.as_mut().poll(context).map(|_| None),
    })
    .await
}

/// A future's outcome, or nothing where the time is up first.
pub(super) async fn within<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
    first(sleep(limit), future).await
}

/// A future's outcome, or nothing where the other is done first.
pub(super) async fn unless<F: Future>(stop: impl Future, future: F) -> Option<F::Output> {
    first(stop, future).await
}

#[cfg(not(target_arch = "wasm32"))]
mod host {
    use tokio::runtime::Handle;
    pub(in super::super) use tokio::runtime::Id;

    use super::{ConfigError, Duration, Future};

    /// Where tasks run.
    #[derive(Clone)]
    pub(crate) struct Runtime(Handle);

    impl From<Handle> for Runtime {
        fn from(handle: Handle) -> Self {
            Self(handle)
        }
    }

    impl Runtime {
        /// The one that this is called on. Without this check, I/O would panic.
        pub(crate) fn current() -> Result<Self, ConfigError> {
            let missing = "is missing: call this inside tokio, or use the blocking client";
            Handle::try_current().map(Self).map_err(|_| ConfigError::new("runtime", missing))
        }

        pub(in super::super) fn id(&self) -> Id {
            self.0.id()
        }

        pub(in super::super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
            self.0.spawn(task);
        }

        pub(in super::super) fn spawn_blocking(&self, work: impl FnOnce() + Send + 'static) {
            self.0.spawn_blocking(work);
        }
    }

    pub(in super::super) fn random() -> f64 {
        fastrand::f64()
    }

    /// A pause of any length.
    pub(super) async fn sleep(pause: Duration) {
        tokio::time::sleep(pause).await;
    }
}

#[cfg(target_arch = "wasm32")]
mod host {
    use super::{ConfigError, Duration, Future};

    /// Where tasks run: on the one thread that there is.
    #[derive(Clone)]
    pub(crate) struct Runtime;

    pub(in super::super) type Id = u8;

    #[allow(clippy::unused_self, reason = "as on native")]
    impl Runtime {
        #[allow(clippy::unnecessary_wraps, reason = "as on native")]
        pub(crate) fn current() -> Result<Self, ConfigError> {
            Ok(Self)
        }

        pub(in super::super) fn id(&self) -> Id {
            0
        }

        pub(in super::super) fn spawn(&self, task: impl Future<Output = ()> + 'static) {
            wasm_bindgen_futures::spawn_local(task);
        }
    }

    pub(in super::super) fn random() -> f64 {
        js_sys::Math::random()
    }

    /// A pause, at most as long as a timer of JavaScript's can be set for.
    pub(super) async fn sleep(pause: Duration) {
        gloo_timers::future::sleep(pause.min(Duration::from_secs(24 * 60 * 60))).await;
    }
}

pub(crate) use host::Runtime;
use host::sleep;
pub(super) use host::{Id, random};
