//! The journal: the newest requests with their responses, in bounded memory. API keys never enter it.

use std::collections::VecDeque;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::account::AccountId;
use super::request::{ApiRequest, ApiResponse};
use crate::time::Timestamp;

/// However few requests it holds, the journal stays below this many bytes.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// One request and its response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JournalEntry {
    /// Counts up from 1; never given twice.
    pub id: u64,
    /// When the request arrived.
    pub time: Timestamp,
    /// HTTP method.
    pub method: String,
    /// Path below the base URL.
    pub path: String,
    /// Whose request it was; `None` without a key of the right form.
    pub account: Option<AccountId>,
    /// The body as it arrived; shown as JSON if it is JSON, as null if empty, else as text.
    #[serde(serialize_with = "json_or_text")]
    pub body: Vec<u8>,
    /// HTTP status of the response.
    pub status: u16,
    /// The body of the response.
    #[serde(serialize_with = "json_or_text")]
    pub response: Vec<u8>,
    /// What was allowed but had no effect.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Journal {
    entries: VecDeque<JournalEntry>,
    limit: usize,
    bytes: usize,
    next_id: u64,
}

impl Journal {
    pub(super) fn new(limit: usize) -> Self {
        Self { entries: VecDeque::new(), limit, bytes: 0, next_id: 1 }
    }

    pub(super) fn record(
        &mut self,
        time: Timestamp,
        request: &ApiRequest<'_>,
        response: &ApiResponse,
        account: Option<AccountId>,
        notes: Vec<String>,
    ) {
        let entry = JournalEntry {
            id: self.next_id,
            time,
            method: request.method.to_owned(),
            path: request.path.to_owned(),
            account,
            body: request.body.to_vec(),
            status: response.status,
            response: response.body.clone(),
            notes,
        };
        self.next_id += 1;
        self.bytes += entry.bytes();
        self.entries.push_back(entry);
        while self.entries.len() > self.limit || self.bytes > MAX_BYTES {
            let Some(oldest) = self.entries.pop_front() else { break };
            self.bytes -= oldest.bytes();
        }
    }

    /// The entries after the one with the id `since`, oldest first.
    pub(super) fn since(&self, since: u64) -> impl Iterator<Item = &JournalEntry> {
        self.entries.iter().skip_while(move |entry| entry.id <= since)
    }

    /// Forgets the entries of one account, or all.
    pub(super) fn clear(&mut self, account: Option<AccountId>) {
        match account {
            None => self.entries.clear(),
            Some(account) => self.entries.retain(|entry| entry.account != Some(account)),
        }
        self.bytes = self.entries.iter().map(JournalEntry::bytes).sum();
    }
}

impl JournalEntry {
    fn bytes(&self) -> usize {
        let notes: usize = self.notes.iter().map(String::len).sum();
        self.method.len() + self.path.len() + self.body.len() + self.response.len() + notes
    }
}

fn json_or_text<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    if bytes.is_empty() {
        return serializer.serialize_none();
    }
    match serde_json::from_slice::<Value>(bytes) {
        Ok(json) => json.serialize(serializer),
        Err(_) => serializer.serialize_str(&String::from_utf8_lossy(bytes)),
    }
}
