//! The end of a world: all is healed, nothing new begins, and what every publisher has to show must be shown, or told of as not shown.

use std::time::Duration;

use activitysmith_emulator::StreamState;
use activitysmith_kit::publish::driver::{Finished, Line, Outcome};
use activitysmith_kit::publish::{Ending as How, EventKind};
use activitysmith_kit::{ConnectionErrorKind, Error, Operation as Done, StreamResponse};
use serde_json::json;

use crate::judge::{Broken, Operation, Stage};
use crate::network::Network;
use crate::program::Ending;
use crate::world::{Live, World};

/// The longest that anything waits in a healed world when its owner waits for it: for a device, and for the budget.
const SETTLED_IN: Duration = Duration::from_secs(45 * 60);
const LONG_ENOUGH: Duration = Duration::from_secs(3_600);
/// As many activities as a device shows.
const ROOM: usize = 5;

impl World {
    /// Lives a whole life: some minutes or a night and some, and an evening.
    pub fn live(&mut self) {
        let minutes = |minutes| Duration::from_secs(60 * minutes);
        let mut day = minutes(self.random.u64(10..40));
        if self.random.u8(..8) > 0 {
            self.night = Some(self.now + day / 2);
            day += minutes(8 * 60);
        }
        self.live_until(self.now + day);
        self.is_evening = true;
        self.network = Network::HEALED;
        for account in 0..self.accounts.len() {
            self.pair(account, true);
        }
        for (client, live) in self.lives() {
            self.judge.records[live.record].of_numbers = false;
            self.judge.records[live.record].hidden_until = Duration::ZERO;
            if self.judge.records[live.record].stage == Stage::Open {
                self.flush(client, live, SETTLED_IN, Operation::Flush(vec![(live.record, 0)]));
            }
        }
        self.live_until(self.now + SETTLED_IN);
        if !self.judge.violations.is_empty() {
            return;
        }
        for (client, live) in self.lives() {
            if self.judge.records[live.record].stage == Stage::Open {
                self.flush(client, live, Duration::ZERO, Operation::LastFlush(live.record));
            }
        }
        for job in 0..self.jobs.len() {
            if let Some(live) = self.jobs[job].live.filter(|live| self.judge.records[live.record].stage == Stage::Open)
            {
                self.end(job, live, &Ending::Finished(json!({})), LONG_ENOUGH);
                self.live_until(self.now + Duration::from_secs(5));
            }
        }
        self.live_until(self.now + LONG_ENOUGH + Duration::from_secs(60));
        self.coverage.alerts = self.judge.alerts();
        if self.judge.violations.is_empty() {
            let busy: Vec<_> = (0..self.clients.len()).filter(|one| !self.clients[*one].driver.is_idle()).collect();
            if !busy.is_empty() || !self.judge.operations.is_empty() {
                let detail = format!("clients {busy:?} still have something to do: {:?}", self.judge.operations);
                self.judge.find(Broken::NotSettled, detail);
            }
        }
    }

    fn flush(&mut self, client: usize, live: Live, timeout: Duration, operation: Operation) {
        let op = self.begin(client, operation, timeout);
        let now = self.now;
        self.clients[client].driver.flush(live.handle, Some(timeout), op, now);
        self.drive(client);
    }

    fn lives(&self) -> Vec<(usize, Live)> {
        self.jobs.iter().filter_map(|job| Some((job.client, job.live?))).collect()
    }

    /// Takes what a client logs.
    pub fn hear(&mut self, client: usize, lines: &[Line]) {
        let account = self.clients[client].account;
        for line in lines {
            let stream_key = line.stream_key.as_deref().unwrap_or_default();
            let Some(record) = self.judge.owner(account, stream_key) else { continue };
            self.say(|| format!("{stream_key} logs {:?}: {}", line.event, line.text));
            self.coverage.warnings += u64::from(line.warning);
            self.judge.logged(record, line);
            if self.sabotage.repeats_warnings() && line.warning {
                self.judge.logged(record, line);
            }
            if matches!(line.event, Some(EventKind::Ended | EventKind::NotArrived)) {
                self.judge.records[record].stage = Stage::Over;
            }
        }
    }

    /// Takes what came of an operation.
    pub fn finish(&mut self, client: usize, Finished { op, outcome }: Finished) {
        if self.sabotage.loses_outcomes() && op % 5 == 0 {
            return;
        }
        let owner = (client, self.clients[client].run);
        let Some(operation) = self.judge.settled(owner, op) else { return };
        self.say(|| format!("operation {op} is settled: {outcome:?}"));
        if self.sabotage.repeats_outcomes() {
            self.judge.settled(owner, op);
        }
        match operation {
            Operation::Call => {}
            Operation::Flush(records) => {
                self.coverage.flushes += 1;
                if matches!(outcome, Outcome::Done(_)) {
                    // While one waits for others, its program may go on.
                    let is_alone = records.len() == 1;
                    for (record, changes) in records {
                        if is_alone || self.judge.records[record].changes == changes {
                            self.judge.flushed(record);
                        }
                    }
                }
            }
            Operation::LastFlush(record) => self.check_newest(client, record, outcome),
            Operation::End(record) => {
                self.judge.records[record].outcome = Some(format!("{outcome:?}"));
                match outcome {
                    Outcome::Done(Some(response)) => self.check_end(client, record, &Ok(response.into())),
                    Outcome::Failed(error) => self.check_end(client, record, &Err(error)),
                    Outcome::Done(None) => {
                        let detail =
                            format!("{} has ended, and how is not said", self.judge.records[record].stream_key);
                        self.judge.find(Broken::Unreported, detail);
                    }
                }
            }
            Operation::SecondEnd(record) => {
                let (first, second) = (self.judge.records[record].outcome.clone(), format!("{outcome:?}"));
                if first.as_ref() != Some(&second) {
                    self.judge.find(Broken::EndsDiffer, format!("first {first:?}, then {second}"));
                }
            }
            Operation::Shutdown => self.coverage.shutdowns += 1,
        }
    }

