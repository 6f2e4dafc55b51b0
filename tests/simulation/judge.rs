//! What must hold at every step, whatever the network does. It watches requests, answers and what the service shows; of the library
//! it asks nothing but what any driver is told.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::time::Duration;

use activitysmith_kit::call::Request;
use activitysmith_kit::publish::driver::{Line, Op};
use activitysmith_kit::publish::{Event, EventKind};
use activitysmith_kit::{Error, Operation as Done, StreamResponse};
use serde_json::Value;

use crate::coverage::Phase;
use crate::program::Model;

/// How long nothing is sent when the key or the account is refused, unless a call succeeds.
const PAUSE: Duration = Duration::from_secs(300);

/// A promise that was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The device does not show what was acknowledged.
    LastStateLost,
    /// Something did not arrive, and that was not reported.
    Unreported,
    /// A state was told of as acknowledged before it was.
    ToldTooEarly,
    AlertShownTwice,
    AlertLost,
    SentAfterTheEnd,
    TwoUnderWay,
    OverTheLimit,
    WarnedOfFigures,
    BusyLoop,
    NotSettled,
    /// A job that had succeeded and shown nothing waited for its display.
    Waited,
    /// Something was shown before its time.
    ShownTooEarly,
    /// Something was sent though the key or the account is refused.
    SentInPause,
    /// An operation has a second outcome, or one after it was cancelled.
    SettledTwice,
    /// The number of a request was given out again, or an answer counted again.
    NumberReused,
    /// A warning was logged again though nothing had changed.
    WarnedAgain,
    /// A second end has another outcome than the first.
    EndsDiffer,
    /// A change that breaks a rule was taken, or one that breaks none was not.
    Misjudged,
    Panicked,
}

#[derive(Clone, Debug)]
pub struct Violation {
    pub broken: Broken,
    detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.broken, self.detail)
    }
}

/// How far a publisher has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Open,
    Ending,
    Over,
    /// Its program, or its client, is no more.
    Gone,
}

/// How requests of a publisher have failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Failures {
    None,
    /// The service has done nothing.
    Certain,
    /// The service may have done something.
    Uncertain,
}

/// One publisher, from being opened until it is not asked for any more.
#[derive(Debug)]
pub struct Record {
    pub stream_key: String,
    pub account: usize,
    pub model: Model,
    /// It changes nothing but numbers.
    pub of_numbers: bool,
    /// Others have to do with its activity, too: an earlier run, or requests of one that arrive late.
    pub disturbed: bool,
    pub stage: Stage,
    /// The newest request that was acknowledged.
    newest: Option<usize>,
    /// The end that was applied.
    end_applied: Option<usize>,
    under_way: Option<usize>,
    end_sent: bool,
    /// The service has set something aside, or told that something will not arrive.
    pub reported: HashSet<EventKind>,
    /// The events that were logged, and not yet asked for.
    logged: Vec<EventKind>,
    /// What was warned of since requests have succeeded, and what is reported once.
    warned: HashSet<EventKind>,
    reported_once: HashSet<EventKind>,
    /// How often its program did something with it.
    pub changes: u32,
    /// The state that was acknowledged last.
    acknowledged: Value,
    /// What came of its end.
    pub outcome: Option<String>,
    alerts: Vec<u64>,
    /// Nothing is shown before, unless the job fails.
    pub hidden_until: Duration,
    failures: Failures,
    /// How many requests have failed in a row.
    failed: u32,
    /// Updates of the activity that its publisher does not count: of failures in a row it counts one.
    uncounted: u32,
    /// The newest of its requests that was applied.
    applied: Option<usize>,
}

impl Record {
    /// Whether nothing is shown and something hinders that.
    pub fn is_hindered(&self, now: Duration) -> bool {
        let is_idle = self.was_never_shown() && self.under_way.is_none();
        is_idle && (self.failures == Failures::Certain || self.hidden_until > now)
    }

