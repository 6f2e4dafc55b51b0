//! What a run has tried: each kind of fault in each phase of a publisher, and how much of everything.

use std::fmt::Write as _;

/// Where a publisher is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// None of its states has been acknowledged.
    Starting,
    Running,
    Ending,
}

macro_rules! faults {
    ($( $fault:ident = $name:literal ),* $(,)?) => {
        /// What can go wrong, or at least otherwise.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fault { $( $fault ),* }

        impl Fault {
            pub const ALL: &'static [Self] = &[$( Self::$fault ),*];

            fn name(self) -> &'static str {
                match self { $( Self::$fault => $name ),* }
            }
        }
    };
}

faults! {
    Unreachable = "no connection",
    LostBefore = "lost before it was applied",
    LostAfter = "applied, and its answer lost",
    Slow = "slow",
    TooLate = "applied after its sender gave up",
    Overtaken = "overtaken by another stream's",
    TooMany = "429 with a time to wait",
    TooManyBlind = "429 without a word",
    Capacity = "429 for want of room",
    ServerBefore = "5xx before it was applied",
    ServerAfter = "5xx after it was applied",
    BadRequest = "400",
    Circuit = "401 or 402",
    Forbidden = "403",
    Nobody = "404 or 422 for want of a device",
    Unreadable = "a log-in page",
    Forgotten = "its answer never handed in",
    Paused = "paused by its user",
    Resumed = "resumed by its user",
    Dismissed = "dismissed by its user",
    Rotated = "rotated",
    Expired = "expired after eight hours",
    Restarted = "program restarted",
}

#[derive(Clone, Debug, Default)]
pub struct Coverage {
    faults: [[u64; 3]; Fault::ALL.len()],
    pub requests: u64,
    pub updates: u64,
    pub publishers: u64,
    pub alerts: u64,
    /// Ends that arrived, and ends that were reported as not arrived.
    pub ended: u64,
    pub not_arrived: u64,
    /// Ends of jobs that have succeeded and were never shown.
    pub unshown: u64,
    /// States that were compared with what the service shows.
    pub compared: u64,
    /// Requests that the service itself found too many, since others sent, too.
    pub crowded_out: u64,
    /// Requests for which it had no room, and no device.
    pub no_room: u64,
    pub unpaired: u64,
    pub direct_calls: u64,
    /// Operations that had an outcome: flushes of one and of all publishers, and the ends of all.
    pub flushes: u64,
    pub shutdowns: u64,
    pub warnings: u64,
    /// Commands to shared budgets, and those that failed or were late.
    pub stored: u64,
    pub store_trouble: u64,
}

impl Coverage {
    pub fn hit(&mut self, fault: Fault, phase: Phase) {
        self.faults[fault as usize][phase as usize] += 1;
    }

    pub fn faults(&self) -> u64 {
        self.faults.iter().flatten().sum()
    }

    /// The least that any fault was tried in any phase.
    pub fn least(&self) -> u64 {
        self.faults.iter().flatten().copied().min().unwrap_or(0)
    }

    pub fn add(&mut self, other: &Self) {
        for (one, other) in self.faults.iter_mut().flatten().zip(other.faults.iter().flatten()) {
            *one += other;
        }
        for (one, other) in self.totals_mut().into_iter().zip(other.clone().totals_mut()) {
            *one.1 += *other.1;
        }
    }

    pub fn table(&self) -> String {
        let mut table = format!("{:>34} {:>9} {:>9} {:>9}\n", "", "starting", "running", "ending");
        for (fault, [starting, running, ending]) in Fault::ALL.iter().zip(self.faults) {
            let name = fault.name();
            writeln!(table, "{name:>34} {starting:>9} {running:>9} {ending:>9}").unwrap();
        }
        for (name, total) in self.clone().totals_mut() {
            writeln!(table, "{name:>34} {total:>9}").unwrap();
        }
        write!(table, "{:>34} {:>9}", "faults", self.faults()).unwrap();
        table
    }

    fn totals_mut(&mut self) -> [(&'static str, &mut u64); 17] {
        [
            ("publishers", &mut self.publishers),
            ("updates", &mut self.updates),
            ("alerts", &mut self.alerts),
            ("direct calls", &mut self.direct_calls),
            ("flushes", &mut self.flushes),
            ("shutdowns", &mut self.shutdowns),
            ("warnings in the log", &mut self.warnings),
            ("commands to the store", &mut self.stored),
            ("of these failed or late", &mut self.store_trouble),
            ("too many beside others", &mut self.crowded_out),
            ("no room on the device", &mut self.no_room),
            ("no device", &mut self.unpaired),
            ("states compared", &mut self.compared),
            ("ends that arrived", &mut self.ended),
            ("ends reported as not arrived", &mut self.not_arrived),
            ("successes never shown", &mut self.unshown),
            ("requests", &mut self.requests),
        ]
    }
}
