//! Streams: looking at them, and what their owner or user can do to them beside the API.

use std::cmp::Reverse;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Shares};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::call::{Account, Answer, App, ControlError, Parameter, invalid};
use crate::api::ids::{AccountId, ActivityId};
use crate::content::canonical::Canonical;
use crate::content::timer::TimerView;
use crate::contract::StreamType;
use crate::devices::Device;
use crate::devices::view::DeviceShows;
use crate::http;
use crate::service::Service;
use crate::service::accounts::Account as Owner;
use crate::service::streams::{Activity, Ended, HistoryEntry, HistoryEvent, Phase, Stream, StreamState};
use crate::shared::Shared;
use crate::time::Timestamp;

/// A stream as it can be looked at.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StreamView {
    /// Whose stream it is.
    pub account: AccountId,
    /// Its key.
    pub stream_key: String,
    /// Whether it has an activity.
    pub state: StreamState,
    /// The type of the newest activity.
    #[serde(rename = "type")]
    pub kind: StreamType,
    /// The activity that runs, or that the end of the stream has ended.
    pub activity_id: Option<ActivityId>,
    /// When that activity started.
    pub started_at: Option<Timestamp>,
    /// When iOS will end the running activity.
    pub expires_at: Option<Timestamp>,
    /// Changes shown since the activity started.
    pub updates: u32,
    /// Channels that it goes to; `None` is the whole account.
    pub channels: Option<Vec<String>>,
    /// The newest state with its type. Fields that mean nothing to the type are left out; a timer's window is in
    /// [`Self::timer`].
    #[cfg_attr(test, schemars(with = "serde_json::Map<String, Value>"))]
    pub content_state: Value,
    /// The first button.
    #[cfg_attr(test, schemars(with = "Option<serde_json::Map<String, Value>>"))]
    pub action: Option<Value>,
    /// The second button.
    #[cfg_attr(test, schemars(with = "Option<serde_json::Map<String, Value>>"))]
    pub secondary_action: Option<Value>,
    /// Stored tags.
    pub tags: Vec<String>,
    /// Stored metadata; an empty object when there is none.
    #[cfg_attr(test, schemars(with = "serde_json::Map<String, Value>"))]
    pub metadata: Value,
    /// The window of a timer.
    pub timer: Option<TimerView>,
    /// Since when it is paused.
    pub paused_at: Option<Timestamp>,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
    /// When the ended activity leaves the screen.
    pub dismisses_at: Option<Timestamp>,
    /// The newest alert that came with a request; it was heard whatever the devices show.
    pub alert: Option<AlertView>,
    /// What each device of the account shows of it, which may be older than [`Self::content_state`].
    pub device: Vec<DeviceShows>,
    /// What happened to it, oldest first.
    pub history: Vec<HistoryEntry>,
}

/// An alert that came with a request.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct AlertView {
    /// When it came.
    pub time: Timestamp,
    /// Its `title` and `body`, as they were sent.
    #[cfg_attr(test, schemars(with = "serde_json::Map<String, Value>"))]
    pub alert: Value,
}

/// A stream that was found, as it runs or as it was ended.
struct Found<'a> {
    account: &'a Owner,
    key: &'a Arc<str>,
    part: Part<'a>,
}

enum Part<'a> {
    Ended(&'a Ended),
    Live(&'a Stream),
}

impl Found<'_> {
    fn is_live(&self) -> bool {
        matches!(self.part, Part::Live(_))
    }

    fn touched_at(&self) -> Option<Timestamp> {
        match self.part {
            Part::Ended(ended) => Some(ended.time),
            Part::Live(stream) => stream.history.back().map(|entry| entry.time),
        }
    }

    /// One that lives is the youngest.
    fn ended_at(&self) -> Timestamp {
        match self.part {
            Part::Ended(ended) => ended.time,
            Part::Live(_) => Timestamp::from_millis(u64::MAX),
        }
    }

    fn view(&self, now: Timestamp) -> StreamView {
        match self.part {
            Part::Ended(ended) => view_ended(self.account, ended, now),
            Part::Live(stream) => view(self.account, self.key, stream, now),
        }
    }
}

impl Service {
    /// All streams, the ended ones that are still remembered among them, ordered by account, key and age.
    pub fn streams(&mut self, now: Timestamp, api_key: Option<&str>) -> Vec<StreamView> {
        self.newest_streams(now, api_key, usize::MAX)
    }