    pub fn was_never_shown(&self) -> bool {
        self.newest.is_none() && self.failures < Failures::Uncertain
    }

    pub fn phase(&self) -> Phase {
        match (self.stage, self.newest) {
            (Stage::Open, None) => Phase::Starting,
            (Stage::Open, Some(_)) => Phase::Running,
            _ => Phase::Ending,
        }
    }

    pub fn tells_of_a_failure(&self) -> bool {
        // A pause is over long before anything is asked.
        let failures = [EventKind::Refused, EventKind::Blocked, EventKind::NotArrived];
        failures.iter().any(|kind| self.reported.contains(kind))
    }
}

#[derive(Debug, Default)]
struct Alert {
    record: usize,
    shown: u32,
    /// A newer one came, or that is unknown, or the service set it aside.
    may_be_missing: bool,
}

/// Something that has an outcome one day.
#[derive(Clone, Debug)]
pub enum Operation {
    Call,
    /// Of one publisher, or of all; with how often each was changed before.
    Flush(Vec<(usize, u32)>),
    /// Of one publisher, once there was time enough for its newest state.
    LastFlush(usize),
    End(usize),
    SecondEnd(usize),
    Shutdown,
}

/// A stream as the service has it.
#[derive(Debug, Default)]
struct Truth {
    /// The newest request that was applied.
    applied: Option<usize>,
    /// Whose requests are the newest that are made for it.
    owner: Option<usize>,
}

#[derive(Debug, Default)]
pub struct Judge {
    pub records: Vec<Record>,
    pub violations: Vec<Violation>,
    alerts: HashMap<u64, Alert>,
    truths: HashMap<(usize, String), Truth>,
    /// When the publishers of each client sent something, in the last minute.
    sent: HashMap<(usize, u32), VecDeque<Duration>>,
    /// And those of each account whose clients share a budget.
    sent_together: HashMap<usize, VecDeque<Duration>>,
    /// The operations that have no outcome yet, and whose they are.
    pub operations: HashMap<Op, ((usize, u32), Operation)>,
    /// The numbers of requests, and whether each is under way.
    requests: HashMap<((usize, u32), u64), bool>,
    /// Until when the publishers of each client send nothing, since the key or the account is refused.
    paused: HashMap<(usize, u32), Duration>,
    pub now: Duration,
}

impl Judge {
    pub fn find(&mut self, broken: Broken, detail: impl Into<String>) {
        self.violations.push(Violation { broken, detail: detail.into() });
    }

    pub fn opened(&mut self, account: usize, stream_key: &str, model: Model, of_numbers: bool, runs: bool) -> usize {
        let record = Record {
            stream_key: stream_key.to_owned(),
            account,
            model,
            of_numbers,
            disturbed: runs,
            stage: Stage::Open,
            newest: None,
            end_applied: None,
            under_way: None,
            end_sent: false,
            reported: HashSet::new(),
            logged: Vec::new(),
            warned: HashSet::new(),
            reported_once: HashSet::new(),
            changes: 0,
            acknowledged: Value::Null,
            outcome: None,
            alerts: Vec::new(),
            hidden_until: Duration::ZERO,
            failures: Failures::None,
            failed: 0,
            uncounted: 0,
            applied: None,
        };
        self.records.push(record);
        let index = self.records.len() - 1;
        self.truths.entry((account, stream_key.to_owned())).or_default().owner = Some(index);
        index
    }

    pub fn alerts(&self) -> u64 {
        self.alerts.len() as u64
    }

    pub fn alert_set(&mut self, record: usize, changes: &Value) {
        let Some(alert) = alert_in(changes) else { return };
        for older in &self.records[record].alerts {
            // It may have been sent already, but not for certain.
            self.alerts.entry(*older).or_default().may_be_missing = true;
        }
        self.records[record].alerts.push(alert);
        self.alerts.insert(alert, Alert { record, ..Alert::default() });
    }

