//! Looking at what is not a stream: accounts with their rate windows, devices, and the journal; and setting up devices.

use serde::{Deserialize, Serialize};

use super::Engine;
use super::account::{Account, AccountId, AccountSettings};
use super::changes::Changes;
use super::control::{ControlError, Scope};
use super::devices::{self, DeviceSettings, DeviceView, MOST_DEVICES};
use super::faults::{BadRule, FaultRule, FaultView};
use super::journal::JournalEntry;
use crate::time::Timestamp;

/// An account as it can be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountView {
    /// Its name; `None` for what a key that was not seen before would find.
    pub account: Option<AccountId>,
    /// Its settings.
    #[serde(flatten)]
    pub settings: AccountSettings,
    /// Requests that it has left; `None` without a limit.
    pub rate_window: Option<RateWindow>,
    /// Activities that run.
    pub active: u32,
}

/// What is left of a limit on requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RateWindow {
    /// Requests in one window.
    pub limit: u32,
    /// Requests left.
    pub remaining: u32,
    /// When all of them are there again; now, if they are.
    pub reset_at: Timestamp,
}

/// Which entries of the journal are meant; whatever is left out does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RequestFilter {
    /// Only those with a higher id.
    pub since: u64,
    /// HTTP method.
    pub method: Option<String>,
    /// Key of the stream.
    pub stream_key: Option<String>,
    /// A status, such as `429`, or a class of them, such as `4xx`.
    pub status: Option<String>,
    /// Only so many of them, the newest.
    pub limit: Option<usize>,
}

impl RequestFilter {
    pub(super) fn fits(&self, entry: &JournalEntry) -> bool {
        let has_status = |wanted: &String| match wanted.strip_suffix("xx") {
            Some(class) => (entry.status / 100).to_string() == class,
            None => entry.status.to_string() == *wanted,
        };
        self.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(&entry.method))
            && self.stream_key.as_ref().is_none_or(|key| entry.stream_key.as_ref() == Some(key))
            && self.status.as_ref().is_none_or(has_status)
    }
}

impl Engine {
    /// Journal entries with an id above `since`, oldest first.
    pub fn requests(&self, api_key: Option<&str>, since: u64) -> Vec<JournalEntry> {
        self.find_requests(api_key, &RequestFilter { since, ..RequestFilter::default() })
    }

    /// Journal entries that are asked for, oldest first.
    pub fn find_requests(&self, api_key: Option<&str>, filter: &RequestFilter) -> Vec<JournalEntry> {
        let account = api_key.map(AccountId::named);
        let selected = self.journal.since(filter.since, account).rev().filter(|entry| filter.fits(entry));
        let mut entries: Vec<_> = selected.take(filter.limit.unwrap_or(usize::MAX)).collect();
        entries.reverse();
        entries
    }

    /// The id that the next request will have in the journal.
    pub fn next_request(&self) -> u64 {
        self.journal.next_id()
    }

    /// Forgets the journal.
    pub fn clear_requests(&mut self, api_key: Option<&str>) {
        self.reset_part(api_key, Scope::Requests);
    }

    /// All accounts that are known, or the one that is named.
    pub fn accounts(&self, now: Timestamp, api_key: Option<&str>) -> Vec<AccountView> {
        let mut views: Vec<_> = self.selected(api_key).map(|account| self.view_account(account, now)).collect();
        views.sort_by_key(|view| view.account);
        views
    }

    /// One account, though it may not have been seen yet; with `None`, what new ones get.
    pub fn account(&self, now: Timestamp, api_key: Option<&str>) -> AccountView {
        let account = api_key.map(AccountId::named);
        let fresh = || AccountView {
            account,
            settings: self.accounts.new_account().clone(),
            rate_window: self.config.limits.account_per_minute.map(|limit| RateWindow {
                limit,
                remaining: limit,
                reset_at: now,
            }),
            active: 0,
        };
        let known = account.and_then(|id| self.accounts.known(id));
        known.map_or_else(fresh, |known| self.view_account(known, now))
    }

    fn view_account(&self, account: &Account, now: Timestamp) -> AccountView {
        let window = |limit| {
            let (remaining, reset_at) = account.windows.live_activities().view(limit, now);
            RateWindow { limit, remaining, reset_at }
        };
        AccountView {
            account: Some(account.id),
            settings: account.settings.clone(),
            rate_window: self.config.limits.account_per_minute.map(window),
            active: account.active(),
        }
    }

