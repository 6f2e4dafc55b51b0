//! What befalls accounts, clients, devices and the network, beside what the network does to single requests.

use std::time::Duration;

use activitysmith_kit::api::END_STREAM;
use activitysmith_kit::call::Request;
use activitysmith_kit::call::{CallLimits, RetryPolicy, Settings};
use activitysmith_kit::publish::Rules;

use crate::coverage::{Fault, Phase};
use crate::judge::{Broken, Operation, Stage};
use crate::program::Ending;
use crate::world::{Event, World};

impl World {
    /// The user of a device can pause, resume and dismiss what it shows at any time: say just before a request is applied, or after.
    pub fn meet_user(&mut self, account: usize, record: usize, phase: Phase, before: bool) {
        let likely = match (phase, before) {
            _ if self.is_evening || self.network.is_calm() => 0,
            (Phase::Starting, false) | (Phase::Ending, true) => 40,
            (Phase::Running, _) => 12,
            _ => 10,
        };
        let stream_key = self.judge.records[record].stream_key.clone();
        let api_key = self.accounts[account].api_key.clone();
        let now = self.timestamp();
        let paused = self.paused.contains(&(account, stream_key.clone()));
        let chance = self.random.u16(..1_000);
        let done = if paused {
            let resumes = before && chance < 400 && !self.is_evening;
            (resumes && self.service.resume(now, Some(&api_key), &stream_key).is_ok()).then_some(Fault::Resumed)
        } else if chance < likely {
            self.service.pause(now, Some(&api_key), &stream_key).is_ok().then_some(Fault::Paused)
        } else if chance < 2 * likely {
            self.service.dismiss(now, Some(&api_key), &stream_key).is_ok().then_some(Fault::Dismissed)
        } else {
            None
        };
        if let Some(fault) = done {
            self.say(|| format!("{stream_key} is {fault:?}"));
            self.coverage.hit(fault, phase);
            let stream = (account, stream_key);
            self.activities.remove(&stream);
            match fault {
                Fault::Paused => drop(self.paused.insert(stream)),
                _ => drop(self.paused.remove(&stream)),
            }
        }
    }

    /// Something befalls an account, a client or the network.
    pub fn chance(&mut self) {
        if self.is_evening || self.is_crowded {
            return;
        }
        let client = self.random.usize(..self.clients.len());
        let account = self.clients[client].account;
        let calm = self.network.is_calm();
        match self.random.u8(..100) {
            0..5 => self.restart(client),
            5..20 => self.call_directly(client),
            20..23 => self.let_others_call(account),
            23..25 => self.shut_down(client),
            25..28 => self.flush_all(client),
            30..34 if !calm => {
                self.network.break_down(self.now, &mut self.random);
                self.say(|| "an outage".to_owned());
            }
            36..42 if !calm => {
                self.pair(account, false);
                let wait = Duration::from_secs(self.random.u64(5..300));
                self.after(wait, Event::Pair { account });
            }
            _ => {}
        }
        let wait = Duration::from_secs(self.random.u64(5..90));
        let morning = self.morning_after(wait);
        if morning.is_some() && self.random.u8(..5) == 0 {
            // Programs that die in the night leave their streams to the next ones.
            self.restart(client);
        }
        self.after(morning.unwrap_or(wait), Event::Chance);
    }

    /// Direct calls of the same client: charged to its budget, never held up.
    fn call_directly(&mut self, client: usize) {
        let account = self.clients[client].account;
        self.accounts[account].others_until = self.now + Duration::from_secs(120);
        for _ in 0..*self.random.choice(&[1, 1, 2, 5, 60]).expect("there are some") {
            let request = Request::from_json(&END_STREAM, "of-nobody", b"{}").expect("it breaks no rule");
            let timeout = Duration::from_millis(self.random.u64(200..20_000));
            let limits = CallLimits { timeout, retry: RetryPolicy::default() };
            let op = self.begin(client, Operation::Call, timeout + Rules::default().request_lateness);
            let now = self.clocks();
            let called = self.clients[client].driver.call(request, limits, op, now);
            called.expect("there is a key");
            self.coverage.direct_calls += 1;
            if self.random.u8(..20) == 0 {
                self.cancel(client, op);
            }
        }
        self.drive(client);
    }