    /// A request leaves. `limit` is the service's, for a minute.
    pub fn sends(
        &mut self,
        client: (usize, u32),
        record: usize,
        flight: usize,
        request: &Request,
        limit: u32,
        shares: bool,
    ) {
        let now = self.now;
        let one = &mut self.records[record];
        let is_end = request.spec.method == "DELETE";
        let after_the_end = one.stage >= Stage::Over || one.end_sent && !is_end;
        one.end_sent |= is_end;
        let detail = format!("{} of {}", request.spec.method, one.stream_key);
        let others = self.records.iter().enumerate().filter(|(_, other)| other.under_way.is_some());
        let one = &self.records[record];
        let same = |other: &Record| other.account == one.account && other.stream_key == one.stream_key;
        let two = others.into_iter().any(|(_, other)| same(other));
        let owner = self.truths.get(&(one.account, one.stream_key.clone())).and_then(|truth| truth.owner);
        let is_hidden = one.hidden_until > now;
        if after_the_end || owner != Some(record) {
            self.find(Broken::SentAfterTheEnd, &detail);
        }
        if is_hidden {
            self.find(Broken::ShownTooEarly, &detail);
        }
        if two {
            self.find(Broken::TwoUnderWay, &detail);
        }
        if self.paused.get(&client).is_some_and(|until| *until > now) {
            self.find(Broken::SentInPause, &detail);
        }
        self.records[record].under_way = Some(flight);
        // An end may be tried once against all rules.
        let most = limit as usize + 8;
        let alone = in_a_minute(self.sent.entry(client).or_default(), now);
        let account = self.records[record].account;
        let together = if shares { in_a_minute(self.sent_together.entry(account).or_default(), now) } else { 0 };
        if alone.max(together) > most {
            let detail = format!("{alone} requests in a minute, {together} of the account");
            self.find(Broken::OverTheLimit, detail);
        }
    }

    /// The service has done what a request asked.
    pub fn applied(&mut self, record: usize, flight: usize, request: &Request, done: &StreamResponse) {
        let (account, stream_key) = (self.records[record].account, self.records[record].stream_key.clone());
        let truth = self.truths.entry((account, stream_key)).or_default();
        truth.applied = Some(flight);
        let owner = truth.owner;
        if let Some(owner) = owner.filter(|owner| *owner != record) {
            self.records[owner].disturbed = true;
            self.records[owner].model.forget_edges();
        }
        if request.spec.method == "DELETE" {
            self.records[record].end_applied = Some(flight);
        }
        self.records[record].applied = Some(flight);
        if self.records[record].under_way != Some(flight) {
            self.records[record].model.forget_edges();
            self.records[record].uncounted += 1;
        }
        let body = body_of(request);
        let shows = done.operation != Done::Paused && done.activity_id.is_some();
        let starts = matches!(done.operation, Done::Started | Done::Rotated);
        if starts && body["content_state"].get("duration_seconds").is_none() {
            self.records[record].model.forget_window();
        }
        if let Some(alert) = alert_in(&body) {
            let seen = self.alerts.entry(alert).or_default();
            if shows {
                seen.shown += 1;
            } else {
                seen.may_be_missing = true;
            }
            if seen.shown > 1 {
                self.find(Broken::AlertShownTwice, format!("A{alert}"));
            }
        }
    }

    /// A client is told what became of a request of one of its publishers.
    pub fn heard(&mut self, client: (usize, u32), outcome: &Result<StreamResponse, Error>) {
        match outcome {
            Ok(_) => _ = self.paused.remove(&client),
            Err(error) if ["unauthorized", "billing_blocked"].contains(&error.kind()) => self.refused(client),
            Err(_) => {}
        }
    }

    /// The key or the account of a client is refused.
    pub fn refused(&mut self, client: (usize, u32)) {
        self.paused.insert(client, self.now + PAUSE);
    }

