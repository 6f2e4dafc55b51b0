//! What befalls accounts, clients, devices and the network, beside what the network does to single requests.

use std::time::Duration;

use activitysmith_kit::publish::AccountBudget as _;
use activitysmith_kit::wire::Request;

use crate::coverage::{Fault, Phase};
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
            (resumes && self.engine.resume(now, Some(&api_key), &stream_key).is_ok()).then_some(Fault::Resumed)
        } else if chance < likely {
            self.engine.pause(now, Some(&api_key), &stream_key).is_ok().then_some(Fault::Paused)
        } else if chance < 2 * likely {
            self.engine.dismiss(now, Some(&api_key), &stream_key).is_ok().then_some(Fault::Dismissed)
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
            let request = Request::end_json("of-nobody", b"{}").expect("it breaks no rule");
            let outcome = self.call_for(account, request);
            let (now, jitter) = (self.now, self.random.f64());
            let budget = &mut self.clients[client].budget;
            budget.charge(now);
            budget.learn(&outcome, now, jitter);
            self.coverage.direct_calls += 1;
        }
    }

    /// Another program of the account, which shares nothing with this one.
    fn let_others_call(&mut self, account: usize) {
        self.accounts[account].others_until = self.now + Duration::from_secs(120);
        for _ in 0..self.random.u32(10..400) {
            let request = Request::end_json("of-nobody", b"{}").expect("it breaks no rule");
            self.call(account, &request);
        }
    }
}
