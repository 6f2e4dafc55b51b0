//! A publisher as other languages hold it: it belongs to the process that made it, and in a forked child it is inert.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::engine::Engine;
use crate::Number;
use crate::client::{Gauge, Publisher};
use crate::error::{ConfigError, Error, Result};
use crate::model::json;
use crate::publish::{Changes, Dispatcher, Pacing};
use crate::session::{Nulls, drop_nulls};
use crate::validate::{self, Purpose};
use crate::wire::parse_json;

pub(super) struct Publishing {
    /// There until this is dropped. The engine's thread sends for it, so that stays as long.
    held: Option<(Publisher, Arc<Engine>)>,
    process: u32,
    /// How far it is, where items are counted.
    pub(super) gauge: Option<Arc<Gauge>>,
}

/// What there is to publish, and how.
struct Beginning {
    stream_key: String,
    first: Changes,
    pacing: Pacing,
    gauge: Option<Arc<Gauge>>,
}

impl Beginning {
    /// Of a JSON text, `{"stream_key", "body", "pace_seconds", "items"}`. Without a pace it is that of the device; else so many
    /// seconds lie between two updates. With `items`, `{"total"}`, those are counted, and the body need not say how.
    fn parse(beginning: &[u8]) -> Result<Self> {
        let beginning = parse_json(beginning)?;
        let mut stream_key = Value::from("");
        let (mut body, mut pacing, mut items) = (Value::from(Map::new()), Pacing::Device, None);
        let Value::Object(members) = beginning else {
            let problem = format!("is {}; give an object", json::kind(&beginning));
            return Err(ConfigError::new("publishing", problem).into());
        };
        for (name, value) in members {
            match name.as_str() {
                "stream_key" => stream_key = value,
                "body" => body = value,
                "pace_seconds" => pacing = Pacing::Every(pace(&value)?),
                "items" => items = Some(total(&value)?),
                other => return Err(ConfigError::new(other, "is no part of publishing").into()),
            }
        }
        drop_nulls(&mut body);
        let gauge = items.map(|total| Arc::new(Gauge::new(total, pacing)));
        if let Some(gauge) = &gauge {
            body = counting(body, gauge);
        }
        let Value::String(stream_key) = stream_key else {
            // Told with all else that is wrong.
            return Err(validate::check(Purpose::Publish, &stream_key, &mut body).expect_err("a key is a text").into());
        };
        Ok(Self { stream_key, first: Changes::from(body), pacing, gauge })
    }
}

/// Checks what [`Publishing::open`] would begin, and begins nothing.
pub(super) fn check(beginning: &[u8]) -> Result<()> {
    let Beginning { stream_key, first, pacing, .. } = Beginning::parse(beginning)?;
    Dispatcher::default().open(&stream_key, first, pacing, Duration::ZERO)?;
    Ok(())
}

impl Publishing {
    /// Begins what a JSON text asks for; see [`Beginning::parse`].
    pub(super) fn open(engine: Arc<Engine>, beginning: &[u8]) -> Result<Self> {
        let Beginning { stream_key, first, pacing, gauge } = Beginning::parse(beginning)?;
        Self::begin(engine, stream_key, first, pacing, gauge)
    }

    /// Begins to publish. With a gauge it shows how far that is.
    pub(super) fn begin(
        engine: Arc<Engine>,
        stream_key: String,
        first: Changes,
        pacing: Pacing,
        gauge: Option<Arc<Gauge>>,
    ) -> Result<Self> {
        let runtime = engine.runtime()?;
        let publisher = engine.client.publish_on(&runtime, stream_key, first, pacing, gauge.clone())?;
        Ok(Self { process: engine.process, held: Some((publisher, engine)), gauge })
    }

    /// The publisher, in its own process. In another its lock may be held by a thread that is not there.
    pub(super) fn get(&self) -> Option<&Publisher> {
        self.held().map(|(publisher, _)| publisher)
    }

    /// The same with the engine that sends for it.
    pub(super) fn held(&self) -> Option<&(Publisher, Arc<Engine>)> {
        self.held.as_ref().filter(|_| !self.is_elsewhere())
    }

    fn is_elsewhere(&self) -> bool {
        self.process != std::process::id()
    }
}

impl Drop for Publishing {
    fn drop(&mut self) {
        if self.is_elsewhere() {
            std::mem::forget(self.held.take());
        }
    }
}

/// Changes that a JSON text holds. Null stands for nothing.
pub(super) fn changes(text: &[u8]) -> Result<Changes, Error> {
    Ok(Changes::parse_with(text, Nulls::Absence)?)
}

/// A body whose state shows a count, as the gauge says how.
fn counting(mut body: Value, gauge: &Gauge) -> Value {
    if let (Some(members), Value::Object(first)) =
        (json::object_mut(&mut body), json::to_value(&gauge.first(String::new())))
    {
        members.extend(first.into_iter().filter(|(name, _)| name != "title"));
    }
    body
}

/// Without a pace it is that of the device; else so many seconds lie between two updates.
#[cfg(feature = "ffi-records")]
pub(super) fn pacing(pace_seconds: Option<f64>) -> Result<Pacing, ConfigError> {
    pace_seconds.map_or(Ok(Pacing::Device), |seconds| pace(&Number::from(seconds).into()).map(Pacing::Every))
}

fn pace(value: &Value) -> Result<Duration, ConfigError> {
    let seconds = json::number(value).map(Number::as_f64).filter(|seconds| *seconds >= 0.0);
    let gap = seconds.map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
    gap.ok_or_else(|| ConfigError::new("pace", format!("is {}; give a number of seconds of at least 0", told(value))))
}

/// How many items there are, where that is known.
fn total(items: &Value) -> Result<Option<u64>, ConfigError> {
    let Some(total) = items.get("total").filter(|total| !total.is_null()) else { return Ok(None) };
    let whole = json::number(total).and_then(Number::as_integer).and_then(|number| u64::try_from(number).ok());
    match whole {
        Some(whole) => Ok(Some(whole)),
        None => Err(ConfigError::new("total", format!("is {}; give a whole number of at least 0", told(total)))),
    }
}

fn told(value: &Value) -> String {
    json::number(value).map_or_else(|| json::kind(value).to_owned(), |number| number.to_string())
}
