//! Each rule changes what is sent or said, and no value of a rule stops a driver.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use activitysmith_kit::call::Now;
use activitysmith_kit::call::{Host, Nulls, Session, Settings};
use activitysmith_kit::publish::driver::{Driver, Handle, Op};
use activitysmith_kit::publish::{
    BudgetRules, BudgetState, Changes, Command, Ending, Options, Pacing, PacingRules, ProgressCounter, Rules,
    SharedBudget, Urgency,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::story::{
    Answer, Capacity, Done, Limited, Nobody, Silence, Status, TooMany, Unreachable, Warned, bytes, progress, seconds,
};

/// The most polls of one moment, and of one story: those that follow are for nothing.
const MOST_POLLS: (u32, u32) = (2_000, 100_000);
/// How long the store of a shared budget takes.
const STORE_TIME: Duration = Duration::from_millis(300);

/// The environment of a program whose rules are a text.
struct Variables(String);

impl Host for Variables {
    fn variable(&self, name: &str) -> Option<String> {
        (name == "ACTIVITYSMITH_RULES").then(|| self.0.clone())
    }

    fn read_file(&self, path: &Path) -> Result<String, String> {
        Err(format!("there is no {}", path.display()))
    }
}

/// A program, the clock and the service, and a trace of what was sent and said.
struct Program {
    driver: Driver,
    rules: Rules,
    now: Duration,
    /// When to poll next.
    next: Option<Duration>,
    /// What becomes of the next requests: nothing for one that an edge loses. All others succeed.
    answers: VecDeque<Option<Answer>>,
    /// The budget of a store, and what it does, and when that is done.
    shared: BudgetState,
    storing: Option<(Duration, Command)>,
    requests: usize,
    streams: u32,
    ops: Op,
    polls: u32,
    trace: String,
}

impl Program {
    fn new(session: &Arc<Session>, story: &Story) -> Self {
        let rules = Rules::of(session).unwrap();
        let budget = story.shared.map(|_| Box::new(SharedBudget::new(rules.budget)) as Box<_>);
        let shared = story.shared.filter(|text| !text.is_empty());
        Self {
            driver: Driver::new(Arc::clone(session), rules, budget),
            now: seconds(1_000_000),
            next: None,
            answers: VecDeque::new(),
            shared: shared.map_or_else(|| BudgetState::new(&rules.budget), |text| serde_json::from_str(text).unwrap()),
            storing: None,
            rules,
            requests: 0,
            streams: 0,
            ops: 0,
            polls: 0,
            trace: String::new(),
        }
    }

    /// Something happened, so a driver polls.
    fn wake(&mut self) {
        self.next = Some(self.now);
    }

    fn expect(&mut self, answers: impl IntoIterator<Item = Option<Answer>>) {
        self.answers.extend(answers);
    }

    fn open(&mut self) -> Handle {
        self.open_with(Options::default(), None)
    }

    fn open_with(&mut self, options: Options, counter: Option<Arc<ProgressCounter>>) -> Handle {
        let first = changes(&progress(0));
        self.wake();
        self.streams += 1;
        let stream_key = format!("stream-{}", self.streams);
        self.driver.publish(stream_key, first, options, counter, None, self.now).unwrap()
    }

    fn update(&mut self, live: Handle, change: &Value) {
        let now = self.now;
        self.driver.update(live, changes(change), Urgency::ByKind, || now).unwrap();
        self.wake();
    }

    fn op(&mut self) -> Op {
        self.wake();
        self.ops += 1;
        self.ops
    }

    fn flush(&mut self, live: Handle, timeout: Option<Duration>) {
        let op = self.op();
        self.driver.flush(live, timeout, op, self.now);
    }

    fn end(&mut self, live: Handle, ending: Ending<'_>, timeout: Option<Duration>) {
        let op = self.op();
        self.driver.end(live, ending, timeout, Some(op), self.now).unwrap();
    }

    fn events(&mut self, live: Handle) {
        let events = self.driver.events(live);
        let _ = writeln!(self.trace, "{} events: {events:?}", events.len());
    }

    fn time(&self) -> Now {
        Now { monotonic: self.now, wall: SystemTime::UNIX_EPOCH + self.now }
    }

    /// Lets time pass, and polls as an edge does.
    fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        let mut polls = 0;
        loop {
            let stored = self.storing.as_ref().map(|(at, _)| *at);
            let Some(moment) = self.next.into_iter().chain(stored).min().filter(|moment| *moment <= end) else { break };
            polls = if moment > self.now { 0 } else { polls + 1 };
            self.polls += 1;
            assert!(polls <= MOST_POLLS.0 && self.polls <= MOST_POLLS.1, "polls again and again: {:?}", self.rules);
            self.now = self.now.max(moment);
            self.poll();
        }
        self.now = end;
    }

    fn poll(&mut self) {
        if let Some((_, command)) = self.storing.take_if(|(at, _)| *at <= self.now) {
            let mut shared = self.shared.clone().plausible(&self.rules.budget, self.now);
            let reply = command.apply(&self.rules.budget, &mut shared, self.now);
            self.shared = shared;
            self.driver.stored(Ok(reply), self.now);
        }
        let steps = self.driver.poll(self.time());
        if let Some(command) = steps.store {
            self.storing = Some((self.now + STORE_TIME, command));
        }
        let at = self.now.as_secs_f64();
        for sent in &steps.send {
            let body = sent.http.body.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
            let _ = writeln!(self.trace, "{at} {:?} {} {body} {:?}", sent.http.method, sent.http.path, sent.timeout);
        }
        for finished in &steps.outcomes {
            let _ = writeln!(self.trace, "{at} {finished:?}");
        }
        for line in &steps.log {
            let _ = writeln!(self.trace, "{at} {line:?}");
        }
        self.next = steps.wait.map(|wait| self.now.saturating_add(wait));
        for sent in steps.send {
            self.requests += 1;
            let chance = [0.0, 0.5, 1.0][self.requests % 3];
            if let Some(answer) = self.answers.pop_front().unwrap_or(Some(Done("updated"))) {
                self.driver.answered(sent.request, bytes(&answer), self.time(), chance);
                self.wake();
            }
        }
    }
}

