//! Accounts: what they may do, their streams, devices and request windows. An account is known by its API key alone.
//!
//! Accounts that hold nothing are forgotten, so that a caller that makes up a key for every test does not fill the memory.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::limits::Windows;
use super::streams::{Channels, Ended, HistoryEvent, Phase, Stream, push_bounded};
use crate::api::ids::AccountId;
use crate::contract;
use crate::devices::{Device, DeviceSettings, DeviceState, Devices};
use crate::options::AccountSettings;
use crate::time::Timestamp;

/// Serialized as a snapshot keeps it: without requests, windows and notifications.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Account {
    #[serde(rename = "account")]
    pub(crate) id: AccountId,
    pub(crate) settings: AccountSettings,
    pub(crate) streams: BTreeMap<Arc<str>, Stream>,
    /// Streams with a running activity, in the order in which iOS will end them. Ordered so that expiry never has to
    /// look at streams that are not due.
    #[serde(skip)]
    running: BTreeSet<(Timestamp, Arc<str>)>,
    /// Streams that were ended, oldest first.
    pub(crate) ended: VecDeque<Ended>,
    pub(crate) devices: Devices,
    /// Streams that time has changed since this was looked at last.
    #[serde(skip)]
    pub(crate) moved: Vec<Arc<str>>,
    #[serde(skip)]
    pub(crate) windows: Windows,
    /// Stand in for the windows of the address when the key is a test key.
    #[serde(skip)]
    pub(crate) address_windows: Windows,
    /// Notifications that can still be replaced, oldest first.
    #[serde(skip)]
    pub(crate) notifications: VecDeque<Notification>,
}

impl Account {
    pub(crate) fn new(id: AccountId, settings: AccountSettings, is_paced: bool) -> Self {
        Self {
            id,
            settings,
            streams: BTreeMap::new(),
            running: BTreeSet::new(),
            ended: VecDeque::new(),
            devices: Devices::new(is_paced),
            moved: Vec::new(),
            windows: Windows::default(),
            address_windows: Windows::default(),
            notifications: VecDeque::new(),
        }
    }

    /// Whether nothing would be lost if the account were made anew, with these settings.
    pub(crate) fn is_blank(&self, new_account: &AccountSettings, now: Timestamp) -> bool {
        self.streams.is_empty()
            && self.ended.is_empty()
            && self.devices.are_as_new(now)
            && self.settings == *new_account
            && self.notifications.is_empty()
            && !self.windows.any_is_open(now)
            && !self.address_windows.any_is_open(now)
    }

    /// How many activities run. Call [`Self::settle`] first.
    pub(crate) fn active(&self) -> u32 {
        u32::try_from(self.running.len()).unwrap_or(u32::MAX)
    }

