//! The emulator over real connections of the loopback interface.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use activitysmith_emulator::engine::StreamState;
use activitysmith_emulator::{Clock, Emulator, Limits, Options, Timestamp};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const KEY: &str = "ask_test_orchard";

struct Server {
    emulator: Emulator,
    client: Client,
}

impl Server {
    #[allow(
        clippy::disallowed_methods,
        reason = "the emulator is tested without the core, which has the common client"
    )]
    async fn start(options: Options) -> Self {
        // Built together with the workspace, reqwest speaks TLS and panics unless the program has chosen who does the
        // cryptography. It fails if another test has chosen already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let emulator = Emulator::start(options).await.unwrap();
        Self { emulator, client: Client::new() }
    }

    async fn quiet() -> Self {
        let clock = Clock::Manual(Timestamp::from_millis(1_790_000_000_000));
        Self::start(Options { limits: Limits::none(), clock, ..Options::default() }).await
    }

    fn api(&self, method: Method, stream_key: &str) -> RequestBuilder {
        let url = format!("{}/live-activity/stream/{stream_key}", self.emulator.base_url());
        self.client.request(method, url).bearer_auth(KEY)
    }

    /// A call of the control endpoints, without a key.
    fn control(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("http://{}/_emulator/{path}", self.emulator.addr()))
    }

    async fn put(&self, stream_key: &str, percentage: u32) -> Value {
        let body = json!({"content_state": {"title": "Apples", "type": "progress", "percentage": percentage}});
        answer(self.api(Method::PUT, stream_key).json(&body)).await.1
    }

    /// What comes back for bytes on a fresh connection, up to its end.
    async fn raw(&self, request: &[u8]) -> String {
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

async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["x-asmith-emulator"], env!("CARGO_PKG_VERSION"));
    assert_eq!(response.headers()["content-type"], "application/json");
    (response.status(), response.json().await.unwrap())
}

#[tokio::test]
async fn a_stream_lives_over_http() {
    let server = Server::quiet().await;
    assert_eq!(server.put("pick", 1).await["operation"], "started");
    assert_eq!(server.put("pick", 2).await["operation"], "updated");
    assert_eq!(server.put("pick", 2).await["operation"], "noop");
    let (status, ended) = answer(server.api(Method::DELETE, "pick")).await;
    assert_eq!((status, &ended["operation"]), (StatusCode::OK, &json!("ended")));
    let (status, gone) = answer(server.api(Method::DELETE, "pick")).await;
    assert_eq!((status, &gone["error"]), (StatusCode::NOT_FOUND, &json!("Live Activity stream not found")));
}

