//! What has changed since it was last asked for, so that viewers can be told. Counts each thing once, however often it
//! changes in between, and nothing at all while nobody watches.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::account::AccountId;
use super::control::Scope;

/// What has changed.
#[derive(Debug, Default)]
pub struct Changes {
    /// Keys of streams, with the account.
    pub streams: BTreeSet<(AccountId, Arc<str>)>,
    /// Accounts whose devices or budgets have changed.
    pub devices: BTreeSet<AccountId>,
    /// Whether a rule of a fault was made, removed, or has struck.
    pub faults: bool,
    /// Whether a switch was turned.
    pub switches: bool,
    /// What has been forgotten, with the account if only of that.
    pub resets: Vec<(Scope, Option<AccountId>)>,
    is_watched: bool,
}

impl Changes {
    pub(super) fn stream(&mut self, account: AccountId, key: &Arc<str>) {
        if self.is_watched {
            self.streams.insert((account, Arc::clone(key)));
            self.devices.insert(account);
        }
    }

    pub(super) fn device(&mut self, account: AccountId) {
        if self.is_watched {
            self.devices.insert(account);
        }
    }

    pub(super) fn fault(&mut self) {
        self.faults |= self.is_watched;
    }

    pub(super) fn switches(&mut self) {
        self.switches |= self.is_watched;
    }

    pub(super) fn reset(&mut self, scope: Scope, account: Option<AccountId>) {
        if self.is_watched {
            self.resets.push((scope, account));
            if matches!(scope, Scope::All | Scope::Streams) {
                self.streams.retain(|(changed, _)| account.is_some_and(|account| account != *changed));
            }
        }
    }

    /// Begins to watch, or ends it and forgets what has gathered. Says whether that is news.
    pub(super) fn watch(&mut self, is_watched: bool) -> bool {
        let is_news = self.is_watched != is_watched;
        if is_news {
            *self = Self { is_watched, ..Self::default() };
        }
        is_news
    }

    pub(super) fn take(&mut self) -> Self {
        let next = Self { is_watched: self.is_watched, ..Self::default() };
        std::mem::replace(self, next)
    }
}
