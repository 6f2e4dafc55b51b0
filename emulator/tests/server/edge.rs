//! Faults as a client meets them, at the edge of the server.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{KEY, Server, answer};

async fn faulty(then: Value) -> Server {
    let server = Server::quiet().await;
    let rule = json!({"id": "edge", "match": {"method": "PUT"}, "then": then});
    let (status, rule) = answer(server.control(Method::POST, "faults").json(&rule)).await;
    assert_eq!(status, StatusCode::OK, "{rule}");
    server
}

/// A PUT on a connection of its own, of which nothing was read yet.
async fn put(server: &Server) -> TcpStream {
    let mut stream = TcpStream::connect(server.emulator.addr()).await.unwrap();
    let body = r#"{"content_state": {"title": "Plums", "type": "value", "value": 3}}"#;
    let head = format!(
        "PUT /api/live-activity/stream/pick HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    stream
}

async fn streams(server: &Server) -> usize {
    let (_, list) = answer(server.control(Method::GET, "streams")).await;
    list["streams"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_reset_is_a_real_one_before_or_after_the_request_was_carried_out() {
    for (then, carried_out) in [("reset_before", 0), ("reset_after_apply", 1)] {
        let server = faulty(json!(then)).await;
        let error = put(&server).await.read(&mut [0; 1024]).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{then}");
        assert_eq!(streams(&server).await, carried_out, "{then}");
        let (_, journal) = answer(server.control(Method::GET, "requests")).await;
        assert_eq!(journal["requests"][0]["fault"], "edge");
    }
}

#[tokio::test]
async fn a_cut_body_ends_before_its_length() {
    let server = faulty(json!("cut_body")).await;
    let mut text = String::new();
    put(&server).await.read_to_string(&mut text).await.unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    assert_eq!(length.parse::<usize>().unwrap() / 2, body.len());
}

#[tokio::test]
async fn late_and_slow_answers_take_their_time() {
    for then in [json!({"latency": {"fixed": 60_000}}), json!({"slow_body": {"milliseconds": 60_000}})] {
        let server = faulty(then.clone()).await;
        let mut stream = put(&server).await;
        while streams(&server).await == 0 {}
        tokio::time::pause();
        let began = tokio::time::Instant::now();
        let mut text = Vec::new();
        while !text.ends_with(b"}") {
            stream.read_buf(&mut text).await.unwrap();
        }
        let took = began.elapsed();
        tokio::time::resume();
        assert!(took >= Duration::from_secs(50), "{then}: {took:?}");
        assert!(String::from_utf8(text).unwrap().contains("\"started\""), "{then}");
    }
}

#[tokio::test]
async fn a_stalled_request_is_carried_out_and_never_answered() {
    let server = faulty(json!("stall")).await;
    let mut stream = put(&server).await;
    while streams(&server).await == 0 {}
    tokio::time::pause();
    let waited = tokio::time::timeout(Duration::from_secs(300), stream.read(&mut [0; 8])).await;
    assert!(waited.is_err());
}

#[tokio::test]
async fn an_answer_may_be_any_text_and_status() {
    let server = faulty(json!("html_502")).await;
    let response = server.api(Method::PUT, "pick").send().await.unwrap();
    assert_eq!(
        (response.status(), &response.headers()["content-type"]),
        (StatusCode::BAD_GATEWAY, &"text/html".parse().unwrap())
    );
    let then = json!({"status": 599, "body": "sorry", "headers": {"X-Why": "because"}});
    let server = faulty(then).await;
    let response = server.api(Method::PUT, "pick").send().await.unwrap();
    assert_eq!((response.status().as_u16(), &response.headers()["x-why"]), (599, &"because".parse().unwrap()));
    assert_eq!(response.text().await.unwrap(), "sorry");
}

#[tokio::test]
async fn rules_are_listed_replaced_and_removed() {
    let server = faulty(json!("stall")).await;
    let (_, set) = answer(server.control(Method::PUT, "faults/edge").json(&json!({"then": "cut_body"}))).await;
    assert_eq!((&set["id"], &set["then"]), (&json!("edge"), &json!("cut_body")));
    let two = json!({"faults": [{"then": "html_502"}, {"id": "b", "then": {"status": 500}}]});
    let (_, list) = answer(server.control(Method::PUT, "faults").json(&two)).await;
    assert_eq!(list["faults"].as_array().unwrap().len(), 2);
    let bad = json!({"faults": [{"then": "html_502"}, {"then": "explode"}]});
    let (status, refused) = answer(server.control(Method::PUT, "faults").json(&bad)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(refused["message"].as_str().unwrap().contains("`then` must be one of"), "{refused}");
    assert_eq!(answer(server.control(Method::DELETE, "faults/b")).await.0, StatusCode::OK);
    assert_eq!(answer(server.control(Method::DELETE, "faults/b")).await.0, StatusCode::NOT_FOUND);
    let (_, list) = answer(server.control(Method::GET, "faults")).await;
    assert_eq!(list["faults"].as_array().unwrap().len(), 1);
    answer(server.control(Method::POST, "reset?scope=faults")).await;
    assert_eq!(server.put("pick", 1).await["operation"], "started");
}

#[tokio::test]
async fn expectations_are_verified() {
    let server = Server::quiet().await;
    server.put("pick", 40).await;
    let expected = json!({"match": {"stream_key": "pick", "body": {"content_state": {"percentage": 50}}}});
    let (_, verdict) = answer(server.control(Method::POST, "verify").json(&expected)).await;
    assert_eq!((&verdict["ok"], &verdict["count"]), (&json!(false), &json!(0)));
    let difference = json!({"path": "body.content_state.percentage", "expected": 50, "actual": 40});
    assert_eq!(verdict["nearest"][0]["differences"], json!([difference]));
    let (status, _) = answer(server.control(Method::POST, "verify").json(&json!({"matching": {}}))).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn switches_are_shown_and_turned() {
    let server = Server::quiet().await;
    let (_, switches) = answer(server.control(Method::GET, "switches")).await;
    assert_eq!((&switches["mode"], &switches["headers"]), (&json!("strict"), &json!("draft_8")));
    let change = json!({"headers": "legacy", "limits": "service"});
    let (_, switches) = answer(server.control(Method::PUT, "switches").json(&change)).await;
    assert_eq!((&switches["headers"], &switches["limits"]["account_per_minute"]), (&json!("legacy"), &json!(300)));
    let response = server.api(Method::DELETE, "pick").send().await.unwrap();
    assert_eq!(response.headers()["x-ratelimit-limit"], "300");
    let (status, _) = answer(server.control(Method::PUT, "switches").json(&json!({"headers": "loud"}))).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}
