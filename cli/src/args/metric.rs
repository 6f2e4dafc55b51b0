//! Pairs on the command line: `LABEL=VALUE` of a metric and `KEY=VALUE` of metadata. `:=` in place of `=` takes the value as
//! JSON, which says outright whether it is a number or a text.

use serde_json::value::RawValue;

use crate::raw;

/// `LABEL=VALUE[,unit=UNIT][,color=COLOR]`; a value that is a number counts as one.
#[derive(Clone, Debug)]
pub struct MetricArg {
    pub label: String,
    pub value: Box<RawValue>,
    pub unit: Option<String>,
    pub color: Option<String>,
}

/// `KEY=TEXT`, or `KEY:=JSON`. A text that looks like a number stays a text, so that a commit `12345678` stays what it is.
#[derive(Clone, Debug)]
pub struct MetadataArg {
    pub key: String,
    pub value: Box<RawValue>,
}

impl MetricArg {
    pub fn parse(text: &str) -> Result<Self, String> {
        let (pair, attributes) = split_attributes(text);
        let (label, value) = split_pair(pair, raw::number_or_text)?;
        let mut metric = Self { label, value, unit: None, color: None };
        for (name, value) in attributes {
            let place = match name {
                "unit" => &mut metric.unit,
                "color" => &mut metric.color,
                _ => return Err(format!("a metric has no {name}, only unit and color")),
            };
            if place.replace(value.to_owned()).is_some() {
                return Err(format!("{name} is given twice"));
            }
        }
        Ok(metric)
    }
}

impl MetadataArg {
    pub fn parse(text: &str) -> Result<Self, String> {
        let (key, value) = split_pair(text, raw::text)?;
        Ok(Self { key, value })
    }
}

/// The part before the first `,name=`, and what follows name by name. A comma that starts no such thing is part of the text.
fn split_attributes(text: &str) -> (&str, Vec<(&str, &str)>) {
    let starts: Vec<usize> =
        text.match_indices(',').map(|(at, _)| at).filter(|at| attribute(&text[at + 1..]).is_some()).collect();
    let pair = &text[..starts.first().copied().unwrap_or(text.len())];
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let attributes = starts.iter().zip(ends).filter_map(|(start, end)| attribute(&text[start + 1..end])).collect();
    (pair, attributes)
}

/// `name=value`, where the name is one word of small letters.
fn attribute(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once('=')?;
    (!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase())).then_some((name, value))
}

fn split_pair(text: &str, plain: fn(&str) -> Box<RawValue>) -> Result<(String, Box<RawValue>), String> {
    let (name, value) = text.split_once('=').ok_or("there is no = in it")?;
    match name.strip_suffix(':') {
        None => Ok((name.to_owned(), plain(value))),
        Some(name) => match raw::json(value) {
            Ok(value) => Ok((name.to_owned(), value)),
            Err(error) => Err(format!("what follows := is not JSON: {error}")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (String, String, Option<String>, Option<String>) {
        let MetricArg { label, value, unit, color } = MetricArg::parse(text).unwrap();
        (label, value.get().to_owned(), unit, color)
    }

    #[test]
    fn a_metric_is_a_label_and_a_value_and_perhaps_more() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(parts("CPU=76"), ("CPU".into(), "76".into(), None, None));
        assert_eq!(parts("CPU=76,unit=%,color=blue"), ("CPU".into(), "76".into(), some("%"), some("blue")));
        assert_eq!(parts("Cost=€1,240,unit=net, EUR"), ("Cost".into(), "\"€1,240\"".into(), some("net, EUR"), None));
        assert_eq!(parts("Ratio=a=b"), ("Ratio".into(), "\"a=b\"".into(), None, None));
        assert_eq!(parts("Cost:=\"42.50\",unit=EUR"), ("Cost".into(), "\"42.50\"".into(), some("EUR"), None));
        assert_eq!(parts("=1"), (String::new(), "1".into(), None, None));
    }

    #[test]
    fn a_metric_that_is_none_is_refused() {
        for text in ["CPU", "CPU:=", "CPU:=x", "CPU=1,colour=red", "CPU=1,unit=a,unit=b"] {
            assert!(MetricArg::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn metadata_is_text_unless_marked_as_json() {
        let value = |text| MetadataArg::parse(text).unwrap().value.get().to_owned();
        assert_eq!(value("commit=12345678"), "\"12345678\"");
        assert_eq!(value("attempt:=3"), "3");
        assert_eq!(value("dry:=true"), "true");
        assert_eq!(value("url=https://example.com/?a=b"), "\"https://example.com/?a=b\"");
        assert!(MetadataArg::parse("attempt:=1e999").is_err());
    }
}