    /// All devices, ordered by account; those of an account in the order in which they were paired.
    pub fn devices(&mut self, now: Timestamp, api_key: Option<&str>) -> Vec<DeviceView> {
        self.settle(now);
        let capacity = self.config.limits.activities_per_device;
        let view = |account: &Account| -> Vec<DeviceView> {
            account.devices.0.iter().map(|device| devices::view(account.id, device, capacity, now)).collect()
        };
        let mut views: Vec<_> = self.selected(api_key).flat_map(view).collect();
        views.sort_by_key(|device| device.account);
        views
    }

    /// Changes a device, or pairs a new one. Without a key the device must be in one account alone.
    pub fn set_device(
        &mut self,
        now: Timestamp,
        api_key: Option<&str>,
        device_id: &str,
        settings: DeviceSettings,
    ) -> Result<DeviceView, ControlError> {
        self.settle(now);
        let id = self.account_of_device(api_key, device_id)?;
        let capacity = self.config.limits.activities_per_device;
        let account = self.accounts.of(id, now);
        if account.devices.find(device_id).is_none() && account.devices.0.len() >= MOST_DEVICES {
            return Err(ControlError::TooManyDevices);
        }
        let Account { devices, ended, moved, .. } = account;
        let device = devices.set(device_id, settings, now, ended.iter_mut(), moved);
        let view = devices::view(id, device, capacity, now);
        for key in account.moved.drain(..) {
            self.changes.stream(id, &key);
        }
        self.changes.device(id);
        Ok(view)
    }

    /// Takes a device out of its account, with all that it shows.
    pub fn unpair(&mut self, now: Timestamp, api_key: Option<&str>, device_id: &str) -> Result<(), ControlError> {
        self.settle(now);
        let id = self.account_of_device(api_key, device_id)?;
        let account = self.accounts.known_mut(id).ok_or(ControlError::NoDevice)?;
        let index = account.devices.0.iter().position(|device| *device.id == *device_id);
        account.devices.0.remove(index.ok_or(ControlError::NoDevice)?);
        account.ended.iter_mut().for_each(|ended| ended.slots.retain(|(known, _)| **known != *device_id));
        self.changes.device(id);
        Ok(())
    }

    fn account_of_device(&self, api_key: Option<&str>, device_id: &str) -> Result<AccountId, ControlError> {
        if let Some(key) = api_key {
            return Ok(AccountId::named(key));
        }
        let mut owners = self.accounts.all().filter(|account| account.devices.find(device_id).is_some());
        let owner = owners.next().ok_or(ControlError::NoDevice)?;
        if owners.next().is_some() { Err(ControlError::AmbiguousDevice) } else { Ok(owner.id) }
    }

    /// Rules of faults that concern an account, or all.
    pub fn faults(&self, api_key: Option<&str>) -> Vec<FaultView> {
        self.faults.views(api_key.map(AccountId::named))
    }

    /// Adds a rule after the others, or takes the place of the one of its id. With a key it is about that account alone.
    pub fn set_fault(&mut self, api_key: Option<&str>, rule: FaultRule) -> Result<FaultView, BadRule> {
        self.changes.fault();
        self.faults.set(api_key.map(AccountId::named), rule)
    }

    /// Takes the place of all rules of an account, or of all. Nothing changes if one of the new ones is bad.
    pub fn replace_faults(&mut self, api_key: Option<&str>, rules: Vec<FaultRule>) -> Result<(), BadRule> {
        self.changes.fault();
        self.faults.replace(api_key.map(AccountId::named), rules)
    }

    /// Removes a rule, and says whether it was there.
    pub fn remove_fault(&mut self, api_key: Option<&str>, id: &str) -> bool {
        self.changes.fault();
        self.faults.remove(api_key.map(AccountId::named), id)
    }

    /// Begins to gather what changes, or stops, and says whether it did not before.
    pub fn watch(&mut self, is_watched: bool) -> bool {
        self.changes.watch(is_watched)
    }

    /// What has changed since this was last asked.
    pub fn take_changes(&mut self) -> Changes {
        self.changes.take()
    }
}
