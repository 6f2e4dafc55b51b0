//! Pairs on the command line: `LABEL=VALUE` of a metric, `KEY=VALUE` of metadata and `TITLE=URL` of a button. `:=` in place of `=` takes the value as
//! JSON, which says outright whether it is a number or a text.

use serde_json::Value;

use crate::value::{leading_json, number_or_text};

/// `LABEL=VALUE[,unit=UNIT][,color=COLOR]`; a value that is a number counts as one.
#[derive(Clone, Debug)]
pub struct MetricArg {
    pub label: String,
    pub value: Value,
    pub unit: Option<String>,
    pub color: Option<String>,
}

/// `KEY=TEXT`, or `KEY:=JSON`. A text that looks like a number stays a text, so that a commit `12345678` stays what it is.
#[derive(Clone, Debug)]
pub struct MetadataArg {
    pub key: String,
    pub value: Value,
}

/// `TITLE=URL[,webhook][,method=METHOD][,body=JSON]`; each of what follows the address makes a webhook of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ActionArg {
    pub title: String,
    pub url: String,
    pub is_webhook: bool,
    pub method: Option<String>,
    pub body: Option<Value>,
}

impl ActionArg {
    pub fn parse(text: &str) -> Result<Self, String> {
        let (title, rest) = text.split_once('=').ok_or("= is missing; write it as TITLE=URL")?;
        // The body is the last, since it may hold any comma.
        let (rest, body) = rest.split_once(",body=").map_or((rest, None), |(rest, body)| (rest, Some(body)));
        let body = body
            .map(|body| serde_json::from_str(body).map_err(|error| format!("what follows body= is not JSON: {error}")));
        let (rest, method) = rest.rsplit_once(",method=").map_or((rest, None), |(rest, method)| (rest, Some(method)));
        let (url, word) = rest.strip_suffix(",webhook").map_or((rest, false), |url| (url, true));
        Ok(Self {
            title: title.to_owned(),
            url: url.to_owned(),
            is_webhook: word || method.is_some() || body.is_some(),
            method: method.map(str::to_owned),
            body: body.transpose()?,
        })
    }
}

impl MetricArg {
    pub fn parse(text: &str) -> Result<Self, String> {
        let (label, value, attributes) = match split_pair(text)? {
            Pair::Text(label, text) => {
                let (value, attributes) = split_attributes(text);
                (label, number_or_text(value), attributes)
            }
            // Read to its end first: a text in it may hold what looks like an attribute.
            Pair::Json(label, text) => {
                let (value, rest) = leading_json(text).map_err(|error| no_json(&error))?;
                let (between, attributes) = split_attributes(rest);
                if !between.trim().is_empty() {
                    return Err(format!("{between} follows the JSON, where only ,unit= and ,color= may stand"));
                }
                (label, value, attributes)
            }
        };
        let mut metric = Self { label: label.to_owned(), value, unit: None, color: None };
        for (name, value) in attributes {
            let place = if name == UNIT { &mut metric.unit } else { &mut metric.color };
            if place.replace(value.to_owned()).is_some() {
                return Err(format!("{} is given twice", name.trim_matches([',', '='])));
            }
        }
        Ok(metric)
    }
}

impl MetadataArg {
    pub fn parse(text: &str) -> Result<Self, String> {
        let (key, value) = match split_pair(text)? {
            Pair::Text(key, text) => (key, text.into()),
            Pair::Json(key, text) => (key, serde_json::from_str(text).map_err(|error| no_json(&error))?),
        };
        Ok(Self { key: key.to_owned(), value })
    }
}

/// A name, and the text of its value.
enum Pair<'a> {
    Text(&'a str, &'a str),
    Json(&'a str, &'a str),
}

fn split_pair(text: &str) -> Result<Pair<'_>, String> {
    let (name, value) = text.split_once('=').ok_or("= is missing; write it as LABEL=VALUE")?;
    Ok(match name.strip_suffix(':') {
        None => Pair::Text(name, value),
        Some(name) => Pair::Json(name, value),
    })
}

fn no_json(error: &serde_json::Error) -> String {
    format!("what follows := is not JSON: {error}")
}

