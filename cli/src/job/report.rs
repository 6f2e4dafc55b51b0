//! What is shown of a job, through the core's publisher. A failure of reporting is reported once and does not stop the job.

use std::future::IntoFuture as _;
use std::time::{Duration, Instant};

use activitysmith_kit::publish::{Changes, Ending, EventKind};
use activitysmith_kit::{
    self as kit, ActivitySmith, ContentState, Error, Operation, Patch, Progress, Publisher, Push, PushResponse,
    SegmentedProgress, StreamRequest, Timer, call,
};
use serde_json::{Map, Value, json};
use tokio::time::timeout;

use super::feed::Latest;
use super::outcome::in_words;
use super::progress::Percent;
use super::socket::{Answer, Message};
use crate::args::{AtTheEnd, ReportArgs};
use crate::client;
use crate::config;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::{Failure, words};
use crate::value::has_not_finite;

/// How long a push notification may take where nothing else is said or can be shown.
const PUSH_TIMEOUT: Duration = Duration::from_secs(5);
/// A push is tried also where the end may take no time.
const LEAST_PUSH_TIME: Duration = Duration::from_millis(250);

/// What a job shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// How long it has been running: the phone counts by itself. So it does not know beforehand whether there is progress to find;
    /// another type would make the service replace the activity.
    Elapsed,
    /// How far it is, in percent.
    Percentage,
    /// How many steps of how many have begun.
    Steps { begun: u32, of: u32 },
    /// A count.
    Count,
    /// The state was given by the command itself.
    Given,
}

/// How a job has ended, as the phone shows it.
#[derive(Debug)]
pub struct Finish {
    pub is_success: bool,
    /// The second line.
    pub words: String,
}

pub struct Report<'a> {
    args: &'a ReportArgs,
    stream_key: &'a str,
    /// Nothing where none can be made.
    client: Option<ActivitySmith>,
    /// Nothing where nothing can be shown.
    live: Option<Publisher>,
    /// Nothing is shown before.
    shown_from: Instant,
    shape: Shape,
    /// The tenth that was last put in words.
    tenth: Option<i64>,
    /// The job itself has said what to show.
    is_given: bool,
    /// Requests that a push notification took.
    pushes: u64,
    /// Why it is not shown, or not all of it.
    problem: Option<Failure>,
    console: Console,
}

impl<'a> Report<'a> {
    /// Begins to show a job. It has to be called within a runtime.
    pub fn open(stream_key: &'a str, args: &'a ReportArgs, shape: Shape, console: Console) -> Self {
        let mut report = Self {
            args,
            stream_key,
            client: None,
            live: None,
            shown_from: Instant::now(),
            shape,
            tenth: None,
            is_given: false,
            pushes: 0,
            problem: None,
            console,
        };
        let show_after = args.show_after.unwrap_or_default();
        match report.publish(show_after) {
            Ok(live) => {
                if let Some(reason) = live.disabled_reason() {
                    report.fail(&reason.into());
                }
                report.live = Some(live);
            }
            Err(failure) => report.fail_for(failure.exit(), failure.summary()),
        }
        report.shown_from = Instant::now() + show_after;
        report
    }

    fn publish(&mut self, show_after: Duration) -> Result<Publisher, Failure> {
        let profile = config::profile(&self.args.account)?;
        let client = client::builder(&self.args.account, &profile, self.console).build();
        self.client = client.as_ref().ok().cloned();
        let first = Self::first_request(self.stream_key, self.args, self.shape);
        let published = client.and_then(|client| {
            let mut publish = client.live_activities().publish(self.stream_key, first).show_after(show_after);
            if let Some(longest) = self.args.jitter {
                publish = publish.delay(longest.mul_f64(fastrand::f64()));
            }
            if let Some(flush_timeout) = self.args.flush_timeout {
                publish = publish.flush_timeout(flush_timeout);
            }
            publish.start()
        });
        published.map_err(|error| Failure::new(Exit::from(&error), in_a_line(&error)))
    }

    /// What is sent first.
    pub fn first_request(stream_key: &str, args: &ReportArgs, shape: Shape) -> StreamRequest {
        let mut first = StreamRequest::new(state_of(shape, title(stream_key, args)));
        if !args.channels.is_empty() {
            first = first.channels(args.channels.clone());
        }
        if !args.tags.is_empty() {
            first = first.tags(args.tags.clone());
        }
        first
    }