    /// Those streams to which something has happened last, at most so many, in the order of [`Self::streams`]; ended ones only if there
    /// is room beside those that are not.
    pub fn newest_streams(&mut self, now: Timestamp, api_key: Option<&str>, most: usize) -> Vec<StreamView> {
        self.settle(now);
        let mut found = Vec::new();
        for account in self.accounts.selected(api_key.map(AccountId::named)) {
            found.extend(account.ended.iter().map(|ended| Found {
                account,
                key: &ended.key,
                part: Part::Ended(ended),
            }));
            let live = account.streams.iter();
            found.extend(live.map(|(key, stream)| Found { account, key, part: Part::Live(stream) }));
        }
        if found.len() > most {
            let rank = |found: &Found<'_>| (found.is_live(), found.touched_at());
            found.select_nth_unstable_by_key(most, |found| (Reverse(rank(found)), found.account.id, found.key));
            found.truncate(most);
        }
        found.sort_by_key(|found| (found.account.id, found.key, found.ended_at()));
        found.iter().map(|found| found.view(now)).collect()
    }

    /// The activity with this id, though its stream may have ended since, or have another one.
    pub fn activity(
        &mut self,
        now: Timestamp,
        api_key: Option<&str>,
        activity_id: &str,
    ) -> Result<StreamView, ControlError> {
        self.settle(now);
        let is_meant =
            |activity: Option<&Activity>| activity.is_some_and(|activity| activity.id.as_str() == activity_id);
        let find = |account: &Owner| {
            let live = account.streams.iter().find(|(_, stream)| is_meant(stream.activity()));
            let ended = || account.ended.iter().find(|ended| is_meant(ended.activity.as_ref()));
            live.map(|(key, stream)| view(account, key, stream, now))
                .or_else(|| ended().map(|ended| view_ended(account, ended, now)))
        };
        self.accounts.selected(api_key.map(AccountId::named)).find_map(find).ok_or(ControlError::NoActivity)
    }

    /// The stream with this key; if there is none any more, the one that was ended last.
    pub fn stream(
        &mut self,
        now: Timestamp,
        api_key: Option<&str>,
        stream_key: &str,
    ) -> Result<StreamView, ControlError> {
        self.settle(now);
        let find = |account: &Owner| {
            let live = account.streams.get(stream_key).map(|stream| view(account, stream_key, stream, now));
            live.or_else(|| {
                let ended = account.ended.iter().rev().find(|ended| &*ended.key == stream_key)?;
                Some(view_ended(account, ended, now))
            })
        };
        let mut found = self.accounts.selected(api_key.map(AccountId::named)).filter_map(find);
        let first = found.next().ok_or(ControlError::NotFound)?;
        if found.next().is_some() { Err(ControlError::Ambiguous) } else { Ok(first) }
    }

    /// Pauses a stream, as its owner can from the app: the activity ends and PUTs are ignored.
    pub fn pause(
        &mut self,
        now: Timestamp,
        api_key: Option<&str>,
        stream_key: &str,
    ) -> Result<StreamView, ControlError> {
        self.change(now, api_key, stream_key, |phase| match phase {
            Phase::Active(_) | Phase::Idle => Ok((Phase::Paused { since: now }, HistoryEvent::Paused)),
            Phase::Paused { .. } => Err(StreamState::Paused),
        })
    }

    /// Ends a pause. Nothing is started before the next PUT.
    pub fn resume(
        &mut self,
        now: Timestamp,
        api_key: Option<&str>,
        stream_key: &str,
    ) -> Result<StreamView, ControlError> {
        self.change(now, api_key, stream_key, |phase| match phase {
            Phase::Paused { .. } => Ok((Phase::Idle, HistoryEvent::Resumed)),
            Phase::Active(_) => Err(StreamState::Active),
            Phase::Idle => Err(StreamState::Idle),
        })
    }

    /// Removes the activity from the screen, as the user can.
    pub fn dismiss(
        &mut self,
        now: Timestamp,
        api_key: Option<&str>,
        stream_key: &str,
    ) -> Result<StreamView, ControlError> {
        self.change(now, api_key, stream_key, |phase| match phase {
            Phase::Active(_) => Ok((Phase::Idle, HistoryEvent::Dismissed)),
            Phase::Idle => Err(StreamState::Idle),
            Phase::Paused { .. } => Err(StreamState::Paused),
        })
    }

    /// Moves a stream that is not ended to another phase.
    fn change(
        &mut self,
        now: Timestamp,
        api_key: Option<&str>,
        stream_key: &str,
        next: impl Fn(&Phase) -> Result<(Phase, HistoryEvent), StreamState>,
    ) -> Result<StreamView, ControlError> {
        let found = self.stream(now, api_key, stream_key)?;
        let history = self.retention.history;
        let account = self.accounts.known_mut(found.account).expect("the stream was found in it");
        let Some((key, stream)) = account.streams.get_key_value(stream_key) else {
            return Err(ControlError::WrongState(StreamState::Ended));
        };
        let (phase, event) = next(&stream.phase).map_err(ControlError::WrongState)?;
        let key = Arc::clone(key);
        if let Some(expires_at) = stream.activity().map(Activity::expires_at) {
            account.mark_ended(&key, expires_at);
        }
        let stream = account.streams.get_mut(&key).expect("it was found above");
        match event {
            HistoryEvent::Paused => account.devices.withdraw(&key, &stream.content),
            _ => account.devices.remove(&key),
        }
        stream.leave(phase, now);
        stream.remember(now, event, history);
        self.changes.stream(found.account, &key);
        self.stream(now, Some(&found.account.to_string()), stream_key)
    }
}

