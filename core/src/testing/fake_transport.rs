//! A transport that sends nothing: it records requests and answers them.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::call::{HttpRequest, Response as HttpResponse, TransportError};
use crate::client::{Transport, TransportFuture};

/// A transport that sends nothing. It records each request and gives back the answers that were queued, in their order.
///
/// When no answer is queued, each request succeeds, so a test that is not about failures queues nothing. Clones share their requests
/// and answers: the client takes one, and the test keeps another.
///
/// The client's rules hold as they do over the network: it checks before it sends, and it repeats what is safe. A queued failure that
/// the client repeats therefore takes one answer for each attempt; [`max_retries(0)`](crate::Builder::max_retries) has it sent once.
///
/// ```
/// use activitysmith_kit::testing::FakeTransport;
/// use activitysmith_kit::{ActivitySmith, Progress};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> activitysmith_kit::Result<()> {
/// let transport = FakeTransport::new();
/// let client = ActivitySmith::builder().api_key("fake").transport(transport.clone()).build()?;
/// client.live_activities().stream("nightly-backup", Progress::new("Nightly backup").percentage(42)).await?;
///
/// let requests = transport.requests();
/// assert_eq!(requests.len(), 1);
/// assert_eq!((requests[0].method, requests[0].path.as_str()), ("PUT", "/live-activity/stream/nightly-backup"));
/// assert_eq!(requests[0].body.as_ref().unwrap()["content_state"]["percentage"], 42);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct FakeTransport {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    requests: Vec<SentRequest>,
    answers: VecDeque<Result<HttpResponse, TransportError>>,
}

/// A request that a [`FakeTransport`] was given. It holds no headers, so a failed assertion prints no key.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SentRequest {
    /// The HTTP method: `PUT`.
    pub method: &'static str,
    /// The path behind the base URL: `/live-activity/stream/nightly-backup`.
    pub path: String,
    /// The body, if there is one.
    pub body: Option<Value>,
}

impl fmt::Debug for FakeTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("FakeTransport")
            .field("requests", &state.requests)
            .field("answers", &state.answers.len())
            .finish()
    }
}

impl FakeTransport {
    /// A transport to which every request succeeds.
    pub fn new() -> Self {
        Self::default()
    }

    /// Queues an answer: the HTTP status and the JSON body.
    pub fn answer(&self, status: u16, body: &Value) {
        let body = body.to_string().into_bytes();
        self.respond(HttpResponse { status, headers: Vec::new(), body });
    }

    /// Queues an answer with headers, for example `retry-after`, or with a body that is not JSON.
    pub fn respond(&self, response: HttpResponse) {
        self.state().answers.push_back(Ok(response));
    }

    /// Queues a failure to get an answer.
    pub fn fail(&self, error: TransportError) {
        self.state().answers.push_back(Err(error));
    }

    /// The requests so far, in the order in which they were sent.
    pub fn requests(&self) -> Vec<SentRequest> {
        self.state().requests.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for FakeTransport {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        let HttpRequest { method, path, body, .. } = request;
        let body = body.map(|body| serde_json::from_slice(&body).expect("the client sends JSON"));
        let mut state = self.state();
        state.requests.push(SentRequest { method, path, body });
        let answer = state.answers.pop_front().unwrap_or_else(|| Ok(success(method)));
        drop(state);
        Box::pin(async { answer })
    }
}

/// What the service answers when nothing is wrong.
fn success(method: &str) -> HttpResponse {
    let body = match method {
        "PUT" => json!({ "success": true, "operation": "updated" }),
        "DELETE" => json!({ "success": true, "operation": "ended" }),
        _ => json!({ "success": true }),
    };
    HttpResponse { status: 200, headers: Vec::new(), body: body.to_string().into_bytes() }
}

#[cfg(test)]
mod tests {
    use std::future::IntoFuture as _;

    use futures_util::{Stream as _, StreamExt as _};

    use super::*;
    use crate::{ActivitySmith, ApiErrorKind, Error, Operation};

    fn client(transport: &FakeTransport) -> ActivitySmith {
        ActivitySmith::builder().api_key("fake").transport(transport.clone()).build().unwrap()
    }

    #[tokio::test]
    async fn answers_come_in_their_order_and_then_each_request_succeeds() {
        let transport = FakeTransport::new();
        transport.answer(200, &json!({ "operation": "started" }));
        transport.answer(402, &json!({ "upgrade_url": "https://example.com/upgrade" }));
        transport.fail(TransportError::connect("refused"));
        let client = client(&transport);
        let end = || client.live_activities().end_stream("nightly-backup").max_retries(0).into_future();
        assert_eq!(end().await.unwrap().operation, Operation::Started);
        let Err(Error::Api(error)) = end().await else { panic!("it was refused") };
        assert!(matches!(error.kind, ApiErrorKind::BillingBlocked { .. }));
        assert_eq!(end().await.unwrap_err().kind(), "connection");
        assert_eq!(end().await.unwrap().operation, Operation::Ended);
        assert_eq!(transport.requests().len(), 4);
        assert!(transport.requests().iter().all(|request| request.method == "DELETE" && request.body.is_none()));
    }

    #[tokio::test]
    async fn a_call_outlives_its_client_so_that_it_can_be_spawned() {
        let transport = FakeTransport::new();
        let call = {
            let client = client(&transport);
            client.badge_count(3).into_future()
        };
        tokio::spawn(call).await.unwrap().unwrap();
        assert_eq!(transport.requests()[0].body, Some(json!({ "badge": 3 })));
    }

    #[tokio::test]
    async fn a_tracked_iterator_can_do_what_the_one_beneath_can() {
        let client = client(&FakeTransport::new());
        let items =
            client.live_activities().track(["a", "b", "c"], "search-reindex", "Search Reindex").start().unwrap();
        assert_eq!(items.len(), 3);
        assert_eq!(items.rev().fuse().collect::<Vec<_>>(), ["c", "b", "a"]);
    }

    #[tokio::test]
    async fn a_tracked_stream_ends_with_all_of_it_done() {
        let transport = FakeTransport::new();
        let files = futures_util::stream::iter(["a", "b"]);
        let tracked =
            client(&transport).live_activities().track_stream(files, "search-reindex", "Search Reindex").start();
        let mut tracked = tracked.unwrap();
        assert_eq!(tracked.size_hint(), (2, Some(2)));
        assert_eq!(tracked.by_ref().collect::<Vec<_>>().await, ["a", "b"]);
        assert_eq!(tracked.finish().await.unwrap().operation, Operation::Ended);
        assert_eq!(transport.requests().last().unwrap().body.as_ref().unwrap()["content_state"]["percentage"], 100);
    }
}
