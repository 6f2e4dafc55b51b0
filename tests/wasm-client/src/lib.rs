//! The core's own client as WebAssembly, for the test that runs it in Node; the npm package does its I/O in TypeScript instead.

use activitysmith_kit::{ActivitySmith, Progress};
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
