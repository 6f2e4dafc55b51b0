//! One world: programs with their clients and publishers, a network, and the service, on a clock that jumps from event to event.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use activitysmith_emulator::{AccountSettings, Service};
use activitysmith_emulator::{Limits, Options, Retention, Timestamp};
use activitysmith_kit::call::Now;
use activitysmith_kit::call::{Host, Session, Settings};
use activitysmith_kit::publish::driver::{Driver, Handle, Op, Outcome, Steps};
use activitysmith_kit::publish::{AccountBudget, ProgressCounter, Rules, SharedBudget};
use fastrand::Rng;

use crate::coverage::{Coverage, Fault};
use crate::judge::{Broken, Judge};
use crate::network::Network;
use crate::sabotage::Sabotage;
use crate::store::{Asked, Store};
use crate::traffic::InFlight;

/// No clock of a program begins at zero, and none of a service.
const BEGIN: Duration = Duration::from_secs(500_000);
const EPOCH_MILLIS: u64 = 1_790_000_000_000;

pub struct World {
    pub random: Rng,
    pub now: Duration,
    pub service: Service,
    pub network: Network,
    pub accounts: Vec<Account>,
    pub clients: Vec<Client>,
    pub jobs: Vec<Job>,
    pub judge: Judge,
    pub coverage: Coverage,
    pub sabotage: Sabotage,
    /// Makes everything unlike anything before.
    pub count: u32,
    /// What happened, in words, where that is asked for.
    pub trace: Option<Vec<String>>,
    /// When all programs fall asleep, for about as long as an activity lives.
    pub night: Option<Duration>,
    /// One client has more to say than its account may, and no other client sends.
    pub is_crowded: bool,
    /// Programs begin nothing new, and nothing befalls anybody.
    pub is_evening: bool,
    /// Since when the streams that have an activity have it.
    pub activities: HashMap<(usize, String), Duration>,
    pub paused: HashSet<(usize, String)>,
    queue: BinaryHeap<Reverse<(Duration, u64, Event)>>,
    order: u64,
    pub flights: Vec<InFlight>,
    /// What was asked of the stores.
    pub asked: Vec<Asked>,
    pub limits: Limits,
}

pub struct Account {
    pub api_key: String,
    /// The budget that its clients share, if they do.
    pub store: Option<Store>,
    /// Others than publishers may use up its limit until then.
    pub others_until: Duration,
}

pub struct Client {
    pub account: usize,
    pub driver: Driver,
    /// How often its program has been restarted.
    pub run: u32,
    /// Which of its wake-up calls holds.
    wake: u64,
    idle_wakes: u32,
}

/// A program's stream: published, ended, and published again.
pub struct Job {
    pub stream_key: String,
    pub client: usize,
    pub of_numbers: bool,
    /// What counts its items, while it is published so.
    pub counter: Option<Arc<ProgressCounter>>,
    pub live: Option<Live>,
    /// Which of its turns holds.
    pub turn: u32,
    pub ends_next: bool,
}

#[derive(Clone, Copy)]
pub struct Live {
    pub handle: Handle,
    pub record: usize,
    /// Its handle is gone, and it ends in the background.
    pub is_released: bool,
}

/// A host without variables and files.
struct Bare;

impl Host for Bare {
    fn variable(&self, _: &str) -> Option<String> {
        None
    }

