//! What has changed since this was last asked, for viewers. Each thing counts once, and nothing while nobody watches.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::api::ids::AccountId;

/// A part of what the emulator knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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

/// What has changed.
#[derive(Debug, Default)]
pub struct Changes {
    /// Keys of streams, with the account.
    pub streams: BTreeSet<(AccountId, Arc<str>)>,
    /// Accounts whose devices or budgets have changed.
    pub devices: BTreeSet<AccountId>,
    /// Whether a rule of a fault was made or removed, or a request met a fault.
    pub faults: bool,
    /// Whether a runtime option was changed.
    pub options: bool,
    /// What has been forgotten, with the account if only of that.
    pub resets: Vec<(Scope, Option<AccountId>)>,
    is_watched: bool,
}

impl Changes {
    pub(crate) fn stream(&mut self, account: AccountId, key: &Arc<str>) {
        if self.is_watched {
            self.streams.insert((account, Arc::clone(key)));
            self.devices.insert(account);
        }
    }

    pub(crate) fn device(&mut self, account: AccountId) {
        if self.is_watched {
            self.devices.insert(account);
        }
    }

    pub(crate) fn fault(&mut self) {
        self.faults |= self.is_watched;
    }

    pub(crate) fn options(&mut self) {
        self.options |= self.is_watched;
    }

    pub(crate) fn reset(&mut self, scope: Scope, account: Option<AccountId>) {
        if self.is_watched {
            self.resets.push((scope, account));
            if matches!(scope, Scope::All | Scope::Streams) {
                self.streams.retain(|(changed, _)| account.is_some_and(|account| account != *changed));
            }
        }
    }

    /// Begins to watch, or ends it and forgets what has gathered. Says whether that is news.
    pub(crate) fn watch(&mut self, is_watched: bool) -> bool {
        let is_news = self.is_watched != is_watched;
        if is_news {
            *self = Self { is_watched, ..Self::default() };
        }
        is_news
    }

    pub(crate) fn take(&mut self) -> Self {
        let next = Self { is_watched: self.is_watched, ..Self::default() };
        std::mem::replace(self, next)
    }
}
