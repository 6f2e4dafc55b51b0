//! What viewers are told of changes.

use activitysmith_emulator::ApiRequest;
use activitysmith_emulator::Emulator;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{KEY, Server, answer};

struct Viewer {
    response: reqwest::Response,
    text: String,
}

#[derive(Debug)]
struct Event {
    id: u64,
    name: String,
    data: Value,
}

impl Viewer {
    async fn open(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, text: String::new() }
    }

    /// One that is at the newest event.
    async fn of(server: &Server) -> Self {
        let mut viewer = Self::open(server.control(Method::GET, "events")).await;
        viewer.block().await;
        viewer
    }

    /// The text up to the next empty line.
    async fn block(&mut self) -> String {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let block = block.to_owned();
                self.text = rest.to_string();
                return block;
            }
            let chunk = self.response.chunk().await.unwrap().expect("the emulator goes on");
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    async fn next(&mut self) -> Event {
        let block = self.block().await;
        let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        let data = serde_json::from_str(field("data: ")).unwrap();
        Event { id: field("id: ").parse().unwrap(), name: field("event: ").to_owned(), data }
    }

    /// The next event of this name.
    async fn wait_for(&mut self, name: &str) -> Event {
        loop {
            let event = self.next().await;
            if event.name == name {
                return event;
            }
        }
    }
}

#[tokio::test]
async fn a_request_its_stream_and_its_device_are_told() {
    let server = Server::quiet().await;
    let mut viewer = Viewer::of(&server).await;
    server.put("pick", 7).await;
    let request = viewer.wait_for("request").await;
    assert_eq!((&request.data["stream_key"], &request.data["outcome"]), (&json!("pick"), &json!("started")));
    assert!(!request.data.to_string().contains(KEY));
    let stream = viewer.wait_for("stream").await;
    assert_eq!(stream.data["content_state"]["percentage"], 7);
    let device = viewer.wait_for("device").await;
    assert_eq!(device.data["active"], 1);
    assert_eq!((stream.id, device.id), (request.id + 1, request.id + 2), "ids count up");
}

#[tokio::test]
async fn what_is_done_beside_the_api_is_told_too() {
    let server = Server::quiet().await;
    server.put("pick", 7).await;
    let mut viewer = Viewer::of(&server).await;
    answer(server.control(Method::POST, "streams/pick/pause")).await;
    assert_eq!(viewer.wait_for("stream").await.data["state"], "paused");
    answer(server.control(Method::PUT, "devices/iphone").json(&json!({"state": "locked"}))).await;
    while viewer.wait_for("device").await.data["state"] != "locked" {}
    answer(server.control(Method::POST, "clock/advance").json(&json!({"seconds": 5}))).await;
    assert_eq!(viewer.wait_for("clock").await.data["mode"], "manual");
    answer(server.control(Method::PUT, "switches").json(&json!({"limits": "service"}))).await;
    assert_eq!(viewer.wait_for("switches").await.data["limits"]["account_per_minute"], 300);
    answer(server.control(Method::PUT, "account").json(&json!({"billing": "trial_expired"}))).await;
    viewer.wait_for("device").await;
    answer(server.control(Method::POST, "reset")).await;
    assert_eq!(viewer.wait_for("reset").await.data, json!({"scope": "all", "account": null}));
}

#[tokio::test]
async fn time_alone_is_told_when_it_changes_what_is_there() {
    let server = Server::quiet().await;
    server.put("pick", 7).await;
    let mut viewer = Viewer::of(&server).await;
    answer(server.control(Method::POST, "clock/advance").json(&json!({"seconds": 8 * 3600}))).await;
    assert_eq!(viewer.wait_for("stream").await.data["state"], "idle");
}

