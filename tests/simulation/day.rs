//! What programs do all day: their turns, and what the library says to each deed.

use std::sync::Arc;
use std::time::Duration;

use activitysmith_kit::Patch;
use activitysmith_kit::publish::{Changes, Ending as How, Options, Pacing, ProgressCounter, Rules, Urgency};
use activitysmith_kit::{Error, Result};
use fastrand::Rng;
use serde_json::json;

use crate::judge::{Broken, Operation, Stage};
use crate::program::{self, Deed, Ending, Model};
use crate::store::Store;
use crate::world::{Event, Job, Live, World};

/// A stream is ended in its time, or this much later when its last request went at the last moment.
const LAST_MOMENT: Duration = Duration::from_millis(251);

/// When the first programs wake, from the night on. An activity of the evening before is about to expire.
const MORNING: Duration = Duration::from_secs(8 * 3_600 - 1_200);

/// How long a program works before it does the next thing.
fn gap(random: &mut Rng) -> Duration {
    let millis = match random.u8(..100) {
        0..10 => 0,
        10..30 => random.u64(1..50),
        30..65 => random.u64(100..2_000),
        65..92 => random.u64(2_000..30_000),
        _ => random.u64(30_000..300_000),
    };
    Duration::from_millis(millis)
}

impl World {
    /// Accounts, clients and programs, as many as a seed has it.
    pub fn settle_in(&mut self) {
        if self.is_crowded {
            // One client, or several that share what the account may.
            let clients = if self.sabotage.shares_nothing() || self.random.bool() { 3 } else { 1 };
            let account = self.add_account((clients > 1).then(|| Store::new(true)));
            for _ in 0..clients {
                self.add_programs(account, 40 / clients);
            }
        } else {
            for _ in 0..self.random.u32(1..3) {
                let shares = self.random.u8(..4) == 0;
                let is_steady = self.network.is_calm() || self.random.bool();
                let account = self.add_account(shares.then(|| Store::new(is_steady)));
                let clients = if shares { [2, 2, 3, 4] } else { [1, 1, 1, 2] };
                for _ in 0..*self.random.choice(&clients).expect("there are some") {
                    let programs = self.random.u32(1..5);
                    self.add_programs(account, programs);
                }
            }
        }
        self.after(Duration::from_secs(20), Event::Chance);
    }

    /// A client and its programs.
    fn add_programs(&mut self, account: usize, programs: u32) {
        let client = self.add_client(account);
        for _ in 0..programs {
            let stream_key = format!("stream-{}", self.jobs.len());
            let of_numbers = self.random.u8(..5) == 0;
            self.jobs.push(Job {
                stream_key,
                client,
                of_numbers,
                counter: None,
                live: None,
                turn: 0,
                ends_next: false,
            });
            let wait = gap(&mut self.random);
            self.schedule_turn(self.jobs.len() - 1, wait);
        }
    }

    /// The next turn of a program. Those that would come in the night come in the morning.
    pub fn schedule_turn(&mut self, job: usize, mut wait: Duration) {
        if let Some(morning) = self.morning_after(wait) {
            wait = morning + Duration::from_secs(self.random.u64(..2_400));
            self.jobs[job].ends_next = self.random.u8(..5) == 0;
        }
        self.jobs[job].turn += 1;
        let turn = self.jobs[job].turn;
        self.after(wait, Event::Turn { job, turn });
    }

    /// How long it is until the morning, if it is night when so much time has passed.
    pub fn morning_after(&self, wait: Duration) -> Option<Duration> {
        let night = self.night?;
        let morning = night + MORNING;
        let is_night = self.now + wait >= night && self.now < morning;
        is_night.then(|| morning.saturating_sub(self.now))
    }

    pub fn take_turn(&mut self, job: usize, turn: u32) {
        if self.is_evening || self.jobs[job].turn != turn {
            return;
        }
        match self.jobs[job].live {
            None => self.open(job),
            Some(live) if self.judge.records[live.record].stage == Stage::Ending => self.come_too_late(job, live),
            Some(live) => {
                let n = self.next_number();
                let model = &self.judge.records[live.record].model;
                let ends = std::mem::take(&mut self.jobs[job].ends_next);
                let deed = match program::number(model, n) {
                    _ if ends => Deed::End(program::ending(model, n, &mut self.random)),
                    Some(changes) if self.jobs[job].of_numbers && self.random.u8(..100) > 0 => {
                        Deed::Update { changes, urgent: false }
                    }
                    _ if self.jobs[job].of_numbers => Deed::End(Ending::Finished(json!({}))),
                    _ => program::deed(model, n, &mut self.random),
                };
                let deed = match deed {
                    deed if self.jobs[job].counter.is_none() => deed,
                    Deed::Update { changes, .. } if changes.get("percentage").is_some() => {
                        Deed::Count(u64::from(n % 1_000))
                    }
                    // What is counted stays a progress.
                    Deed::Replace(_) => Deed::Flush,
                    deed => deed,
                };
                self.act(job, live, &deed);
            }
        }
        if self.jobs[job].turn == turn {
            let wait = if self.jobs[job].ends_next { Duration::from_millis(20) } else { gap(&mut self.random) };
            self.schedule_turn(job, wait);
        }
    }

