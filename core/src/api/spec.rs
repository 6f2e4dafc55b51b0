//! What the core knows of an endpoint: all that a call needs, as data, so that no code is made for each of them.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

use super::answer::{Answer, AnswerField};
use crate::json::{self, Members};
use crate::validate::{self, Findings, Object, Path, ValidationError};

/// An endpoint of the API.
pub struct Spec {
    /// Its name, the same in every language: `stream`.
    pub name: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// Where it is, relative to the base URL. What stands in braces is the key.
    pub path: &'static str,
    /// The name in the path, where there is one.
    pub(crate) key: Option<Key>,
    /// The budget of requests that it is counted against, as the service names it.
    pub family: &'static str,
    /// What the body may hold.
    pub(crate) body: &'static Object,
    /// Puts what callers may give elsewhere into its place, before the body is checked.
    pub(crate) shape: fn(&mut Members, &mut Findings),
    /// Brings a checked body into the API's own shape, where callers give it in another.
    pub(crate) wire: fn(&mut Members),
    /// Whether a checked body can be sent again.
    pub(crate) repeat: fn(&Value) -> Repeat,
    /// What will work but may not come out as hoped, by a checked body and its bytes.
    pub(crate) advice: fn(&Value, usize) -> Vec<String>,
    /// The members of a success.
    pub(crate) answer: &'static [AnswerField],
    /// What a call of this key gives back where nothing is sent.
    pub(crate) inert: fn(&str) -> Answer,
    /// What a 404 means.
    pub(crate) not_found: NotFound,
}

/// A request to an endpoint, as a model.
pub trait Endpoint: Serialize {
    /// What it is answered with.
    type Response: From<Answer>;

    /// The endpoint.
    const SPEC: &'static Spec;
}

/// A name that a path holds.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    /// What it is called: `stream_key`.
    pub(crate) name: &'static str,
    pub(crate) check: fn(&Value, &Path<'_>, &mut Findings),
}

/// What the answer 404 means.
#[derive(Clone, Copy)]
pub(crate) enum NotFound {
    /// There is no device to deliver to, if the body says so: what the path names comes about by the request.
    Recipients,
    /// There is nothing of this name.
    Name,
    /// There is nothing of this name, since an earlier attempt of the same call may have removed it; this is the answer then.
    Removed(fn(&str) -> Answer),
}

/// Whether a request can be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// It has the same effect once and twice.
    Always,
    /// It makes a sound or the like, so it is sent again only where it has certainly not arrived.
    UnlessDone,
}

/// Two are the same endpoint if they have the same name.
impl PartialEq for Spec {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Spec {}

impl std::fmt::Debug for Spec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Spec {
    /// Checks a key and a body, and brings the body into its wire shape.
    pub(crate) fn check(&self, key: &Value, body: &mut Value) -> Result<(), ValidationError> {
        let mut findings = Findings::default();
        if let Some(rule) = self.key {
            (rule.check)(key, &Path::Root.member(rule.name), &mut findings);
        }
        match json::object_mut(body) {
            Some(members) => {
                (self.shape)(members, &mut findings);
                validate::object(self.body, members, &Path::Root, &mut findings);
                (self.wire)(members);
            }
            None => findings.wrong_type(body, &Path::Root, format_args!("; give an object")),
        }
        findings.into_result()
    }

    /// The path of a checked key, which is percent-encoded.
    pub(crate) fn path_of(&self, key: &str) -> String {
        let Some((before, rest)) = self.path.split_once('{') else { return self.path.to_owned() };
        let mut path = before.to_owned();
        for byte in key.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => path.push(byte.into()),
                byte => _ = write!(path, "%{byte:02X}"),
            }
        }
        path + rest.split_once('}').unwrap_or_default().1
    }
}

/// For bodies of which there is nothing to say.
pub(crate) fn no_advice(_: &Value, _: usize) -> Vec<String> {
    Vec::new()
}

/// For bodies that need nothing put into its place.
pub(crate) fn as_given(_: &mut Members, _: &mut Findings) {}

/// For bodies that are in the API's shape as callers give them.
pub(crate) fn as_checked(_: &mut Members) {}
