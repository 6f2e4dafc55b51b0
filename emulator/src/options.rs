//! Options of an emulator, options that can be changed while it runs, and settings of its accounts.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::time::Timestamp;

/// How an emulator is started. `Options::default()` is a strict emulator with the service's limits on a free port.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// TCP port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// How requests outside the published contract are judged.
    pub mode: Mode,
    /// Request rates and capacity.
    pub limits: Limits,
    /// Where the time comes from.
    pub clock: Clock,
    /// Seed of the activity ids: the same seed and requests give the same ids.
    pub seed: u64,
    /// Choices where the published contract is silent or has changed.
    pub switches: Switches,
    /// How much of the past is kept.
    pub retention: Retention,
    /// Leave out everything below `/_emulator/`.
    pub no_control: bool,
    /// A file that the state is taken from and kept in.
    pub state: Option<PathBuf>,
}

/// How requests outside the published contract are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Refuse everything that the contract does not allow, so that a mistake shows in development.
    #[default]
    Strict,
    /// Ignore unknown fields, take null as absent, and overlook what cannot be shown.
    Lenient,
}

/// Request rates and capacity; `None` switches a limit off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Requests per account in a window of 60 seconds.
    pub account_per_minute: Option<u32>,
    /// Requests per IP address in a window of 60 seconds. Keys that begin with `ask_test_` count per account instead,
    /// since tests that run side by side share one address.
    pub ip_per_minute: Option<u32>,
    /// Running activities on one device.
    pub activities_per_device: Option<u32>,
    /// Running activities in an account, as older servers count.
    pub activities_per_account: Option<u32>,
    /// Whether devices hold back what iOS would hold back. The API's answers do not depend on it.
    pub device_budgets: bool,
}

impl Limits {
    /// The limits of the service: 300 requests a minute per account, 600 per address, 5 activities.
    pub const fn service() -> Self {
        Self {
            account_per_minute: Some(300),
            ip_per_minute: Some(600),
            activities_per_device: Some(5),
            activities_per_account: None,
            device_budgets: true,
        }
    }

    /// How older servers limited activities: 60 requests a minute and 4 at once, per account. (They counted pushes and metrics
    /// among the 60; here those have windows of their own.)
    pub const fn legacy() -> Self {
        Self {
            account_per_minute: Some(60),
            ip_per_minute: None,
            activities_per_device: None,
            activities_per_account: Some(4),
            device_budgets: true,
        }
    }

    /// No limits, for load tests. Responses then carry no rate limit headers.
    pub const fn none() -> Self {
        Self {
            account_per_minute: None,
            ip_per_minute: None,
            activities_per_device: None,
            activities_per_account: None,
            device_budgets: false,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::service()
    }
}

/// Where the time comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    Real,
    /// A clock that stands at this time until it is told to move.
    Manual(Timestamp),
}

/// Choices where the published contract is silent or has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Switches {
    /// Status of a PUT that no device would receive.
    pub no_recipients: NoRecipients,
    /// Answer to a DELETE of a stream that an earlier DELETE ended.
    pub second_delete: SecondDelete,
    /// How responses tell about the request rate.
    pub headers: HeaderProfile,
    /// What a PUT without channels means for a stream that has some.
    pub omitted_channels: OmittedChannels,
    /// Which addresses buttons may open.
    pub url_policy: UrlPolicy,
}

/// Status of a PUT that no device would receive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoRecipients {
    /// 422, as newer servers answer.
    #[default]
    Unprocessable,
    /// 404, as older servers answer.
    NotFound,
}

/// Answer to a DELETE of a stream that an earlier DELETE ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SecondDelete {
    /// 404, as for a key that was never used.
    #[default]
    NotFound,
    /// 200 with `ignored: true`, as long as the ended stream is still remembered (see [`Retention::ended`]).
    Ignored,
}

/// How responses tell about the request rate. The limits hold in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum HeaderProfile {
    /// Not at all.
    None,
    /// `Retry-After` with a 429, and nothing else.
    RetryAfter,
    /// `X-RateLimit-Limit`, `-Remaining` and `-Reset`.
    Legacy,
    /// `RateLimit-Limit`, `-Remaining` and `-Reset`.
    #[serde(rename = "draft_6")]
    Draft6,
    /// `RateLimit` and `RateLimit-Policy`, as newer servers answer.
    #[default]
    #[serde(rename = "draft_8")]
    Draft8,
}