    fn open(&mut self, job: usize) {
        let n = self.next_number();
        let Job { stream_key, client, of_numbers, .. } = &self.jobs[job];
        let (stream_key, client, of_numbers) = (stream_key.clone(), *client, *of_numbers);
        let mut state = program::state(n, of_numbers, &mut self.random);
        // A counter is read each second, which takes too long for a whole night.
        let is_counted = self.night.is_none() && self.random.u8(..3) == 0;
        let counter = is_counted.then(|| Arc::new(ProgressCounter::new(Some(1_000))));
        let (account, now) = (self.clients[client].account, self.now);
        let first = if let Some(counter) = &counter {
            state = json!({"title": format!("T{n}"), "type": "progress", "percentage": 0});
            counter.first(changes_of(&json!({"title": format!("T{n}")}).to_string()))
        } else {
            changes_of(&state.to_string())
        };
        self.say(|| format!("{stream_key} opens with {state}, counted: {is_counted}"));
        let show = Pacing::Every(Duration::from_millis(400));
        let mut options = Options::from(if of_numbers || self.random.u8(..8) > 0 { Pacing::Device } else { show });
        options.show_after = (self.random.u8(..8) == 0).then(|| Duration::from_secs(self.random.u64(1..90)));
        let hidden_until = options.show_after.map_or(Duration::ZERO, |wait| now + wait);
        if self.sabotage.shows_too_early() {
            options.show_after = None;
        }
        let driver = &mut self.clients[client].driver;
        let opened = driver.publish(stream_key.clone(), first, options, counter.clone(), None, now);
        let handle = opened.expect("a state that can start an activity is taken");
        let mut model = Model::default();
        model.replace(&state);
        let runs = self.activity_age(account, &stream_key).is_some();
        let record = self.judge.opened(account, &stream_key, model, of_numbers, runs);
        self.judge.records[record].hidden_until = hidden_until;
        self.jobs[job].live = Some(Live { handle, record, is_released: false });
        self.jobs[job].counter = counter;
        self.coverage.publishers += 1;
        self.drive(client);
    }

    /// A change that comes while the stream ends.
    fn come_too_late(&mut self, job: usize, live: Live) {
        let (client, now) = (self.jobs[job].client, self.now);
        if live.is_released {
            return;
        }
        let late = Patch::new().title("late").into();
        let taken = self.clients[client].driver.update(live.handle, late, Urgency::Urgent, || now);
        match taken {
            Ok(false) => {}
            Ok(true) => self.drive(client),
            Err(error) => self.judge.find(Broken::Misjudged, format!("a change while a stream ends gives {error}")),
        }
    }

    fn act(&mut self, job: usize, live: Live, deed: &Deed) {
        let (client, now, stream_key) = (self.jobs[job].client, self.now, self.jobs[job].stream_key.clone());
        self.say(|| format!("{stream_key}: {deed:?}"));
        self.judge.records[live.record].changes += 1;
        let sabotaged = self.sabotage.loses_the_last_state() && self.judge.is_under_way(live.record);
        let driver = &mut self.clients[client].driver;
        let told: Result<bool, Error> = match deed {
            Deed::Update { changes, urgent } => {
                let urgency = if *urgent { Urgency::Urgent } else { Urgency::ByKind };
                self.judge.records[live.record].model.update(changes);
                self.coverage.updates += 1;
                let told = if sabotaged {
                    Ok(false)
                } else if let Some(percentage) = changes["percentage"].as_f64() {
                    driver.update(live.handle, Patch::new().percentage(percentage).into(), urgency, || now)
                } else {
                    let text = changes.to_string();
                    driver.update(live.handle, changes_of(&text), urgency, || now)
                };
                self.judge.alert_set(live.record, changes);
                told
            }
            Deed::Replace(state) => {
                self.jobs[job].ends_next = self.random.u8(..3) == 0;
                self.judge.records[live.record].model.replace(state);
                let text = state.to_string();
                driver.replace(live.handle, changes_of(&text), Urgency::ByKind, || now)
            }
            Deed::Mistake(changes) => {
                let text = changes.to_string();
                match driver.update(live.handle, changes_of(&text), Urgency::ByKind, || now) {
                    Err(Error::Validation(_)) => Ok(false),
                    other => {
                        self.judge.find(Broken::Misjudged, format!("{text} gives {other:?}"));
                        Ok(false)
                    }
                }
            }
            Deed::Count(done) => {
                self.judge.records[live.record].model.count(*done);
                self.coverage.updates += 1;
                if sabotaged {
                    Ok(false)
                } else if self.random.bool() {
                    Ok(driver.count(live.handle, *done, || now))
                } else {
                    // A loop counts, and the driver looks at that in its time.
                    self.jobs[job].counter.iter().for_each(|counter| counter.set(*done));
                    Ok(false)
                }
            }
            Deed::Flush => {
                self.judge.records[live.record].hidden_until = Duration::ZERO;
                let timeout = Duration::from_millis(*self.random.choice(&[0, 500, 5_000, 60_000]).expect("some"));
                let op = self.begin(client, Operation::Flush(vec![(live.record, 0)]), timeout);
                self.clients[client].driver.flush(live.handle, Some(timeout), op, now);
                if self.random.u8(..20) == 0 {
                    self.cancel(client, op);
                }
                Ok(true)
            }
            Deed::Close => {
                self.judge.records[live.record].stage = Stage::Over;
                if self.sabotage.forgets_to_close() {
                    let late = Patch::new().title("late").into();
                    driver.update(live.handle, late, Urgency::Urgent, || now)
                } else {
                    driver.detach(live.handle);
                    Ok(true)
                }
            }
            Deed::End(ending) => {
                let seconds = [0.0, 0.25, 2.0, 10.0, 10.0, 60.0, 600.0];
                let timeout = Duration::from_secs_f64(*self.random.choice(&seconds).expect("there are some"));
                self.end(job, live, ending, timeout);
                return;
            }
        };
        match told {
            // A driver need not ask again, but it may.
            Ok(news) if news || self.random.u8(..8) == 0 => self.drive(client),
            Ok(_) => {}
            Err(error) => self.judge.find(Broken::Misjudged, format!("{deed:?} of {stream_key}: {error}")),
        }
    }

