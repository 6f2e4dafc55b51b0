//! All accounts of the service, by API key. Forgets those that hold nothing, so that a caller which makes up a key for
//! every test does not fill the memory.

use std::collections::HashMap;

use super::account::{Account, AccountSettings};
use crate::time::Timestamp;

/// Up to this many accounts nothing is forgotten.
const KEPT: usize = 1024;

#[derive(Debug)]
pub(super) struct Accounts {
    by_key: HashMap<Box<str>, Account>,
    /// What a key that was not seen before gets.
    new_account: AccountSettings,
    /// When there are so many accounts, the blank ones are looked for.
    full_at: usize,
}

impl Accounts {
    pub(super) fn new() -> Self {
        Self { by_key: HashMap::new(), new_account: AccountSettings::default(), full_at: KEPT }
    }

    /// The account of a key; every key has one.
    pub(super) fn of(&mut self, key: &str, now: Timestamp) -> &mut Account {
        if !self.by_key.contains_key(key) {
            self.forget_blank(now);
            self.by_key.insert(key.into(), Account::new(key, self.new_account.clone()));
        }
        self.by_key.get_mut(key).expect("it was inserted above")
    }

    /// The account of a key, if anything is known about it.
    pub(super) fn known(&self, key: &str) -> Option<&Account> {
        self.by_key.get(key)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Account> {
        self.by_key.values()
    }

    pub(super) fn all_mut(&mut self) -> impl Iterator<Item = &mut Account> {
        self.by_key.values_mut()
    }

    /// Sets up one account; with `None`, every account that exists or will exist.
    pub(super) fn set_up(&mut self, key: Option<&str>, settings: &AccountSettings) {
        let Some(key) = key else {
            self.new_account = settings.clone();
            self.all_mut().for_each(|account| account.settings = settings.clone());
            return;
        };
        if let Some(account) = self.by_key.get_mut(key) {
            account.settings = settings.clone();
        } else if *settings != self.new_account {
            self.by_key.insert(key.into(), Account::new(key, settings.clone()));
        }
    }

    /// Forgets one account; with `None`, all of them and what new ones get.
    pub(super) fn forget(&mut self, key: Option<&str>) {
        match key {
            Some(key) => drop(self.by_key.remove(key)),
            None => *self = Self::new(),
        }
    }

    /// Makes room for another account. Waiting until the accounts have doubled spreads the cost of looking at all of
    /// them over those that were added.
    fn forget_blank(&mut self, now: Timestamp) {
        if self.by_key.len() >= self.full_at {
            self.by_key.retain(|_, account| !account.is_blank(&self.new_account, now));
            self.full_at = KEPT.max(2 * self.by_key.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::engine::{ApiRequest, Engine};
    use crate::options::{Limits, Options};

    const START: Timestamp = Timestamp::from_millis(1_790_000_000_000);

    fn delete(engine: &mut Engine, key: &str, now: Timestamp) {
        let authorization = format!("Bearer {key}");
        engine.handle(now, &ApiRequest::new("DELETE", "/live-activity/stream/plum", &authorization, b""));
    }

    fn put(engine: &mut Engine, key: &str, now: Timestamp) {
        let body = br#"{"content_state": {"title": "Plums", "type": "value", "value": 3}}"#;
        let authorization = format!("Bearer {key}");
        let request = ApiRequest::new("PUT", "/live-activity/stream/plum", &authorization, body);
        assert_eq!(engine.handle(now, &request).status, 200);
    }

    #[test]
    fn accounts_that_hold_nothing_do_not_pile_up() {
        let mut engine = Engine::new(&Options::default());
        for n in 0..20_000 {
            // Ten requests a second: some 600 windows are open at any time.
            delete(&mut engine, &format!("ask_test_{n}"), START.after(Duration::from_millis(100 * n)));
        }
        assert!(engine.accounts.by_key.len() <= 2 * KEPT, "{}", engine.accounts.by_key.len());
    }

    #[test]
    fn without_rate_limits_an_account_is_forgotten_even_while_the_clock_stands() {
        let mut engine = Engine::new(&Options { limits: Limits::none(), ..Options::default() });
        for n in 0..20_000 {
            delete(&mut engine, &format!("ask_test_{n}"), START);
        }
        assert!(engine.accounts.by_key.len() <= KEPT);
    }

    #[test]
    fn what_an_account_holds_is_never_forgotten() {
        let revoked = AccountSettings { revoked: true, ..AccountSettings::default() };
        let mut engine = Engine::new(&Options::default());
        put(&mut engine, "ask_test_stream", START);
        put(&mut engine, "ask_test_ended", START);
        delete(&mut engine, "ask_test_ended", START);
        engine.set_account(Some("ask_test_revoked"), &revoked);
        let later = START.after(Duration::from_secs(59));
        delete(&mut engine, "ask_test_window", later);
        engine.accounts.full_at = 0;
        delete(&mut engine, "ask_test_new", START.after(Duration::from_secs(61)));
        for key in ["ask_test_stream", "ask_test_ended", "ask_test_revoked", "ask_test_window", "ask_test_new"] {
            assert!(engine.accounts.known(key).is_some(), "{key}");
        }
        engine.accounts.full_at = 0;
        delete(&mut engine, "ask_test_newer", START.after(Duration::from_secs(122)));
        assert!(engine.accounts.known("ask_test_window").is_none());
    }

    #[test]
    fn setting_up_what_a_new_account_has_anyway_takes_no_room() {
        let mut accounts = Accounts::new();
        accounts.set_up(Some("ask_test_a"), &AccountSettings::default());
        assert!(accounts.known("ask_test_a").is_none());
    }
}