const UNIT: &str = ",unit=";
const COLOR: &str = ",color=";

/// The part before the first attribute, and the attributes with their values. Any other comma is part of a text.
fn split_attributes(text: &str) -> (&str, Vec<(&str, &str)>) {
    let mut starts: Vec<(usize, &str)> = text.match_indices(UNIT).chain(text.match_indices(COLOR)).collect();
    starts.sort_unstable();
    let before = &text[..starts.first().map_or(text.len(), |(at, _)| *at)];
    let ends = starts.iter().skip(1).map(|(at, _)| *at).chain([text.len()]);
    let attributes = starts.iter().zip(ends).map(|((at, name), end)| (*name, &text[at + name.len()..end])).collect();
    (before, attributes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (String, String, Option<String>, Option<String>) {
        let MetricArg { label, value, unit, color } = MetricArg::parse(text).unwrap();
        (label, value.to_string(), unit, color)
    }

    #[test]
    fn a_metric_is_a_label_and_a_value_and_perhaps_more() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(parts("CPU=76"), ("CPU".into(), "76".into(), None, None));
        assert_eq!(parts("CPU=76,unit=%,color=blue"), ("CPU".into(), "76".into(), some("%"), some("blue")));
        assert_eq!(parts("Cost=€3,180,unit=net, EUR"), ("Cost".into(), "\"€3,180\"".into(), some("net, EUR"), None));
        assert_eq!(parts("Ratio=a=b"), ("Ratio".into(), "\"a=b\"".into(), None, None));
        assert_eq!(parts("Cost:=\"42.50\",unit=EUR"), ("Cost".into(), "\"42.50\"".into(), some("EUR"), None));
        assert_eq!(parts("Next=a,b=c"), ("Next".into(), "\"a,b=c\"".into(), None, None));
        assert_eq!(parts("a,unit=b"), ("a,unit".into(), "\"b\"".into(), None, None));
        assert_eq!(parts("Cost:=\"1,unit=x\",color=red"), ("Cost".into(), "\"1,unit=x\"".into(), None, some("red")));
        assert_eq!(parts("=1"), (String::new(), "1".into(), None, None));
    }

    #[test]
    fn a_metric_that_is_none_is_refused() {
        for text in ["CPU", "CPU:=", "CPU:=x", "CPU:=1e999", "CPU:=1 2", "CPU:=1,colour=red", "CPU=1,unit=a,unit=b"] {
            assert!(MetricArg::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_button_opens_an_address_unless_it_is_a_webhook() {
        let button = |text: &str| {
            let ActionArg { title, url, is_webhook, method, body } = ActionArg::parse(text).unwrap();
            (title, url, is_webhook, method, body.map(|body| body.to_string()))
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            button("Log=https://a.test/?b=c,d"),
            ("Log".into(), "https://a.test/?b=c,d".into(), false, None, None)
        );
        assert_eq!(button("Retry=https://a.test,webhook"), ("Retry".into(), "https://a.test".into(), true, None, None));
        assert_eq!(
            button(r#"Retry=https://a.test,webhook,method=GET,body={"a":1,"b":",method=2"}"#),
            ("Retry".into(), "https://a.test".into(), true, some("GET"), some(r#"{"a":1,"b":",method=2"}"#))
        );
        assert_eq!(
            button("R=https://a.test,method=GET"),
            ("R".into(), "https://a.test".into(), true, some("GET"), None)
        );
        assert!(ActionArg::parse("Log").is_err() && ActionArg::parse("R=u,body=x").is_err());
    }

    #[test]
    fn metadata_is_text_unless_marked_as_json() {
        let value = |text| MetadataArg::parse(text).unwrap().value.to_string();
        assert_eq!(value("commit=12345678"), "\"12345678\"");
        assert_eq!(value("attempt:=3"), "3");
        assert_eq!(value("dry:=true"), "true");
        assert_eq!(value("url=https://example.com/?a=b"), "\"https://example.com/?a=b\"");
        assert!(MetadataArg::parse("attempt:=1e999").is_err());
    }
}
