//! The store of a budget that clients of an account share: it replies late, and sometimes it fails.

use std::time::Duration;

use activitysmith_kit::publish::{BudgetRules, BudgetState, Command, Reply};

use crate::world::{Event, World};

/// The clock of a store is not that of any client.
const AHEAD: Duration = Duration::from_secs(1_000_000);

pub struct Store {
    pub state: BudgetState,
    /// It replies in time and never fails.
    pub is_steady: bool,
}

impl Store {
    pub fn new(is_steady: bool) -> Self {
        Self { state: BudgetState::default(), is_steady }
    }
}

/// A command on its way.
pub struct Asked {
    client: usize,
    run: u32,
    command: Command,
    fails_before: bool,
    reply: Result<Reply, String>,
    /// How long the reply takes.
    back: Duration,
    fails_after: bool,
}

impl World {
    pub fn ask_store(&mut self, client: usize, command: Command) {
        let store = self.accounts[self.clients[client].account].store.as_ref().expect("it shares its budget");
        let trouble = if store.is_steady { 0 } else { self.random.u8(..20) };
        let millis = |random: &mut fastrand::Rng, most| Duration::from_millis(random.u64(..most));
        let (there, back) = match trouble {
            5 => (millis(&mut self.random, 300), millis(&mut self.random, 10)),
            6 => (millis(&mut self.random, 10), millis(&mut self.random, 2_000)),
            _ => (millis(&mut self.random, 20), millis(&mut self.random, 20)),
        };
        let (fails_before, fails_after) = (trouble == 7, trouble == 8);
        self.coverage.stored += 1;
        self.coverage.store_trouble += u64::from((5..9).contains(&trouble));
        let run = self.clients[client].run;
        self.asked.push(Asked { client, run, command, fails_before, reply: Ok(None), back, fails_after });
        self.after(there, Event::Store(self.asked.len() - 1));
    }

    pub fn store(&mut self, index: usize) {
        let now = self.now + AHEAD;
        let asked = &mut self.asked[index];
        let store = self.accounts[self.clients[asked.client].account].store.as_mut().expect("it was asked");
        asked.reply = Err("the store is out of order".to_owned());
        if !asked.fails_before {
            let reply = asked.command.apply(&BudgetRules::default(), &mut store.state, now);
            if !asked.fails_after {
                asked.reply = Ok(reply);
            }
        }
        let back = asked.back;
        self.after(back, Event::Reply(index));
    }

    pub fn reply(&mut self, index: usize) {
        let asked = &mut self.asked[index];
        let (client, run) = (asked.client, asked.run);
        if self.clients[client].run == run {
            let reply = std::mem::replace(&mut asked.reply, Ok(None));
            self.clients[client].driver.stored(reply, self.now);
            self.drive(client);
        }
    }
}