    fn read_file(&self, _: &Path) -> Result<String, String> {
        Err("there are no files".to_owned())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// A program does something.
    Turn {
        job: usize,
        turn: u32,
    },
    /// A stream's time to end is over.
    Deadline {
        record: usize,
    },
    /// An operation's time is over.
    Late {
        op: Op,
    },
    Wake {
        client: usize,
        wake: u64,
    },
    /// A request reaches the service.
    Arrive(usize),
    /// Its sender knows what became of it.
    Settle(usize),
    /// A command reaches the store, and its reply the client.
    Store(usize),
    Reply(usize),
    /// Something befalls an account, a client or the network.
    Chance,
    Pair {
        account: usize,
    },
    Restart {
        client: usize,
        run: u32,
    },
}

impl World {
    pub fn new(seed: u64, sabotage: Sabotage) -> Self {
        let mut random = Rng::with_seed(seed);
        let limits: &[u32] = if sabotage.shares_nothing() { &[60] } else { &[60, 300, 300] };
        let per_minute = *random.choice(limits).expect("there are some");
        let is_crowded = random.u8(..32) == 0 || sabotage.shares_nothing();
        let activities_per_device = if is_crowded { None } else { Limits::service().activities_per_device };
        let limits = Limits { account_per_minute: Some(per_minute), activities_per_device, ..Limits::service() };
        let retention = Retention { journal: 0, history: 1, ended: 40 };
        let service = Service::new(&Options { limits, retention, seed, ..Options::default() });
        let mut world = Self {
            service,
            network: if is_crowded { Network::HEALED } else { Network::some(&mut random) },
            now: BEGIN,
            accounts: Vec::new(),
            clients: Vec::new(),
            jobs: Vec::new(),
            judge: Judge::default(),
            coverage: Coverage::default(),
            sabotage,
            count: 0,
            trace: None,
            night: None,
            is_crowded,
            is_evening: false,
            activities: HashMap::new(),
            paused: HashSet::new(),
            queue: BinaryHeap::new(),
            order: 0,
            flights: Vec::new(),
            asked: Vec::new(),
            limits,
            random,
        };
        world.settle_in();
        world
    }

    pub fn say(&mut self, line: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{:>10.3} {}", self.now.saturating_sub(BEGIN).as_secs_f64(), line()));
        }
    }

    pub fn next_number(&mut self) -> u32 {
        self.count += 1;
        self.count
    }

    pub fn after(&mut self, wait: Duration, event: Event) {
        self.order += 1;
        self.queue.push(Reverse((self.now + wait, self.order, event)));
    }

    pub fn timestamp(&self) -> Timestamp {
        Timestamp::from_millis(EPOCH_MILLIS + self.now.as_millis() as u64)
    }

    /// Lets time pass until then, with all that happens in it.
    pub fn live_until(&mut self, end: Duration) {
        while self.queue.peek().is_some_and(|Reverse((at, ..))| *at <= end) && self.judge.violations.is_empty() {
            let Some(Reverse((at, _, event))) = self.queue.pop() else { break };
            self.now = at;
            self.judge.now = at;
            match event {
                Event::Turn { job, turn } => self.take_turn(job, turn),
                Event::Deadline { record } => self.check_deadline(record),
                Event::Late { op } => self.judge.is_late(op),
                Event::Wake { client, wake } => self.wake(client, wake),
                Event::Arrive(flight) => self.arrive(flight),
                Event::Settle(flight) => self.settle(flight),
                Event::Store(asked) => self.store(asked),
                Event::Reply(asked) => self.reply(asked),
                Event::Chance => self.chance(),
                Event::Pair { account } => self.pair(account, true),
                Event::Restart { client, run } if run == self.clients[client].run => self.restart(client),
                Event::Restart { .. } => {}
            }
        }
        self.now = self.now.max(end);
        self.judge.now = self.now;
    }

    pub fn pair(&mut self, account: usize, has_device: bool) {
        self.say(|| format!("account {account} has a device: {has_device}"));
        let settings = AccountSettings { has_device, ..AccountSettings::default() };
        self.service.set_account(Some(&self.accounts[account].api_key), &settings);
    }

    /// Both clocks of a program.
    pub fn clocks(&self) -> Now {
        Now { monotonic: self.now, wall: SystemTime::UNIX_EPOCH + Duration::from_millis(self.timestamp().as_millis()) }
    }

    pub fn add_account(&mut self, store: Option<Store>) -> usize {
        let api_key = format!("ask_test_{}", self.accounts.len());
        self.accounts.push(Account { api_key, store, others_until: Duration::ZERO });
        self.accounts.len() - 1
    }

    pub fn add_client(&mut self, account: usize) -> usize {
        let driver = self.driver(account);
        self.clients.push(Client { account, driver, run: 0, wake: 0, idle_wakes: 0 });
        self.clients.len() - 1
    }

