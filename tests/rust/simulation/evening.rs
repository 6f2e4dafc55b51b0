//! The end of a world: all is healed, nothing new begins, and what every publisher has to show must be shown, or told of as not shown.

use std::time::Duration;

use activitysmith_emulator::engine::StreamState;
use activitysmith_kit::publish::{EventKind, Newest, PublisherId};
use activitysmith_kit::wire::Request;
use activitysmith_kit::{Error, Operation, StreamResponse};
use serde_json::json;

use crate::judge::{Broken, Stage, body_of};
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
            self.judge.records[live.record].of_figures = false;
            self.judge.records[live.record].hidden_until = Duration::ZERO;
            self.clients[client].dispatcher.hasten(live.publisher);
            self.drive(client);
        }
        self.live_until(self.now + SETTLED_IN);
        if !self.judge.violations.is_empty() {
            return;
        }
        for (client, live) in self.lives() {
            self.check_newest(client, live);
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
    }

    fn lives(&self) -> Vec<(usize, Live)> {
        self.jobs.iter().filter_map(|job| Some((job.client, job.live?))).collect()
    }

    /// Takes what a client tells of its publishers, and lets go of those that are over.
    pub fn look_after(&mut self, client: usize) {
        for job in 0..self.jobs.len() {
            let Some(live) = self.jobs[job].live.filter(|_| self.jobs[job].client == client) else { continue };
            let dispatcher = &mut self.clients[client].dispatcher;
            let events = dispatcher.take_events(live.publisher);
            let is_over = dispatcher.is_over(live.publisher);
            let outcome = dispatcher.outcome(live.publisher);
            let record = &mut self.judge.records[live.record];
            let was_ended = record.stage == Stage::Ending;
            record.reported.extend(events.iter().map(|event| event.kind));
            if !is_over {
                continue;
            }
            record.stage = Stage::Over;
            dispatcher.remove(live.publisher);
            self.jobs[job].live = None;
            let wait = Duration::from_millis(self.random.u64(..60_000));
            self.schedule_turn(job, wait);
            if let Some(outcome) = outcome.filter(|_| was_ended) {
                self.check_end(client, live.record, &outcome);
            }
        }
    }

    fn check_end(&mut self, client: usize, record: usize, outcome: &Result<StreamResponse, Error>) {
        let one = &self.judge.records[record];
        let (stream_key, disturbed) = (one.stream_key.clone(), one.disturbed);
        match outcome {
            Ok(outcome) if outcome.operation == Operation::Noop => {
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
    fn check_newest(&mut self, client: usize, live: Live) {
        let record = &self.judge.records[live.record];
        let (stream_key, account) = (record.stream_key.clone(), record.account);
        if record.stage != Stage::Open {
            return;
        }
        match self.clients[client].dispatcher.newest(live.publisher) {
            Ok(Newest::Acknowledged) => {
                if self.judge.is_the_last_word(live.record) {
                    self.compare(client, live.record);
                }
                self.judge.all_was_heard(live.record);
            }
            Ok(Newest::Refused(error)) if record.tells_of_a_failure() => {
                self.say(|| format!("{stream_key} does not show its newest state: {error}"));
            }
            Ok(Newest::Pending) if record.tells_of_a_failure() && self.is_full(account) => {}
            other => self.judge.find(Broken::NotSettled, format!("{stream_key}: {other:?}")),
        }
    }

    /// A publisher that takes its newest state for acknowledged has just been told so.
    pub fn check_acknowledged(&mut self, client: usize, publisher: PublisherId, record: usize, request: &Request) {
        let newest = self.clients[client].dispatcher.newest(publisher);
        let one = &self.judge.records[record];
        if matches!(newest, Ok(Newest::Acknowledged)) && !one.model.is_said_by(&body_of(request)) {
            let detail = format!("{} had more to say", one.stream_key);
            self.judge.find(Broken::ToldTooEarly, detail);
        }
    }

    fn is_full(&mut self, account: usize) -> bool {
        let now = self.timestamp();
        let streams = self.engine.streams(now, Some(&self.accounts[account].api_key));
        streams.iter().filter(|stream| stream.state == StreamState::Active).count() >= ROOM
    }

    /// What the service shows is what the program said last. A stream that its user has paused or dismissed shows nothing.
    fn compare(&mut self, client: usize, record: usize) {
        let (account, now) = (self.clients[client].account, self.timestamp());
        let one = &self.judge.records[record];
        let Ok(view) = self.engine.stream(now, Some(&self.accounts[account].api_key), &one.stream_key) else {
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
