//! The journal: the newest requests with their responses, in bounded memory. What headers hold of keys never enters it.

pub(crate) mod verify;

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::time::Duration;

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
    /// The headers, one to a line as `name: value`, without what they held of keys; shown as an object.
    #[serde(serialize_with = "lines_as_object")]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, String>"))]
    pub headers: Box<str>,
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
    /// What the request came to, in a word: `started`, `updated`, `noop` and so on, or `refused`.
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
    entries: VecDeque<Kept>,
    limit: usize,
    bytes: usize,
    next_id: u64,
}

/// An entry as it is kept. What can be of any length lies in one piece of memory: every request comes by here, and most
/// entries are forgotten without having been looked at.
#[derive(Debug)]
struct Kept {
    id: u64,
    time: Timestamp,
    account: Option<AccountId>,
    status: u16,
    outcome: &'static str,
    latency: Duration,
    notes: Vec<String>,
    fault: Option<String>,
    /// The method, the path, the headers, the body and the response.
    pieces: Box<[u8]>,
    /// Where each of the pieces but the last ends.
    ends: [usize; 4],
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
        let entry = Kept::new(id, time, request, response, trace);
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
        let of_interest = move |entry: &&Kept| account.is_none() || entry.account == account;
        self.entries.range(first..).filter(of_interest).map(Kept::entry)
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
        self.bytes = self.entries.iter().map(Kept::bytes).sum();
    }
}

impl Kept {
    fn new(id: u64, time: Timestamp, request: &ApiRequest<'_>, response: &ApiResponse, trace: Trace) -> Self {
        let ApiRequest { method, path, body, headers, .. } = request;
        let of_headers: usize = headers.iter().map(|(name, value)| name.len() + value.len() + ": \n".len()).sum();
        let length = method.len() + path.len() + of_headers + body.len() + response.body.len();
        let mut pieces = Vec::with_capacity(length);
        let mut ends = [0; 4];
        pieces.extend_from_slice(method.as_bytes());
        ends[0] = pieces.len();
        pieces.extend_from_slice(path.as_bytes());
        ends[1] = pieces.len();
        write_headers(&mut pieces, request);
        ends[2] = pieces.len();
        pieces.extend_from_slice(body);
        ends[3] = pieces.len();
        pieces.extend_from_slice(&response.body);
        Self {
            id,
            time,
            account: trace.account,
            status: response.status,
            outcome: trace.outcome.unwrap_or(if response.status < 400 { "done" } else { "refused" }),
            latency: request.arrival + response.delay(),
            notes: trace.notes,
            fault: trace.fault,
            pieces: pieces.into_boxed_slice(),
            ends,
        }
    }

    fn bytes(&self) -> usize {
        self.pieces.len() + self.notes.iter().map(String::len).sum::<usize>()
    }

    /// The entry as it is shown.
    fn entry(&self) -> JournalEntry {
        let [method, path, headers, body] = self.ends;
        let text = |piece: Range<usize>| String::from_utf8_lossy(&self.pieces[piece]).into_owned();
        let path = text(method..path);
        JournalEntry {
            id: self.id,
            time: self.time,
            method: text(0..method),
            stream_key: stream_key(&path).map(Cow::into_owned),
            path,
            headers: text(self.ends[1]..headers).into_boxed_str(),
            account: self.account,
            body: self.pieces[headers..body].to_vec(),
            status: self.status,
            response: self.pieces[body..].to_vec(),
            notes: self.notes.clone(),
            outcome: self.outcome,
            fault: self.fault.clone(),
            latency_ms: self.latency.as_secs_f64() * 1000.0,
        }
    }
}

/// The headers as text. Whatever is made to carry a secret is left out, and so is the API key wherever it stands.
fn write_headers(out: &mut Vec<u8>, request: &ApiRequest<'_>) {
    let key = request.key();
    for (name, value) in request.headers {
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        match key {
            _ if SECRET.contains(name) => out.extend_from_slice(REDACTED.as_bytes()),
            Some(key) if value.contains(key) => out.extend_from_slice(value.replace(key, REDACTED).as_bytes()),
            _ => out.extend_from_slice(value.as_bytes()),
        }
        out.push(b'\n');
    }
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