/// What a PUT without channels means for a stream that has some.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OmittedChannels {
    /// The channels stay.
    #[default]
    Keep,
    /// The activity goes to everyone the key reaches, which is a change of channels and rotates it.
    Rotate,
}

/// Which addresses buttons may open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum UrlPolicy {
    /// http, https and shortcuts.
    #[default]
    Current,
    /// https and shortcuts, as the contract had it until July 2026.
    Legacy,
}

/// How much of the past is kept; the oldest entries make room for new ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Requests in the journal of the whole emulator.
    pub journal: usize,
    /// Operations in the history of each stream.
    pub history: usize,
    /// Ended streams per account that can still be looked at.
    pub ended: usize,
}

impl Default for Retention {
    fn default() -> Self {
        Self { journal: 1000, history: 16, ended: 100 }
    }
}

/// The options that can be changed while the emulator runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RuntimeOptions {
    /// Strict or lenient.
    pub mode: Mode,
    /// Where the contract is silent or has changed.
    #[serde(flatten)]
    pub switches: Switches,
    /// Request rates and capacity.
    pub limits: Limits,
}

impl RuntimeOptions {
    /// These with `changes`: what is left out stays. `limits` is `service`, `legacy`, `none`, or an object of those that
    /// change. The error says what is wrong.
    pub(crate) fn changed(&self, changes: &Value) -> Result<Self, String> {
        let changes = changes.as_object().ok_or("the body must be a JSON object")?;
        let mut merged = json!(self);
        for (name, value) in changes {
            let known = merged.get_mut(name).ok_or_else(|| format!("there is no switch `{name}`"))?;
            *known = match (name.as_str(), value) {
                ("limits", Value::String(preset)) => json!(preset_of(preset)?),
                ("limits", Value::Object(some)) => merge(known, some)?,
                _ => value.clone(),
            };
        }
        Self::deserialize(merged).map_err(|error| format!("a switch does not fit: {error}"))
    }
}

fn preset_of(name: &str) -> Result<Limits, String> {
    match name {
        "service" => Ok(Limits::service()),
        "legacy" => Ok(Limits::legacy()),
        "none" => Ok(Limits::none()),
        _ => Err("`limits` must be service, legacy, none, or an object".to_owned()),
    }
}

fn merge(known: &Value, some: &Map<String, Value>) -> Result<Value, String> {
    let mut merged = known.clone();
    for (name, value) in some {
        *merged.get_mut(name).ok_or_else(|| format!("there is no limit `{name}`"))? = value.clone();
    }
    Ok(merged)
}

/// What tests can set about an account. The default account is in good standing, reaches one device, and knows every
/// channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct AccountSettings {
    /// Whether the account has paid.
    pub billing: Billing,
    /// Slugs of the channels that exist; `None` lets every slug exist. An activity goes to those of its channels that
    /// exist, and `effective_channel_slugs` names these alone. A PUT finds no recipients if none of them exists. (The
    /// contract does not say what the service does about an unknown slug.)
    pub channels: Option<BTreeSet<String>>,
    /// Whether a device is paired. Without one nothing finds recipients.
    pub has_device: bool,
    /// Slugs that the API key is limited to; `None` for a key that reaches the whole account.
    pub key_channels: Option<BTreeSet<String>>,
    /// Keys of the metrics that exist; `None` lets every key exist.
    pub metrics: Option<BTreeSet<String>>,
    /// Whether the API key was revoked.
    pub revoked: bool,
}

impl Default for AccountSettings {
    fn default() -> Self {
        Self {
            billing: Billing::Ok,
            channels: None,
            has_device: true,
            key_channels: None,
            metrics: None,
            revoked: false,
        }
    }
}

/// Whether an account has paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Billing {
    /// Requests are served.
    Ok,
    /// The trial is over.
    TrialExpired,
    /// The trial's allowance is used up.
    TrialExhausted,
    /// The month's cap on extra usage is reached.
    BillingOverageCapReached,
}
