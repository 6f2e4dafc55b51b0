//! An emulator on a free port, and a client to talk to it. Asserts only what holds for every answer.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use activitysmith_emulator::{Clock, Emulator, Limits, Options, Timestamp};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

pub(crate) const KEY: &str = "ask_test_orchard";

pub(crate) struct Server {
    pub(crate) emulator: Emulator,
    pub(crate) client: Client,
}

impl Server {
    #[allow(
        clippy::disallowed_methods,
        reason = "the emulator is tested without the core, which has the common client"
    )]
    pub(crate) async fn start(options: Options) -> Self {
        // Built together with the workspace, reqwest speaks TLS and panics unless the program has chosen who does the
        // cryptography. It fails if another test has chosen already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let emulator = Emulator::start(options).await.unwrap();
        Self { emulator, client: Client::new() }
    }

    pub(crate) async fn quiet() -> Self {
        let clock = Clock::Manual(Timestamp::from_millis(1_790_000_000_000));
        Self::start(Options { limits: Limits::none(), clock, ..Options::default() }).await
    }

    pub(crate) fn api(&self, method: Method, stream_key: &str) -> RequestBuilder {
        let url = format!("{}/live-activity/stream/{stream_key}", self.emulator.base_url());
        self.client.request(method, url).bearer_auth(KEY)
    }

    /// A call of the control endpoints, without a key.
    pub(crate) fn control(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("http://{}/_emulator/{path}", self.emulator.addr()))
    }

    pub(crate) async fn put(&self, stream_key: &str, percentage: u32) -> Value {
        let body = json!({"content_state": {"title": "Apples", "type": "progress", "percentage": percentage}});
        answer(self.api(Method::PUT, stream_key).json(&body)).await.1
    }

    /// What comes back for bytes on a fresh connection, up to its end.
    pub(crate) async fn raw(&self, request: &[u8]) -> String {
        let (addr, request) = (self.emulator.addr(), request.to_vec());
        let talk = move || {
            let mut stream = TcpStream::connect(addr).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            stream.write_all(&request).unwrap();
            let mut response = String::new();
            stream.read_to_string(&mut response).unwrap();
            response
        };
        tokio::task::spawn_blocking(talk).await.unwrap()
    }
}

pub(crate) async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["x-asmith-emulator"], env!("CARGO_PKG_VERSION"));
    assert_eq!(response.headers()["content-type"], "application/json");
    (response.status(), response.json().await.unwrap())
}
