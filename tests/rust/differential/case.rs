//! One generated request, and the name of a rule that a request can break.

use std::fmt;

use serde_json::Value;

/// A request as a caller would hand it in.
#[derive(Clone)]
pub struct Case {
    pub method: &'static str,
    pub stream_key: String,
    pub body: Value,
    /// Write the title twice, which no `Value` can hold.
    pub repeats_title: bool,
}

impl Case {
    pub fn is_end(&self) -> bool {
        self.method == "DELETE"
    }

    /// The body as JSON text.
    pub fn text(&self) -> Vec<u8> {
        let text = self.body.to_string();
        let text = if self.repeats_title { text.replacen("\"title\":", "\"title\":\"x\",\"title\":", 1) } else { text };
        text.into_bytes()
    }

    pub fn state(&mut self) -> &mut Value {
        &mut self.body["content_state"]
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} {}", self.method, self.stream_key, String::from_utf8_lossy(&self.text()))
    }
}

/// A rule by its place and code. List positions and the names of free members do not count.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    pub place: String,
    pub code: String,
}

impl Rule {
    pub fn new(path: &str, code: &str) -> Self {
        let mut place = String::new();
        for part in path.split('[') {
            let after = part.split_once(']').filter(|(index, _)| index.bytes().all(|byte| byte.is_ascii_digit()));
            match after {
                Some((_, rest)) => place.extend(["[]", rest]),
                None => place.push_str(part),
            }
        }
        for free in ["metadata.", "action.body."] {
            if let Some(start) = place.find(free) {
                place.truncate(start + free.len());
                place.push('*');
            }
        }
        if code == "unknown_field" {
            let parent = place.rfind('.').map_or(0, |dot| dot + 1);
            place.truncate(parent);
            place.push('*');
        }
        Self { place, code: code.to_owned() }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.place, self.code)
    }
}
