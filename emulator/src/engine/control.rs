//! What tests and people may see and do beside the API: look at streams and the journal, pause, resume, dismiss, set up
//! accounts, start over. `api_key` narrows each call to one account, whose name as it is shown serves as well; `None`
//! means all of them.

use std::cmp::Reverse;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Engine;
use super::account::{Account, AccountId, AccountSettings};
use super::activity_id::ActivityIds;
use super::stream::{Activity, Ended, HistoryEvent, Phase, Stream};
use super::view::{StreamState, StreamView, view, view_ended};
use crate::time::Timestamp;

/// A part of what the emulator knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Everything, settings among it.
    #[default]
    All,
    /// The journal.
    Requests,
    /// The rules of faults.
    Faults,
    /// Streams, and with them what the devices show.
    Streams,
    /// Devices: there is one again, as new.
    Devices,
}

/// Why something could not be done to a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlError {
    /// There is no stream with this key.
    NotFound,
    /// Nothing is known of an activity with this id.
    NoActivity,
    /// Several accounts have a stream with this key, and none was named.
    Ambiguous,
    /// It cannot be done to a stream in this state.
    WrongState(StreamState),
    /// There is no device with this id.
    NoDevice,
    /// Several accounts have a device with this id, and none was named.
    AmbiguousDevice,
    /// The account has as many devices as it may.
    TooManyDevices,
}

impl fmt::Display for ControlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("there is no stream with this key"),
            Self::NoActivity => f.write_str("there is no activity with this id; see /_emulator/streams"),
            Self::Ambiguous => f.write_str(
                "several accounts have a stream with this key; send its API key as bearer, or name the account",
            ),
            Self::NoDevice => f.write_str("there is no device with this id; see /_emulator/devices"),
            Self::AmbiguousDevice => f.write_str(
                "several accounts have a device with this id; send the API key as bearer, or name the account",
            ),
            Self::TooManyDevices => f.write_str("this account has 32 devices already; unpair one"),
            Self::WrongState(state) => write!(f, "this cannot be done to a stream that is {}", state.as_str()),
        }
    }
}

impl std::error::Error for ControlError {}

/// A stream that was found, as it runs or as it was ended.
struct Found<'a> {
    account: &'a Account,
    key: &'a Arc<str>,
    part: Part<'a>,
}

enum Part<'a> {
    Ended(&'a Ended),
    Live(&'a Stream),
}

impl Found<'_> {
    fn is_live(&self) -> bool {
        matches!(self.part, Part::Live(_))
    }

    fn touched_at(&self) -> Option<Timestamp> {
        match self.part {
            Part::Ended(ended) => Some(ended.time),
            Part::Live(stream) => stream.history.back().map(|entry| entry.time),
        }
    }

    /// One that lives is the youngest.
    fn ended_at(&self) -> Timestamp {
        match self.part {
            Part::Ended(ended) => ended.time,
            Part::Live(_) => Timestamp::from_millis(u64::MAX),
        }
    }

    fn view(&self, now: Timestamp) -> StreamView {
        match self.part {
            Part::Ended(ended) => view_ended(self.account, ended, now),
            Part::Live(stream) => view(self.account, self.key, stream, now),
        }
    }
}

impl Engine {
    /// All streams, the ended ones that are still remembered among them, ordered by account, key and age.
    pub fn streams(&mut self, now: Timestamp, api_key: Option<&str>) -> Vec<StreamView> {
        self.newest_streams(now, api_key, usize::MAX)
    }

    /// Those streams to which something has happened last, at most so many, in the order of [`Self::streams`]; ended ones only if there
    /// is room beside those that are not.
    pub fn newest_streams(&mut self, now: Timestamp, api_key: Option<&str>, most: usize) -> Vec<StreamView> {
        self.settle(now);
        let mut found = Vec::new();
        for account in self.selected(api_key) {
            found.extend(account.ended.iter().map(|ended| Found {
                account,
                key: &ended.key,
                part: Part::Ended(ended),
            }));
            let live = account.streams.iter();
            found.extend(live.map(|(key, stream)| Found { account, key, part: Part::Live(stream) }));
        }
        if found.len() > most {
            let rank = |found: &Found<'_>| (found.is_live(), found.touched_at());
            found.select_nth_unstable_by_key(most, |found| (Reverse(rank(found)), found.account.id, found.key));
            found.truncate(most);
        }
        found.sort_by_key(|found| (found.account.id, found.key, found.ended_at()));
        found.iter().map(|found| found.view(now)).collect()
    }

    /// The activity with this id, though its stream may have ended since, or have another one.
    pub fn activity(
        &mut self,
        now: Timestamp,
        api_key: Option<&str>,
        activity_id: &str,
    ) -> Result<StreamView, ControlError> {
        self.settle(now);
        let is_meant =
            |activity: Option<&Activity>| activity.is_some_and(|activity| activity.id.as_str() == activity_id);
        let find = |account: &Account| {
            let live = account.streams.iter().find(|(_, stream)| is_meant(stream.activity()));
            let ended = || account.ended.iter().find(|ended| is_meant(ended.activity.as_ref()));
            live.map(|(key, stream)| view(account, key, stream, now))
                .or_else(|| ended().map(|ended| view_ended(account, ended, now)))
        };
        self.selected(api_key).find_map(find).ok_or(ControlError::NoActivity)
    }

