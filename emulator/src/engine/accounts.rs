//! All accounts of the service, by the name that their API key gives them. Forgets those that hold nothing, so that a caller which makes up a key for
//! every test does not fill the memory.

use std::collections::HashMap;

use super::account::{Account, AccountId, AccountSettings};
use crate::time::Timestamp;

/// Up to this many accounts nothing is forgotten.
const KEPT: usize = 1024;

#[derive(Debug)]
pub(super) struct Accounts {
    by_id: HashMap<AccountId, Account>,
    /// What a key that was not seen before gets.
    new_account: AccountSettings,
    /// Whether the budgets of devices hold.
    is_paced: bool,
    /// When there are so many accounts, the blank ones are looked for.
    full_at: usize,
}

impl Accounts {
    pub(super) fn new(is_paced: bool) -> Self {
        Self { by_id: HashMap::new(), new_account: AccountSettings::default(), is_paced, full_at: KEPT }
    }

    /// The account of this name; every name has one.
    pub(super) fn of(&mut self, id: AccountId, now: Timestamp) -> &mut Account {
        if !self.by_id.contains_key(&id) {
            self.forget_blank(now);
            self.by_id.insert(id, Account::new(id, self.new_account.clone(), self.is_paced));
        }
        self.by_id.get_mut(&id).expect("it was inserted above")
    }

    /// The account of this name, if anything is known about it.
    pub(super) fn known(&self, id: AccountId) -> Option<&Account> {
        self.by_id.get(&id)
    }

    pub(super) fn known_mut(&mut self, id: AccountId) -> Option<&mut Account> {
        self.by_id.get_mut(&id)
    }

    /// What a key that was not seen before gets.
    pub(super) fn new_account(&self) -> &AccountSettings {
        &self.new_account
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Account> {
        self.by_id.values()
    }

    pub(super) fn all_mut(&mut self) -> impl Iterator<Item = &mut Account> {
        self.by_id.values_mut()
    }

    /// The account of this name, if it is known; with `None`, all of them.
    pub(super) fn of_interest(&mut self, id: Option<AccountId>) -> impl Iterator<Item = &mut Account> {
        self.by_id.iter_mut().filter(move |(known, _)| id.is_none_or(|id| id == **known)).map(|(_, account)| account)
    }

    /// Takes over an account from a snapshot.
    pub(super) fn restore(&mut self, account: Account) {
        self.by_id.insert(account.id, account);
    }

    /// Lets the budgets of all devices hold, or not.
    pub(super) fn pace(&mut self, is_paced: bool) {
        self.is_paced = is_paced;
        let devices = self.by_id.values_mut().flat_map(|account| &mut account.devices.0);
        devices.for_each(|device| device.is_paced = is_paced);
    }

    /// Sets up one account; with `None`, every account that exists or will exist.
    pub(super) fn set_up(&mut self, id: Option<AccountId>, settings: &AccountSettings) {
        let Some(id) = id else {
            self.new_account = settings.clone();
            self.all_mut().for_each(|account| account.settings = settings.clone());
            return;
        };
        if let Some(account) = self.by_id.get_mut(&id) {
            account.settings = settings.clone();
        } else if *settings != self.new_account {
            self.by_id.insert(id, Account::new(id, settings.clone(), self.is_paced));
        }
    }

    /// Forgets one account; with `None`, all of them and what new ones get.
    pub(super) fn forget(&mut self, id: Option<AccountId>) {
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
        assert!(engine.accounts.by_id.len() <= 2 * KEPT, "{}", engine.accounts.by_id.len());
    }

    #[test]
    fn without_rate_limits_an_account_is_forgotten_even_while_the_clock_stands() {
        let mut engine = Engine::new(&Options { limits: Limits::none(), ..Options::default() });
        for n in 0..20_000 {
            delete(&mut engine, &format!("ask_test_{n}"), START);
        }
        assert!(engine.accounts.by_id.len() <= KEPT);
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
            assert!(engine.accounts.known(AccountId::of(key)).is_some(), "{key}");
        }
        engine.accounts.full_at = 0;
        delete(&mut engine, "ask_test_newer", START.after(Duration::from_secs(122)));
        assert!(engine.accounts.known(AccountId::of("ask_test_window")).is_none());
    }

    #[test]
    fn setting_up_what_a_new_account_has_anyway_takes_no_room() {
        let mut accounts = Accounts::new(true);
        accounts.set_up(Some(AccountId::of("ask_test_a")), &AccountSettings::default());
        assert!(accounts.known(AccountId::of("ask_test_a")).is_none());
    }
}
