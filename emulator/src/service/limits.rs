//! Request rates: fixed windows of 60 seconds per account and per address, and the headers that tell about them.

use std::collections::HashMap;
use std::fmt::Write;
use std::net::IpAddr;
use std::time::Duration;

use crate::options::{HeaderProfile, Limits};
use crate::time::Timestamp;

const WINDOW_SECONDS: u64 = 60;
/// Beyond this many addresses, those whose window is over are forgotten.
const ADDRESSES_KEPT: usize = 1024;

/// The groups of endpoints that are counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Family {
    LiveActivities,
    Notifications,
    Metrics,
    Badges,
}

impl Family {
    /// The names of its policies, by address and by account.
    const fn policies(self) -> [&'static str; 2] {
        match self {
            Self::LiveActivities => ["public-api-ip:live-activities", "account:live-activities"],
            Self::Notifications => ["public-api-ip:notifications", "account:notifications"],
            Self::Metrics => ["public-api-ip:metrics", "account:metrics"],
            Self::Badges => ["public-api-ip:badges", "account:badges"],
        }
    }

    /// Requests per account in a window, where the limit for activities is as given.
    fn per_account(self, limits: &Limits) -> Option<u32> {
        limits.account_per_minute.map(|activities| match self {
            Self::LiveActivities => activities,
            Self::Notifications | Self::Badges => 60,
            Self::Metrics => 300,
        })
    }
}

/// A window for each family.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Windows([Window; 4]);

impl Windows {
    pub(crate) fn of(&mut self, family: Family) -> &mut Window {
        &mut self.0[family as usize]
    }

    pub(crate) fn live_activities(&self) -> &Window {
        &self.0[Family::LiveActivities as usize]
    }

    pub(crate) fn any_is_open(&self, now: Timestamp) -> bool {
        self.0.iter().any(|window| window.is_open(now))
    }
}

/// One running window; it opens with the first request after the one before has closed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Window {
    opened_at: Option<Timestamp>,
    used: u32,
}

impl Window {
    /// Opens a new window if the old one is over, or lies in the future because the clock was set back.
    fn refresh(&mut self, now: Timestamp) {
        if !self.is_open(now) {
            *self = Self { opened_at: Some(now), used: 0 };
        }
    }

    pub(crate) fn is_open(&self, now: Timestamp) -> bool {
        self.opened_at.is_some_and(|opened| opened <= now && now.millis_since(opened) < WINDOW_SECONDS * 1000)
    }

    /// How many requests are left of `limit`, and when they are all there again.
    pub(crate) fn view(&self, limit: u32, now: Timestamp) -> (u32, Timestamp) {
        match self.opened_at.filter(|_| self.is_open(now)) {
            Some(opened) => (limit.saturating_sub(self.used), opened.after(Duration::from_secs(WINDOW_SECONDS))),
            None => (limit, now),
        }
    }

    /// Seconds until the window is over, rounded up.
    fn seconds_left(&self, now: Timestamp) -> u64 {
        let open_for = self.opened_at.map_or(0, |opened| now.millis_since(opened));
        (WINDOW_SECONDS * 1000 - open_for).div_ceil(1000)
    }
}

/// The windows of an address.
pub(crate) fn address_windows(
    addresses: &mut HashMap<IpAddr, Windows>,
    address: IpAddr,
    now: Timestamp,
) -> &mut Windows {
    if addresses.len() > ADDRESSES_KEPT {
        addresses.retain(|_, windows| windows.any_is_open(now));
    }
    addresses.entry(address).or_default()
}

/// What is left of each limit that applies, after one request.
#[derive(Debug)]
pub(crate) struct Quota {
    policies: [Option<Policy>; 2],
    exceeded: bool,
}

#[derive(Debug)]
struct Policy {
    name: &'static str,
    limit: u32,
    remaining: u32,
    seconds_left: u64,
}

impl Quota {
    /// Takes one request from both windows. A request that either of them refuses costs nothing.
    pub(crate) fn spend(
        limits: &Limits,
        family: Family,
        now: Timestamp,
        address: &mut Windows,
        account: &mut Windows,
    ) -> Self {
        let [by_address, by_account] = family.policies();
        let mut windows = [
            (by_address, limits.ip_per_minute, address.of(family)),
            (by_account, family.per_account(limits), account.of(family)),
        ];
        for (_, limit, window) in &mut windows {
            // A window that nothing is counted in stays closed, so that its account can be forgotten.
            if limit.is_some() {
                window.refresh(now);
            }
        }
        let exceeded = windows.iter().any(|(_, limit, window)| limit.is_some_and(|limit| window.used >= limit));
        let policies = windows.map(|(name, limit, window)| {
            let limit = limit?;
            window.used += u32::from(!exceeded);
            let remaining = limit.saturating_sub(window.used);
            Some(Policy { name, limit, remaining, seconds_left: window.seconds_left(now) })
        });
        Self { policies, exceeded }
    }

    /// If the request is one too many: the seconds to wait until every limit has room again.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        let full = self.policies.iter().flatten().filter(|policy| policy.remaining == 0);
        if self.exceeded { full.map(|policy| policy.seconds_left).max() } else { None }
    }

    /// Adds the headers that tell about the limits, unless none applies.
    pub(crate) fn add_headers(&self, profile: HeaderProfile, headers: &mut Vec<(&'static str, String)>) {
        let tightest = || self.policies.iter().flatten().min_by_key(|policy| policy.remaining);
        let names = match profile {
            HeaderProfile::None | HeaderProfile::RetryAfter => return,
            HeaderProfile::Draft8 => return self.add_draft_8(headers),
            HeaderProfile::Draft6 => ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"],
            HeaderProfile::Legacy => ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"],
        };
        if let Some(policy) = tightest() {
            let values = [u64::from(policy.limit), u64::from(policy.remaining), policy.seconds_left];
            headers.extend(names.into_iter().zip(values.map(|value| value.to_string())));
        }
    }

    fn add_draft_8(&self, headers: &mut Vec<(&'static str, String)>) {
        let (mut left, mut rules) = (String::new(), String::new());
        for Policy { name, limit, remaining, seconds_left } in self.policies.iter().flatten() {
            let comma = if left.is_empty() { "" } else { ", " };
            // Writing to a String cannot fail.
            let _ = write!(left, "{comma}\"{name}\"; r={remaining}; t={seconds_left}");
            let _ = write!(rules, "{comma}\"{name}\"; q={limit}; w={WINDOW_SECONDS}");
        }
        if !left.is_empty() {
            headers.extend([("RateLimit", left), ("RateLimit-Policy", rules)]);
        }
    }
}