    /// A publisher is told what became of its request.
    pub fn told(&mut self, record: usize, flight: usize, request: &Request, outcome: &Result<StreamResponse, Error>) {
        let one = &mut self.records[record];
        one.under_way = None;
        match outcome {
            Ok(response) => {
                one.newest = Some(flight);
                one.failed = 0;
                one.acknowledged = body_of(request);
                one.warned.retain(|kind| [EventKind::Paused, EventKind::Throttled].contains(kind));
                if response.operation != Done::Paused {
                    one.warned.remove(&EventKind::Paused);
                }
                if response.warning.is_none() {
                    one.warned.remove(&EventKind::Throttled);
                }
                if matches!(response.operation, Done::Started | Done::Rotated) {
                    one.uncounted = 0;
                }
                if response.operation == Done::Paused {
                    one.reported.insert(EventKind::Paused);
                } else {
                    one.reported.remove(&EventKind::Paused);
                }
                if response.warning.is_some() && one.of_numbers && !one.disturbed && one.uncounted == 0 {
                    let detail = format!("{} had a warning", one.stream_key);
                    self.find(Broken::WarnedOfFigures, detail);
                }
            }
            Err(error) => {
                let uncertain = match error.kind() {
                    "server_error" | "unreadable" | "timeout" => true,
                    "connection" => !error.to_string().starts_with("could not connect"),
                    _ => false,
                };
                one.uncounted += u32::from(one.failed > 0 && one.applied == Some(flight));
                one.failed += 1;
                one.failures = one.failures.max(if uncertain { Failures::Uncertain } else { Failures::Certain });
                if let Some(alert) = alert_in(&body_of(request)).filter(|_| uncertain) {
                    self.alerts.entry(alert).or_default().may_be_missing = true;
                }
            }
        }
    }

    /// Whose requests are the newest of a stream.
    pub fn owner(&self, account: usize, stream_key: &str) -> Option<usize> {
        self.truths.get(&(account, stream_key.to_owned()))?.owner
    }

    /// A driver gives out the number of a request. A direct call keeps its number when it is repeated.
    pub fn numbers(&mut self, client: (usize, u32), request: u64, is_call: bool) {
        let before = self.requests.insert((client, request), true);
        if before == Some(true) || before.is_some() && !is_call {
            self.find(Broken::NumberReused, format!("{request} of client {}", client.0));
        }
    }

    /// What came of a request is known, or its driver knows that it is lost.
    pub fn answered(&mut self, client: (usize, u32), request: u64) {
        self.requests.insert((client, request), false);
    }

    pub fn begins(&mut self, client: (usize, u32), op: Op, operation: Operation) {
        self.operations.insert(op, (client, operation));
    }

    /// What an operation was for has arrived. Where it was a call, the key and the account are taken again.
    pub fn succeeded(&mut self, client: (usize, u32), op: Op) {
        if matches!(self.operations.get(&op), Some((_, Operation::Call))) {
            self.paused.remove(&client);
        }
    }

    /// An operation has an outcome.
    pub fn settled(&mut self, client: (usize, u32), op: Op) -> Option<Operation> {
        match self.operations.remove(&op) {
            Some((owner, operation)) if owner == client => Some(operation),
            other => {
                self.find(Broken::SettledTwice, format!("operation {op}: {other:?}"));
                None
            }
        }
    }

    /// The time of an operation is over.
    pub fn is_late(&mut self, op: Op) {
        if let Some((_, operation)) = self.operations.get(&op) {
            let detail = format!("operation {op} has no outcome: {operation:?}");
            self.find(Broken::NotSettled, detail);
        }
    }

    /// A program has died, so nothing asks what came of its operations.
    pub fn abandon(&mut self, client: (usize, u32)) {
        self.operations.retain(|_, (owner, _)| *owner != client);
    }

