//! Devices: looking at them, changing what they do, pairing and unpairing them.

use axum::body::{Body, Bytes};
use axum::extract::State as Shares;
use hyper::Response;
use serde_json::json;

use super::call::{Account, Answer, App, ControlError, Parameter, Refusal, done, invalid, read};
use crate::api::ids::AccountId;
use crate::devices::view::DeviceView;
use crate::devices::{DeviceSettings, MOST_DEVICES};
use crate::service::Service;
use crate::service::accounts::Account as Owner;
use crate::time::Timestamp;
use crate::{contract, http};

const LONGEST_NAME: usize = 100;

impl Service {
    /// All devices, ordered by account; those of an account in the order in which they were paired.
    pub fn devices(&mut self, now: Timestamp, api_key: Option<&str>) -> Vec<DeviceView> {
        self.settle(now);
        let capacity = self.options.limits.activities_per_device;
        let view = |account: &Owner| -> Vec<DeviceView> {
            account.devices.0.iter().map(|device| device.view(account.id, capacity, now)).collect()
        };
        let mut views: Vec<_> = self.accounts.selected(api_key.map(AccountId::named)).flat_map(view).collect();
        views.sort_by_key(|device| device.account);
        views
    }

    /// Changes a device, or pairs a new one. Without a key the device must be in one account alone.
    pub fn set_device(
        &mut self,
        now: Timestamp,
        api_key: Option<&str>,
        device_id: &str,
        settings: DeviceSettings,
    ) -> Result<DeviceView, ControlError> {
        self.settle(now);
        let id = self.account_of_device(api_key, device_id)?;
        let capacity = self.options.limits.activities_per_device;
        let account = self.accounts.of(id, now);
        if account.devices.find(device_id).is_none() && account.devices.0.len() >= MOST_DEVICES {
            return Err(ControlError::TooManyDevices);
        }
        let view = account.set_device(device_id, settings, now).view(id, capacity, now);
        for key in account.moved.drain(..) {
            self.changes.stream(id, &key);
        }
        self.changes.device(id);
        Ok(view)
    }

    /// Takes a device out of its account, with all that it shows.
    pub fn unpair(&mut self, now: Timestamp, api_key: Option<&str>, device_id: &str) -> Result<(), ControlError> {
        self.settle(now);
        let id = self.account_of_device(api_key, device_id)?;
        let account = self.accounts.known_mut(id).ok_or(ControlError::NoDevice)?;
        if !account.unpair(device_id) {
            return Err(ControlError::NoDevice);
        }
        self.changes.device(id);
        Ok(())
    }

    fn account_of_device(&self, api_key: Option<&str>, device_id: &str) -> Result<AccountId, ControlError> {
        if let Some(key) = api_key {
            return Ok(AccountId::named(key));
        }
        let mut owners = self.accounts.selected(None).filter(|account| account.devices.find(device_id).is_some());
        let owner = owners.next().ok_or(ControlError::NoDevice)?;
        if owners.next().is_some() { Err(ControlError::AmbiguousDevice) } else { Ok(owner.id) }
    }
}

pub(super) async fn list(Shares(shared): App, account: Account) -> Response<Body> {
    let devices = shared.at_now(|service, now| service.devices(now, account.api_key()));
    http::json(200, &json!({"devices": devices}))
}

pub(super) async fn set(Shares(shared): App, account: Account, device: Parameter, body: Bytes) -> Answer {
    let settings: DeviceSettings = read(&body)?;
    check(&device.0, &settings)?;
    let device = shared.at_now(|service, now| service.set_device(now, account.api_key(), &device.0, settings))?;
    Ok(http::json(200, &device))
}

pub(super) async fn unpair(Shares(shared): App, account: Account, device: Parameter) -> Answer {
    shared.at_now(|service, now| service.unpair(now, account.api_key(), &device.0))?;
    Ok(done())
}

fn check(device_id: &str, settings: &DeviceSettings) -> Result<(), Refusal> {
    if contract::check_stream_key(device_id).is_some() || device_id.len() > LONGEST_NAME {
        return Err(invalid("`device_id` must be 1 to 100 letters, digits, underscores or hyphens"));
    }
    let name = settings.name.as_deref().unwrap_or(device_id);
    if name.trim().is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(invalid("`name` must have 1 to 100 characters"));
    }
    Ok(())
}