    fn title(&self) -> &str {
        title(self.stream_key, self.args)
    }

    /// Shows what was found in an output.
    pub fn take(&mut self, latest: Latest) {
        for state in latest.states {
            if let Err(error) = self.change_text(&state) {
                self.fail(&error);
            }
        }
        if let Some(percent) = latest.percent {
            self.show(percent);
        }
    }

    /// Shows how far it is.
    pub fn show(&mut self, percent: Percent) {
        // A whole number is written as one.
        let percent = percent as i64;
        let shown = match self.shape {
            Shape::Elapsed => {
                // A text goes at once, unlike a number; a phone shows few such in a row.
                let tenth = percent / 10;
                if self.tenth.replace(tenth).is_some_and(|before| before == tenth) {
                    return;
                }
                self.update(Patch::new().subtitle(format!("{percent} %")))
            }
            _ => self.update(Patch::new().percentage(percent)),
        };
        self.note(shown);
    }

    /// Shows that it still runs, where nothing else was reported.
    pub fn still_runs(&mut self, after: Duration) {
        if self.shape == Shape::Elapsed && !self.is_given {
            let shown = self.update(Patch::new().subtitle(format!("still running after {}", in_words(after))));
            self.note(shown);
        }
    }

    /// Shows a count of something.
    pub fn count(&mut self, count: u64) {
        let shown = self.update(Patch::new().value(count));
        self.note(shown);
    }

    /// Handles a message from inside the command.
    pub fn handle(&mut self, message: Message) -> Answer {
        self.is_given = true;
        let handled = match message {
            Message::Step(title) => self.step(&title),
            Message::Changes(changes) => self.change(changes),
        };
        match handled {
            Ok(()) => Answer::default(),
            Err(Error::Validation(error)) => Answer {
                problems: error.violations().iter().map(ToString::to_string).collect(),
                exit: Exit::Invalid as u8,
            },
            Err(error) => Answer { problems: vec![error.to_string()], exit: Exit::from(&error) as u8 },
        }
    }

    fn step(&mut self, title: &str) -> Result<(), Error> {
        let mut step = Patch::new().subtitle(title);
        if let Shape::Steps { begun, of } = &mut self.shape {
            *begun += 1;
            // One more than was said is one more, and no mistake.
            *of = (*begun).max(*of);
            step = step.current_step(*begun - 1).number_of_steps(*of);
        }
        self.update(step)
    }

    /// Changes the state as a text of JSON says.
    pub fn change_text(&mut self, text: &str) -> Result<(), Error> {
        self.change(call::parse_json(text.as_bytes())?)
    }

    /// Changes the state, or puts another in its place where this one says of which type it is.
    fn change(&mut self, mut changes: Value) -> Result<(), Error> {
        // Those of earlier changes.
        self.take_events();
        let is_nested = changes.get("content_state").is_some();
        let state = if is_nested { &mut changes["content_state"] } else { &mut changes };
        let shape = state.as_object_mut().and_then(|state| self.complete(state));
        let Some(shape) = shape else { return self.update(changes) };
        self.live.as_ref().map_or(Ok(()), |live| live.replace(changes))?;
        self.shape = shape;
        Ok(())
    }

    /// Adds what a state lacks that takes the place of the one that is shown, and gives its shape. Nothing for a mere change.
    fn complete(&self, state: &mut Map<String, Value>) -> Option<Shape> {
        if self.shape == Shape::Elapsed
            && !state.contains_key("type")
            && let Some(state_type) = type_of(state)
        {
            state.insert("type".to_owned(), state_type.into());
        }
        if !state.contains_key("type") {
            return None;
        }
        state.entry("title").or_insert_with(|| self.title().into());
        Some(match self.shape {
            // Without a number that is skipped, the state may not replace the one before.
            before if state.values().any(has_not_finite) => before,
            _ if state.contains_key("percentage") => Shape::Percentage,
            _ => Shape::Given,
        })
    }

    /// Changes some of what is shown.
    pub fn update(&self, changes: impl Into<Changes>) -> Result<(), Error> {
        self.live.as_ref().map_or(Ok(()), |live| live.update(changes))
    }