fn changes(value: &Value) -> Changes {
    Changes::parse(value.to_string().as_bytes()).unwrap()
}

/// What a program does, and the budget of its store: none, one that begins as the rules say, or another one.
struct Story {
    shared: Option<&'static str>,
    tell: fn(&mut Program),
}

const STORIES: [Story; 12] = [
    Story { shared: None, tell: updates },
    Story { shared: None, tell: a_crowd },
    Story { shared: None, tell: named_limits },
    Story { shared: None, tell: limits_of_other_windows },
    Story { shared: None, tell: pauses_of_the_budget },
    Story { shared: None, tell: failures },
    Story { shared: None, tell: blocked_and_refused },
    Story { shared: None, tell: ends },
    Story { shared: None, tell: many_events },
    Story { shared: None, tell: counted_items },
    Story { shared: Some(""), tell: a_crowd },
    Story {
        // Nothing goes for years, at no speed.
        shared: Some(
            r#"{"interval": {"secs": 1000000000, "nanos": 0}, "burst": 4000000000, "due": {"secs": 2000000000, "nanos": 0},
                "frozen_until": {"secs": 2000000000, "nanos": 0}, "slowed": 0, "slowed_at": {"secs": 0, "nanos": 0},
                "blind_freezes": 4000000000}"#,
        ),
        tell: a_crowd,
    },
];

fn updates(program: &mut Program) {
    let live = program.open();
    for n in 0..16 {
        program.update(live, &json!({"subtitle": n.to_string(), "alert": {"title": "A"}}));
        program.pass(Duration::from_millis(1_100));
    }
    program.expect([Some(Warned)]);
    program.pass(seconds(600));
    let live = program.open();
    for n in 0..60 {
        program.update(live, &json!({"percentage": n}));
        program.pass(seconds(40));
    }
}

fn a_crowd(program: &mut Program) {
    for _ in 0..20 {
        program.open();
    }
    program.pass(seconds(1));
    for _ in 0..100 {
        let op = program.op();
        let call = br#"{"endpoint": "end_stream", "key": "other"}"#;
        program.driver.call_json(call, Nulls::Absence, op, program.time()).unwrap();
    }
    program.pass(seconds(1));
    let live = program.open();
    program.flush(live, Some(seconds(5)));
    program.pass(seconds(10));
    let brief = program.open();
    program.end(brief, Ending::Complete, None);
    program.pass(seconds(3_600));
}

