//! Buttons of Live Activities and notifications, and the alert that may come with an update.

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::Value;

use super::object::wire_object;
use super::reading;
use crate::declare::{UnknownName, names};
use crate::validate::{
    Field, Findings, Kind, Kinded, Object, Path, View, ViolationCode as Code, excerpt, formats, no_rules,
};

/// A button of a Live Activity or of a notification.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Action {
    /// Opens a URL.
    OpenUrl(OpenUrl),
    /// Makes the service call a URL.
    Webhook(Webhook),
}

wire_object! {
    /// A button that opens a web page or runs a Shortcut.
    OpenUrl: type = "open_url" (
        /// The label; not blank.
        title: String = Kind::Label,
        /// An `http://`, `https://` or `shortcuts://` URL; in a notification also one of an app's own scheme.
        url: String,
    ) {}
}

wire_object! {
    /// A button that makes the service call a URL.
    Webhook: type = "webhook" (
        /// The label; not blank.
        title: String = Kind::Label,
        /// An `https://` URL.
        url: String,
    ) {
        /// The HTTP method; the service's default is `POST`.
        method: WebhookMethod,
        /// The request body: a JSON object.
        body: serde_json::Value,
    }
}

names! {
    /// How a [`Webhook`] is called.
    pub enum WebhookMethod {
        /// `GET`
        Get = "GET",
        /// `POST`
        Post = "POST",
    }
}

impl Action {
    /// Every kind's name on the wire.
    pub(crate) const TYPES: &'static [&'static str] = &[OPEN_URL, WEBHOOK];
}

const FIELDS: &[&[Field]] = &[&[Field { name: "type", kind: Kind::Choice(Action::TYPES) }], Webhook::FIELDS];
const REQUIRED: &[&str] = &["title", "type", "url"];

static ACTION: Object =
    Object { fields: FIELDS, required: REQUIRED, rules: |action, path, findings| rules(page, action, path, findings) };

/// A button of a notification, which opens apps, too.
pub(super) static PUSH_ACTION: Object = Object {
    fields: FIELDS,
    required: REQUIRED,
    rules: |action, path, findings| rules(formats::link, action, path, findings),
};

impl Kinded for Action {
    const KIND: Kind = Kind::Object(&ACTION);
}

impl Kinded for WebhookMethod {
    const KIND: Kind = Kind::Choice(Self::NAMES);
}

/// What a button of an activity opens.
fn page(url: &str, path: &Path<'_>, findings: &mut Findings) {
    formats::url(url, &["https", "http", "shortcuts"], path, findings);
}

fn rules(link: fn(&str, &Path<'_>, &mut Findings), action: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    let kind = action.get("type").and_then(Value::as_str);
    if let Some(url) = action.get("url").and_then(Value::as_str) {
        let here = path.member("url");
        match kind {
            Some(OPEN_URL) => link(url, &here, findings),
            Some(WEBHOOK) => formats::url(url, &["https"], &here, findings),
            _ => {}
        }
    }
    if kind == Some(OPEN_URL) {
        for name in ["method", "body"] {
            if action.checked_names().any(|checked| checked == name) {
                findings.report(
                    &path.member(name),
                    Code::NotApplicable,
                    format_args!("does not apply to type {}; leave it out", excerpt(OPEN_URL)),
                );
            }
        }
    }
}

/// The kind that opens an address, on the wire.
pub(crate) const OPEN_URL: &str = "open_url";
/// The kind that calls an address, on the wire.
pub(crate) const WEBHOOK: &str = "webhook";

/// The action that its `type` names.
impl<'de> Deserialize<'de> for Action {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut members = reading::members(deserializer)?;
        let kind: String = reading::required(&mut members, "type")?;
        let action = Value::Object(members);
        match kind.as_str() {
            OPEN_URL => OpenUrl::deserialize(action).map(Self::OpenUrl),
            WEBHOOK => Webhook::deserialize(action).map(Self::Webhook),
            other => return Err(D::Error::custom(format_args!("type: {}", UnknownName::new(other, Self::TYPES)))),
        }
        .map_err(D::Error::custom)
    }
}

impl From<OpenUrl> for Action {
    fn from(action: OpenUrl) -> Self {
        Self::OpenUrl(action)
    }
}

impl From<Webhook> for Action {
    fn from(action: Webhook) -> Self {
        Self::Webhook(action)
    }
}

wire_object! {
    /// A notification with one update: a sound and a banner. It is not retried once it may have arrived.
    PushAlert() {
        /// The banner's first line.
        title: String,
        /// The banner's text.
        body: String,
    }
}

impl Kinded for PushAlert {
    const KIND: Kind = Kind::Object(&Object { fields: &[Self::FIELDS], required: Self::REQUIRED, rules: no_rules });
}