    /// Lets happen what time brings: activities expire, and devices show what they had to hold back.
    pub(crate) fn settle(&mut self, now: Timestamp, history: usize) {
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
    pub(crate) fn mark_running(&mut self, key: Arc<str>, expires_at: Timestamp) {
        self.running.insert((expires_at, key));
    }

    /// Notes that the stream's activity, which was to run until `expires_at`, has ended.
    pub(crate) fn mark_ended(&mut self, key: &Arc<str>, expires_at: Timestamp) {
        self.running.remove(&(expires_at, Arc::clone(key)));
    }

    /// Changes a device, or pairs one of that id.
    pub(crate) fn set_device(&mut self, id: &str, settings: DeviceSettings, now: Timestamp) -> &Device {
        if let Some(state) = settings.state {
            for ended in &mut self.ended {
                let slots = &mut ended.slots;
                if state == DeviceState::Wiped {
                    slots.retain(|(known, _)| **known != *id);
                } else if state != DeviceState::Offline {
                    slots.iter_mut().filter(|(known, _)| **known == *id).for_each(|(_, slot)| slot.catch_up(now));
                }
                self.moved.push(Arc::clone(&ended.key));
            }
        }
        self.devices.set(id, settings, now, &mut self.moved)
    }

    /// Takes a device out, with all that it shows. False if there is none.
    pub(crate) fn unpair(&mut self, id: &str) -> bool {
        let Some(index) = self.devices.0.iter().position(|device| *device.id == *id) else { return false };
        self.devices.0.remove(index);
        self.ended.iter_mut().for_each(|ended| ended.slots.retain(|(known, _)| **known != *id));
        true
    }

    /// Completes an account that was read from a snapshot; the error says what it has that cannot be.
    pub(crate) fn restore(&mut self, is_paced: bool) -> Result<(), String> {
        for key in self.streams.keys().chain(self.ended.iter().map(|ended| &ended.key)) {
            if contract::check_stream_key(key).is_some() {
                return Err(format!("`{key}` is no stream key"));
            }
        }
        let running =
            self.streams.iter().filter_map(|(key, stream)| Some((stream.activity()?.expires_at(), key.clone())));
        self.running = running.collect();
        let streams = &self.streams;
        self.devices.restore(is_paced, |key| {
            let (key, stream) = streams.get_key_value(key)?;
            Some((Arc::clone(key), stream.activity().is_some()))
        })
    }

    pub(crate) fn forget_streams(&mut self) {
        self.streams.clear();
        self.running.clear();
        self.ended.clear();
        self.notifications.clear();
        self.devices.clear();
    }

    pub(crate) fn renew_devices(&mut self) {
        self.devices.renew();
        self.ended.iter_mut().for_each(|ended| ended.slots.clear());
    }

    /// Keeps an ended stream to look at, up to `limit` of them.
    pub(crate) fn keep_ended(&mut self, ended: Ended, limit: usize) {
        push_bounded(&mut self.ended, ended, limit);
    }
}

/// A notification that was sent.
#[derive(Debug)]
pub(crate) struct Notification {
    pub(crate) id: String,
    pub(crate) channels: Channels,
    pub(crate) tags: Option<Value>,
}

/// Up to this many accounts nothing is forgotten.
const KEPT: usize = 1024;

/// All accounts, by the name that their API key gives them.
#[derive(Debug)]
pub(crate) struct Accounts {
    by_id: HashMap<AccountId, Account>,
    /// What a key that was not seen before gets.
    new_account: AccountSettings,
    /// Whether the budgets of devices hold.
    is_paced: bool,
    /// When there are so many accounts, the blank ones are looked for.
    full_at: usize,
}

impl Accounts {
    pub(crate) fn new(is_paced: bool) -> Self {
        Self { by_id: HashMap::new(), new_account: AccountSettings::default(), is_paced, full_at: KEPT }
    }

    /// The account of this name; every name has one.
    pub(crate) fn of(&mut self, id: AccountId, now: Timestamp) -> &mut Account {
        if !self.by_id.contains_key(&id) {
            self.forget_blank(now);
            self.by_id.insert(id, Account::new(id, self.new_account.clone(), self.is_paced));
        }
        self.by_id.get_mut(&id).expect("it was inserted above")
    }

    /// The account of this name, if anything is known about it.
    pub(crate) fn known(&self, id: AccountId) -> Option<&Account> {
        self.by_id.get(&id)
    }

    pub(crate) fn known_mut(&mut self, id: AccountId) -> Option<&mut Account> {
        self.by_id.get_mut(&id)
    }

    /// What a key that was not seen before gets.
    pub(crate) fn new_account(&self) -> &AccountSettings {
        &self.new_account
    }

    /// The account of this name, if it is known; with `None`, all of them.
    pub(crate) fn selected(&self, id: Option<AccountId>) -> impl Iterator<Item = &Account> {
        self.by_id.iter().filter(move |(known, _)| id.is_none_or(|id| id == **known)).map(|(_, account)| account)
    }

    /// The same, to change them.
    pub(crate) fn selected_mut(&mut self, id: Option<AccountId>) -> impl Iterator<Item = &mut Account> {
        self.by_id.iter_mut().filter(move |(known, _)| id.is_none_or(|id| id == **known)).map(|(_, account)| account)
    }

    /// Takes over an account from a snapshot.
    pub(crate) fn restore(&mut self, account: Account) {
        self.by_id.insert(account.id, account);
    }

    /// Lets the budgets of all devices hold, or not.
    pub(crate) fn pace(&mut self, is_paced: bool) {
        self.is_paced = is_paced;
        let devices = self.by_id.values_mut().flat_map(|account| &mut account.devices.0);
        devices.for_each(|device| device.is_paced = is_paced);
    }

