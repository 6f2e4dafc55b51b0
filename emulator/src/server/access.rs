//! Who may use what is not the API: programs and pages of this machine. The port is reachable from here alone, yet any
//! web page that is open in a browser here can send requests to it, and can give a name of its own the address
//! 127.0.0.1. Knows nothing of accounts.

use hyper::header::{HOST, HeaderValue, ORIGIN};
use hyper::http::request::Parts;

const LOCAL_NAMES: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// Why a request outside the API is refused, if it is.
pub(super) fn refusal(parts: &Parts) -> Option<&'static str> {
    let all_local = |header, is_local: fn(&str) -> bool| {
        let is_local = |value: &HeaderValue| value.to_str().is_ok_and(is_local);
        parts.headers.get_all(header).iter().all(is_local)
    };
    // The request line may name a host too, which then counts for more than the header.
    let line = parts.uri.authority().is_none_or(|authority| is_local(authority.as_str()));
    if !line || !parts.headers.contains_key(HOST) || !all_local(HOST, is_local) {
        return Some("the emulator's own endpoints answer only to 127.0.0.1, localhost and [::1] as Host");
    }
    if !all_local(ORIGIN, is_local_origin) {
        return Some("the emulator's own endpoints are closed to web pages that are not served by this machine");
    }
    None
}

/// Whether `host[:port]` names this machine.
fn is_local(authority: &str) -> bool {
    let name = match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => authority,
    };
    LOCAL_NAMES.iter().any(|local| name.eq_ignore_ascii_case(local))
}

/// Whether a page with this origin comes from this machine. A page without an origin of its own sends `null`.
fn is_local_origin(origin: &str) -> bool {
    let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    authority.is_some_and(is_local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_this_machine_are_local_on_any_port() {
        for authority in ["127.0.0.1", "127.0.0.1:8080", "localhost:1", "LocalHost", "[::1]", "[::1]:65535"] {
            assert!(is_local(authority), "{authority}");
        }
    }

    #[test]
    fn whatever_else_may_resolve_to_this_machine_is_not() {
        for authority in [
            "",
            ":80",
            "::1",
            "rebound.example",
            "localhost.example:80",
            "127.0.0.1.example",
            "user@localhost",
            "[::2]",
        ] {
            assert!(!is_local(authority), "{authority}");
        }
    }

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        assert!(is_local_origin("http://localhost:5173") && is_local_origin("https://[::1]"));
        for origin in ["null", "", "localhost", "http://shop.example", "http://localhost@shop.example", "file://"] {
            assert!(!is_local_origin(origin), "{origin}");
        }
    }
}
