//! Whom a request is for, and what an answer says about them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::endpoint::Context;
use crate::api::refusal::Refusal;
use crate::options::{Billing, OmittedChannels};
use crate::service::streams::{Channels, Stream};

/// The channels of a request.
pub(super) struct Recipients {
    /// Those that the request names.
    requested: Channels,
    /// Those that are meant: those of the request, else of the stream, else of the key.
    target: Channels,
    /// Those of the target that the account has.
    pub(super) channels: Channels,
}

/// The channels that something goes to which is not a stream; an error if nobody would receive it.
pub(super) fn find(context: &Context<'_>, body: &Value) -> Result<Channels, Refusal> {
    let recipients = Recipients::new(context, None, body, OmittedChannels::Rotate);
    recipients.check(context)?;
    Ok(recipients.channels)
}

impl Recipients {
    pub(super) fn new(context: &Context<'_>, stream: Option<&Stream>, body: &Value, omitted: OmittedChannels) -> Self {
        let settings = &context.account.settings;
        let list = body["channels"].as_array().or_else(|| body["target"]["channels"].as_array());
        let requested: Channels = list.map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect());
        let kept = stream.and_then(|stream| stream.channels.as_ref()).filter(|_| omitted == OmittedChannels::Keep);
        let target = requested.as_ref().or(kept).or(settings.key_channels.as_ref()).cloned();
        let existing = |target: &BTreeSet<String>| match &settings.channels {
            None => target.clone(),
            Some(known) => target & known,
        };
        let channels = target.as_ref().map(existing);
        Self { requested, target, channels }
    }

    /// Whether the key may send there, the account has paid, and anyone would receive it.
    pub(super) fn check(&self, context: &Context<'_>) -> Result<(), Refusal> {
        let Context { account, options, .. } = context;
        let settings = &account.settings;
        if let (Some(allowed), Some(requested)) = (&settings.key_channels, &self.requested)
            && let Some(slug) = requested.difference(allowed).next()
        {
            return Err(Refusal::OutsideKeyScope(slug.clone()));
        }
        if settings.billing != Billing::Ok {
            return Err(Refusal::Billing(settings.billing));
        }
        let is_empty = |channels: &Channels| channels.as_ref().is_some_and(BTreeSet::is_empty);
        let message = if !settings.has_device || account.devices.reached(None).next().is_none() {
            "no device is paired with this account; pair one".to_owned()
        } else if is_empty(&self.target) {
            "this API key has no channel; assign one to it".to_owned()
        } else if is_empty(&self.channels) || account.devices.reached(self.channels.as_ref()).next().is_none() {
            format!("nobody is in {}; check the slugs", listed(self.target.iter().flatten()))
        } else {
            return Ok(());
        };
        // The channels that were meant help more than an empty list.
        let slugs = self.target.as_ref().map(|slugs| slugs.iter().cloned().collect());
        Err(Refusal::NoRecipients { status: options.switches.no_recipients, slugs, message, badge: None })
    }

    /// Notes the channels that nobody is in.
    pub(super) fn note(&self, notes: &mut Vec<String>) {
        if let (Some(target), Some(channels)) = (&self.target, &self.channels)
            && target.len() > channels.len()
        {
            notes.push(format!("nobody is in {}, which had no effect", listed(target.difference(channels))));
        }
    }
}

/// Slugs as they are named in messages.
fn listed<'a>(slugs: impl Iterator<Item = &'a String>) -> String {
    slugs.map(|slug| format!("`{slug}`")).collect::<Vec<_>>().join(", ")
}

/// What every answer about something that was sent has.
pub(super) fn answer(context: &Context<'_>, channels: Option<&BTreeSet<String>>) -> Map<String, Value> {
    let devices = context.account.devices.reached(channels).count();
    let answer = json!({
        "success": true,
        "devices_notified": devices,
        "devices_targeted": devices,
        "users_notified": 1,
        "effective_channel_slugs": channels,
        "timestamp": context.now,
    });
    match answer {
        Value::Object(answer) => answer,
        _ => unreachable!("it was written as an object"),
    }
}