    /// A line of the log tells an event of a publisher.
    pub fn logged(&mut self, record: usize, line: &Line) {
        let one = &mut self.records[record];
        let Some(kind) = line.event else { return };
        one.logged.push(kind);
        one.reported.insert(kind);
        let trouble = [
            EventKind::Failing,
            EventKind::Refused,
            EventKind::Blocked,
            EventKind::Stopped,
            EventKind::Throttled,
            EventKind::Paused,
        ];
        if trouble[..4].contains(&kind) {
            // What comes after that is something else.
            one.warned.retain(|kind| trouble[..4].contains(kind));
        }
        let at_most_once = [EventKind::Adjusted, EventKind::AfterEnd, EventKind::Duplicate, EventKind::NotArrived];
        let is_known = trouble.contains(&kind) && line.warning && !one.warned.insert(kind)
            || at_most_once.contains(&kind) && !one.reported_once.insert(kind);
        let is_told = kind == EventKind::NotArrived && line.warning && {
            let failures = [EventKind::Failing, EventKind::Refused, EventKind::Blocked, EventKind::Stopped];
            failures.iter().any(|kind| one.warned.contains(kind))
        };
        if is_known || is_told {
            let detail = format!("{}: {}", one.stream_key, line.text);
            self.find(Broken::WarnedAgain, detail);
        }
    }

    /// A program asks what has happened to its publisher: what the log says.
    pub fn asked(&mut self, record: usize, events: &[Event]) {
        let one = &mut self.records[record];
        let (logged, asked) = (std::mem::take(&mut one.logged), events.iter().map(|event| event.kind));
        if !asked.clone().eq(logged.iter().copied()) {
            let detail = format!("{}: {:?} and not {logged:?}", one.stream_key, asked.collect::<Vec<_>>());
            self.find(Broken::Unreported, detail);
        }
    }

    /// A flush says that the newest state was acknowledged.
    pub fn flushed(&mut self, record: usize) {
        let one = &self.records[record];
        if one.stage == Stage::Open && !one.model.is_said_by(&one.acknowledged) {
            let detail = format!("{} had more to say", one.stream_key);
            self.find(Broken::ToldTooEarly, detail);
        }
    }

    pub fn is_under_way(&self, record: usize) -> bool {
        self.records[record].under_way.is_some()
    }

    /// A publisher and its answers are not asked for any more.
    pub fn gone(&mut self, record: usize) {
        self.records[record].stage = Stage::Gone;
        self.records[record].under_way = None;
    }

    /// Whether one of its ends was applied.
    pub fn has_ended(&self, record: usize) -> bool {
        self.records[record].end_applied.is_some()
    }

    /// Whether what the service shows of a stream is the doing of this publisher's newest acknowledged request.
    pub fn is_the_last_word(&self, record: usize) -> bool {
        let one = &self.records[record];
        let truth = self.truths.get(&(one.account, one.stream_key.clone()));
        let word = if one.stage == Stage::Over { one.end_applied } else { one.newest };
        word.is_some() && truth.is_some_and(|truth| truth.applied == word)
    }

    /// All that a publisher had to say was acknowledged: so every alert was shown.
    pub fn all_was_heard(&mut self, record: usize) {
        if self.records[record].disturbed {
            return;
        }
        let lost = |alert: &&u64| {
            let known = &self.alerts[*alert];
            known.record == record && known.shown == 0 && !known.may_be_missing
        };
        if let Some(lost) = self.records[record].alerts.iter().find(lost) {
            let detail = format!("A{lost} of {}", self.records[record].stream_key);
            self.find(Broken::AlertLost, detail);
        }
    }
}

/// How many requests went in the last minute, with one that goes now.
fn in_a_minute(sent: &mut VecDeque<Duration>, now: Duration) -> usize {
    sent.push_back(now);
    while sent.front().is_some_and(|first| *first + Duration::from_secs(60) <= now) {
        sent.pop_front();
    }
    sent.len()
}

pub fn body_of(request: &Request) -> Value {
    request.body.as_deref().map_or(Value::Null, |body| serde_json::from_slice(body).expect("a body is JSON"))
}

fn alert_in(body: &Value) -> Option<u64> {
    body["alert"]["title"].as_str()?.strip_prefix('A')?.parse().ok()
}