    pub fn end(&mut self, job: usize, live: Live, ending: &Ending, timeout: Duration) {
        let (client, now) = (self.jobs[job].client, self.now);
        let text = if let Ending::Finished(changes) = ending { changes.to_string() } else { "{}".to_owned() };
        let record = &self.judge.records[live.record];
        let fails = record.hidden_until <= now && record.is_hindered(now);
        let waits = self.sabotage.waits_for_displays() && fails;
        let how = match ending {
            _ if waits => How::Failed(None),
            Ending::Finished(_) => How::Finished(changes_of(&text)),
            Ending::Complete => How::Complete,
            Ending::Failed => How::Failed(Some("OSError")),
        };
        let Rules { success_timeout, failure_timeout, .. } = Rules::default();
        let own = if matches!(how, How::Failed(_)) { failure_timeout } else { success_timeout };
        let way = if self.is_evening { 100 } else { self.random.u8(..100) };
        let failed = matches!(ending, Ending::Failed);
        let timeout = if way < 10 || failed && way < 50 { own } else { timeout };
        let told = if way < 10 {
            // Its outcome is a line of the log.
            self.clients[client].driver.release(live.handle, how, now);
            self.jobs[job].live = Some(Live { is_released: true, ..live });
            Ok(())
        } else {
            let op = self.begin(client, Operation::End(live.record), timeout.saturating_add(LAST_MOMENT));
            let driver = &mut self.clients[client].driver;
            let told = if failed && way < 50 {
                driver.end_dropped(live.handle, Some("OSError"), op, now)
            } else {
                driver.end(live.handle, how, Some(timeout), Some(op), now)
            };
            if way >= 98 && !self.is_evening {
                self.cancel(client, op);
            }
            told
        };
        let record = &mut self.judge.records[live.record];
        let is_hindered = record.is_hindered(now);
        record.model.end(ending);
        record.stage = Stage::Ending;
        if failed {
            record.hidden_until = Duration::ZERO;
        }
        if let Ending::Finished(changes) = ending {
            self.judge.alert_set(live.record, changes);
        }
        if let Err(error) = told {
            self.judge.find(Broken::Misjudged, format!("{ending:?} gives {error}"));
        }
        self.after(timeout.saturating_add(LAST_MOMENT), Event::Deadline { record: live.record });
        if !self.network.is_calm() && self.random.u8(..12) == 0 {
            let (wait, run) = (Duration::from_millis(self.random.u64(..500)), self.clients[client].run);
            self.after(wait, Event::Restart { client, run });
        }
        self.drive(client);
        let one = &self.judge.records[live.record];
        if is_hindered && !failed && one.stage == Stage::Ending {
            let detail = format!("{} shows nothing, and its end is waited for", one.stream_key);
            self.judge.find(Broken::Waited, detail);
        }
    }

    pub fn check_deadline(&mut self, record: usize) {
        let one = &self.judge.records[record];
        if one.stage == Stage::Ending {
            let detail = format!("{} has not ended in time", one.stream_key);
            self.judge.find(Broken::NotSettled, detail);
        }
    }
}

fn changes_of(text: &str) -> Changes {
    Changes::parse(text.as_bytes()).expect("it is JSON")
}
