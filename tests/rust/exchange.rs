//! One call from its first request to its outcome, on a clock that the tests hold.

use std::time::{Duration, SystemTime};

use activitysmith_kit::api::{END_STREAM, STREAM};
use activitysmith_kit::call::{Exchange, Next, Now, RetryPolicy, TransportError};
use activitysmith_kit::call::{Request, Response};
use activitysmith_kit::{Error, Operation, Result, StreamResponse};
use proptest::prelude::*;

const TIMEOUT: Duration = Duration::from_secs(15);

/// What the network does with one request.
#[derive(Clone, Debug)]
enum Answer {
    Status(u16, Option<u64>),
    Capacity,
    Refused,
    Broken,
}
use Answer::{Broken, Capacity, Refused, Status};

fn answer(answer: &Answer) -> Result<Response, TransportError> {
    match answer {
        Status(status, retry_after) => {
            let body = if *status == 200 { &br#"{"operation":"updated"}"#[..] } else { b"" };
            let headers = retry_after.map(|seconds| ("retry-after".to_owned(), seconds.to_string()));
            Ok(Response { status: *status, headers: headers.into_iter().collect(), body: body.to_vec() })
        }
        Capacity => Ok(Response { status: 429, headers: vec![], body: br#"{"limit":5,"active":5}"#.to_vec() }),
        Refused => Err(TransportError::connect("refused")),
        Broken => Err(TransportError::interrupted("reset")),
    }
}

fn at(monotonic: Duration) -> Now {
    Now { monotonic, wall: SystemTime::UNIX_EPOCH }
}

/// What came of a call, how many requests it took, and how long it waited.
struct Story {
    result: Result<StreamResponse, Error>,
    requests: usize,
    waited: Duration,
}

/// Plays a call to its end against these answers, each of which takes `latency`.
fn play(request: Request, answers: &[Answer], policy: RetryPolicy, latency: Duration, jitter: f64) -> Story {
    let mut now = Duration::from_secs(1_000);
    let mut waited = Duration::ZERO;
    let mut exchange = Exchange::new(request, policy, TIMEOUT, at(now));
    for (index, next) in answers.iter().enumerate() {
        let left = exchange.time_left(at(now));
        assert!(!left.is_zero(), "a request that has no time left is never sent");
        now += latency.min(left);
        let came = if latency < left { answer(next) } else { Err(TransportError::timeout()) };
        match exchange.proceed(came, at(now), jitter) {
            Next::Done(result) => {
                return Story { result: result.map(Into::into), requests: index + 1, waited };
            }
            Next::RetryAfter(pause) => {
                now += pause;
                waited += pause;
            }
        }
    }
    panic!("it wants to go on after {answers:?}")
}

fn stream() -> Request {
    Request::from_json(&STREAM, "k", br#"{"content_state":{"title":"T","percentage":1}}"#).unwrap()
}

fn stream_with_alert() -> Request {
    Request::from_json(&STREAM, "k", br#"{"content_state":{"title":"T","percentage":1},"alert":{"title":"!"}}"#)
        .unwrap()
}

fn end() -> Request {
    Request::from_json(&END_STREAM, "k", b"{}").unwrap()
}

fn tell(request: Request, answers: &[Answer]) -> Story {
    play(request, answers, RetryPolicy::default(), Duration::from_millis(20), 1.0)
}

fn kind(story: &Story) -> &'static str {
    story.result.as_ref().unwrap_err().kind()
}

#[test]
fn what_is_safe_is_repeated_twice_at_most() {
    let story = tell(stream(), &[Refused, Status(503, None), Status(200, None)]);
    assert_eq!(story.result.unwrap().facts.attempts, 3);
    let story = tell(stream(), &[Broken, Broken, Broken]);
    assert_eq!((kind(&story), story.requests), ("connection", 3));
    assert_eq!(story.result.unwrap_err().attempts(), 3);
}

#[test]
fn pauses_double_and_are_spread_by_chance() {
    let policy = RetryPolicy { max_retries: 3 };
    let broken = [Broken, Broken, Broken, Broken];
    let waited = |jitter| play(stream(), &broken, policy, Duration::ZERO, jitter).waited;
    assert_eq!(waited(1.0), Duration::from_millis(500 + 1_000 + 2_000));
    assert_eq!(waited(0.5), Duration::from_millis(1_750));
    assert_eq!(waited(0.0), Duration::ZERO);
}

#[test]
fn what_would_fail_again_is_not_repeated() {
    for (answer, expected) in [
        (Status(400, None), "bad_request"),
        (Status(401, None), "unauthorized"),
        (Status(402, None), "billing_blocked"),
        (Status(403, None), "forbidden"),
        (Status(404, None), "not_found"),
        (Status(307, None), "redirect"),
        (Capacity, "activity_limit_reached"),
    ] {
        let story = tell(stream(), &[answer]);
        assert_eq!((kind(&story), story.requests), (expected, 1));
    }
}

#[test]
fn a_rate_limit_is_waited_out_if_there_is_time_for_it() {
    let story = tell(stream(), &[Status(429, Some(7)), Status(200, None)]);
    let spread = Duration::from_millis(500);
    assert_eq!((story.requests, story.waited), (2, Duration::from_secs(7) + spread), "asked for, and spread by chance");
    let story = tell(stream(), &[Status(429, Some(60))]);
    assert_eq!((kind(&story), story.waited), ("rate_limited", Duration::ZERO), "no wait that cannot help");
}

#[test]
fn a_request_is_not_sent_for_the_last_moment() {
    let latency = Duration::from_millis(450);
    let story = play(stream(), &[Status(503, Some(14))], RetryPolicy::default(), latency, 1.0);
    assert_eq!((kind(&story), story.requests), ("server_error", 1), "what was known is told");
}

#[test]
fn a_request_that_makes_a_sound_is_not_repeated_once_it_may_have_been_heard() {
    for answer in [Broken, Status(500, None), Status(503, Some(1)), Status(408, None)] {
        assert_eq!(tell(stream_with_alert(), &[answer]).requests, 1);
    }
    for unheard in [Refused, Status(429, Some(1))] {
        assert!(tell(stream_with_alert(), &[unheard, Status(200, None)]).result.is_ok());
    }
}

#[test]
fn an_end_whose_answer_was_lost_succeeds_when_nothing_is_left() {
    for lost in [Broken, Status(502, None)] {
        let outcome = tell(end(), &[lost, Status(404, None)]).result.unwrap();
        assert_eq!((outcome.operation, outcome.ignored), (Operation::Ended, Some(true)));
        assert_eq!((outcome.stream_key.as_deref(), outcome.facts.attempts), (Some("k"), 2));
    }
}

#[test]
fn an_end_of_a_stream_that_never_was_says_so() {
    assert_eq!(kind(&tell(end(), &[Status(404, None)])), "not_found");
    assert_eq!(kind(&tell(end(), &[Refused, Status(404, None)])), "not_found", "nothing had been sent before");
    assert_eq!(
        kind(&tell(end(), &[Status(429, Some(1)), Status(404, None)])),
        "not_found",
        "nothing had been done before"
    );
}

#[test]
fn silence_ends_with_the_time() {
    let story = play(stream(), &[Refused], RetryPolicy::default(), TIMEOUT, 1.0);
    assert_eq!((kind(&story), story.requests), ("timeout", 1));
    assert_eq!(story.result.unwrap_err().to_string(), "no answer within 15 s (attempts: 1)");
}

fn any_answer() -> impl Strategy<Value = Answer> {
    let retry_after = prop_oneof![Just(None), (0..40_u64).prop_map(Some)];
    prop_oneof![
        (200..600_u16, retry_after).prop_map(|(status, retry_after)| Status(status, retry_after)),
        Just(Capacity),
        Just(Refused),
        Just(Broken),
    ]
}

proptest! {
    /// Whatever the network does, a call ends within its time and its number of requests.
    #[test]
    fn a_call_always_ends_in_time(
        answers in prop::collection::vec(any_answer(), 8),
        max_retries in 0..7_u32,
        latency in 0..6_000_u64,
        jitter in 0.0..=1.0_f64,
        which in 0..3,
    ) {
        let request = [stream, stream_with_alert, end][which as usize]();
        let latency = Duration::from_millis(latency);
        let story = play(request, &answers, RetryPolicy { max_retries }, latency, jitter);
        prop_assert!(story.requests <= max_retries as usize + 1);
        prop_assert!(story.waited + latency * (story.requests as u32 - 1) < TIMEOUT);
        match story.result {
            Ok(outcome) => prop_assert_eq!(outcome.facts.attempts as usize, story.requests),
            Err(error) => prop_assert_eq!(error.attempts() as usize, story.requests),
        }
    }
}
