//! Where requests go. Nothing here sends anything.

use std::net::{IpAddr, Ipv6Addr};

use super::host::Host;
use super::settings::{ALLOW_HOST, BASE_URL, variable};
use crate::error::ConfigError;

/// Where the service is, and where requests go unless a setting says otherwise.
pub const SERVICE: &str = "https://activitysmith.com/api";
/// The vendor's domain, which no setting can turn into a place for tests.
const VENDOR: &str = "activitysmith.com";

/// Where requests go.
#[derive(Clone, Debug)]
pub(crate) struct BaseUrl {
    /// Without a slash at the end.
    pub(crate) text: String,
    /// Requests stay on this machine.
    pub(crate) loopback: bool,
    /// Test keys and plain http are allowed.
    pub(super) for_tests: bool,
    #[cfg_attr(not(feature = "client"), allow(dead_code, reason = "the built-in transport looks at it"))]
    pub(crate) https: bool,
}

impl BaseUrl {
    /// From the argument, else the environment, else the service's own.
    pub(super) fn find(argument: Option<&str>, host: &dyn Host) -> Result<Self, ConfigError> {
        let allowed_host = variable(host, ALLOW_HOST);
        match (argument, variable(host, BASE_URL)) {
            (Some(text), _) => Self::parse("base_url", text, allowed_host.as_deref()),
            (None, Some(text)) => Self::parse(BASE_URL, &text, allowed_host.as_deref()),
            (None, None) => Self::parse("base_url", SERVICE, allowed_host.as_deref()),
        }
    }

    fn parse(setting: &str, text: &str, allowed_host: Option<&str>) -> Result<Self, ConfigError> {
        let refuse = |problem: &str| ConfigError::new(setting, format!("{problem}; for example {SERVICE}"));
        let https = text.starts_with("https://");
        let Some(rest) = text.strip_prefix(if https { "https://" } else { "http://" }) else {
            return Err(ConfigError::new(setting, "must start with https:// (http:// for loopback)"));
        };
        if let Some(other) = text.chars().find(|&character| !is_of_an_address(character)) {
            return Err(refuse(&format!("contains {other:?}, which a URL must percent-encode")));
        }
        if text.contains(['?', '#']) {
            return Err(ConfigError::new(setting, "must end with its path; remove what follows ? or #"));
        }
        let authority = rest.split('/').next().unwrap_or_default();
        if authority.contains('@') {
            return Err(refuse("must not contain a user name or password"));
        }
        let host = host(authority).ok_or_else(|| refuse("has no host, or an invalid port"))?;
        let loopback = is_loopback(host);
        let for_tests = loopback || is_allowed(host, allowed_host)?;
        if !https && !for_tests {
            let problem = format!("is plain http, which would expose the key on the way to {host}; use https");
            return Err(ConfigError::new(setting, problem));
        }
        Ok(Self { text: text.trim_end_matches('/').to_owned(), loopback, for_tests, https })
    }
}

/// What may stand in an address, encoded where need be. Parsers differ about the rest: some take a backslash for a slash.
fn is_of_an_address(character: char) -> bool {
    character.is_ascii_graphic() && !r#""<>\^`{|}"#.contains(character)
}

/// The host of what stands before the path. Fewer are taken than there could be, so that every other parser finds the same.
fn host(authority: &str) -> Option<&str> {
    let end = match authority.strip_prefix('[') {
        Some(address) => address.find(']')? + 2,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at(end);
    let is_host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte)),
    };
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    (is_host && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))).then_some(host)
}

fn is_loopback(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn is_allowed(host: &str, allowed: Option<&str>) -> Result<bool, ConfigError> {
    let Some(allowed) = allowed else { return Ok(false) };
    // A dot at the end names the same host.
    let allowed = allowed.trim_end_matches('.').to_ascii_lowercase();
    let host = host.trim_end_matches('.');
    if allowed == VENDOR || allowed.strip_suffix(VENDOR).is_some_and(|parent| parent.ends_with('.')) {
        return Err(ConfigError::new(ALLOW_HOST, "names the service itself; it is for an emulator on another host"));
    }
    Ok(host.eq_ignore_ascii_case(&allowed))
}

#[cfg(test)]
mod tests {
    use super::super::host::Variables;
    use super::*;

    const NOTHING: &Variables = &Variables(|_| None);

    fn base(text: &str) -> Result<BaseUrl, ConfigError> {
        BaseUrl::find(Some(text), NOTHING)
    }

    #[test]
    fn the_service_is_the_default() {
        assert_eq!(BaseUrl::find(None, NOTHING).unwrap().text, SERVICE);
    }

    #[test]
    fn plain_http_goes_to_loopback_only() {
        for ours in ["http://127.0.0.1:4010/api", "http://localhost/api/", "http://[::1]:8080", "http://127.8.9.1"] {
            assert!(base(ours).unwrap().loopback, "{ours}");
        }
        for foreign in [
            "http://example.com/api",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://0x7f.1/",
            "http://10.0.0.1",
            "http://[::ffff:10.0.0.1]/",
        ] {
            assert!(base(foreign).unwrap_err().problem.contains("plain http"), "{foreign}");
        }
    }

    #[test]
    fn what_is_no_base_url_is_refused_with_the_setting_named() {
        for text in [
            "activitysmith.com/api",
            "ftp://localhost",
            "https://",
            "https://user:word@localhost/api",
            "https://example.com/api?key=1",
            "https://example.com/api#part",
            "http://127.0.0.1\\@example.com/",
            "https://exa mple.com",
            "https://exa%6dple.com",
            "https://b\u{fc}cher.example",
            "https://:8080/api",
            "https://[example.com]/api",
            "https://[::1/api",
            "https://[::1]8080/api",
            "https://example.com:/api",
            "https://example.com:+80/api",
            "https://example.com:65536/api",
            "https://example.com/a\\pi",
            "https://example.com/\napi",
        ] {
            assert_eq!(base(text).unwrap_err().setting, "base_url", "{text}");
        }
    }

    #[test]
    fn one_other_host_can_be_allowed_but_never_the_vendors() {
        let container = &Variables(|name| (name == ALLOW_HOST).then_some("Emulator"));
        let vendor = &Variables(|name| (name == ALLOW_HOST).then_some("www.ActivitySmith.com."));
        let emulator = BaseUrl::find(Some("http://emulator:4010/api"), container).unwrap();
        assert!(emulator.for_tests);
        assert!(BaseUrl::find(Some("http://other:4010/api"), container).is_err());
        assert_eq!(BaseUrl::find(None, vendor).unwrap_err().setting, ALLOW_HOST);
    }
}
