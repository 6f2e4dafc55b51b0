//! The control endpoints: who may use them, and what each of them does.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{KEY, Server, answer};

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
async fn of_many_streams_the_newest_are_listed() {
    let server = Server::quiet().await;
    for key in ["crush", "bottle", "pick", "press"] {
        server.put(key, 1).await;
        server.emulator.advance(std::time::Duration::from_secs(1));
    }
    server.put("bottle", 2).await;
    answer(server.api(Method::DELETE, "press")).await;
    for (limit, expected) in
        [(1, &["bottle"][..]), (2, &["bottle", "pick"]), (4, &["bottle", "crush", "pick", "press"])]
    {
        let (_, list) = answer(server.control(Method::GET, &format!("streams?limit={limit}"))).await;
        let keys: Vec<_> = list["streams"].as_array().unwrap().iter().map(|stream| &stream["stream_key"]).collect();
        assert_eq!(keys, expected, "what has ended comes last");
    }
    let (status, refused) = answer(server.control(Method::GET, "streams?limit=few")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{refused}");
}

/// As when a job runs again while its last card is still there.
#[tokio::test]
async fn each_activity_of_a_stream_has_its_own_picture() {
    let server = Server::quiet().await;
    let first = server.put("pick", 11).await["activity_id"].clone();
    answer(server.api(Method::DELETE, "pick")).await;
    let second = server.put("pick", 22).await["activity_id"].clone();
    let picture = |path: String| {
        let request = server.control(Method::GET, &path);
        async move { request.send().await.unwrap().text().await.unwrap() }
    };
    for (query, shown) in [
        (String::new(), "22%"),
        (format!("?activity={}", second.as_str().unwrap()), "22%"),
        (format!("?activity={}", first.as_str().unwrap()), "11%"),
        (format!("?activity={}&device=iphone", first.as_str().unwrap()), "11%"),
    ] {
        let svg = picture(format!("render/pick.svg{query}")).await;
        assert!(svg.contains(shown), "{query}: {svg}");
    }
    for path in
        ["render/pick.svg?activity=none".to_owned(), format!("render/press.svg?activity={}", second.as_str().unwrap())]
    {
        assert_eq!(answer(server.control(Method::GET, &path)).await.0, StatusCode::NOT_FOUND, "{path}");
    }
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
    let ahead = json!({"mode": "manual", "now": "2199-01-01T08:00:00.000Z"});
    answer(server.control(Method::PUT, "clock").json(&ahead)).await;
    let (_, clock) = answer(server.control(Method::PUT, "clock").json(&json!({"mode": "real"}))).await;
    assert!(clock["now"].as_str().unwrap().starts_with("2199-01-01T08:"), "it does not go back: {clock}");
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
async fn a_reset_may_be_of_a_part() {
    let server = Server::quiet().await;
    let reset = |scope: &str| server.control(Method::POST, &format!("reset?scope={scope}"));
    server.put("pick", 1).await;
    answer(server.control(Method::PUT, "devices/iphone").json(&json!({"state": "offline"}))).await;
    answer(reset("requests")).await;
    assert!(server.emulator.requests().is_empty());
    answer(reset("devices")).await;
    let (_, list) = answer(server.control(Method::GET, "devices")).await;
    assert_eq!((&list["devices"][0]["state"], &list["devices"][0]["active"]), (&json!("online"), &json!(0)));
    assert_eq!(server.put("pick", 2).await["operation"], "updated");
    answer(reset("streams")).await;
    let (_, list) = answer(server.control(Method::GET, "streams")).await;
    assert_eq!(list["streams"], json!([]));
    assert_eq!(server.emulator.requests().len(), 1);
    assert_eq!(server.put("pick", 2).await["operation"], "started");
    for bad in ["reset?scope=some", "reset?part=all"] {
        assert_eq!(answer(server.control(Method::POST, bad)).await.0, StatusCode::BAD_REQUEST, "{bad}");
    }
}

#[tokio::test]
async fn the_journal_is_searched() {
    let server = Server::quiet().await;
    for (key, percentage) in [("pick", 1), ("press", 2), ("pick", 300), ("pick", 4)] {
        server.put(key, percentage).await;
    }
    answer(server.api(Method::DELETE, "press")).await;
    let found = |query: &str| answer(server.control(Method::GET, &format!("requests?{query}")));
    let count = |answer: (StatusCode, Value)| answer.1["requests"].as_array().map(Vec::len);
    assert_eq!(count(found("stream_key=pick").await), Some(3));
    assert_eq!(count(found("method=delete").await), Some(1));
    assert_eq!(count(found("status=4xx").await), Some(1));
    assert_eq!(count(found("status=400&stream_key=press").await), Some(0));
    let (_, newest) = found("limit=2").await;
    assert_eq!((&newest["requests"][0]["id"], &newest["requests"][1]["id"]), (&json!(4), &json!(5)));
    for bad in ["limit=-1", "stream=pick", "since=1&since=2"] {
        assert_eq!(found(bad).await.0, StatusCode::BAD_REQUEST, "{bad}");
    }
}

#[tokio::test]
async fn the_journal_holds_headers_outcome_and_time_taken_but_no_secret() {
    let server = Server::quiet().await;
    let request =
        server.api(Method::DELETE, "pick").header("X-Trace", format!("for {KEY}")).header("Cookie", "secret=1");
    answer(request.header("User-Agent", "picker/1.0")).await;
    let (_, all) = answer(server.control(Method::GET, "requests")).await;
    let entry = &all["requests"][0];
    assert_eq!(entry["headers"]["user-agent"], "picker/1.0");
    assert_eq!(entry["headers"]["authorization"], "(redacted)");
    assert_eq!(entry["headers"]["x-trace"], "for (redacted)");
    assert_eq!(entry["headers"]["cookie"], "(redacted)");
    assert_eq!((&entry["outcome"], &entry["fault"]), (&json!("refused"), &Value::Null));
    assert!(entry["latency_ms"].as_f64().unwrap() >= 0.0);
}