    /// Sets up one account; with `None`, every account that exists or will exist.
    pub(crate) fn set_up(&mut self, id: Option<AccountId>, settings: &AccountSettings) {
        let Some(id) = id else {
            self.new_account = settings.clone();
            self.selected_mut(None).for_each(|account| account.settings = settings.clone());
            return;
        };
        if let Some(account) = self.by_id.get_mut(&id) {
            account.settings = settings.clone();
        } else if *settings != self.new_account {
            self.by_id.insert(id, Account::new(id, settings.clone(), self.is_paced));
        }
    }

    /// Forgets one account; with `None`, all of them and what new ones get.
    pub(crate) fn forget(&mut self, id: Option<AccountId>) {
        match id {
            Some(id) => drop(self.by_id.remove(&id)),
            None => *self = Self::new(self.is_paced),
        }
    }

    /// Makes room for another account. Waiting until the accounts have doubled spreads the cost of looking at all of
    /// them over those that were added.
    fn forget_blank(&mut self, now: Timestamp) {
        if self.by_id.len() >= self.full_at {
            self.by_id.retain(|_, account| !account.is_blank(&self.new_account, now));
            self.full_at = KEPT.max(2 * self.by_id.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::api::ApiRequest;
    use crate::options::{Limits, Options};
    use crate::service::Service;

    const START: Timestamp = Timestamp::from_millis(1_790_000_000_000);

    fn delete(service: &mut Service, key: &str, now: Timestamp) {
        let authorization = format!("Bearer {key}");
        service.handle(now, &ApiRequest::new("DELETE", "/live-activity/stream/plum", &authorization, b""));
    }

    fn put(service: &mut Service, key: &str, now: Timestamp) {
        let body = br#"{"content_state": {"title": "Plums", "type": "value", "value": 3}}"#;
        let authorization = format!("Bearer {key}");
        let request = ApiRequest::new("PUT", "/live-activity/stream/plum", &authorization, body);
        assert_eq!(service.handle(now, &request).status, 200);
    }

    #[test]
    fn accounts_that_hold_nothing_do_not_pile_up() {
        let mut service = Service::new(&Options::default());
        for n in 0..20_000 {
            // Ten requests a second: some 600 windows are open at any time.
            delete(&mut service, &format!("ask_test_{n}"), START.after(Duration::from_millis(100 * n)));
        }
        assert!(service.accounts.by_id.len() <= 2 * KEPT, "{}", service.accounts.by_id.len());
    }

    #[test]
    fn without_rate_limits_an_account_is_forgotten_even_while_the_clock_stands() {
        let mut service = Service::new(&Options { limits: Limits::none(), ..Options::default() });
        for n in 0..20_000 {
            delete(&mut service, &format!("ask_test_{n}"), START);
        }
        assert!(service.accounts.by_id.len() <= KEPT);
    }

    #[test]
    fn what_an_account_holds_is_never_forgotten() {
        let revoked = AccountSettings { revoked: true, ..AccountSettings::default() };
        let mut service = Service::new(&Options::default());
        put(&mut service, "ask_test_stream", START);
        put(&mut service, "ask_test_ended", START);
        delete(&mut service, "ask_test_ended", START);
        service.set_account(Some("ask_test_revoked"), &revoked);
        let later = START.after(Duration::from_secs(59));
        delete(&mut service, "ask_test_window", later);
        service.accounts.full_at = 0;
        delete(&mut service, "ask_test_new", START.after(Duration::from_secs(61)));
        for key in ["ask_test_stream", "ask_test_ended", "ask_test_revoked", "ask_test_window", "ask_test_new"] {
            assert!(service.accounts.known(AccountId::of(key)).is_some(), "{key}");
        }
        service.accounts.full_at = 0;
        delete(&mut service, "ask_test_newer", START.after(Duration::from_secs(122)));
        assert!(service.accounts.known(AccountId::of("ask_test_window")).is_none());
    }

    #[test]
    fn setting_up_what_a_new_account_has_anyway_takes_no_room() {
        let mut accounts = Accounts::new(true);
        accounts.set_up(Some(AccountId::of("ask_test_a")), &AccountSettings::default());
        assert!(accounts.known(AccountId::of("ask_test_a")).is_none());
    }
}
