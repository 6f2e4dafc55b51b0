//! The templates, and what they can call beside Jinja's own filters.

use crate::failure::Result;
use activitysmith_kit::describe::Schema;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, path_loader};
use std::path::Path;

/// No line of documentation is longer.
pub(super) const WIDTH: usize = 120;
const ORIGIN: &str = "Generated from the core's models by `cargo xtask generate`; not to be edited.";

/// The templates in a folder.
pub(super) fn environment(folder: &Path) -> Result<Environment<'static>> {
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    let mut environment = Environment::new();
    environment.set_loader(path_loader(folder));
    environment.set_syntax(syntax?);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.add_global("ORIGIN", ORIGIN);
    environment
        .add_filter("fill", |text: &str, first: &str, next: Option<&str>| fill(text, first, next.unwrap_or(first)));
    environment.add_filter("wrap", wrap);
    environment.add_filter("camel_case", camel_case);
    environment.add_filter("spelled", spelled);
    environment
        .add_function("fail", |message: String| Err::<String, _>(Error::new(ErrorKind::InvalidOperation, message)));
    Ok(environment)
}

pub(super) fn render(environment: &Environment<'_>, template: &str, schema: &Schema) -> Result<String> {
    Ok(environment.get_template(template)?.render(Serde(schema))?)
}

/// A text in lines of at most [`WIDTH`], with an empty line between paragraphs. `first` begins the first line, `next` each other.
fn fill(text: &str, first: &str, next: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.split("\n\n") {
        let begin = if lines.is_empty() { first } else { next };
        if !lines.is_empty() {
            lines.push(next.trim_end().to_owned());
        }
        let mut line = begin.to_owned();
        for (index, word) in paragraph.split_whitespace().enumerate() {
            if index > 0 && line.chars().count() + 1 + word.chars().count() > WIDTH {
                lines.push(std::mem::replace(&mut line, next.to_owned()));
            } else if index > 0 {
                line.push(' ');
            }
            line += word;
        }
        lines.push(line);
    }
    lines.join("\n")
}

/// What stands on lines of their own, on as few lines as it fits in. `indent` begins each.
fn wrap(text: &str, indent: &str) -> String {
    let mut lines = vec![indent.to_owned()];
    for item in text.lines().map(str::trim).filter(|item| !item.is_empty()) {
        let line = lines.last_mut().expect("there is one from the start");
        if line.len() == indent.len() {
            line.push_str(item);
        } else if line.chars().count() + 1 + item.chars().count() > WIDTH {
            lines.push(format!("{indent}{item}"));
        } else {
            line.push(' ');
            line.push_str(item);
        }
    }
    lines.join("\n")
}

/// `segmented_progress` becomes `segmentedProgress`.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| text + &word[..1].to_uppercase() + &word[1..])
}

/// A text with fields and states by their names in languages of camel case: `` `content_state` `` becomes `` `contentState` ``.
fn spelled(text: &str) -> String {
    let is_name = |part: &str| part.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
    // Every other part stands between two marks.
    let parts = text.split('`').enumerate().map(|(index, part)| {
        if index % 2 == 1 && !part.is_empty() && is_name(part) { camel_case(part) } else { part.to_owned() }
    });
    parts.collect::<Vec<_>>().join("`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_wire_become_camel_case() {
        assert_eq!(
            (camel_case("segmented_progress"), camel_case("timer")),
            ("segmentedProgress".into(), "timer".into())
        );
    }

    #[test]
    fn documentation_names_things_in_camel_case() {
        assert_eq!(
            spelled("`upper_limit` of `progress`; see ``LiveActivity/Number``, not `a b_c` or upper_limit."),
            "`upperLimit` of `progress`; see ``LiveActivity/Number``, not `a b_c` or upper_limit."
        );
    }

    #[test]
    fn items_share_lines_while_they_fit() {
        let items = |count: usize, between: &str| vec!["parameter: Type,"; count].join(between);
        let lines = format!("    {}\n    {}", items(6, " "), items(2, " "));
        assert_eq!(wrap(&items(8, "\n  "), "    "), lines);
    }

    #[test]
    fn paragraphs_are_filled() {
        let long = ["word"; 24].join(" ");
        let text = fill(&format!("{long}\n\nnext"), "/// - ", "///   ");
        assert_eq!(text, format!("/// - {}\n///   word\n///\n///   next", ["word"; 23].join(" ")));
    }
}