/// The stream as it stands at `now`.
fn view(account: &Owner, key: &str, stream: &Stream, now: Timestamp) -> StreamView {
    let shows = |device: &Device| device.shows(device.slots.get(key), &stream.content, now);
    StreamView { device: devices(account).iter().map(shows).collect(), ..bare(account.id, key, stream, now) }
}

/// The ended stream as it stood at its end.
fn view_ended(account: &Owner, ended: &Ended, now: Timestamp) -> StreamView {
    let activity = ended.activity.as_ref();
    let shows = |device: &Device| {
        let slot = ended.slots.iter().find(|(id, _)| *id == device.id).map(|(_, slot)| slot);
        // A device that was not told of the end goes on showing what it showed.
        let slot = slot.filter(|slot| slot.is_behind() || now < ended.dismisses_at);
        device.shows(slot, &ended.stream.content, now)
    };
    StreamView {
        state: StreamState::Ended,
        activity_id: activity.map(|activity| activity.id),
        started_at: activity.map(|activity| activity.started_at),
        updates: activity.map_or(0, |activity| activity.updates),
        paused_at: None,
        ended_at: Some(ended.time),
        dismisses_at: Some(ended.dismisses_at),
        device: devices(account).iter().map(shows).collect(),
        ..bare(account.id, &ended.key, &ended.stream, now)
    }
}

fn devices(account: &Owner) -> &[Device] {
    if account.settings.has_device { &account.devices.0 } else { &[] }
}

fn bare(account: AccountId, key: &str, stream: &Stream, now: Timestamp) -> StreamView {
    let (state, paused_at) = match stream.phase {
        Phase::Active(_) => (StreamState::Active, None),
        Phase::Idle => (StreamState::Idle, None),
        Phase::Paused { since } => (StreamState::Paused, Some(since)),
    };
    let activity = stream.activity();
    let content = &stream.content;
    StreamView {
        account,
        stream_key: key.to_owned(),
        state,
        kind: content.kind,
        activity_id: activity.map(|activity| activity.id),
        started_at: activity.map(|activity| activity.started_at),
        expires_at: activity.map(Activity::expires_at),
        updates: activity.map_or(0, |activity| activity.updates),
        channels: stream.channels.as_ref().map(|slugs| slugs.iter().cloned().collect()),
        content_state: content.content_state(),
        action: content.action.as_ref().map(Canonical::value),
        secondary_action: content.secondary_action.as_ref().map(Canonical::value),
        tags: stream.tags.iter().map(ToString::to_string).collect(),
        metadata: stream.metadata.as_ref().map_or_else(|| json!({}), Canonical::value),
        timer: content.timer.as_ref().map(|timer| timer.view(now)),
        paused_at,
        ended_at: None,
        dismisses_at: None,
        alert: stream.alert.as_deref().map(|(time, alert)| AlertView { time: *time, alert: alert.value() }),
        device: Vec::new(),
        history: stream.history.iter().copied().collect(),
    }
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    limit: Option<usize>,
    /// Name of the account to which the call is narrowed, where no bearer token does that.
    #[serde(rename = "account")]
    #[cfg_attr(test, schemars(with = "Option<crate::api::ids::AccountId>"))]
    _account: Option<String>,
}

pub(super) async fn list(
    Shares(shared): App,
    account: Account,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Answer {
    let Query(Wanted { limit, .. }) =
        wanted.map_err(|_| invalid("the query takes `limit`, a number, and `account`"))?;
    let most = limit.unwrap_or(usize::MAX);
    let streams = shared.at_now(|service, now| service.newest_streams(now, account.api_key(), most));
    Ok(http::json(200, &json!({"streams": streams})))
}

pub(super) async fn show(shared: App, account: Account, key: Parameter) -> Answer {
    on_stream(&shared, &account, &key, Service::stream)
}

pub(super) async fn pause(shared: App, account: Account, key: Parameter) -> Answer {
    on_stream(&shared, &account, &key, Service::pause)
}

pub(super) async fn resume(shared: App, account: Account, key: Parameter) -> Answer {
    on_stream(&shared, &account, &key, Service::resume)
}

pub(super) async fn dismiss(shared: App, account: Account, key: Parameter) -> Answer {
    on_stream(&shared, &account, &key, Service::dismiss)
}

fn on_stream(
    shared: &Shared,
    account: &Account,
    key: &Parameter,
    work: impl FnOnce(&mut Service, Timestamp, Option<&str>, &str) -> Result<StreamView, ControlError>,
) -> Answer {
    let stream = shared.at_now(|service, now| work(service, now, account.api_key(), &key.0))?;
    Ok(http::json(200, &stream))
}