#[tokio::test]
async fn a_viewer_who_was_cut_off_is_given_what_he_missed() {
    let server = Server::quiet().await;
    let mut witness = Viewer::of(&server).await;
    let mut viewer = Viewer::of(&server).await;
    server.put("pick", 1).await;
    let seen = viewer.wait_for("stream").await.id;
    drop(viewer);
    server.put("pick", 2).await;
    while witness.wait_for("stream").await.data["content_state"]["percentage"] != 2 {}

    let again = server.control(Method::GET, "events").header("Last-Event-ID", seen);
    let mut viewer = Viewer::open(again).await;
    viewer.block().await;
    let device = viewer.next().await;
    assert_eq!((device.id, device.name.as_str()), (seen + 1, "device"));
    assert_eq!(viewer.wait_for("stream").await.data["content_state"]["percentage"], 2);
}

#[tokio::test]
async fn a_viewer_who_missed_too_much_is_told_to_look_again() {
    let server = Server::quiet().await;
    for last in ["77", "18446744073709551615"] {
        let mut viewer = Viewer::open(server.control(Method::GET, "events").header("Last-Event-ID", last)).await;
        assert_eq!(viewer.next().await.name, "resync");
    }
}

#[tokio::test]
async fn more_than_can_be_shown_is_summed_up() {
    let server = Server::quiet().await;
    let mut viewer = Viewer::of(&server).await;
    server.emulator.with_service(|service, now| {
        for n in 0..500 {
            let path = format!("/live-activity/stream/pick-{n}");
            let body = br#"{"content_state": {"title": "Plums", "type": "value", "value": 3}}"#;
            service.handle(now, &ApiRequest::new("PUT", &path, &format!("Bearer {KEY}"), body));
        }
    });
    let mut streams = 0;
    loop {
        match viewer.next().await.name.as_str() {
            "request" => panic!("there are too many to tell them"),
            "stream" => streams += 1,
            "resync" => break,
            _ => {}
        }
    }
    assert!(streams <= 64, "{streams}");
}

#[tokio::test]
async fn a_viewer_of_one_account_is_told_of_that_alone() {
    let server = Server::quiet().await;
    let mut viewer = Viewer::open(server.control(Method::GET, "events").bearer_auth("ask_test_other")).await;
    viewer.block().await;
    server.put("pick", 1).await;
    let url = format!("{}/live-activity/stream/press", server.emulator.base_url());
    let body = json!({"content_state": {"title": "Pears", "type": "value", "value": 2}});
    answer(server.client.put(url).bearer_auth("ask_test_other").json(&body)).await;
    assert_eq!(viewer.next().await.data["stream_key"], "press");
    assert_eq!(viewer.next().await.data["stream_key"], "press");
}

#[tokio::test]
async fn viewers_are_let_go_when_the_emulator_stops() {
    let server = Server::quiet().await;
    let mut viewer = Viewer::of(&server).await;
    Emulator::stop(server.emulator).await.unwrap();
    assert!(!matches!(viewer.response.chunk().await, Ok(Some(_))));
}

/// The time is a paused one, which is moved ahead by hand.
#[tokio::test]
async fn a_viewer_may_stay_for_hours_in_which_nothing_happens() {
    let server = Server::quiet().await;
    let mut viewer = Viewer::of(&server).await;
    tokio::time::pause();
    for _ in 0..200 {
        tokio::time::advance(std::time::Duration::from_secs(60)).await;
        tokio::task::yield_now().await;
    }
    tokio::time::resume();
    server.put("pick", 7).await;
    assert_eq!(viewer.wait_for("stream").await.data["content_state"]["percentage"], 7);
}

/// The time is a paused one that jumps ahead whenever nothing else is left to do.
#[tokio::test(start_paused = true)]
async fn who_only_asks_whether_there_are_events_may_not_stay_longer_than_others() {
    let emulator = Emulator::start(activitysmith_emulator::Options::default()).await.unwrap();
    let mut stream = tokio::net::TcpStream::connect(emulator.addr()).await.unwrap();
    stream.write_all(b"HEAD /_emulator/events HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    let closed = tokio::time::timeout(std::time::Duration::from_secs(2 * 3600), stream.read_to_end(&mut answer)).await;
    assert!(closed.is_ok() && answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
}