    /// Begins something that has an outcome within this time, and gives back its number.
    pub fn begin(&mut self, client: usize, operation: Operation, limit: Duration) -> u64 {
        let op = u64::from(self.next_number());
        self.say(|| format!("operation {op} of client {client} begins: {operation:?} within {limit:?}"));
        self.judge.begins((client, self.clients[client].run), op, operation);
        self.after(limit.saturating_add(Duration::from_millis(1)), Event::Late { op });
        op
    }

    pub fn cancel(&mut self, client: usize, op: u64) {
        self.say(|| format!("operation {op} is cancelled"));
        self.clients[client].driver.cancel(op);
        self.judge.operations.remove(&op);
    }

    /// A program waits until all it has to show has arrived.
    fn flush_all(&mut self, client: usize) {
        let open: Vec<_> = self.open_records(client);
        for record in &open {
            let one = &mut self.judge.records[*record];
            (one.hidden_until, one.of_numbers) = (Duration::ZERO, false);
        }
        let timeout = Duration::from_millis(self.random.u64(..20_000));
        let open = open.into_iter().map(|record| (record, self.judge.records[record].changes)).collect();
        let op = self.begin(client, Operation::Flush(open), timeout);
        let now = self.now;
        self.clients[client].driver.flush_all(Some(timeout), op, now);
        self.drive(client);
    }

    /// A program ends all its streams, within a time or within those of each.
    fn shut_down(&mut self, client: usize) {
        let (has_failed, now) = (self.random.bool(), self.now);
        let timeout = self.random.bool().then(|| Duration::from_millis(self.random.u64(..10_000)));
        let Rules { success_timeout, failure_timeout, least_timeout, .. } = Rules::default();
        let own = if has_failed { failure_timeout } else { success_timeout };
        let limit = timeout.unwrap_or(own) + least_timeout;
        for record in self.open_records(client) {
            let ending = if has_failed { Ending::Failed } else { Ending::Finished(serde_json::json!({})) };
            let one = &mut self.judge.records[record];
            one.model.end(&ending);
            one.stage = Stage::Ending;
            if has_failed {
                one.hidden_until = Duration::ZERO;
            }
            self.after(limit + Duration::from_millis(1), Event::Deadline { record });
        }
        // Without a time of its own it waits for ends that take longer.
        let limit = if timeout.is_some() { limit } else { Duration::from_secs(3_600) };
        let op = self.begin(client, Operation::Shutdown, limit);
        let failed = has_failed.then_some(Some("OSError"));
        self.clients[client].driver.shutdown(failed, timeout, op, now);
        self.drive(client);
    }

    /// A client is closed: all that waits is told so, and nothing more is sent.
    pub fn stop(&mut self, client: usize) {
        let sent = self.flights.len();
        let reason = Settings::from_json(b"[]").expect_err("an array holds no settings");
        self.clients[client].driver.stop(reason.into());
        self.drive(client);
        let now = self.clocks();
        let request = Request::from_json(&END_STREAM, "of-nobody", b"{}").expect("it breaks no rule");
        let driver = &mut self.clients[client].driver;
        let limits = CallLimits { timeout: Duration::from_secs(1), retry: RetryPolicy::default() };
        let is_taken = driver.call(request, limits, 0, now).is_ok();
        let run = self.clients[client].run;
        let left: Vec<_> = self.judge.operations.iter().filter(|(_, (owner, _))| *owner == (client, run)).collect();
        if is_taken || !left.is_empty() || self.flights.len() != sent {
            let detail = format!("client {client} is closed, and {left:?} goes on");
            self.judge.find(Broken::NotSettled, detail);
        }
    }

    fn open_records(&self, client: usize) -> Vec<usize> {
        let lives = self.jobs.iter().filter(|job| job.client == client).filter_map(|job| job.live);
        lives.map(|live| live.record).filter(|record| self.judge.records[*record].stage == Stage::Open).collect()
    }

    /// Another program of the account, which shares nothing with this one.
    fn let_others_call(&mut self, account: usize) {
        self.accounts[account].others_until = self.now + Duration::from_secs(120);
        for _ in 0..self.random.u32(10..400) {
            let request = Request::from_json(&END_STREAM, "of-nobody", b"{}").expect("it breaks no rule");
            self.call(account, &request);
        }
    }
}
