//! One account: what it may do, its streams, and which of them have a running activity. An account is known by its API
//! key alone.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::devices::Devices;
use super::other::Notifications;
use super::rate::Windows;
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
    /// Keys of the metrics that exist; `None` lets every key exist.
    pub metrics: Option<BTreeSet<String>>,
    /// Whether the API key was revoked.
    pub revoked: bool,
}

impl Default for AccountSettings {
    fn default() -> Self {
        Self {
            billing: Billing::Ok,
            channels: None,
            has_device: true,
            key_channels: None,
            metrics: None,
            revoked: false,
        }
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
    /// The name of the account with this API key. It is the same in every run, so that a snapshot needs no keys.
    pub fn of(key: &str) -> Self {
        // FNV-1a, whose high digits are then mixed: nothing here has to withstand an attack.
        let folded = key
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let mixed = (folded ^ (folded >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        Self(mixed ^ (mixed >> 33))
    }

    pub(super) fn as_number(self) -> u64 {
        self.0
    }

    /// The account that is meant by an API key, or by a name that was shown before.
    pub fn named(name: &str) -> Self {
        Self::parse(name).unwrap_or_else(|| Self::of(name))
    }

    /// Reads a name as it is shown.
    pub fn parse(name: &str) -> Option<Self> {
        let digits = name.strip_prefix("acct_").filter(|digits| digits.len() == 16)?;
        u64::from_str_radix(digits, 16).ok().map(Self)
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "acct_{:016x}", self.0)
    }
}

impl Serialize for AccountId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AccountId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::parse(&name)
            .ok_or_else(|| serde::de::Error::custom("an account is named acct_ and 16 hexadecimal digits"))
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
    pub(super) devices: Devices,
    /// Streams that time has changed since this was looked at last.
    pub(super) moved: Vec<Arc<str>>,
    pub(super) windows: Windows,
    /// Stand in for the windows of the address when the key is a test key.
    pub(super) address_windows: Windows,
    pub(super) notifications: Notifications,
}

impl Account {
    pub(super) fn new(id: AccountId, settings: AccountSettings, is_paced: bool) -> Self {
        Self {
            id,
            settings,
            streams: HashMap::new(),
            running: BTreeSet::new(),
            ended: VecDeque::new(),
            devices: Devices::new(is_paced),
            moved: Vec::new(),
            windows: Windows::default(),
            address_windows: Windows::default(),
            notifications: Notifications::new(),
        }
    }

    /// Whether nothing would be lost if the account were made anew, with these settings.
    pub(super) fn is_blank(&self, new_account: &AccountSettings, now: Timestamp) -> bool {
        self.streams.is_empty()
            && self.ended.is_empty()
            && self.devices.are_as_new(now)
            && self.settings == *new_account
            && self.notifications.is_empty()
            && !self.windows.any_is_open(now)
            && !self.address_windows.any_is_open(now)
    }

    /// How many activities run. Call [`Self::settle`] first.
    pub(super) fn active(&self) -> u32 {
        u32::try_from(self.running.len()).unwrap_or(u32::MAX)
    }

    /// Lets happen what time brings: activities expire, and devices show what they had to hold back.
    pub(super) fn settle(&mut self, now: Timestamp, history: usize) {
        while self.running.first().is_some_and(|(expires_at, _)| *expires_at <= now) {
            let (expires_at, key) = self.running.pop_first().expect("there is a first one");
            if let Some(stream) = self.streams.get_mut(&key) {
                stream.leave(Phase::Idle, expires_at);
                stream.remember(expires_at, HistoryEvent::Expired, history);
                self.devices.remove(&key);
                self.moved.push(key);
            }
        }
        self.devices.settle(now, &mut self.moved);
    }

    /// Notes that the stream's activity runs until `expires_at`.
    pub(super) fn mark_running(&mut self, key: Arc<str>, expires_at: Timestamp) {
        self.running.insert((expires_at, key));
    }

    /// Notes that the stream's activity, which was to run until `expires_at`, has ended.
    pub(super) fn mark_ended(&mut self, key: &Arc<str>, expires_at: Timestamp) {
        self.running.remove(&(expires_at, Arc::clone(key)));
    }

    pub(super) fn forget_streams(&mut self) {
        self.streams.clear();
        self.running.clear();
        self.ended.clear();
        self.notifications.clear();
        self.devices.clear();
    }

    pub(super) fn renew_devices(&mut self) {
        self.devices.renew();
        self.ended.iter_mut().for_each(|ended| ended.slots.clear());
    }

    /// Keeps an ended stream to look at, up to `limit` of them.
    pub(super) fn keep_ended(&mut self, ended: Ended, limit: usize) {
        push_bounded(&mut self.ended, ended, limit);
    }
}