fn named_limits(program: &mut Program) {
    for (policy, limit) in [
        (r#""account";q=60;w=60"#, r#""account";r=50;t=60"#),
        (r#""account";q=600;w=60"#, r#""account";r=500;t=60"#),
        (r#""account";q=600;w=60"#, r#""account";r=2;t=60"#),
        (r#""account";q=600;w=60"#, r#""account";r=0;t=600000"#),
    ] {
        program.expect([Some(Limited(policy, limit))]);
        program.open();
        program.pass(seconds(0));
        for _ in 0..30 {
            program.open();
        }
        program.pass(seconds(60));
    }
    program.pass(seconds(3_600));
}

fn limits_of_other_windows(program: &mut Program) {
    for policy in
        [r#""short";q=1;w=0.5"#, r#""brief";q=9;w=2"#, r#""long";q=9;w=200000"#, r#""vast";q=18446744073709551615;w=1"#]
    {
        program.expect([Some(Limited(policy, ""))]);
        for _ in 0..12 {
            program.open();
        }
        program.pass(seconds(60));
    }
    program.pass(seconds(3_600));
}

fn pauses_of_the_budget(program: &mut Program) {
    for asked in [Some(0), Some(20), Some(100_000)] {
        program.expect([Some(TooMany(asked))]);
        program.open();
        program.pass(seconds(1_200));
    }
    program.expect([(); 9].map(|()| Some(TooMany(None))));
    for _ in 0..30 {
        program.open();
    }
    program.pass(seconds(3_600));
}

fn failures(program: &mut Program) {
    program.expect([(); 9].map(|()| Some(Unreachable)));
    let live = program.open();
    program.pass(seconds(600));
    program.expect([(); 6].map(|()| Some(Silence)));
    program.open();
    program.pass(seconds(600));
    program.expect([(); 3].map(|()| Some(Status(503))));
    program.update(live, &json!({"subtitle": "s"}));
    program.pass(seconds(600));
    program.expect([None, None]);
    program.open();
    program.pass(seconds(600));
    for status in [401, 403] {
        program.expect([Some(Status(status))]);
        let live = program.open();
        program.pass(seconds(20));
        program.flush(live, None);
        program.pass(seconds(600));
    }
}

fn blocked_and_refused(program: &mut Program) {
    for answer in [Capacity, Nobody] {
        program.expect(vec![Some(answer.clone()); 7]);
        program.open();
        program.pass(seconds(7_200));
    }
    let live = program.open();
    program.pass(seconds(0));
    for n in 0..5 {
        program.expect([Some(Status(400))]);
        program.update(live, &json!({"subtitle": n.to_string()}));
        program.pass(seconds(10));
        program.answers.clear();
    }
}

fn ends(program: &mut Program) {
    let reason = "reason ".repeat(60);
    let in_time: [fn(&str) -> Ending<'_>; 2] = [|_| Ending::Complete, |reason| Ending::Failed(Some(reason))];
    for ending in in_time {
        for timeout in [None, Some(seconds(0))] {
            for is_late in [false, true] {
                let live = program.open();
                program.pass(seconds(20));
                program.expect(is_late.then_some(None));
                program.end(live, ending(&reason), timeout);
                program.pass(seconds(60));
            }
        }
    }
    let mut options = Options::default();
    options.show_after = Some(seconds(9));
    program.open_with(options.clone(), None);
    let brief = program.open_with(options, None);
    program.pass(seconds(1));
    program.end(brief, Ending::Complete, None);
    program.pass(seconds(20));
    program.expect([None, None, None]);
    let live = program.open();
    program.flush(live, None);
    program.pass(seconds(60));
    program.update(live, &json!({"subtitle": "s"}));
    program.expect([None, None, None]);
    let op = program.op();
    program.driver.flush_at_exit(op, program.now);
    program.pass(seconds(60));
}

fn many_events(program: &mut Program) {
    let live = program.open();
    for n in 0..90 {
        program.update(live, &json!({"subtitle": n.to_string()}));
        program.flush(live, None);
        program.pass(seconds(2));
    }
    program.events(live);
}

fn counted_items(program: &mut Program) {
    for pacing in [Pacing::Every(Duration::from_millis(1)), Pacing::Device] {
        let counter = Arc::new(ProgressCounter::new(Some(100)));
        let live = program.open_with(pacing.into(), Some(Arc::clone(&counter)));
        for (done, time) in [(5, 20_300), (6, 2_004), (7, 16_000)] {
            program.pass(Duration::from_millis(time));
            // Nothing polls for this.
            counter.set(done);
        }
        program.pass(seconds(1));
        program.end(live, counter.ending(), None);
        program.pass(seconds(1));
    }
}

/// What came of each story, one after the other.
fn traces(rules: &Value) -> impl Iterator<Item = String> {
    let settings = Settings { api_key: Some("ask_1".to_owned()), ..Settings::default() };
    let session = Arc::new(Session::new(settings, Variables(rules.to_string())).unwrap());
    STORIES.iter().map(move |story| {
        let mut program = Program::new(&session, story);
        (story.tell)(&mut program);
        program.trace
    })
}

/// All rules: where each stands, and its name.
fn names() -> impl Iterator<Item = (Option<&'static str>, &'static str)> {
    let parts = [(None, Rules::NAMES), (Some("pacing"), PacingRules::NAMES), (Some("budget"), BudgetRules::NAMES)];
    let all = parts.into_iter().flat_map(|(part, names)| names.iter().map(move |name| (part, *name)));
    all.filter(|(part, name)| part.is_some() || !["pacing", "budget"].contains(name))
}

/// Rules of which one is another, if that can be.
fn with(rule: (Option<&str>, &str), value: &Value) -> Option<Value> {
    let mut rules = json!({ rule.1: value });
    if let Some(part) = rule.0 {
        rules = json!({ part: rules });
    }
    rules.to_string().parse::<Rules>().is_ok().then_some(rules)
}

#[test]
fn each_rule_has_an_effect() {
    let usual: Vec<_> = traces(&json!({})).collect();
    let has_effect = |rules: Value| traces(&rules).zip(&usual).any(|(trace, usual)| trace != *usual);
    let others = [json!(0), json!(777), json!(1)];
    let dead: Vec<_> =
        names().filter(|rule| !others.iter().filter_map(|value| with(*rule, value)).any(has_effect)).collect();
    assert!(dead.is_empty(), "without an effect: {dead:?}");
}

#[test]
fn a_time_is_a_number_of_seconds_and_its_name_says_so() {
    for rule in names() {
        let (field, value, expected) = match rule.1.strip_suffix("_seconds") {
            Some(field) => (field, json!(1.5), ["1.5s"; 2]),
            None => (rule.1, json!(1), ["1", "1.0"]),
        };
        let text = format!("{:?}", with(rule, &value).unwrap().to_string().parse::<Rules>().unwrap());
        let is_read =
            |expected: &str| [',', ' '].iter().any(|end| text.contains(&format!(" {field}: {expected}{end}")));
        assert!(expected.into_iter().any(is_read), "{rule:?}: {text}");
    }
}

/// Rules with these values, where they have one that can be.
fn with_all(values: impl IntoIterator<Item = Option<Value>>) -> Value {
    let mut all = json!({"pacing": {}, "budget": {}});
    for (rule, value) in names().zip(values) {
        let Some(value) = value.filter(|value| with(rule, value).is_some()) else { continue };
        let part = match rule.0 {
            None => &mut all,
            Some(part) => &mut all[part],
        };
        part[rule.1] = value;
    }
    all
}

fn extremes() -> Vec<Value> {
    vec![json!(0), json!(1e-9), json!(1), json!(777), json!(u32::MAX), json!(1e300), json!(-1)]
}

#[test]
fn a_driver_goes_on_where_all_rules_are_extreme() {
    for value in extremes() {
        traces(&with_all(std::iter::repeat(Some(value)))).for_each(drop);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn a_driver_goes_on_where_some_rules_are_extreme(
        values in prop::collection::vec(prop::option::weighted(0.6, prop::sample::select(extremes())), names().count()),
    ) {
        traces(&with_all(values)).for_each(drop);
    }
}
