//! The service behind a port of 127.0.0.1: sockets, connections and the file of the state.

mod access;
mod body;
mod delivery;
mod listener;
mod state_file;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::control::sse;
use crate::journal::JournalEntry;
use crate::options::{Clock, Options};
use crate::service::Service;
use crate::shared::events::Events;
use crate::shared::{Shared, State};
use crate::time::Timestamp;
pub use state_file::StartError;

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

impl Emulator {
    /// Starts an emulator on the current tokio runtime. Fails if the port is taken, or if the file of the state holds
    /// something else; it is then left as it is.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let port = options.port;
        let cannot_listen = |source| StartError::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(cannot_listen)?;
        let addr = listener.local_addr().map_err(cannot_listen)?;
        let mut state = State::new(Service::new(&options), options.clock);
        if let Some(path) = &options.state {
            state_file::load(&mut state, path)?;
        }
        let (events, sender) = Events::new();
        let shared = Arc::new(Shared::new(!options.no_control, state, events));
        let (running, stopped) = watch::channel(());
        tokio::spawn(sse::publish(Arc::clone(&shared), sender, stopped.clone()));
        let keeping =
            options.state.map(|path| tokio::spawn(state_file::keep(Arc::clone(&shared), path, stopped.clone())));
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
        self.shared.lock().service.requests(None, 0)
    }

    /// Forgets all streams, accounts, settings and requests. The clock stays.
    pub fn reset(&self) {
        self.shared.lock().service.reset(None);
        self.shared.events.wake();
    }

    /// Works on the service directly, at the emulator's time, while no request is being handled.
    pub fn with_service<T>(&self, work: impl FnOnce(&mut Service, Timestamp) -> T) -> T {
        let result = self.shared.at_now(work);
        self.shared.events.wake();
        result
    }
}
