//! The client as other languages hold it.

use std::sync::Arc;
use std::time::Duration;

use super::NativeError;
use super::completions::Completions;
use super::process_clients::ProcessClients;
use super::publisher::NativePublisher;
use crate::call::{Nulls, Settings};
use crate::error::Error;
use crate::publish::driver::Op;

/// A client. Threads may share it, and a forked child may go on using it.
///
/// The caller chooses the number of a call, which no other operation of the client has meanwhile. Its outcome is `{"done": ...}` with the
/// answer, or `{"failed": ...}` with the error, and has `"log": [{"warning", "message"}]` where there is something to log.
#[derive(uniffi::Object)]
pub struct NativeClient {
    clients: ProcessClients,
}

#[uniffi::export]
impl NativeClient {
    // A client with these settings, as [`Settings::from_json`] reads them.
    #[uniffi::constructor]
    pub fn new(settings: &[u8]) -> Result<Self, NativeError> {
        let settings = Settings::from_json(settings).map_err(Error::from)?;
        Ok(Self { clients: ProcessClients::new(settings)? })
    }

    // Starts a call: `{"endpoint", "key", "body", "timeout_seconds", "max_retries"}`.
    pub fn start(&self, call: &[u8], op: Op) -> Result<(), NativeError> {
        let client = self.clients.current()?;
        // Reads the key, which is no work for the lock.
        client.shared().session.disabled_reason();
        let now = client.shared().clock_now();
        let begun = client.begin(op, |driver| {
            // What is wrong with a call is its outcome.
            driver.call_json(call, Nulls::Absence, op, now).unwrap_or_else(|error| driver.fail(op, error));
            Ok(())
        });
        Ok(begun?)
    }

    // Begins to publish a stream:
    // `{"stream_key", "body", "min_interval_seconds", "items": {"total"}, "flush_timeout_seconds", "show_after_seconds"}`. Without a key its
    // states are checked, and nothing is sent.
    pub fn publish(&self, beginning: &[u8]) -> Result<Arc<NativePublisher>, NativeError> {
        Ok(Arc::new(NativePublisher::open(self.clients.current()?, beginning)?))
    }

    // Sends the newest states of all publishers that have not ended, and waits until they have arrived: `{"timeout_seconds"}`.
    pub fn flush_all(&self, flush: &[u8], op: Op) -> Result<(), NativeError> {
        let client = self.clients.current()?;
        let now = client.shared().now();
        Ok(client.begin(op, |driver| driver.flush_all_json(flush, op, now))?)
    }

    // Ends all publishers that have not ended, within one time limit, and waits for that:
    // `{"how": "finished" or "failed", "reason", "timeout_seconds"}`.
    pub fn shutdown(&self, end: &[u8], op: Op) -> Result<(), NativeError> {
        let client = self.clients.current()?;
        let now = client.shared().now();
        Ok(client.begin(op, |driver| driver.shutdown_json(end, op, now))?)
    }

    // Waits for an operation, for so many milliseconds at most: gives back its outcome, or nothing where it is still under way.
    pub fn wait(&self, op: Op, limit_ms: u32) -> Result<Vec<u8>, NativeError> {
        Ok(self.clients.current()?.wait(op, Duration::from_millis(limit_ms.into())))
    }

    // Has an operation's outcome put into a queue, instead of waiting for it.
    pub fn deliver(&self, op: Op, completions: Arc<Completions>) -> Result<(), NativeError> {
        self.clients.current()?.deliver(op, completions);
        Ok(())
    }

    // Abandons a call, or waits no more for a flush or an end, which goes on. One that is not under way any more is no error.
    pub fn cancel(&self, op: Op) -> Result<(), NativeError> {
        if let Ok(client) = self.clients.current() {
            client.shared().cancel(op);
        }
        Ok(())
    }

    // Closes connections. Calls under way and later ones fail, and say why.
    pub fn close(&self) -> Result<(), NativeError> {
        self.clients.close();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: &[u8] = br#"{"endpoint": "end_stream", "key": "nightly-backup"}"#;

    /// Nothing listens on port 1 of this machine, so each call fails at once.
    fn client() -> NativeClient {
        let settings = br#"{"api_key": "ask_test_1", "base_url": "http://127.0.0.1:1/api", "max_retries": 0}"#;
        NativeClient::new(settings).unwrap()
    }

    fn text(outcome: Result<Vec<u8>, NativeError>) -> String {
        String::from_utf8(outcome.unwrap()).unwrap()
    }

    fn outcome(client: &NativeClient, call: &[u8]) -> String {
        client.start(call, 1).unwrap();
        text(client.wait(1, 20_000))
    }

    #[test]
    fn an_outcome_is_waited_for_bit_by_bit() {
        let client = client();
        client.start(END, 7).unwrap();
        let mut outcome = text(client.wait(7, 0));
        while outcome.is_empty() {
            outcome = text(client.wait(7, 1));
        }
        assert!(outcome.starts_with(r#"{"failed":{"#) && outcome.contains(r#""kind":"connection""#), "{outcome}");
    }

    /// Connections to this address are taken, and never answered.
    #[cfg(unix)]
    fn silent_client() -> (std::net::TcpListener, NativeClient) {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let settings = format!(r#"{{"api_key": "ask_test_1", "base_url": "http://{address}/api"}}"#);
        (listener, NativeClient::new(settings.as_bytes()).unwrap())
    }

    #[cfg(unix)]
    #[test]
    fn calls_under_way_hear_that_the_client_is_closed() {
        let ((_listener, client), completions) = (silent_client(), Arc::new(Completions::new().unwrap()));
        client.start(END, 7).unwrap();
        client.deliver(7, Arc::clone(&completions)).unwrap();
        client.start(END, 8).unwrap();
        assert_eq!(text(client.wait(8, 0)), "");
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| client.wait(8, 20_000));
            while text(completions.take()).is_empty() {
                client.close().unwrap();
            }
            let told = waiting.join().unwrap().map_or_else(|error| error.to_string(), |outcome| text(Ok(outcome)));
            assert!(told.contains("client is closed"), "{told}");
        });
    }

    #[test]
    fn what_is_wrong_with_a_call_is_an_outcome() {
        let client = client();
        let call = br#"{"endpoint": "stream", "key": 5, "body": {"content_state": {"title": null, "icon": {"symbol": "a", "color": null}}}}"#;
        let refusal = outcome(&client, call);
        assert!(
            refusal.contains("stream_key is a number") && refusal.contains("content_state.title is missing"),
            "{refusal}"
        );
        assert!(!refusal.contains("icon"), "a null is absent: {refusal}");
        let call = br#"{"endpoint": "end_stream", "key": "k", "timeout_seconds": 0}"#;
        let refusal = outcome(&client, call);
        assert!(refusal.contains("timeout must be "), "{refusal}");
    }

    #[test]
    fn a_closed_client_says_so() {
        let client = client();
        client.close().unwrap();
        client.close().unwrap();
        let refusal = client.start(END, 1).unwrap_err().to_string();
        assert!(refusal.contains(r#""kind":"closed""#) && refusal.contains("is closed"), "{refusal}");
    }

    #[test]
    fn settings_that_cannot_be_are_refused_as_json() {
        let refusal = NativeClient::new(br#"{"base_url": "http://example.com"}"#).err().unwrap().to_string();
        assert!(refusal.starts_with('{') && refusal.contains(r#""setting":"base_url""#), "{refusal}");
    }
}