    fn driver(&self, account: usize) -> Driver {
        let Account { api_key, store, .. } = &self.accounts[account];
        let base_url = Some("http://127.0.0.1:9/api".to_owned());
        let settings = Settings { api_key: Some(api_key.clone()), base_url, ..Settings::default() };
        let session = Arc::new(Session::new(settings, Bare).expect("the settings are in order"));
        let rules = Rules::of(&session).expect("the environment says nothing");
        let budget = store.as_ref().filter(|_| !self.sabotage.shares_nothing()).map(|_| {
            let budget: Box<dyn AccountBudget + Send> = Box::new(SharedBudget::new(rules.budget));
            budget
        });
        Driver::new(session, rules, budget)
    }

    /// A program dies and is started anew: of its publishers only their requests under way are left.
    pub fn restart(&mut self, client: usize) {
        self.say(|| format!("client {client} restarts"));
        if self.random.u8(..3) == 0 {
            self.stop(client);
        }
        for job in 0..self.jobs.len() {
            if self.jobs[job].client != client {
                continue;
            }
            if let Some(live) = self.jobs[job].live.take() {
                self.coverage.hit(Fault::Restarted, self.judge.records[live.record].phase());
                self.judge.gone(live.record);
                let wait = Duration::from_millis(self.random.u64(..20_000));
                self.schedule_turn(job, wait);
            }
        }
        for record in self.flights.iter().filter(|flight| flight.client == client).filter_map(|flight| flight.record) {
            self.judge.gone(record);
        }
        let account = self.clients[client].account;
        self.judge.abandon((client, self.clients[client].run));
        let driver = self.driver(account);
        let one = &mut self.clients[client];
        (one.driver, one.run) = (driver, one.run + 1);
        one.wake += 1;
        // What the run before has sent still counts for the service.
        self.accounts[account].others_until = self.now + Duration::from_secs(120);
    }

    /// Asks a client what to do, as an edge does whenever something is new.
    pub fn drive(&mut self, client: usize) {
        self.clients[client].idle_wakes = 0;
        self.poll(client);
    }

    fn wake(&mut self, client: usize, wake: u64) {
        if self.clients[client].wake == wake {
            // Counters are read now and then, whether they have moved or not.
            let counts = self.jobs.iter().any(|job| job.client == client && job.counter.is_some());
            self.clients[client].idle_wakes += u32::from(!counts);
            if self.clients[client].idle_wakes > 25 {
                self.judge.find(Broken::BusyLoop, format!("client {client} wakes for nothing"));
            }
            self.poll(client);
        }
    }

    fn poll(&mut self, client: usize) {
        for _ in 0..100 {
            let now = self.clocks();
            let one = &mut self.clients[client];
            one.wake += 1;
            let steps = one.driver.poll(now);
            let wait = steps.wait;
            if wait != Some(Duration::ZERO) {
                let again = one.driver.poll(now);
                if !is_nothing(&again) || again.wait != wait {
                    let detail = format!("client {client} is to wait for {wait:?}, and then {again:?}");
                    return self.judge.find(Broken::BusyLoop, detail);
                }
            }
            if !is_nothing(&steps) {
                one.idle_wakes = 0;
            }
            let acts_again = self.follow(client, steps);
            if let Some(wait) = wait.filter(|wait| !wait.is_zero() && !acts_again) {
                let wake = self.clients[client].wake;
                return self.after(wait, Event::Wake { client, wake });
            }
            if wait.is_none() && !acts_again {
                return;
            }
        }
        self.judge.find(Broken::BusyLoop, format!("client {client} always has something to do"));
    }

    /// Does what a driver says. Gives back whether that has something new for it.
    fn follow(&mut self, client: usize, steps: Steps) -> bool {
        for finished in &steps.outcomes {
            if matches!(finished.outcome, Outcome::Done(_)) {
                self.judge.succeeded((client, self.clients[client].run), finished.op);
            }
        }
        for send in steps.send {
            self.send(client, send);
        }
        self.hear(client, &steps.log);
        if let Some(command) = steps.store {
            self.ask_store(client, command);
        }
        for finished in steps.outcomes {
            self.finish(client, finished);
        }
        self.look_after(client)
    }
}

fn is_nothing(steps: &Steps) -> bool {
    steps.send.is_empty() && steps.store.is_none() && steps.outcomes.is_empty() && steps.log.is_empty()
}
