//! Rough treatment: whatever comes over the wire, the emulator answers in the API's shape or closes the connection, and
//! goes on serving.

use std::time::Duration;

use activitysmith_emulator::{Emulator, Options};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{KEY, Server, answer};

const BODY: &str = r#"{"content_state": {"title": "Plums", "type": "value", "value": 3}}"#;

#[tokio::test]
async fn a_body_is_judged_by_what_it_is_and_not_by_what_it_claims() {
    let server = Server::quiet().await;
    for content_type in ["text/plain", "application/xml", "application/x-www-form-urlencoded", "nonsense"] {
        let request = server.api(Method::PUT, "pick").header("Content-Type", content_type).body(BODY);
        assert_eq!(answer(request).await.0, StatusCode::OK, "{content_type}");
    }
    for body in [&b"a=1&b=2"[..], b"<a/>", b"{\"content_state\": {\"title\": \"\xff\xfe\"}}", b"\xef\xbb\xbf{}", b"\0"]
    {
        let (status, refused) = answer(server.api(Method::PUT, "pick").body(body)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body:?}");
        assert!(refused["error"].is_string() && refused["message"].is_string(), "{refused}");
    }
}

#[tokio::test]
async fn nesting_without_end_is_refused_at_every_door() {
    let server = Server::quiet().await;
    let deep = "[".repeat(500_000);
    assert_eq!(answer(server.api(Method::PUT, "pick").body(deep.clone())).await.0, StatusCode::BAD_REQUEST);
    let object = format!("{{\"match\": {{\"body\": {}", "{\"a\":".repeat(100_000));
    for (method, path) in
        [("POST", "verify"), ("POST", "faults"), ("POST", "import"), ("PUT", "switches"), ("PUT", "account")]
    {
        let request = server.control(method.parse().unwrap(), path).body(object.clone());
        assert_eq!(answer(request).await.0, StatusCode::BAD_REQUEST, "{path}");
    }
}

#[tokio::test]
async fn tricks_with_paths_lead_nowhere() {
    let server = Server::quiet().await;
    for path in [
        "/api/../_emulator/streams",
        "/api/live-activity/stream/../../../_emulator/reset",
        "/api/live-activity/stream/%2e%2e%2f%2e%2e",
        "/api//live-activity/stream/pick",
        "/api/live-activity/stream/pick/",
        "/_emulator/../api/live-activity/stream/pick",
        "/_emulator/streams/%2e%2e",
        "/_emulator/streams/%ff",
        "/_emulator//streams",
        "/API/live-activity/stream/pick",
        "*",
    ] {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\nConnection: close\r\n\r\n"
        );
        let response = server.raw(request.as_bytes()).await;
        let status: u16 = response.split(' ').nth(1).unwrap().parse().unwrap();
        assert!((400..500).contains(&status), "{path}: {response}");
    }
    let long = format!("GET /_emulator/streams/{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "x".repeat(1 << 20));
    let response = server.raw(long.as_bytes()).await;
    assert!(response.is_empty() || response.starts_with("HTTP/1.1 4"), "{response}");
    assert!(server.emulator.requests().iter().all(|entry| entry.status >= 400));
    assert_eq!(server.put("pick", 1).await["operation"], "started");
}