    /// The stream with this key; if there is none any more, the one that was ended last.
    pub fn stream(
        &mut self,
        now: Timestamp,
        api_key: Option<&str>,
        stream_key: &str,
    ) -> Result<StreamView, ControlError> {
        self.settle(now);
        let find = |account: &Account| {
            let live = account.streams.get(stream_key).map(|stream| view(account, stream_key, stream, now));
            live.or_else(|| {
                let ended = account.ended.iter().rev().find(|ended| &*ended.key == stream_key)?;
                Some(view_ended(account, ended, now))
            })
        };
        let mut found = self.selected(api_key).filter_map(find);
        let first = found.next().ok_or(ControlError::NotFound)?;
        if found.next().is_some() { Err(ControlError::Ambiguous) } else { Ok(first) }
    }

    /// Pauses a stream, as its owner can from the app: the activity ends and PUTs are ignored.
    pub fn pause(
        &mut self,
        now: Timestamp,
        api_key: Option<&str>,
        stream_key: &str,
    ) -> Result<StreamView, ControlError> {
        self.change(now, api_key, stream_key, |phase| match phase {
            Phase::Active(_) | Phase::Idle => Ok((Phase::Paused { since: now }, HistoryEvent::Paused)),
            Phase::Paused { .. } => Err(StreamState::Paused),
        })
    }

    /// Ends a pause. Nothing is started before the next PUT.
    pub fn resume(
        &mut self,
        now: Timestamp,
        api_key: Option<&str>,
        stream_key: &str,
    ) -> Result<StreamView, ControlError> {
        self.change(now, api_key, stream_key, |phase| match phase {
            Phase::Paused { .. } => Ok((Phase::Idle, HistoryEvent::Resumed)),
            Phase::Active(_) => Err(StreamState::Active),
            Phase::Idle => Err(StreamState::Idle),
        })
    }

    /// Removes the activity from the screen, as the user can.
    pub fn dismiss(
        &mut self,
        now: Timestamp,
        api_key: Option<&str>,
        stream_key: &str,
    ) -> Result<StreamView, ControlError> {
        self.change(now, api_key, stream_key, |phase| match phase {
            Phase::Active(_) => Ok((Phase::Idle, HistoryEvent::Dismissed)),
            Phase::Idle => Err(StreamState::Idle),
            Phase::Paused { .. } => Err(StreamState::Paused),
        })
    }

    /// Sets up one account; with `None`, every account that exists or will exist.
    pub fn set_account(&mut self, api_key: Option<&str>, settings: &AccountSettings) {
        let id = api_key.map(AccountId::named);
        self.accounts.set_up(id, settings);
        for account in self.accounts.of_interest(id) {
            self.changes.device(account.id);
        }
    }

    /// Forgets one account with its streams, settings and requests; with `None`, everything.
    pub fn reset(&mut self, api_key: Option<&str>) {
        self.reset_part(api_key, Scope::All);
    }

    /// Forgets a part of what is known of one account; with `None`, of all.
    pub fn reset_part(&mut self, api_key: Option<&str>, scope: Scope) {
        let id = api_key.map(AccountId::named);
        match scope {
            Scope::All => {
                self.journal.clear(id);
                self.faults.clear(id);
                self.accounts.forget(id);
                if id.is_none() {
                    self.addresses.clear();
                    self.ids = ActivityIds::new(self.config.seed);
                }
            }
            Scope::Requests => self.journal.clear(id),
            Scope::Faults => self.faults.clear(id),
            Scope::Streams => self.accounts.of_interest(id).for_each(Account::forget_streams),
            Scope::Devices => self.accounts.of_interest(id).for_each(Account::renew_devices),
        }
        self.changes.reset(scope, id);
    }

    pub(super) fn selected(&self, api_key: Option<&str>) -> impl Iterator<Item = &Account> {
        let one = api_key.and_then(|key| self.accounts.known(AccountId::named(key)));
        let all = api_key.is_none().then(|| self.accounts.all());
        one.into_iter().chain(all.into_iter().flatten())
    }

    /// Moves a stream that is not ended to another phase.
    fn change(
        &mut self,
        now: Timestamp,
        api_key: Option<&str>,
        stream_key: &str,
        next: impl Fn(&Phase) -> Result<(Phase, HistoryEvent), StreamState>,
    ) -> Result<StreamView, ControlError> {
        let found = self.stream(now, api_key, stream_key)?;
        let history = self.config.retention.history;
        let account = self.accounts.known_mut(found.account).expect("the stream was found in it");
        let Some((key, stream)) = account.streams.get_key_value(stream_key) else {
            return Err(ControlError::WrongState(StreamState::Ended));
        };
        let (phase, event) = next(&stream.phase).map_err(ControlError::WrongState)?;
        let key = Arc::clone(key);
        if let Some(expires_at) = stream.activity().map(Activity::expires_at) {
            account.mark_ended(&key, expires_at);
        }
        let stream = account.streams.get_mut(&key).expect("it was found above");
        match event {
            HistoryEvent::Paused => account.devices.withdraw(&key, &stream.face()),
            _ => account.devices.remove(&key),
        }
        stream.leave(phase, now);
        stream.remember(now, event, history);
        self.changes.stream(found.account, &key);
        self.stream(now, Some(&found.account.to_string()), stream_key)
    }
}
