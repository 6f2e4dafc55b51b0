//! The client against servers that misbehave, over real connections on loopback.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use activitysmith_kit::blocking::ActivitySmith;
use activitysmith_kit::{Builder, ConnectionErrorKind, Error, Operation, Progress, PushAlert, StreamResponse};

const KEY: &str = "ask_test_network";

/// What a server does with one connection, after it has read a whole request.
#[derive(Clone)]
enum Behaviour {
    /// Sends these bytes and closes.
    Send(String),
    /// Closes at once.
    Close,
    /// Says nothing until the client gives up.
    Stall,
}
use Behaviour::{Close, Send, Stall};

/// A server that plays one behaviour a connection, and tells each request that it has read.
struct Server {
    url: String,
    requests: Receiver<String>,
}

impl Server {
    fn start(behaviours: impl IntoIterator<Item = Behaviour>) -> Self {
        Self::start_with(behaviours, || {})
    }

    /// Also says when it has closed a connection.
    fn start_with(
        behaviours: impl IntoIterator<Item = Behaviour>,
        closed: impl Fn() + std::marker::Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/api", listener.local_addr().unwrap());
        let behaviours: Vec<_> = behaviours.into_iter().collect();
        let (sender, requests) = channel();
        thread::spawn(move || {
            for behaviour in behaviours {
                let (mut connection, _) = listener.accept().unwrap();
                sender.send(read_request(&mut connection)).unwrap();
                match behaviour {
                    Send(answer) => connection.write_all(answer.as_bytes()).unwrap(),
                    Close => {}
                    Stall => drop(connection.read(&mut [0])),
                }
                drop(connection);
                closed();
            }
        });
        Self { url, requests }
    }

    fn client(&self) -> Builder {
        ActivitySmith::builder().base_url(&*self.url).api_key(KEY).timeout(Duration::from_secs(10))
    }

    /// Shows a state and tells what came of it, and how many requests arrived.
    fn stream(&self, client: Builder) -> (Result<StreamResponse, Error>, usize) {
        let client = client.build_blocking().unwrap();
        let result = client.live_activities().stream("k", Progress::new("T").percentage(1)).send();
        (result, self.requests.try_iter().count())
    }
}

fn read_request(connection: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        connection.read_exact(&mut byte).unwrap();
        request.push(byte[0]);
    }
    let head = String::from_utf8(request).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned))
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    connection.read_exact(&mut body).unwrap();
    head + std::str::from_utf8(&body).unwrap()
}

fn answer(status: &str, headers: &str, body: &str) -> Behaviour {
    Send(format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len()))
}

