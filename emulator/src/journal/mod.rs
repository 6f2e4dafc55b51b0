//! The journal: the newest requests with their responses, in bounded memory. What headers hold of keys never enters it.

pub(crate) mod verify;

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use crate::api::ids::AccountId;
use crate::api::{ApiRequest, ApiResponse, stream_key};
use crate::time::Timestamp;

/// However few requests it holds, the journal stays below this many bytes.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// Headers that are made to carry secrets, in the spelling that HTTP libraries hand on.
const SECRET: [&str; 4] = ["authorization", "cookie", "proxy-authorization", "x-api-key"];
const REDACTED: &str = "(redacted)";

/// One request and its response.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    /// The headers without what they held of keys.
    pub headers: BTreeMap<String, String>,
    /// Whose request it was; `None` without a key of the right form.
    pub account: Option<AccountId>,
    /// The body as it arrived; shown as JSON if it is JSON, as null if empty, else as text.
    #[serde(serialize_with = "json_or_text")]
    #[cfg_attr(test, schemars(with = "Value"))]
    pub body: Vec<u8>,
    /// HTTP status of the response.
    pub status: u16,
    /// The body of the response.
    #[serde(serialize_with = "json_or_text")]
    #[cfg_attr(test, schemars(with = "Value"))]
    pub response: Vec<u8>,
    /// What was allowed but had no effect.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What the request came to: `started`, `updated`, `noop` and so on, or `refused`.
    pub outcome: &'static str,
    /// The fault that it met.
    pub fault: Option<String>,
    /// Milliseconds from the first byte of its body to the answer, the delay of a fault among them.
    pub latency_ms: f64,
}

/// What one request tells the journal besides its response.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub(crate) account: Option<AccountId>,
    /// What was allowed but had no effect.
    pub(crate) notes: Vec<String>,
    /// What the request came to, if that is told apart.
    pub(crate) outcome: Option<&'static str>,
    /// The fault that it met, by its id.
    pub(crate) fault: Option<String>,
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
    fn matches(&self, entry: &JournalEntry) -> bool {
        let has_status = |wanted: &String| match wanted.strip_suffix("xx") {
            Some(class) => (entry.status / 100).to_string() == class,
            None => entry.status.to_string() == *wanted,
        };
        self.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(&entry.method))
            && self.stream_key.as_ref().is_none_or(|key| entry.stream_key.as_ref() == Some(key))
            && self.status.as_ref().is_none_or(has_status)
    }
}

#[derive(Debug)]
pub(crate) struct Journal {
    entries: VecDeque<JournalEntry>,
    limit: usize,
    bytes: usize,
    next_id: u64,
}

impl Journal {
    pub(crate) fn new(limit: usize) -> Self {
        Self { entries: VecDeque::new(), limit, bytes: 0, next_id: 1 }
    }

    pub(crate) fn record(&mut self, time: Timestamp, request: &ApiRequest<'_>, response: &ApiResponse, trace: Trace) {
        let id = self.next_id;
        self.next_id += 1;
        if self.limit == 0 {
            return;
        }
        let entry = JournalEntry::new(id, time, request, response, trace);
        self.bytes += entry.bytes();
        self.entries.push_back(entry);
        while self.entries.len() > self.limit || self.bytes > MAX_BYTES {
            let Some(oldest) = self.entries.pop_front() else { break };
            self.bytes -= oldest.bytes();
        }
    }

    /// The id that the next entry will have.
    pub(crate) fn next_id(&self) -> u64 {
        self.next_id
    }

    /// The entries after the one with the id `since`, of one account or of all, oldest first.
    fn since(&self, since: u64, account: Option<AccountId>) -> impl DoubleEndedIterator<Item = JournalEntry> {
        let first = self.entries.partition_point(|entry| entry.id <= since);
        let of_interest = move |entry: &&JournalEntry| account.is_none() || entry.account == account;
        self.entries.range(first..).filter(of_interest).cloned()
    }

    /// The entries of one account or of all that are asked for, oldest first.
    pub(crate) fn find(&self, account: Option<AccountId>, filter: &RequestFilter) -> Vec<JournalEntry> {
        let selected = self.since(filter.since, account).rev().filter(|entry| filter.matches(entry));
        let mut entries: Vec<_> = selected.take(filter.limit.unwrap_or(usize::MAX)).collect();
        entries.reverse();
        entries
    }

    /// Forgets the entries of one account, or all.
    pub(crate) fn clear(&mut self, account: Option<AccountId>) {
        match account {
            None => self.entries.clear(),
            Some(account) => self.entries.retain(|entry| entry.account != Some(account)),
        }
        self.bytes = self.entries.iter().map(JournalEntry::bytes).sum();
    }
}

impl JournalEntry {
    fn new(id: u64, time: Timestamp, request: &ApiRequest<'_>, response: &ApiResponse, trace: Trace) -> Self {
        Self {
            id,
            time,
            method: request.method.to_owned(),
            path: request.path.to_owned(),
            stream_key: stream_key(request.path).map(Cow::into_owned),
            headers: headers(request),
            account: trace.account,
            body: request.body.to_vec(),
            status: response.status,
            response: response.body.clone(),
            notes: trace.notes,
            outcome: trace.outcome.unwrap_or(if response.status < 400 { "done" } else { "refused" }),
            fault: trace.fault,
            latency_ms: (request.arrival + response.delay()).as_secs_f64() * 1000.0,
        }
    }

    /// The memory that grows with the request.
    fn bytes(&self) -> usize {
        let headers: usize = self.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        let notes: usize = self.notes.iter().map(String::len).sum();
        self.path.len() + headers + self.body.len() + self.response.len() + notes
    }
}

/// The headers, those of one name joined. What is made to carry a secret is left out, and so is the API key wherever it
/// stands.
fn headers(request: &ApiRequest<'_>) -> BTreeMap<String, String> {
    let mut headers: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in request.headers {
        let value = match request.key() {
            _ if SECRET.contains(name) => REDACTED.to_owned(),
            Some(key) => value.replace(key, REDACTED),
            None => (*value).to_owned(),
        };
        headers.entry((*name).to_owned()).and_modify(|known| *known = format!("{known}, {value}")).or_insert(value);
    }
    headers
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
