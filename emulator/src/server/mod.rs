//! The engine behind a port of 127.0.0.1. Makes no decision of the API; it owns the sockets, the clock and the lock.

mod access;
mod api;
mod body;
mod clock;
mod control;
mod delivery;
mod events;
pub(crate) mod http;
mod listener;
mod publisher;
mod start_error;
mod state;
mod wire;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::engine::{Engine, JournalEntry};
use crate::options::{Clock, Options};
use crate::time::Timestamp;
use clock::RunningClock;
use events::Events;
pub use start_error::StartError;

/// A running emulator. Dropping it closes the port; [`Emulator::stop`] also waits until that has happened.
#[derive(Debug)]
pub struct Emulator {
    addr: SocketAddr,
    shared: Arc<Shared>,
    /// Every task of the server ends when this is dropped.
    running: watch::Sender<()>,
    accepting: JoinHandle<()>,
    /// Keeps the state in a file.
    keeping: Option<JoinHandle<io::Result<()>>>,
}

/// What every connection works on.
#[derive(Debug)]
struct Shared {
    has_control: bool,
    state: Mutex<State>,
    events: Events,
}

#[derive(Debug)]
struct State {
    engine: Engine,
    clock: RunningClock,
    /// Viewers of the events have not been told of the clock as it is.
    clock_changed: bool,
    /// The newest request that they were told of.
    told: u64,
}

impl Emulator {
    /// Starts an emulator on the current tokio runtime. Fails if the port is taken, or if the file of the state holds
    /// something else; it is then left as it is.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let port = options.port;
        let cannot_listen = |source| StartError::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(cannot_listen)?;
        let addr = listener.local_addr().map_err(cannot_listen)?;
        let clock = RunningClock::new(options.clock);
        let mut state = State { engine: Engine::new(&options), clock, clock_changed: false, told: 0 };
        if let Some(path) = &options.state {
            state::load(&mut state, path)?;
        }
        let (events, sender) = Events::new();
        let has_control = !options.no_control;
        let shared = Arc::new(Shared { has_control, state: Mutex::new(state), events });
        let (running, stopped) = watch::channel(());
        tokio::spawn(publisher::publish(Arc::clone(&shared), sender, stopped.clone()));
        let keeping = options.state.map(|path| tokio::spawn(state::keep(Arc::clone(&shared), path, stopped.clone())));
        let accepting = tokio::spawn(listener::serve(listener, Arc::clone(&shared), stopped));
        Ok(Self { addr, shared, running, accepting, keeping })
    }

    /// What clients take as base URL: `http://127.0.0.1:PORT/api`.
    pub fn base_url(&self) -> String {
        format!("http://{}/api", self.addr)
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Closes the port, lets requests that are being answered finish for up to a second, and closes all connections. Fails
    /// if the state is to be kept in a file and is not.
    pub async fn stop(self) -> io::Result<()> {
        drop(self.running);
        // The accepting task can only fail by a panic, which has been reported already.
        let _ = self.accepting.await;
        match self.keeping {
            Some(keeping) => keeping.await.unwrap_or_else(|panic| Err(panic.into())),
            None => Ok(()),
        }
    }

    /// The emulator's time.
    pub fn now(&self) -> Timestamp {
        self.shared.lock().clock.now()
    }

    /// Moves the emulator's time forward, whichever clock it goes by.
    pub fn advance(&self, duration: Duration) {
        self.shared.lock().advance(duration);
        self.shared.events.wake();
    }

    /// Replaces the clock. One that runs begins where this one is, or at the machine's time where that is later.
    pub fn set_clock(&self, clock: Clock) {
        self.shared.lock().set_clock(clock);
        self.shared.events.wake();
    }

    /// The journal: the newest requests of all accounts, oldest first.
    pub fn requests(&self) -> Vec<JournalEntry> {
        self.shared.lock().engine.requests(None, 0)
    }

    /// Forgets all streams, accounts, settings and requests. The clock stays.
    pub fn reset(&self) {
        self.shared.lock().engine.reset(None);
        self.shared.events.wake();
    }

    /// Works on the engine directly, at the emulator's time, while no request is being handled.
    pub fn with_engine<T>(&self, work: impl FnOnce(&mut Engine, Timestamp) -> T) -> T {
        let result = self.shared.at_now(work);
        self.shared.events.wake();
        result
    }
}

impl State {
    fn set_clock(&mut self, clock: Clock) {
        self.clock.go_on_as(clock);
        self.clock_changed = true;
    }

    fn advance(&mut self, duration: Duration) {
        self.clock.advance(duration);
        self.clock_changed = true;
    }
}

impl Shared {
    /// The state, whatever became of a thread that held it before.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works on the engine at the time of the clock.
    fn at_now<T>(&self, work: impl FnOnce(&mut Engine, Timestamp) -> T) -> T {
        let mut state = self.lock();
        let now = state.clock.now();
        work(&mut state.engine, now)
    }
}
