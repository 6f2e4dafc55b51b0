//! The core's own client as WebAssembly, for the test that runs it in Node; the npm package does its I/O in TypeScript instead.

use std::time::Duration;

use activitysmith_kit::{ActivitySmith, Patch, Progress};
use wasm_bindgen::prelude::*;

/// Starts a stream and ends it; gives back what became of both.
#[wasm_bindgen(js_name = roundTrip)]
pub async fn round_trip(base_url: String, api_key: String, stream_key: String) -> Result<Vec<String>, JsError> {
    let client = ActivitySmith::builder().base_url(base_url).api_key(api_key).max_retries(0).build()?;
    let state = Progress::new("Search Reindex").subtitle("catalog-v2").percentage(42);
    let started = client.live_activities().stream(&stream_key, state).await?;
    let ended = client.live_activities().end_stream(&stream_key).await?;
    Ok(vec![started.operation.to_string(), ended.operation.to_string()])
}

/// Publishes a stream while a job runs that shows how far it is; gives back what became of the stream's end.
#[wasm_bindgen]
pub async fn publishing(base_url: String, api_key: String, stream_key: String) -> Result<String, JsError> {
    let client = ActivitySmith::builder().base_url(base_url).api_key(api_key).build()?;
    let live = client.live_activities().publish(stream_key, Progress::new("Search Reindex").percentage(0)).start()?;
    live.flush(Duration::from_secs(30)).await?;
    live.update(Patch::new().percentage(42))?;
    Ok(live.finish().within(Duration::from_secs(30)).await?.operation.to_string())
}
