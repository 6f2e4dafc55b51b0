//! The state of the engine as JSON and back. What is read is checked whole before anything is replaced. Requests and
//! their windows are not a part of it.

use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Engine;
use super::account::{Account, AccountId, AccountSettings};
use super::activity_id::{ActivityId, ActivityIds};
use super::budget::Budget;
use super::canonical;
use super::control::Scope;
use super::device::{Device, DeviceState, SlotSnapshot};
use super::devices::{Devices, MOST_DEVICES};
use super::faults::{FaultRule, Faults};
use super::stream::{Activity, Ended, Face, HistoryEntry, Phase, Stream};
use super::switchboard::Switchboard;
use super::timer::Timer;
use super::view::json;
use crate::contract::StreamType;
use crate::time::Timestamp;

/// The state of an engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EngineSnapshot {
    seed: u64,
    switches: Switchboard,
    new_account: AccountSettings,
    faults: Vec<ScopedRule>,
    accounts: Vec<AccountSnapshot>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScopedRule {
    account: Option<AccountId>,
    rule: FaultRule,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountSnapshot {
    account: AccountId,
    settings: AccountSettings,
    devices: Vec<DeviceSnapshot>,
    streams: Vec<StreamSnapshot>,
    ended: Vec<EndedSnapshot>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeviceSnapshot {
    device_id: String,
    name: String,
    channels: Option<BTreeSet<String>>,
    state: DeviceState,
    updates: Budget,
    starts: Budget,
    reached_at: Timestamp,
    shows: Vec<(String, SlotSnapshot)>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StreamSnapshot {
    stream_key: String,
    phase: PhaseSnapshot,
    face: FaceSnapshot,
    channels: Option<BTreeSet<String>>,
    tags: Vec<String>,
    metadata: Option<Value>,
    alert: Option<(Timestamp, Value)>,
    history: Vec<HistoryEntry>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PhaseSnapshot {
    Active(ActivitySnapshot),
    Idle,
    Paused { since: Timestamp },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ActivitySnapshot {
    activity_id: ActivityId,
    started_at: Timestamp,
    updates: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EndedSnapshot {
    stream: StreamSnapshot,
    activity: Option<ActivitySnapshot>,
    shows: Vec<(String, SlotSnapshot)>,
    ended_at: Timestamp,
    dismisses_at: Timestamp,
}

/// What is drawn of a stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaceSnapshot {
    #[serde(rename = "type")]
    kind: StreamType,
    content_state: serde_json::Map<String, Value>,
    action: Option<Value>,
    secondary_action: Option<Value>,
    timer: Option<Timer>,
}

/// Why a snapshot is not taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadSnapshot(String);

impl fmt::Display for BadSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadSnapshot {}

impl Engine {
    /// The state as it is.
    pub fn export(&mut self, now: Timestamp) -> EngineSnapshot {
        self.settle(now);
        let mut accounts: Vec<_> = self.accounts.all().map(AccountSnapshot::of).collect();
        accounts.sort_by_key(|account| account.account);
        let rules = self.faults.views(None).into_iter();
        EngineSnapshot {
            seed: self.ids.state(),
            switches: self.switches(),
            new_account: self.accounts.new_account().clone(),
            faults: rules.map(|view| ScopedRule { account: view.account, rule: view.rule }).collect(),
            accounts,
        }
    }

    /// Replaces the whole state but the journal. Nothing changes if anything is wrong.
    pub fn import(&mut self, snapshot: EngineSnapshot) -> Result<(), BadSnapshot> {
        let EngineSnapshot { seed, switches, new_account, faults, accounts } = snapshot;
        let mut rules = Faults::new(self.config.seed);
        for ScopedRule { account, rule } in faults {
            rules.set(account, rule).map_err(|error| BadSnapshot(format!("a rule of a fault is bad: {error}")))?;
        }
        let is_paced = switches.limits.device_budgets;
        let accounts: Result<Vec<_>, _> = accounts.into_iter().map(|account| account.restored(is_paced)).collect();
        let accounts = accounts?;
        self.apply(switches);
        self.accounts.forget(None);
        self.accounts.set_up(None, &new_account);
        for account in accounts {
            self.accounts.restore(account);
        }
        (self.faults, self.ids) = (rules, ActivityIds::new(seed));
        self.addresses.clear();
        self.changes.reset(Scope::All, None);
        Ok(())
    }
}

impl AccountSnapshot {
    fn of(account: &Account) -> Self {
        let mut streams: Vec<_> = account.streams.iter().map(|(key, stream)| StreamSnapshot::of(key, stream)).collect();
        streams.sort_by(|one, other| one.stream_key.cmp(&other.stream_key));
        let shows = |slots: &[(Box<str>, super::device::Slot)]| {
            slots.iter().map(|(id, slot)| (id.to_string(), slot.snapshot())).collect()
        };
        let ended = account.ended.iter().map(|ended| EndedSnapshot {
            stream: StreamSnapshot::of(&ended.key, &ended.stream),
            activity: ended.activity.as_ref().map(ActivitySnapshot::of),
            shows: shows(&ended.slots),
            ended_at: ended.time,
            dismisses_at: ended.dismisses_at,
        });
        Self {
            account: account.id,
            settings: account.settings.clone(),
            devices: account.devices.0.iter().map(DeviceSnapshot::of).collect(),
            streams,
            ended: ended.collect(),
        }
    }

    fn restored(self, is_paced: bool) -> Result<Account, BadSnapshot> {
        if self.devices.len() > MOST_DEVICES {
            return Err(BadSnapshot(format!("{} has more than {MOST_DEVICES} devices", self.account)));
        }
        let mut account = Account::new(self.account, self.settings, is_paced);
        for snapshot in self.streams {
            let key: Arc<str> = snapshot.stream_key.as_str().into();
            let stream = snapshot.restored()?;
            if let Some(activity) = stream.activity() {
                account.mark_running(Arc::clone(&key), activity.expires_at());
            }
            if account.streams.insert(key, stream).is_some() {
                return Err(BadSnapshot(format!("{} has a stream twice", self.account)));
            }
        }
        let ids: BTreeSet<_> = self.devices.iter().map(|device| &device.device_id).collect();
        if ids.len() < self.devices.len() {
            return Err(BadSnapshot(format!("{} has a device twice", self.account)));
        }
        let devices = self.devices.into_iter().map(|device| device.restored(&account, is_paced));
        account.devices = Devices(devices.collect::<Result<_, _>>()?);
        let ended: Result<VecDeque<_>, _> = self.ended.into_iter().map(EndedSnapshot::restored).collect();
        account.ended = ended?;
        Ok(account)
    }
}

impl DeviceSnapshot {
    fn of(device: &Device) -> Self {
        let mut shows: Vec<_> = device.slots.iter().map(|(key, slot)| (key.to_string(), slot.snapshot())).collect();
        shows.sort_by(|one, other| one.0.cmp(&other.0));
        Self {
            device_id: device.id.to_string(),
            name: device.name.clone(),
            channels: device.channels.clone(),
            state: device.state,
            updates: device.updates,
            starts: device.starts,
            reached_at: device.reached_at(),
            shows,
        }
    }

    fn restored(self, account: &Account, is_paced: bool) -> Result<Device, BadSnapshot> {
        let mut device = Device::new(&self.device_id, &self.name, is_paced);
        device.channels = self.channels;
        (device.updates, device.starts) = (self.updates, self.starts);
        let known = self.shows.into_iter().filter_map(|(key, slot)| {
            let (key, stream) = account.streams.get_key_value(key.as_str())?;
            Some((Arc::clone(key), slot, stream.activity().is_some()))
        });
        let restored = device.restore(self.state, self.reached_at, known);
        restored.map_err(|has| BadSnapshot(format!("the device {} has {has}", device.id)))?;
        Ok(device)
    }
}

impl StreamSnapshot {
    fn of(key: &str, stream: &Stream) -> Self {
        let phase = match &stream.phase {
            Phase::Active(activity) => PhaseSnapshot::Active(ActivitySnapshot::of(activity)),
            Phase::Idle => PhaseSnapshot::Idle,
            Phase::Paused { since } => PhaseSnapshot::Paused { since: *since },
        };
        Self {
            stream_key: key.to_owned(),
            phase,
            face: FaceSnapshot::of(&stream.face()),
            channels: stream.channels.clone(),
            tags: stream.tags.iter().map(ToString::to_string).collect(),
            metadata: stream.metadata.as_deref().map(json),
            alert: stream.alert.as_deref().map(|(time, alert)| (*time, json(alert))),
            history: stream.history.iter().copied().collect(),
        }
    }

    fn restored(self) -> Result<Stream, BadSnapshot> {
        if crate::contract::check_stream_key(&self.stream_key).is_some() {
            return Err(BadSnapshot(format!("`{}` is no stream key", self.stream_key)));
        }
        let face = self.face.restored();
        Ok(Stream {
            kind: face.kind,
            phase: match self.phase {
                PhaseSnapshot::Active(activity) => Phase::Active(activity.restored()),
                PhaseSnapshot::Idle => Phase::Idle,
                PhaseSnapshot::Paused { since } => Phase::Paused { since },
            },
            channels: self.channels,
            content_state: face.content_state,
            action: face.action,
            secondary_action: face.secondary_action,
            tags: self.tags.into_iter().map(String::into_boxed_str).collect(),
            metadata: self.metadata.as_ref().map(canonical::value),
            timer: face.timer,
            alert: self.alert.map(|(time, alert)| Box::new((time, canonical::value(&alert)))),
            history: self.history.into(),
        })
    }
}

impl EndedSnapshot {
    fn restored(self) -> Result<Ended, BadSnapshot> {
        Ok(Ended {
            key: self.stream.stream_key.as_str().into(),
            stream: self.stream.restored()?,
            activity: self.activity.map(ActivitySnapshot::restored),
            slots: self.shows.into_iter().map(|(id, slot)| (id.into(), slot.restored())).collect(),
            time: self.ended_at,
            dismisses_at: self.dismisses_at,
        })
    }
}

impl ActivitySnapshot {
    fn of(activity: &Activity) -> Self {
        Self { activity_id: activity.id, started_at: activity.started_at, updates: activity.updates }
    }

    fn restored(self) -> Activity {
        Activity { id: self.activity_id, started_at: self.started_at, updates: self.updates }
    }
}

impl FaceSnapshot {
    pub(super) fn of(face: &Face) -> Self {
        let state = match json(&face.content_state) {
            Value::Object(state) => state,
            _ => serde_json::Map::new(),
        };
        Self {
            kind: face.kind,
            content_state: state,
            action: face.action.as_deref().map(json),
            secondary_action: face.secondary_action.as_deref().map(json),
            timer: face.timer.as_deref().cloned(),
        }
    }

    pub(super) fn restored(self) -> Face {
        Face {
            kind: self.kind,
            content_state: canonical::object(self.content_state.iter().map(|(name, value)| (name.as_str(), value))),
            action: self.action.as_ref().map(canonical::value),
            secondary_action: self.secondary_action.as_ref().map(canonical::value),
            timer: self.timer.map(Box::new),
        }
    }
}
