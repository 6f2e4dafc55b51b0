//! The client as Python holds it: calls and outcomes are JSON texts.

use std::sync::Arc;
use std::time::Duration;

use super::NativeError;
use super::engine::Engine;
use super::engines::Engines;
#[cfg(unix)]
use super::inbox::Inbox;
use crate::error::{Error, Result};
use crate::session::Settings;

/// A client whose calls and outcomes are JSON texts. Threads may share it, and a forked child may go on using it.
#[derive(uniffi::Object)]
pub struct NativeClient {
    engines: Engines,
}

#[uniffi::export]
impl NativeClient {
    /// A client with these settings, as [`Settings::from_json`] reads them.
    #[uniffi::constructor]
    pub fn new(settings: &[u8]) -> Result<Self, NativeError> {
        let settings = Settings::from_json(settings).map_err(Error::from)?;
        Ok(Self { engines: Engines::new(settings)? })
    }

    /// Makes a call and waits for it, at most so long: gives back its outcome, or nothing where it is still under way. The
    /// ticket, which the caller chooses, is how to wait further and how to abandon it.
    pub fn call(&self, call: &[u8], ticket: u64, wait_ms: u32) -> Result<Vec<u8>, NativeError> {
        Ok(self.engine()?.call(call, ticket, Duration::from_millis(wait_ms.into())).unwrap_or_default())
    }

    /// Waits further for a call, at most so long: gives back its outcome, or nothing where it is still under way.
    pub fn wait(&self, ticket: u64, wait_ms: u32) -> Result<Vec<u8>, NativeError> {
        Ok(self.engine()?.wait(ticket, Duration::from_millis(wait_ms.into())).unwrap_or_default())
    }

    /// Abandons a call. One that is not under way any more is no error.
    pub fn cancel(&self, ticket: u64) -> Result<(), NativeError> {
        if let Ok(engine) = self.engine() {
            engine.cancel(ticket);
        }
        Ok(())
    }

    /// Closes connections. Calls under way and later ones fail, and say why.
    pub fn close(&self) -> Result<(), NativeError> {
        self.engines.close();
        Ok(())
    }
}

#[cfg(unix)]
#[uniffi::export]
impl NativeClient {
    /// Makes a call whose outcome goes to an inbox with its ticket, which the caller chooses: gives back nothing, or the outcome
    /// where nothing has to be sent.
    pub fn start(&self, call: &[u8], ticket: u64, inbox: Arc<Inbox>) -> Result<Vec<u8>, NativeError> {
        Ok(self.engine()?.start(call, ticket, inbox).unwrap_or_default())
    }
}

impl NativeClient {
    pub(super) fn engine(&self) -> Result<Arc<Engine>> {
        self.engines.current()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: &[u8] = br#"{"purpose": "end", "stream_key": "nightly-backup"}"#;

    /// Nothing listens on port 1 of this machine, so each call fails at once.
    fn client() -> NativeClient {
        let settings = br#"{"api_key": "ask_test_1", "base_url": "http://127.0.0.1:1/api", "max_retries": 0}"#;
        NativeClient::new(settings).unwrap()
    }

    fn text(outcome: Result<Vec<u8>, NativeError>) -> String {
        String::from_utf8(outcome.unwrap()).unwrap()
    }

    #[test]
    fn an_outcome_is_given_back_at_once_where_it_is_there() {
        let outcome = text(client().call(END, 1, 10_000));
        assert!(outcome.starts_with(r#"{"failed":{"#) && outcome.contains(r#""kind":"connection""#), "{outcome}");
    }

    #[test]
    fn a_call_can_be_waited_for_bit_by_bit() {
        let client = client();
        let mut outcome = text(client.call(END, 7, 0));
        while outcome.is_empty() {
            outcome = text(client.wait(7, 10_000));
        }
        assert!(outcome.contains(r#""kind":"connection""#), "{outcome}");
        assert!(text(client.wait(99, 0)).contains("nobody waits for such a call"));
    }

    #[cfg(unix)]
    #[test]
    fn an_outcome_comes_into_the_inbox_with_its_ticket() {
        let (client, inbox) = (client(), Arc::new(Inbox::new().unwrap()));
        assert_eq!(text(client.start(END, 7, Arc::clone(&inbox))), "");
        let outcome = std::iter::repeat_with(|| text(inbox.take())).find(|outcome| !outcome.is_empty()).unwrap();
        assert!(outcome.starts_with(r#"{"ticket":7,"outcome":{"failed":{"#), "{outcome}");
        client.cancel(7).unwrap();
    }

    /// Connections to this address are taken, and never answered.
    fn silent_client() -> (std::net::TcpListener, NativeClient) {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let settings = format!(r#"{{"api_key": "ask_test_1", "base_url": "http://{address}/api"}}"#);
        (listener, NativeClient::new(settings.as_bytes()).unwrap())
    }

    #[cfg(unix)]
    #[test]
    fn calls_under_way_hear_that_the_client_is_closed() {
        let ((_listener, client), inbox) = (silent_client(), Arc::new(Inbox::new().unwrap()));
        client.start(END, 7, Arc::clone(&inbox)).unwrap();
        assert_eq!(text(client.call(END, 8, 0)), "");
        client.close().unwrap();
        let outcome = text(inbox.take());
        assert!(outcome.starts_with(r#"{"ticket":7,"#) && outcome.contains("client is closed"), "{outcome}");
        assert!(client.wait(8, 0).unwrap_err().to_string().contains("client is closed"));
    }

    #[test]
    fn what_is_wrong_with_a_call_is_told_without_waiting() {
        let client = client();
        let call = br#"{"purpose": "stream", "stream_key": 5, "body": {"content_state": {"title": null, "icon": {"symbol": "a", "color": null}}}}"#;
        let outcome = text(client.call(call, 1, 0));
        assert!(
            outcome.contains("stream_key is a number") && outcome.contains("content_state.title is missing"),
            "{outcome}"
        );
        assert!(!outcome.contains("icon"), "a null is absent: {outcome}");
        let call = br#"{"purpose": "end", "stream_key": "k", "timeout_seconds": 0}"#;
        assert!(text(client.call(call, 1, 0)).contains("timeout is out of range"));
    }

    #[test]
    fn a_closed_client_says_so() {
        let client = client();
        client.close().unwrap();
        client.close().unwrap();
        let refusal = client.call(END, 1, 0).unwrap_err().to_string();
        assert!(refusal.contains(r#""setting":"client""#) && refusal.contains("is closed"), "{refusal}");
    }

    #[test]
    fn settings_that_cannot_be_are_refused_as_json() {
        let refusal = NativeClient::new(br#"{"base_url": "http://example.com"}"#).err().unwrap().to_string();
        assert!(refusal.starts_with('{') && refusal.contains(r#""setting":"base_url""#), "{refusal}");
    }
}