    /// Asks for the events of a client's publishers, and lets go of those that are over. Gives back whether there were any.
    pub fn look_after(&mut self, client: usize) -> bool {
        let mut lets_go = false;
        for job in 0..self.jobs.len() {
            let Some(live) = self.jobs[job].live.filter(|_| self.jobs[job].client == client) else { continue };
            if !live.is_released {
                let events = self.clients[client].driver.events(live.handle);
                self.judge.asked(live.record, &events);
            }
            let record = &self.judge.records[live.record];
            if record.stage != Stage::Over {
                continue;
            }
            let has_outcome = record.outcome.is_some();
            (self.jobs[job].live, self.jobs[job].counter) = (None, None);
            lets_go = true;
            // The requests of one that goes on would be taken for those of the next.
            if self.sabotage.forgets_to_close() {
                self.jobs[job].turn += 1;
            } else {
                let wait = Duration::from_millis(self.random.u64(..60_000));
                self.schedule_turn(job, wait);
            }
            if live.is_released {
                continue;
            }
            let now = self.now;
            if has_outcome && self.random.u8(..6) == 0 {
                let op = self.begin(client, Operation::SecondEnd(live.record), Duration::ZERO);
                let told = self.clients[client].driver.end(live.handle, How::Complete, None, Some(op), now);
                told.expect("a second end changes nothing");
            }
            self.clients[client].driver.forget(live.handle);
        }
        lets_go
    }

    fn check_end(&mut self, client: usize, record: usize, outcome: &Result<StreamResponse, Error>) {
        let one = &self.judge.records[record];
        let (stream_key, disturbed) = (one.stream_key.clone(), one.disturbed);
        match outcome {
            Ok(outcome) if outcome.operation == Done::Noop => {
                self.coverage.unshown += 1;
                let was_never_shown = one.was_never_shown();
                self.say(|| format!("{stream_key} was never shown"));
                if !was_never_shown {
                    self.judge.find(Broken::LastStateLost, format!("{stream_key} may be shown and was not ended"));
                }
            }
            Ok(_) => {
                self.coverage.ended += 1;
                self.say(|| format!("{stream_key} has ended"));
                if self.judge.is_the_last_word(record) {
                    self.compare(client, record);
                } else if !self.judge.has_ended(record) && !disturbed {
                    self.judge.find(Broken::LastStateLost, format!("{stream_key} was never ended"));
                }
                self.judge.all_was_heard(record);
            }
            Err(error) => {
                self.coverage.not_arrived += 1;
                self.say(|| format!("{stream_key} has not ended: {error}"));
                if !self.judge.records[record].reported.contains(&EventKind::NotArrived) {
                    self.judge.find(Broken::Unreported, format!("{stream_key}: {error}"));
                }
            }
        }
    }

    /// In a healed world, what is newest is acknowledged, or was told of.
    fn check_newest(&mut self, client: usize, record: usize, outcome: Outcome) {
        let one = &self.judge.records[record];
        let (stream_key, account) = (one.stream_key.clone(), one.account);
        let tells = one.tells_of_a_failure();
        match outcome {
            Outcome::Done(_) => {
                self.judge.flushed(record);
                if self.judge.is_the_last_word(record) {
                    self.compare(client, record);
                }
                self.judge.all_was_heard(record);
            }
            Outcome::Failed(error) if tells && (!is_pending(&error) || self.is_full(account)) => {
                self.say(|| format!("{stream_key} does not show its newest state: {error}"));
            }
            Outcome::Failed(error) => self.judge.find(Broken::NotSettled, format!("{stream_key}: {error}")),
        }
    }

    fn is_full(&mut self, account: usize) -> bool {
        let now = self.timestamp();
        let streams = self.service.streams(now, Some(&self.accounts[account].api_key));
        streams.iter().filter(|stream| stream.state == StreamState::Active).count() >= ROOM
    }

    /// What the service shows is what the program said last. A stream that its user has paused or dismissed shows nothing.
    fn compare(&mut self, client: usize, record: usize) {
        let (account, now) = (self.clients[client].account, self.timestamp());
        let one = &self.judge.records[record];
        let Ok(view) = self.service.stream(now, Some(&self.accounts[account].api_key), &one.stream_key) else {
            let detail = format!("the service does not know {}", one.stream_key);
            return self.judge.find(Broken::LastStateLost, detail);
        };
        let expected = if one.stage == Stage::Over { StreamState::Ended } else { StreamState::Active };
        if view.state != expected || view.activity_id.is_none() {
            return;
        }
        self.coverage.compared += 1;
        if let Some(difference) = one.model.differs(&view) {
            let detail = format!("{} shows {difference}", one.stream_key);
            self.judge.find(Broken::LastStateLost, detail);
        }
    }
}

/// Whether the newest state is still to arrive.
fn is_pending(error: &Error) -> bool {
    matches!(error, Error::Connection(error) if matches!(error.kind, ConnectionErrorKind::NotArrived { .. }))
}
