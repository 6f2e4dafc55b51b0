//! Takes API keys out of what people get to read: a key may stand wherever it was put by mistake.

use std::borrow::Cow;

const START: &str = "ask_";
const REDACTED: &str = "[redacted]";

/// The text with `[redacted]` in the place of everything that looks like a key: `ask_` and what follows it, unless it is the
/// end of another word, as in `task_list`.
pub fn mask(text: &str) -> Cow<'_, str> {
    let mut masked = String::new();
    let mut rest = text;
    let mut before = None;
    while let Some(at) = rest.find(START) {
        let (clear, found) = rest.split_at(at);
        let length = found.find(|char: char| !is_of_key(char)).unwrap_or(found.len());
        masked.push_str(clear);
        let inside_a_word = clear.chars().next_back().or(before).is_some_and(char::is_alphanumeric);
        if inside_a_word || length == START.len() {
            // Only as far as is known to be no key: another may begin in what follows.
            masked.push_str(START);
            rest = &found[START.len()..];
            before = Some('_');
        } else {
            masked.push_str(REDACTED);
            rest = &found[length..];
            before = None;
        }
    }
    if masked.is_empty() {
        return Cow::Borrowed(text);
    }
    masked.push_str(rest);
    Cow::Owned(masked)
}

fn is_of_key(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '_' || char == '-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_masked_wherever_it_stands() {
        for (text, masked) in [
            ("ask_live_1", "[redacted]"),
            ("'--api-keyy=ask_live_1' found", "'--api-keyy=[redacted]' found"),
            ("ask_a-B_9, then ask_b.", "[redacted], then [redacted]."),
            ("task_ask_live_1", "task_[redacted]"),
        ] {
            assert_eq!(mask(text), masked);
        }
    }

    #[test]
    fn what_is_no_key_stays() {
        for text in ["", "nightly-backup: started", "task_list: started", "a key such as ask_..."] {
            assert_eq!(mask(text), text);
        }
    }
}
