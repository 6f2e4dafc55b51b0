//! One account: what it may do, its streams, and which of them have a running activity. An account is known by its API
//! key alone.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

use super::rate::Window;
use super::stream::{Ended, HistoryEvent, Phase, Stream, push_bounded};
use crate::time::Timestamp;

/// What tests can set about an account. The default account is in good standing, reaches one device, and knows every
/// channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccountSettings {
    /// Whether the account has paid.
    pub billing: Billing,
    /// Slugs of the channels that exist; `None` lets every slug exist. An activity goes to those of its channels that
    /// exist, and `effective_channel_slugs` names these alone. A PUT finds no recipients if none of them exists. (The
    /// contract does not say what the service does about an unknown slug.)
    pub channels: Option<BTreeSet<String>>,
    /// Whether a device is paired. Without one nothing finds recipients.
    pub has_device: bool,
    /// Slugs that the API key is limited to; `None` for a key that reaches the whole account.
    pub key_channels: Option<BTreeSet<String>>,
    /// Whether the API key was revoked.
    pub revoked: bool,
}

impl Default for AccountSettings {
    fn default() -> Self {
        Self { billing: Billing::Ok, channels: None, has_device: true, key_channels: None, revoked: false }
    }
}

/// Whether an account has paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Billing {
    /// Requests are served.
    Ok,
    /// The trial is over.
    TrialExpired,
    /// The trial's allowance is used up.
    TrialExhausted,
    /// The month's cap on extra usage is reached.
    BillingOverageCapReached,
}

/// A short name of an account that does not give away its API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(u64);

impl AccountId {
    /// The name of the account with this API key.
    pub fn of(key: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        Self(hasher.finish())
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "acct_{:08x}", self.0 >> 32)
    }
}

impl Serialize for AccountId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[derive(Debug)]
pub(super) struct Account {
    pub(super) id: AccountId,
    pub(super) settings: AccountSettings,
    pub(super) streams: HashMap<Arc<str>, Stream>,
    /// Streams with a running activity, in the order in which iOS will end them. Ordered so that expiry never has to
    /// look at streams that are not due.
    running: BTreeSet<(Timestamp, Arc<str>)>,
    /// Streams that were ended, oldest first.
    pub(super) ended: VecDeque<Ended>,
    pub(super) window: Window,
    /// Stands in for the window of the address when the key is a test key.
    pub(super) address_window: Window,
}

impl Account {
    pub(super) fn new(key: &str, settings: AccountSettings) -> Self {
        Self {
            id: AccountId::of(key),
            settings,
            streams: HashMap::new(),
            running: BTreeSet::new(),
            ended: VecDeque::new(),
            window: Window::default(),
            address_window: Window::default(),
        }
    }

    /// Whether nothing would be lost if the account were made anew, with these settings.
    pub(super) fn is_blank(&self, new_account: &AccountSettings, now: Timestamp) -> bool {
        self.streams.is_empty()
            && self.ended.is_empty()
            && self.settings == *new_account
            && !self.window.is_open(now)
            && !self.address_window.is_open(now)
    }

    /// How many activities run. Call [`Self::expire`] first.
    pub(super) fn active(&self) -> u32 {
        u32::try_from(self.running.len()).unwrap_or(u32::MAX)
    }

    /// Ends every activity whose time on the device is over.
    pub(super) fn expire(&mut self, now: Timestamp, history: usize) {
        while self.running.first().is_some_and(|(expires_at, _)| *expires_at <= now) {
            let (expires_at, key) = self.running.pop_first().expect("there is a first one");
            if let Some(stream) = self.streams.get_mut(&key) {
                stream.leave(Phase::Idle, expires_at);
                stream.remember(expires_at, HistoryEvent::Expired, history);
            }
        }
    }

    /// Notes that the stream's activity runs until `expires_at`.
    pub(super) fn mark_running(&mut self, key: Arc<str>, expires_at: Timestamp) {
        self.running.insert((expires_at, key));
    }

    /// Notes that the stream's activity, which was to run until `expires_at`, has ended.
    pub(super) fn mark_ended(&mut self, key: &Arc<str>, expires_at: Timestamp) {
        self.running.remove(&(expires_at, Arc::clone(key)));
    }

    /// Keeps an ended stream to look at, up to `limit` of them.
    pub(super) fn keep_ended(&mut self, ended: Ended, limit: usize) {
        push_bounded(&mut self.ended, ended, limit);
    }
}
