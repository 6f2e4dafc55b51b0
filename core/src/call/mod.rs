//! A call, from a checked request to its outcome, without I/O but what [`Host`] does to read the key: settings and the key, requests,
//! answers, repetitions.

mod base_url;
mod credentials;
mod exchange;
#[cfg(feature = "client")]
mod file;
mod host;
mod http_request;
mod json_call;
mod rate_limits;
mod request;
mod response;
mod retry;
mod session;
mod settings;

#[cfg(feature = "client")]
pub(crate) use base_url::BaseUrl;
pub use base_url::SERVICE;
pub use exchange::{Exchange, Next, Now, TransportError};
#[cfg(all(feature = "client", not(target_arch = "wasm32")))]
pub(crate) use file::open_regular;
#[cfg(feature = "client")]
pub use file::{read_file, read_file_or_pipe};
pub use host::Host;
#[cfg(feature = "client")]
pub use host::LONGEST_PIPE;
#[cfg(feature = "client")]
pub(crate) use host::Process;
#[cfg(all(test, feature = "client"))]
pub(crate) use host::Variables;
pub use http_request::HttpRequest;
#[cfg(feature = "describe")]
pub(crate) use json_call::CallOptions;
pub(crate) use json_call::JsonCall;
pub use json_call::Nulls;
pub use request::{Request, parse_json};
pub use response::{HEADERS, LARGEST_ANSWER, Response};
pub use retry::RetryPolicy;
pub(crate) use retry::{may_have_been_done, sane_jitter};
pub use session::Session;
pub use settings::{CallLimits, Settings};
pub(crate) use settings::{RULES, any_seconds, in_words};
