//! What tests and people may see and do beside the API: look at streams and the journal, pause, resume, dismiss, set up
//! accounts, start over. `api_key` narrows each call to one account; `None` means all of them.

use std::fmt;
use std::sync::Arc;

use super::Engine;
use super::account::{Account, AccountId, AccountSettings};
use super::activity_id::ActivityIds;
use super::journal::JournalEntry;
use super::stream::{Activity, HistoryEvent, Phase};
use super::view::{StreamState, StreamView, view, view_ended};
use crate::time::Timestamp;

/// Why something could not be done to a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlError {
    /// There is no stream with this key.
    NotFound,
    /// Several accounts have a stream with this key, and none was named.
    Ambiguous,
    /// It cannot be done to a stream in this state.
    WrongState(StreamState),
}

impl fmt::Display for ControlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("there is no stream with this key"),
            Self::Ambiguous => f.write_str("several accounts have a stream with this key; send its API key as bearer"),
            Self::WrongState(state) => write!(f, "this cannot be done to a stream that is {}", state.as_str()),
        }
    }
}

impl std::error::Error for ControlError {}

impl Engine {
    /// All streams, the ended ones that are still remembered among them, ordered by account, key and age.
    pub fn streams(&mut self, now: Timestamp, api_key: Option<&str>) -> Vec<StreamView> {
        self.expire(now);
        let mut views = Vec::new();
        for account in self.selected(api_key) {
            views.extend(account.ended.iter().map(|ended| view_ended(account.id, ended, now)));
            views.extend(account.streams.iter().map(|(key, stream)| view(account.id, key, stream, now)));
        }
        views.sort_by(|a, b| (a.account, &a.stream_key).cmp(&(b.account, &b.stream_key)));
        views
    }

    /// The stream with this key; if there is none any more, the one that was ended last.
    pub fn stream(
        &mut self,
        now: Timestamp,
        api_key: Option<&str>,
        stream_key: &str,
    ) -> Result<StreamView, ControlError> {
        self.expire(now);
        let find = |account: &Account| {
            let live = account.streams.get(stream_key).map(|stream| view(account.id, stream_key, stream, now));
            live.or_else(|| {
                let ended = account.ended.iter().rev().find(|ended| &*ended.key == stream_key)?;
                Some(view_ended(account.id, ended, now))
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
        self.accounts.set_up(api_key, settings);
    }

    /// Journal entries with an id above `since`, oldest first.
    pub fn requests(&self, api_key: Option<&str>, since: u64) -> Vec<JournalEntry> {
        let account = api_key.map(AccountId::of);
        let selected = self.journal.since(since).filter(|entry| account.is_none() || entry.account == account);
        selected.cloned().collect()
    }

    /// Forgets the journal.
    pub fn clear_requests(&mut self, api_key: Option<&str>) {
        self.journal.clear(api_key.map(AccountId::of));
    }

    /// Forgets one account with its streams, settings and requests; with `None`, everything.
    pub fn reset(&mut self, api_key: Option<&str>) {
        self.clear_requests(api_key);
        self.accounts.forget(api_key);
        if api_key.is_none() {
            self.addresses.clear();
            self.ids = ActivityIds::new(self.config.seed);
        }
    }

    fn expire(&mut self, now: Timestamp) {
        let history = self.config.retention.history;
        self.accounts.all_mut().for_each(|account| account.expire(now, history));
    }

    fn selected(&self, api_key: Option<&str>) -> impl Iterator<Item = &Account> {
        let one = api_key.and_then(|key| self.accounts.known(key));
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
        let mut accounts = self.accounts.all_mut();
        let account = accounts.find(|account| account.id == found.account).expect("the stream was found in it");
        let Some((key, stream)) = account.streams.get_key_value(stream_key) else {
            return Err(ControlError::WrongState(StreamState::Ended));
        };
        let (phase, event) = next(&stream.phase).map_err(ControlError::WrongState)?;
        let key = Arc::clone(key);
        if let Some(expires_at) = stream.activity().map(Activity::expires_at) {
            account.mark_ended(&key, expires_at);
        }
        let stream = account.streams.get_mut(&key).expect("it was found above");
        stream.leave(phase, now);
        stream.remember(now, event, history);
        Ok(view(account.id, &key, stream, now))
    }
}