    /// Shows how it ended, and sends the push notification that was asked for. Waits until both have arrived: at most as long as the
    /// flags say.
    pub async fn finish(&mut self, finish: &Finish) {
        let push = self.push(finish);
        let pushing = async {
            let (call, within) = push?;
            Some(timeout(within, call).await.map_err(|_| within))
        };
        let (ended, pushed) = tokio::join!(self.end_or_keep(finish), pushing);
        self.note(ended);
        self.take_events();
        let (exit, words) = match &pushed {
            None => return,
            Some(Ok(Ok(answer))) => {
                self.pushes = u64::from(answer.facts.attempts);
                return;
            }
            Some(Ok(Err(error))) => {
                self.pushes = u64::from(error.attempts());
                (Exit::from(error), in_a_line(error))
            }
            Some(Err(within)) => {
                self.pushes = 1;
                (Exit::Unavailable, format!("no answer within {} s", within.as_secs_f64()))
            }
        };
        let summary = format!("{}: the push notification was not sent: {words}", self.stream_key);
        self.console.note(&summary);
        self.problem.get_or_insert(Failure::new(exit, summary));
    }

    /// The push notification about an end, and how long it may take. Nothing where none was asked for, or none can be sent, which has
    /// been said.
    fn push(&self, finish: &Finish) -> Option<(impl Future<Output = Result<PushResponse, Error>> + use<'a>, Duration)> {
        let (asked, how) = if finish.is_success {
            (&self.args.push_on_success, "finished")
        } else {
            (&self.args.push_on_failure, "failed")
        };
        let text = asked.as_ref()?;
        let within = match &self.live {
            // Without a key; a stream that may not be shown is no reason.
            Some(live)
                if live
                    .disabled_reason()
                    .is_some_and(|reason| reason.setting.to_ascii_lowercase().contains("api_key")) =>
            {
                return None;
            }
            Some(live) => live.end_timeout(!finish.is_success),
            None => self.args.flush_timeout.unwrap_or(PUSH_TIMEOUT),
        };
        let within = within.max(LEAST_PUSH_TIME);
        let title = if text.is_empty() { format!("{} {how}", self.title()) } else { text.clone() };
        let mut push = Push::new(title).message(finish.words.clone());
        if !self.args.channels.is_empty() {
            push = push.channels(self.args.channels.clone());
        }
        if !self.args.tags.is_empty() {
            push = push.tags(self.args.tags.clone());
        }
        Some((self.client.as_ref()?.notifications().send(push).into_future(), within))
    }

    async fn end_or_keep(&mut self, finish: &Finish) -> Result<(), Error> {
        match (finish.is_success, self.at_the_end(finish.is_success)) {
            (_, AtTheEnd::Keep) => self.keep(finish).await,
            (true, AtTheEnd::End) => self.succeed(finish).await,
            (false, AtTheEnd::End) => {
                let dismissal = Value::from(self.dismissal());
                self.end(Ending::FailedWith(Some(&finish.words), dismissal.into())).await
            }
        }
    }

    fn at_the_end(&self, is_success: bool) -> AtTheEnd {
        if is_success { self.args.on_success } else { self.args.on_failure }
    }

    async fn succeed(&mut self, finish: &Finish) -> Result<(), Error> {
        let mut state = self.completed(finish);
        state.append(&mut self.dismissal());
        match self.end(Ending::Finished(Value::from(state).into())).await {
            // A state that the command gave may have no field for it.
            Err(Error::Validation(_)) => self.end(Ending::Finished(Value::from(self.dismissal()).into())).await,
            ended => ended,
        }
    }

    /// The last state of a job that has succeeded.
    fn completed(&self, finish: &Finish) -> Map<String, Value> {
        let mut state = Map::from_iter([("subtitle".to_owned(), json!(finish.words))]);
        match self.shape {
            Shape::Percentage => _ = state.insert("percentage".to_owned(), json!(100)),
            Shape::Steps { of, .. } => _ = state.insert("current_step".to_owned(), json!(of)),
            Shape::Elapsed | Shape::Count | Shape::Given => {}
        }
        state
    }

    /// What says how long it stays, if the flags do. As JSON, because it is no part of a state, which a `Patch` changes.
    fn dismissal(&self) -> Map<String, Value> {
        let seconds = self.args.dismiss_after.map(|after| ("auto_dismiss_seconds".to_owned(), json!(after.as_secs())));
        seconds.into_iter().collect()
    }

