//! The API over real connections, and the handle that a program has on its emulator.

use std::net::TcpStream;
use std::time::Duration;

use activitysmith_emulator::StreamState;
use activitysmith_emulator::{Clock, Emulator, Limits, Options, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{KEY, Server, answer};

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
    for path in ["/api", "/api/", "/api/push", "/apis", "/live-activity/stream/a", "/_emulator", "/_emulator/none"] {
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
async fn the_api_answers_to_any_name_and_origin() {
    let server = Server::quiet().await;
    let request = server.api(Method::DELETE, "pick");
    let (status, _) = answer(request.header("Host", "emulator:8080").header("Origin", "https://shop.example")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

/// The time is a paused one that jumps ahead whenever nothing else is left to do.
#[tokio::test(start_paused = true)]
async fn a_connection_that_sends_nothing_or_nothing_more_is_closed() {
    let emulator = Emulator::start(Options::default()).await.unwrap();
    for request in [&b""[..], b"GET /_emulator/health HTTP/1.1\r\nHost: localhost\r\n\r\n"] {
        let mut stream = tokio::net::TcpStream::connect(emulator.addr()).await.unwrap();
        stream.write_all(request).await.unwrap();
        let mut answer = Vec::new();
        let closed = tokio::time::timeout(Duration::from_secs(60), stream.read_to_end(&mut answer)).await;
        closed.expect("it is closed in time").unwrap();
        assert_eq!(answer.starts_with(b"HTTP/1.1 200"), !request.is_empty());
    }
}

#[tokio::test]
async fn the_handle_works_beside_http() {
    let server = Server::quiet().await;
    server.put("pick", 1).await;
    assert_eq!(server.emulator.requests().len(), 1);
    server.emulator.advance(Duration::from_secs(8 * 3600));
    let stream = server.emulator.with_service(|service, now| service.stream(now, Some(KEY), "pick")).unwrap();
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
    first.emulator.stop().await.unwrap();
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