#[tokio::test]
async fn headers_without_end_are_refused() {
    let server = Server::quiet().await;
    let many = "X-Again: and again\r\n".repeat(1000);
    let long = format!("X-Long: {}\r\n", "x".repeat(1 << 20));
    for headers in [many, long] {
        let request = format!("GET /_emulator/health HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
        let response = server.raw(request.as_bytes()).await;
        assert!(response.is_empty() || response.starts_with("HTTP/1.1 431"), "{response}");
    }
    assert_eq!(server.put("pick", 1).await["operation"], "started");
}

/// The time is a paused one that jumps ahead whenever nothing else is left to do.
#[tokio::test(start_paused = true)]
async fn a_request_that_never_becomes_whole_is_given_up() {
    let emulator = Emulator::start(Options::default()).await.unwrap();
    let head = "PUT /api/live-activity/stream/pick HTTP/1.1\r\nHost: x\r\n";
    for (begun, limit) in [(head.to_owned(), 31), (format!("{head}Content-Length: 100\r\n\r\n{{"), 61)] {
        let mut slow = TcpStream::connect(emulator.addr()).await.unwrap();
        slow.write_all(begun.as_bytes()).await.unwrap();
        let mut rest = Vec::new();
        let closed = tokio::time::timeout(Duration::from_secs(limit), slow.read_to_end(&mut rest)).await;
        assert!(closed.is_ok(), "{begun:?} is waited for");
        assert!(!rest.starts_with(b"HTTP/1.1 2"), "{}", String::from_utf8_lossy(&rest));
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_request_may_not_take_longer_than_the_first() {
    let emulator = Emulator::start(Options::default()).await.unwrap();
    let mut slow = TcpStream::connect(emulator.addr()).await.unwrap();
    slow.write_all(b"GET /_emulator/health HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut answer = [0; 4096];
    assert!(slow.read(&mut answer).await.unwrap() > 0);
    slow.write_all(b"GET /_emulator/hea").await.unwrap();
    let closed = tokio::time::timeout(Duration::from_secs(31), slow.read_to_end(&mut Vec::new())).await;
    assert!(closed.is_ok());
}

#[tokio::test]
async fn a_thousand_silent_connections_are_in_nobodys_way() {
    let server = Server::quiet().await;
    let mut silent = Vec::new();
    for _ in 0..1000 {
        // Where the system grants fewer, as many as there can be.
        let Ok(stream) = TcpStream::connect(server.emulator.addr()).await else { break };
        silent.push(stream);
        if silent.len() == 300 {
            silent.drain(..100);
        }
    }
    assert_eq!(server.put("pick", 1).await["operation"], "started");
}

#[tokio::test]
async fn markup_is_given_back_as_it_came() {
    let server = Server::quiet().await;
    let title = "<script>alert(1)</script>\u{202e}\u{0}";
    let body = json!({"content_state": {"title": title, "type": "value", "value": 1}});
    answer(server.api(Method::PUT, "pick").json(&body)).await;
    let (_, stream): (_, Value) = answer(server.control(Method::GET, "streams/pick")).await;
    assert_eq!(stream["content_state"]["title"], title);
}

#[tokio::test]
async fn a_body_with_thousands_of_mistakes_gets_a_short_answer() {
    let server = Server::quiet().await;
    let strings = |count: usize| vec![""; count];
    for count in [30, 100_000] {
        let body = json!({"content_state": {"title": "Plums", "type": "value", "value": 3}, "tags": strings(count)});
        let (status, refused) = answer(server.api(Method::PUT, "pick").json(&body)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let message = refused["message"].as_str().unwrap();
        assert!(message.contains("`tags") && message.len() < 3000, "{message}");
    }
    let unknown: serde_json::Map<_, _> = (0..4000).map(|n| (format!("field{n}"), json!(n))).collect();
    let (_, refused) = answer(server.api(Method::PUT, "pick").json(&unknown)).await;
    assert!(refused["message"].as_str().unwrap().ends_with("; and 3981 more"), "{refused}");
}

#[tokio::test]
async fn many_large_bodies_that_never_end_leave_room_for_others() {
    let server = Server::quiet().await;
    let head = "PUT /api/live-activity/stream/pick HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n";
    let mut waiting = Vec::new();
    for _ in 0..260 {
        let mut stream = TcpStream::connect(server.emulator.addr()).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all("x".repeat(20_000).as_bytes()).await.unwrap();
        waiting.push(stream);
    }
    assert_eq!(server.put("pick", 1).await["operation"], "started", "what is small needs no room");
    let large = tokio::spawn(server.api(Method::PUT, "pick").body(" ".repeat(500_000) + BODY).send());
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!large.is_finished(), "what is large waits");
    drop(waiting);
    assert_eq!(large.await.unwrap().unwrap().status(), StatusCode::OK);
}