    async fn end(&mut self, ending: Ending<'_>) -> Result<(), Error> {
        let is_hidden = self.is_hidden();
        let Some(live) = &self.live else { return Ok(()) };
        let response = live.end(ending).await?;
        if response.operation == Operation::Noop && live.counters().acknowledged == 0 && !is_hidden {
            // There was no room for it in the budget.
            self.fail_for(Exit::Limited, &response.message.unwrap_or_default());
        }
        Ok(())
    }

    /// Shows the last state, and leaves it there.
    async fn keep(&mut self, finish: &Finish) -> Result<(), Error> {
        let Some(live) = &self.live else { return Ok(()) };
        if finish.is_success && self.is_hidden() {
            live.detach();
            return Ok(());
        }
        let mut state = if finish.is_success { self.completed(finish) } else { Map::new() };
        if self.shape == Shape::Elapsed {
            // A timer that is not ended would go on counting.
            state.insert("is_running".to_owned(), json!(false));
        }
        self.update(Value::from(state))?;
        if !finish.is_success {
            live.show_failure(&finish.words)?;
        }
        let arrived = live.flush(live.end_timeout(!finish.is_success)).await;
        live.detach();
        arrived
    }

    /// Whether it is too early to show the job.
    fn is_hidden(&self) -> bool {
        Instant::now() < self.shown_from
    }

    fn note(&mut self, outcome: Result<(), Error>) {
        if let Err(error) = outcome {
            self.fail(&error);
        }
    }

    /// Tells the first thing that goes wrong, in one line.
    fn fail(&mut self, error: &Error) {
        self.take_events();
        let words = in_a_line(error);
        if self.live.is_some() && matches!(error, Error::Validation(_)) {
            self.note_problem(Exit::from(error), format!("one update of {} was not shown: {words}", self.stream_key));
        } else {
            self.fail_for(Exit::from(error), &words);
        }
    }

    /// Prints what may not be shown as hoped. The outcome of the end says what else has gone wrong.
    fn take_events(&self) {
        for event in self.live.as_ref().map(Publisher::events).unwrap_or_default() {
            if matches!(event.kind, EventKind::Adjusted | EventKind::Advice) {
                self.console.warn(&format!("{}: {}", self.stream_key, event.message));
            }
        }
    }

    fn fail_for(&mut self, exit: Exit, words: &str) {
        self.note_problem(exit, format!("{} is not reported: {words}", self.stream_key));
    }

    fn note_problem(&mut self, exit: Exit, summary: String) {
        if self.problem.is_none() {
            self.console.note(&summary);
            self.problem = Some(Failure::new(exit, summary));
        }
    }

    /// The code to end with, for a command whose own one is this: another only with --strict where the reporting failed.
    pub fn code(&self, own: u8) -> u8 {
        match &self.problem {
            Some(problem) if self.args.strict && own == 0 => problem.exit() as u8,
            _ => own,
        }
    }

    /// What went wrong with reporting, if anything.
    pub fn problem(&self) -> Option<&Failure> {
        self.problem.as_ref()
    }

    /// How many requests were sent.
    pub fn requests(&self) -> u64 {
        self.live.as_ref().map_or(0, |live| live.counters().sent) + self.pushes
    }

    /// Sends no more.
    pub fn abandon(&mut self) {
        if let Some(live) = &self.live {
            live.detach();
        }
    }
}

fn title<'a>(stream_key: &'a str, args: &'a ReportArgs) -> &'a str {
    args.title.as_deref().unwrap_or(stream_key)
}

fn state_of(shape: Shape, title: &str) -> ContentState {
    match shape {
        Shape::Elapsed | Shape::Given => Timer::elapsed(title).into(),
        Shape::Percentage => Progress::new(title).percentage(0).into(),
        Shape::Count => kit::Value::new(title, 0).into(),
        Shape::Steps { of, .. } => SegmentedProgress::new(title, of, 0).into(),
    }
}

/// An error with all that it has to say, in a line.
fn in_a_line(error: &Error) -> String {
    match error {
        Error::Validation(error) => error.violations().iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        error => words(error),
    }
}

/// Of which type a state is that says only some of it.
fn type_of(state: &Map<String, Value>) -> Option<&'static str> {
    let types = [
        ("percentage", "progress"),
        ("upper_limit", "progress"),
        ("current_step", "segmented_progress"),
        ("metrics", "metrics"),
        ("message", "alert"),
        ("value", "value"),
    ];
    types.into_iter().find_map(|(member, state_type)| state.contains_key(member).then_some(state_type))
}
