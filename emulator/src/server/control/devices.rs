//! Devices: looking at them, toggling what they do, pairing and unpairing them.

use axum::body::{Body, Bytes};
use axum::extract::State as Shares;
use hyper::Response;
use serde_json::json;

use super::{Account, Answer, App, Parameter, Refusal, done, invalid, read};
use crate::contract;
use crate::engine::DeviceSettings;
use crate::server::http;

const LONGEST_NAME: usize = 100;

pub(super) async fn list(Shares(shared): App, account: Account) -> Response<Body> {
    let devices = shared.at_now(|engine, now| engine.devices(now, account.api_key()));
    http::json(200, &json!({"devices": devices}))
}

pub(super) async fn set(Shares(shared): App, account: Account, device: Parameter, body: Bytes) -> Answer {
    let settings: DeviceSettings = read(&body)?;
    check(&device.0, &settings)?;
    let device = shared.at_now(|engine, now| engine.set_device(now, account.api_key(), &device.0, settings))?;
    Ok(http::json(200, &device))
}

pub(super) async fn unpair(Shares(shared): App, account: Account, device: Parameter) -> Answer {
    shared.at_now(|engine, now| engine.unpair(now, account.api_key(), &device.0))?;
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