#[tokio::test]
async fn an_empty_delete_may_claim_to_be_json() {
    let server = Server::quiet().await;
    server.put("pick", 1).await;
    let (status, _) = answer(server.api(Method::DELETE, "pick").header("Content-Type", "application/json")).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn keys_are_decoded_before_they_are_judged() {
    let server = Server::quiet().await;
    assert_eq!(server.put("p%69ck", 1).await["stream_key"], "pick");
    for key in ["a%2Fb", "a%20b", "%FF", "a%00"] {
        assert_eq!(server.put(key, 1).await["error"], "Invalid stream_key", "{key}");
    }
}

#[tokio::test]
async fn limits_are_told_in_headers() {
    let limits = Limits { account_per_minute: Some(3), ..Limits::service() };
    let clock = Clock::Manual(Timestamp::from_millis(1_790_000_000_000));
    let server = Server::start(Options { limits, clock, ..Options::default() }).await;
    server.api(Method::DELETE, "pick").send().await.unwrap();
    server.emulator.advance(Duration::from_secs(13));
    let response = server.api(Method::DELETE, "pick").send().await.unwrap();
    assert!(response.headers()["ratelimit"].to_str().unwrap().contains(r#""account:live-activities"; r=1; t=47"#));
    assert!(response.headers()["ratelimit-policy"].to_str().unwrap().contains("q=3; w=60"));
    server.api(Method::DELETE, "pick").send().await.unwrap();
    let response = server.api(Method::DELETE, "pick").send().await.unwrap();
    assert_eq!(
        (response.status(), &response.headers()["retry-after"]),
        (StatusCode::TOO_MANY_REQUESTS, &"47".parse().unwrap())
    );
}

#[tokio::test]
async fn unknown_paths_and_methods_are_answered_in_json() {
    let server = Server::quiet().await;
    let root = format!("http://{}", server.emulator.addr());
    for path in ["/", "/api", "/api/", "/api/push", "/apis", "/live-activity/stream/a", "/_emulator", "/_emulator/none"]
    {
        let (status, body) = answer(server.client.get(format!("{root}{path}"))).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(body["error"].is_string() && body["message"].is_string(), "{path}");
    }
    let response = server.api(Method::PATCH, "pick").send().await.unwrap();
    assert_eq!(
        (response.status(), &response.headers()["allow"]),
        (StatusCode::METHOD_NOT_ALLOWED, &"PUT, DELETE".parse().unwrap())
    );
    let response = server.control(Method::PUT, "reset").send().await.unwrap();
    assert_eq!(
        (response.status(), &response.headers()["allow"]),
        (StatusCode::METHOD_NOT_ALLOWED, &"POST".parse().unwrap())
    );
}

#[tokio::test]
async fn malformed_json_is_refused() {
    let server = Server::quiet().await;
    let (status, body) = answer(server.api(Method::PUT, "pick").body("{\"content_state\":")).await;
    assert_eq!((status, &body["error"]), (StatusCode::BAD_REQUEST, &json!("Invalid request")));
}

#[tokio::test]
async fn a_body_above_one_mebibyte_is_too_large() {
    let server = Server::quiet().await;
    let title = "x".repeat(1024 * 1024 - 100);
    let fits = json!({"content_state": {"title": title, "type": "value", "value": 1}});
    assert_eq!(answer(server.api(Method::PUT, "pick").json(&fits)).await.0, StatusCode::OK);
    for megabytes in [2, 10] {
        let (status, body) = answer(server.api(Method::PUT, "pick").body("x".repeat(megabytes << 20))).await;
        assert_eq!((status, &body["error"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!("Payload too large")));
    }
    let requests = server.emulator.requests();
    assert_eq!(requests.iter().map(|entry| entry.status).collect::<Vec<_>>(), [200, 413, 413]);
}

#[tokio::test]
async fn connections_are_kept_and_pipelining_works() {
    let server = Server::quiet().await;
    let one = format!("DELETE /api/live-activity/stream/a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\n\r\n");
    let last = one.replace("Host: x", "Host: x\r\nConnection: close");
    let response = server.raw(format!("{one}{one}{last}").as_bytes()).await;
    assert_eq!(response.matches("HTTP/1.1 404").count(), 3);
}

#[tokio::test]
async fn what_is_not_http_is_refused_and_serving_goes_on() {
    let server = Server::quiet().await;
    let response = server.raw(b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n").await;
    assert!(response.is_empty() || response.starts_with("HTTP/1.1 400"));
    assert_eq!(server.put("pick", 1).await["operation"], "started");
}

#[tokio::test]
async fn health_tells_version_and_mode() {
    let server = Server::quiet().await;
    let (_, body) = answer(server.control(Method::GET, "health")).await;
    assert_eq!(body, json!({"status": "ok", "version": env!("CARGO_PKG_VERSION"), "mode": "strict"}));
}

#[tokio::test]
async fn the_openapi_document_is_served() {
    let server = Server::quiet().await;
    let (_, body) = answer(server.control(Method::GET, "openapi.json")).await;
    assert!(body["paths"]["/live-activity/stream/{stream_key}"]["put"].is_object());
}

#[tokio::test]
async fn streams_are_listed_and_shown() {
    let server = Server::quiet().await;
    server.put("pick", 40).await;
    server.put("press", 50).await;
    let (_, list) = answer(server.control(Method::GET, "streams")).await;
    let keys: Vec<_> = list["streams"].as_array().unwrap().iter().map(|stream| &stream["stream_key"]).collect();
    assert_eq!(keys, ["pick", "press"]);
    let (_, one) = answer(server.control(Method::GET, "streams/press")).await;
    assert_eq!(one["content_state"], json!({"title": "Apples", "type": "progress", "percentage": 50}));
    assert_eq!(one["state"], "active");
    let (status, _) = answer(server.control(Method::GET, "streams/none")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn streams_are_paused_resumed_and_dismissed() {
    let server = Server::quiet().await;
    server.put("pick", 1).await;
    let (_, stream) = answer(server.control(Method::POST, "streams/pick/pause")).await;
    assert_eq!(stream["state"], "paused");
    assert_eq!(server.put("pick", 2).await["operation"], "paused");
    let (status, _) = answer(server.control(Method::POST, "streams/pick/pause")).await;
    assert_eq!(status, StatusCode::CONFLICT);
    answer(server.control(Method::POST, "streams/pick/resume")).await;
    assert_eq!(server.put("pick", 2).await["operation"], "started");
    let (_, stream) = answer(server.control(Method::POST, "streams/pick/dismiss")).await;
    assert_eq!(stream["state"], "idle");
    let (status, _) = answer(server.control(Method::POST, "streams/none/pause")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_bearer_token_narrows_control_to_its_account() {
    let server = Server::quiet().await;
    server.put("pick", 1).await;
    let body = json!({"content_state": {"title": "Pears", "type": "value", "value": 2}});
    let url = format!("{}/live-activity/stream/pick", server.emulator.base_url());
    answer(server.client.put(url).bearer_auth("ask_test_other").json(&body)).await;

    let (status, _) = answer(server.control(Method::POST, "streams/pick/pause")).await;
    assert_eq!(status, StatusCode::CONFLICT, "two accounts have this key");
    let (status, _) = answer(server.control(Method::POST, "streams/pick/pause").bearer_auth("ask_test_other")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(server.put("pick", 1).await["operation"], "noop");

    answer(server.control(Method::POST, "reset").bearer_auth("ask_test_other")).await;
    let (_, list) = answer(server.control(Method::GET, "streams")).await;
    assert_eq!(list["streams"].as_array().unwrap().len(), 1);
    for authorization in ["nonsense", "Bearer", "Bearer sk_live_1", "Bearer ask_", "Basic ask_test_other"] {
        let (status, _) = answer(server.control(Method::POST, "reset").header("Authorization", authorization)).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{authorization}");
    }
    assert_eq!(server.emulator.requests().len(), 2, "nothing was reset");
}

#[tokio::test]
async fn what_is_not_the_api_answers_only_to_names_of_this_machine() {
    let server = Server::quiet().await;
    let root = format!("http://{}", server.emulator.addr());
    for host in ["localhost", "LOCALHOST:8080", "[::1]:1", "127.0.0.1"] {
        let (status, _) = answer(server.control(Method::GET, "health").header("Host", host)).await;
        assert_eq!(status, StatusCode::OK, "{host}");
    }
    for host in ["rebound.example", "localhost.example:80", "127.0.0.2", "0.0.0.0"] {
        for path in ["/", "/none", "/_emulator/streams"] {
            let (status, body) = answer(server.client.get(format!("{root}{path}")).header("Host", host)).await;
            assert_eq!((status, &body["error"]), (StatusCode::FORBIDDEN, &json!("Forbidden")), "{host} {path}");
            assert!(body["message"].is_string());
        }
    }
    for request in [
        "GET /_emulator/health HTTP/1.0\r\n\r\n",
        "GET /_emulator/health HTTP/1.1\r\nHost: localhost\r\nHost: rebound.example\r\nConnection: close\r\n\r\n",
        "GET http://rebound.example/_emulator/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    ] {
        let response = server.raw(request.as_bytes()).await;
        assert!(response.contains(" 403 ") || response.contains(" 400 "), "{request}: {response}");
    }
}

#[tokio::test]
async fn what_is_not_the_api_is_closed_to_pages_of_other_sites() {
    let server = Server::quiet().await;
    server.put("pick", 1).await;
    for origin in ["https://shop.example", "http://127.0.0.1.example", "null", "file://"] {
        let (status, _) = answer(server.control(Method::POST, "reset").header("Origin", origin)).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{origin}");
    }
    assert_eq!(server.emulator.requests().len(), 1, "nothing was reset");
    for origin in ["http://localhost:5173", "https://127.0.0.1"] {
        let (status, _) = answer(server.control(Method::POST, "reset").header("Origin", origin)).await;
        assert_eq!(status, StatusCode::OK, "{origin}");
    }
}

#[tokio::test]
async fn the_api_answers_to_any_name_and_origin() {
    let server = Server::quiet().await;
    let request = server.api(Method::DELETE, "pick");
    let (status, _) = answer(request.header("Host", "emulator:8080").header("Origin", "https://shop.example")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

/// The time is a paused one that jumps ahead whenever nothing else is left to do.
#[tokio::test(start_paused = true)]
async fn a_connection_that_never_sends_anything_is_closed() {
    let emulator = Emulator::start(Options::default()).await.unwrap();
    let mut silent = tokio::net::TcpStream::connect(emulator.addr()).await.unwrap();
    let closed = tokio::time::timeout(Duration::from_secs(60), silent.read(&mut [0])).await;
    assert_eq!(closed.expect("it is closed in time").unwrap(), 0);
}

#[tokio::test]
async fn a_connection_may_idle_between_requests() {
    let emulator = Emulator::start(Options::default()).await.unwrap();
    let mut stream = tokio::net::TcpStream::connect(emulator.addr()).await.unwrap();
    for pause in [true, false] {
        stream.write_all(b"GET /_emulator/health HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        let mut response = [0; 4096];
        let length = stream.read(&mut response).await.unwrap();
        assert!(response[..length].starts_with(b"HTTP/1.1 200"));
        if pause {
            tokio::time::pause();
            tokio::time::advance(Duration::from_secs(600)).await;
        }
    }
}

#[tokio::test]
async fn the_journal_is_read_from_a_point_and_cleared() {
    let server = Server::quiet().await;
    server.put("pick", 1).await;
    server.put("pick", 2).await;
    let (_, all) = answer(server.control(Method::GET, "requests")).await;
    let since = all["requests"][0]["id"].as_u64().unwrap();
    assert!(!all.to_string().contains(KEY));
    let (_, newer) = answer(server.control(Method::GET, &format!("requests?since={since}"))).await;
    assert_eq!(newer["requests"].as_array().unwrap().len(), 1);
    assert_eq!(newer["requests"][0]["response"]["operation"], "updated");
    let (status, _) = answer(server.control(Method::GET, "requests?since=lunch")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    answer(server.control(Method::DELETE, "requests")).await;
    assert!(server.emulator.requests().is_empty());
}

#[tokio::test]
async fn the_clock_is_shown_set_and_moved() {
    let server = Server::quiet().await;
    let (_, clock) = answer(server.control(Method::GET, "clock")).await;
    assert_eq!(clock, json!({"mode": "manual", "now": "2026-09-21T14:13:20.000Z"}));
    server.put("pick", 1).await;
    let hours = json!({"seconds": 8 * 3600});
    let (_, clock) = answer(server.control(Method::POST, "clock/advance").json(&hours)).await;
    assert_eq!(clock["now"], "2026-09-21T22:13:20.000Z");
    assert_eq!(server.put("pick", 1).await["operation"], "started");

    let set = json!({"mode": "manual", "now": "2031-02-03T04:05:06.007Z"});
    let (_, clock) = answer(server.control(Method::PUT, "clock").json(&set)).await;
    assert_eq!(clock, set);
    assert_eq!(server.put("pick", 2).await["timestamp"], "2031-02-03T04:05:06.007Z");
    let (_, clock) = answer(server.control(Method::PUT, "clock").json(&json!({"mode": "real"}))).await;
    assert_eq!(clock["mode"], "real");
    for bad in [json!({"mode": "lunar"}), json!({"mode": "manual", "now": "noon"}), json!({"seconds": 1})] {
        assert_eq!(answer(server.control(Method::PUT, "clock").json(&bad)).await.0, StatusCode::BAD_REQUEST, "{bad}");
    }
    for bad in [json!({"seconds": -1}), json!({}), json!({"seconds": "1"})] {
        let (status, _) = answer(server.control(Method::POST, "clock/advance").json(&bad)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{bad}");
    }
}

#[tokio::test]
async fn an_account_is_set_up() {
    let server = Server::quiet().await;
    let set = |settings: Value| server.control(Method::PUT, "account").bearer_auth(KEY).json(&settings);
    let (_, settings) = answer(set(json!({"billing": "trial_expired"}))).await;
    assert_eq!(settings["has_device"], true, "what is left out has its default");
    assert_eq!(server.put("pick", 1).await["error"], "trial_expired");
    answer(set(json!({"has_device": false}))).await;
    assert_eq!(server.put("pick", 1).await["error"], "No recipients found");
    answer(set(json!({"revoked": true}))).await;
    assert_eq!(server.put("pick", 1).await["error"], "Unauthorized");
    answer(set(json!({"channels": ["barn"], "key_channels": ["barn"]}))).await;
    assert_eq!(server.put("pick", 1).await["effective_channel_slugs"], json!(["barn"]));
    assert_eq!(answer(set(json!({"bill": "ok"}))).await.0, StatusCode::BAD_REQUEST);
    answer(server.control(Method::PUT, "account").json(&json!({"has_device": false}))).await;
    assert_eq!(server.put("pick", 1).await["error"], "No recipients found", "no key sets up all accounts");
}

#[tokio::test]
async fn the_handle_works_beside_http() {
    let server = Server::quiet().await;
    server.put("pick", 1).await;
    assert_eq!(server.emulator.requests().len(), 1);
    server.emulator.advance(Duration::from_secs(8 * 3600));
    let stream = server.emulator.with_engine(|engine, now| engine.stream(now, Some(KEY), "pick")).unwrap();
    assert_eq!(stream.state, StreamState::Idle);
    server.emulator.reset();
    assert!(server.emulator.requests().is_empty());
    assert_eq!(server.put("pick", 1).await["operation"], "started");
}

#[tokio::test]
async fn stopping_and_dropping_close_the_port() {
    let first = Server::quiet().await;
    first.put("pick", 1).await;
    let addr = first.emulator.addr();
    assert!(addr.ip().is_loopback());
    first.emulator.stop().await;
    assert!(TcpStream::connect(addr).is_err());

    let second = Emulator::start(Options { port: addr.port(), ..Options::default() }).await.unwrap();
    assert!(Emulator::start(Options { port: addr.port(), ..Options::default() }).await.is_err(), "the port is taken");
    drop(second);
    tokio::task::yield_now().await;
    let closed = async {
        while TcpStream::connect(addr).is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), closed).await.expect("dropping closes the port");
}
