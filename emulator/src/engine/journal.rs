//! The journal: the newest requests with their responses, in bounded memory. API keys never enter it.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::account::AccountId;
use super::request::{ApiRequest, ApiResponse};
use super::{Trace, route};
use crate::time::Timestamp;

/// However few requests it holds, the journal stays below this many bytes.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// Headers that are made to carry secrets, in the spelling that HTTP libraries hand on.
const SECRET: [&str; 4] = ["authorization", "cookie", "proxy-authorization", "x-api-key"];
const REDACTED: &str = "(redacted)";

/// One request and its response.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct JournalEntry {
    /// Counts up from 1; never given twice.
    pub id: u64,
    /// When the request arrived.
    pub time: Timestamp,
    /// HTTP method.
    pub method: String,
    /// Path below the base URL.
    pub path: String,
    /// Key of the stream that the path names.
    pub stream_key: Option<String>,
    /// The headers, one to a line as `name: value`, without what they held of keys; shown as an object.
    #[serde(serialize_with = "lines_as_object")]
    pub headers: Box<str>,
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
    /// What the request came to, in a word: `started`, `updated`, `noop` and so on, or `refused`.
    pub outcome: &'static str,
    /// The fault that it met.
    pub fault: Option<String>,
    /// Milliseconds from the first byte of its body to the answer, the delay of a fault among them.
    pub latency_ms: f64,
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

    pub(super) fn record(&mut self, time: Timestamp, request: &ApiRequest<'_>, response: &ApiResponse, trace: Trace) {
        let id = self.next_id;
        self.next_id += 1;
        if self.limit == 0 {
            return;
        }
        let entry = JournalEntry {
            id,
            time,
            method: request.method.to_owned(),
            path: request.path.to_owned(),
            stream_key: route::stream_key(request.path).map(Cow::into_owned),
            headers: lines(request),
            account: trace.account,
            body: request.body.to_vec(),
            status: response.status,
            response: response.body.clone(),
            notes: trace.notes,
            outcome: trace.outcome.unwrap_or(if response.status < 400 { "done" } else { "refused" }),
            fault: trace.fault,
            latency_ms: (request.arrival + response.delay()).as_secs_f64() * 1000.0,
        };
        self.bytes += entry.bytes();
        self.entries.push_back(entry);
        while self.entries.len() > self.limit || self.bytes > MAX_BYTES {
            let Some(oldest) = self.entries.pop_front() else { break };
            self.bytes -= oldest.bytes();
        }
    }

    /// The id that the next entry will have.
    pub(super) fn next_id(&self) -> u64 {
        self.next_id
    }

    /// The entries after the one with the id `since`, oldest first.
    pub(super) fn since(&self, since: u64) -> impl DoubleEndedIterator<Item = &JournalEntry> {
        let first = self.entries.partition_point(|entry| entry.id <= since);
        self.entries.range(first..)
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
        self.method.len() + self.path.len() + self.headers.len() + self.body.len() + self.response.len() + notes
    }
}

/// The headers as text. Whatever is made to carry a secret is left out, and so is the API key wherever it stands.
fn lines(request: &ApiRequest<'_>) -> Box<str> {
    let mut lines =
        String::with_capacity(request.headers.iter().map(|(name, value)| name.len() + value.len() + 3).sum());
    for (name, value) in request.headers {
        lines.push_str(name);
        lines.push_str(": ");
        match request.key() {
            _ if SECRET.contains(name) => lines.push_str(REDACTED),
            Some(key) if value.contains(key) => lines.push_str(&value.replace(key, REDACTED)),
            _ => lines.push_str(value),
        }
        lines.push('\n');
    }
    lines.into_boxed_str()
}

// The signature is what serde asks for.
#[allow(clippy::borrowed_box)]
fn lines_as_object<S: Serializer>(lines: &Box<str>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut headers: BTreeMap<&str, String> = BTreeMap::new();
    for (name, value) in lines.lines().filter_map(|line| line.split_once(": ")) {
        let known = headers.entry(name).or_default();
        if !known.is_empty() {
            known.push_str(", ");
        }
        known.push_str(value);
    }
    headers.serialize(serializer)
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