fn updated() -> Behaviour {
    answer("200 OK", "", r#"{"success":true,"operation":"updated"}"#)
}

#[test]
fn the_request_is_what_the_contract_says() {
    let server = Server::start([updated()]);
    let client = server.client().build_blocking().unwrap();
    client.live_activities().stream("search-reindex", Progress::new("T").percentage(42)).send().unwrap();
    let request = server.requests.recv().unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("PUT /api/live-activity/stream/search-reindex HTTP/1.1\r\n"), "{head}");
    for header in [
        "authorization: Bearer ask_test_network",
        "content-type: application/json",
        "accept: application/json",
        concat!("user-agent: activitysmith-kit-rust/", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(head.lines().any(|line| line == header), "{header} is not in {head}");
    }
    assert_eq!(body, r#"{"content_state":{"title":"T","type":"progress","percentage":42}}"#);
}

#[test]
fn an_end_that_says_nothing_sends_no_body() {
    let server = Server::start([answer("200 OK", "", r#"{"operation":"ended"}"#)]);
    let client = server.client().build_blocking().unwrap();
    let outcome = client.live_activities().end_stream("k").send().unwrap();
    assert_eq!(outcome.operation, Operation::Ended);
    let request = server.requests.recv().unwrap();
    assert!(request.starts_with("DELETE /api/live-activity/stream/k HTTP/1.1\r\n"), "{request}");
    assert!(!request.contains("content-type"), "{request}");
}

#[test]
fn a_connection_that_breaks_is_tried_again() {
    let (result, requests) = {
        let server = Server::start([Close, Close, updated()]);
        server.stream(server.client())
    };
    assert_eq!((result.unwrap().facts.attempts, requests), (3, 3));
}

#[test]
fn half_an_answer_is_none() {
    let half = Send("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"operation\":\"upd".to_owned());
    let server = Server::start([half.clone(), updated()]);
    assert_eq!(server.stream(server.client()).0.unwrap().facts.attempts, 2);
    let server = Server::start([half]);
    let (result, _) = server.stream(server.client().max_retries(0));
    let Err(Error::Connection(error)) = result else { panic!("{result:?}") };
    assert!(matches!(error.kind, ConnectionErrorKind::Interrupted(_)), "{error}");
}

#[test]
fn half_an_answer_to_a_sound_is_not_asked_for_again() {
    let server = Server::start([Send("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{".to_owned())]);
    let client = server.client().build_blocking().unwrap();
    let call = client.live_activities().stream("k", Progress::new("T").percentage(1));
    assert!(call.alert(PushAlert::new().title("!")).send().is_err());
    assert_eq!(server.requests.try_iter().count(), 1);
}

#[test]
fn silence_costs_no_more_than_the_timeout() {
    let server = Server::start([Stall]);
    let (result, requests) = server.stream(server.client().timeout(Duration::from_secs(5)));
    let error = result.unwrap_err();
    assert_eq!((error.kind(), error.is_transient(), requests), ("timeout", true, 1));
    assert_eq!(error.to_string(), "no answer within 5 s (attempts: 1)");
}

#[test]
fn nobody_there_is_said_so() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let client = ActivitySmith::builder().base_url(format!("http://127.0.0.1:{port}/api")).api_key(KEY).max_retries(0);
    let error = client.build_blocking().unwrap().live_activities().end_stream("k").send().unwrap_err();
    assert_eq!(error.kind(), "connection");
    assert!(error.to_string().starts_with("could not connect: Connection refused"), "{error}");
}

#[test]
fn a_redirect_is_named_and_not_followed() {
    let elsewhere = Server::start([updated()]);
    let server = Server::start([answer("307 Temporary Redirect", &format!("location: {}\r\n", elsewhere.url), "")]);
    let (result, _) = server.stream(server.client());
    let error = result.unwrap_err();
    assert_eq!(error.kind(), "redirect");
    assert!(error.to_string().contains(&elsewhere.url), "{error}");
    assert_eq!(elsewhere.requests.try_iter().count(), 0, "the key went elsewhere");
}

#[test]
fn an_endless_answer_is_cut_short() {
    let server = Server::start([answer("200 OK", "", &"x".repeat(2 * 1024 * 1024))]);
    let (result, _) = server.stream(server.client().max_retries(0));
    assert!(result.unwrap_err().to_string().contains("larger than"));
}

#[test]
fn an_answer_that_is_no_http_is_an_error() {
    let server = Server::start([Send("SSH-2.0-OpenSSH\r\n".to_owned())]);
    let (result, _) = server.stream(server.client().max_retries(0));
    assert_eq!(result.unwrap_err().kind(), "connection");
}

#[test]
fn a_server_that_repeats_the_key_does_not_spread_it() {
    let server =
        Server::start([answer("401 Unauthorized", "", &format!(r#"{{"error":"no {KEY}","message":"{KEY}?"}}"#))]);
    let (result, _) = server.stream(server.client());
    let error = result.unwrap_err();
    for text in [error.to_string(), format!("{error:?}"), serde_json::to_string(&error).unwrap()] {
        assert!(text.contains("[redacted]") && !text.contains(KEY), "{text}");
    }
}

#[test]
fn no_client_shows_its_key() {
    let server = Server::start([]);
    let client = server.client().build_blocking().unwrap();
    assert!(!format!("{client:?}").contains(KEY));
}

#[test]
fn several_threads_share_a_client() {
    let server = Server::start(vec![updated(); 8]);
    let client = server.client().build_blocking().unwrap();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| client.live_activities().stream("k", Progress::new("T").percentage(1)).send().unwrap());
        }
    });
    assert_eq!(server.requests.try_iter().count(), 8);
}

#[test]
fn the_blocking_client_works_wherever_it_is_called() {
    let server = Server::start(vec![updated(); 3]);
    let client = server.client().build_blocking().unwrap();
    let call = |client: &ActivitySmith| {
        client.live_activities().stream("k", Progress::new("T").percentage(1)).send().unwrap();
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async { call(&client) });
    let clone = client.clone();
    runtime.block_on(async move { tokio::task::spawn_blocking(move || call(&clone)).await.unwrap() });
    call(&client);
    // Dropped inside the other runtime too, which must not panic.
    runtime.block_on(async move { drop(client) });
}

#[test]
fn a_connection_that_the_server_closed_meanwhile_is_not_written_into() {
    let keep_alive = |body: &str| Send(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()));
    let (closed, is_closed) = channel();
    let server =
        Server::start_with(vec![keep_alive(r#"{"operation":"updated"}"#); 4], move || closed.send(()).unwrap());
    let client = server.client().max_retries(0).build_blocking().unwrap();
    for _ in 0..4 {
        let call = client.live_activities().stream("k", Progress::new("T").percentage(1));
        call.alert(PushAlert::new().title("!")).send().unwrap();
        is_closed.recv().unwrap();
        // Nothing shows when the client's thread has noticed it; on loopback that is as soon as it runs.
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn an_async_client_without_a_runtime_says_so() {
    use std::future::IntoFuture;
    use std::task::{Context, Poll, Waker};

    let server = Server::start([]);
    let client = server.client().build().unwrap();
    let mut call = client.live_activities().end_stream("k").into_future();
    let Poll::Ready(result) = call.as_mut().poll(&mut Context::from_waker(Waker::noop())) else { panic!("it waits") };
    assert!(result.unwrap_err().to_string().starts_with("runtime is missing"));
}

#[test]
fn a_key_is_no_name_for_a_stream() {
    let server = Server::start([]);
    let client = server.client().build_blocking().unwrap();
    let error = client.live_activities().end_stream(KEY).send().unwrap_err();
    assert_eq!((error.kind(), error.to_string().contains(KEY)), ("config", false));
}

#[test]
fn what_a_server_says_at_length_stays_on_one_line() {
    let message = format!(r#"{{"message":"a\nb\u001b[31m{}"}}"#, "x".repeat(5_000));
    let server = Server::start([answer("400 Bad Request", "", &message)]);
    let text = server.stream(server.client()).0.unwrap_err().to_string();
    assert!(text.len() < 500 && !text.contains(['\n', '\u{1b}']), "{text}");
}

#[test]
fn settings_that_cannot_be_are_refused_before_anything_is_sent() {
    let server = Server::start([]);
    let refused = |builder: Builder| builder.build().unwrap_err().to_string();
    assert_eq!(refused(server.client().api_key(" ")), "api_key is empty; give a key, such as ask_...");
    assert!(refused(server.client().api_key("ask_1\n")).starts_with("api_key contains a line break"));
    assert!(
        refused(server.client().base_url("127.0.0.1:80/api"))
            .starts_with("base_url must start with https:// (http:// for loopback)")
    );
    assert!(refused(server.client().base_url("http://example.com").api_key("ask_1")).contains("plain http"));
    assert!(refused(server.client().base_url("https://example.com")).contains("is a test key"));
    assert!(refused(server.client().timeout(Duration::ZERO)).starts_with("timeout must be more than 0"));
    let client = server.client().build_blocking().unwrap();
    let call = client.live_activities().end_stream("k").timeout(Duration::MAX);
    assert_eq!(call.send().unwrap_err().kind(), "config");
    assert_eq!(server.requests.try_iter().count(), 0);
}
