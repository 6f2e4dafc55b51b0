//! The spelling of the official command line, so that a script runs with only the name of the program changed. It is turned into the
//! spelling of this one before clap reads it.

use std::ffi::OsString;

use clap::Command;

use crate::value::is_number;

/// Where the flags whose values are members of the request put them. Those of JSON have a form that names a file, too.
const MEMBERS: &[(&str, &[&str], Form)] = &[
    ("content-state", &["content_state"], Form::Json),
    ("metrics", &["content_state", "metrics"], Form::Json),
    ("action", &["action"], Form::Json),
    ("secondary-action", &["secondary_action"], Form::Json),
    ("actions", &["actions"], Form::Json),
    ("metadata", &["metadata"], Form::Json),
    ("icon-symbol", &["content_state", "icon", "symbol"], Form::Text),
    ("badge-title", &["content_state", "badge", "title"], Form::Text),
];
/// What its flags for lists of names are here; theirs are separated by commas.
const LISTS: &[(&str, &str)] = &[("channels", "channel"), ("tags", "tag")];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Json,
    Text,
}

/// A member of the request, which its own flags are laid over.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub path: &'static [&'static str],
    pub source: Source,
}

/// Where the value of a member is.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    Json(String),
    File(String),
}

/// A command line as clap reads it, and the members of the request that it gives no flags for.
#[derive(Debug, Default, PartialEq)]
pub struct Translated {
    pub args: Vec<OsString>,
    pub members: Vec<Member>,
}

/// Translates a command line; one that is in no need of it stays as it is.
pub fn translate(command: &Command, args: impl IntoIterator<Item = OsString>) -> Translated {
    let args: Vec<_> = args.into_iter().collect();
    let text = |at: usize| args.get(at).and_then(|arg| arg.to_str()).unwrap_or_default();
    let mut translated = Translated { args: args.iter().take(1).cloned().collect(), members: Vec::new() };
    // It takes these in front of the command as well.
    let mut moved: Vec<OsString> = Vec::new();
    let mut at = 1;
    while text(at).starts_with('-') {
        match text(at) {
            "--json" => moved.push("--output=json".into()),
            "--api-key" => {
                moved.extend(args[at..].iter().take(2).cloned());
                at += 1;
            }
            key if key.starts_with("--api-key=") => moved.push(key.into()),
            _ => translated.args.push(args[at].clone()),
        }
        at += 1;
    }
    let rest = |words: usize| args.get(at + words..).unwrap_or_default();
    let (ours, words): (&[&str], usize) = match (text(at), text(at + 1)) {
        ("activity", "stream") => (&["stream"], 2),
        ("activity", "end-stream") => (&["end"], 2),
        ("activity", "start") => (&["activity", "start"], 2),
        ("activity", "update") => (&["activity", "update"], 2),
        ("activity", "end") => (&["activity", "end"], 2),
        ("metrics", "update") => (&["metric"], 2),
        // Two words are the key `update` and its value.
        ("metric", "update") if arguments(command, rest(2)) > 1 => (&["metric"], 2),
        ("metric", _) => (&["metric"], 1),
        ("badge-count" | "badge", _) => (&["badge"], 1),
        ("push", _) => (&["push"], 1),
        ("stream", _) => (&["stream"], 1),
        ("end", _) => (&["end"], 1),
        _ => return Translated { args, members: Vec::new() },
    };
    // Where the words are the same, `--json FILE` is ours.
    let is_official = ours != &(at..at + words).map(text).collect::<Vec<_>>()[..];
    translated.args.extend(ours.iter().map(OsString::from));
    translated.args.append(&mut moved);
    let below = ours.iter().try_fold(command, |command, name| command.find_subcommand(name));
    for token in tokens(below.unwrap_or(command), is_official, rest(words)) {
        translated.add(ours, is_official, &token);
    }
    translated
}

/// Part of a command line: a word, a flag with its value, or all from `--` on.
struct Token<'a> {
    flag: Option<&'a str>,
    value: Option<&'a str>,
    raw: &'a [OsString],
}

fn tokens<'a>(command: &Command, is_official: bool, mut args: &'a [OsString]) -> Vec<Token<'a>> {
    let mut tokens = Vec::new();
    while let Some(first) = args.first() {
        let next = args.get(1).and_then(|next| next.to_str());
        let (flag, value, length) = match first.to_str().and_then(|first| first.strip_prefix("--")) {
            None => (None, first.to_str(), 1),
            Some("") => (None, None, args.len()),
            Some(flag) => match flag.split_once('=') {
                Some((flag, value)) => (Some(flag), Some(value), 1),
                None if takes_value(command, flag, next, is_official) => (Some(flag), next, args.len().min(2)),
                None => (Some(flag), None, 1),
            },
        };
        let (raw, after) = args.split_at(length);
        tokens.push(Token { flag, value, raw });
        args = after;
    }
    tokens
}

fn takes_value(command: &Command, flag: &str, next: Option<&str>, is_official: bool) -> bool {
    match flag {
        // A number is the badge, not a file.
        "json" => !is_official && next.is_some_and(|next| next == "-" || !(next.starts_with('-') || is_number(next))),
        "clear-tags" => false,
        _ if list(flag).is_some() || member(flag, "").is_some() => true,
        _ => command.get_arguments().any(|arg| arg.get_long() == Some(flag) && arg.get_action().takes_values()),
    }
}

/// How many words there are that are no flags.
fn arguments(command: &Command, args: &[OsString]) -> usize {
    let command = command.find_subcommand("metric").unwrap_or(command);
    let tokens = tokens(command, true, args);
    let is_flag =
        |word: &OsString| word.to_str().is_some_and(|word| word.starts_with('-') && word != "--" && !is_number(word));
    let words = tokens.iter().filter(|token| token.flag.is_none() && !is_flag(&token.raw[0]));
    words.map(|token| token.raw.len() - usize::from(token.raw[0] == "--")).sum()
}

fn list(flag: &str) -> Option<&'static str> {
    LISTS.iter().find(|(theirs, _)| *theirs == flag).map(|(_, ours)| *ours)
}

/// The member that a flag with this value gives.
fn member(flag: &str, value: &str) -> Option<Member> {
    let (name, is_file) = flag.strip_suffix("-file").map_or((flag, false), |name| (name, true));
    let (_, path, form) = MEMBERS.iter().find(|(theirs, ..)| *theirs == name)?;
    let source = match form {
        Form::Json if is_file => Source::File(value.to_owned()),
        Form::Json => Source::Json(value.to_owned()),
        Form::Text if is_file => return None,
        Form::Text => Source::Json(serde_json::Value::from(value).to_string()),
    };
    Some(Member { path, source })
}

impl Translated {
    fn add(&mut self, command: &[&str], is_official: bool, token: &Token<'_>) {
        let is_metric = command == ["metric"];
        match (token.flag, token.value) {
            (Some("json"), None) => self.args.push("--output=json".into()),
            (Some("clear-tags"), None) => self.args.push("--no-tags".into()),
            // The official one takes no notice of them.
            (Some("metadata" | "metadata-file"), Some(_)) if is_metric => {}
            // Our own flags of these names have values of another form.
            (Some("metadata"), Some(value)) if !value.trim_start().starts_with('{') => self.copy(token),
            (Some("action"), _) if command == ["push"] => self.copy(token),
            (Some(flag), Some(value)) => match (list(flag), member(flag, value)) {
                (Some(ours), _) => {
                    let names: Vec<_> = value.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
                    // Without a name it stays one that is refused.
                    let names = if names.is_empty() { vec![""] } else { names };
                    self.args.extend(names.iter().map(|name| format!("--{ours}={name}").into()));
                }
                (None, Some(member)) => self.members.push(member),
                (None, None) => self.copy(token),
            },
            // A value in quotes of JSON is a text.
            (None, Some(word)) if is_metric && is_official => match serde_json::from_str::<String>(word) {
                Ok(text) => self.args.push(format!("--value-text={text}").into()),
                Err(_) => self.copy(token),
            },
            _ => self.copy(token),
        }
    }

    fn copy(&mut self, token: &Token<'_>) {
        self.args.extend(token.raw.iter().cloned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(line: &str) -> (String, Vec<Member>) {
        let words = line.split(' ').map(OsString::from);
        let Translated { args, members } = translate(&super::super::command(), words);
        (args.join(OsString::from(" ").as_os_str()).into_string().unwrap(), members)
    }

    #[test]
    fn its_words_and_flags_become_ours() {
        for (theirs, ours) in [
            ("asmith activity stream k --percentage 5", "asmith stream k --percentage 5"),
            ("asmith activity end-stream k --json", "asmith end k --output=json"),
            ("asmith activity update --activity-id a --title T", "asmith activity update --activity-id a --title T"),
            ("asmith metrics update k 5", "asmith metric k 5"),
            ("asmith metric update k 5", "asmith metric k 5"),
            ("asmith metric update --api-key K k -5", "asmith metric --api-key K k -5"),
            ("asmith metrics update k \"5\" --metadata {}", "asmith metric k --value-text=5"),
            ("asmith badge-count 3 --channels a,b", "asmith badge 3 --channel=a --channel=b"),
            ("asmith --api-key K --json push --title T", "asmith push --api-key K --output=json --title T"),
            ("asmith -q --json badge 3", "asmith -q badge --output=json 3"),
            ("asmith push --title T --tags a,,b --tags=c", "asmith push --title T --tag=a --tag=b --tag=c"),
            ("asmith badge --json 3", "asmith badge --output=json 3"),
            ("asmith push --title T --channels ,", "asmith push --title T --channel="),
            (
                "asmith activity stream k --clear-tags --json --title T",
                "asmith stream k --no-tags --output=json --title T",
            ),
        ] {
            assert_eq!(translated(theirs), (ours.to_owned(), vec![]), "{theirs}");
        }
    }

    #[test]
    fn what_is_ours_stays() {
        for line in [
            "asmith metric update 5",
            "asmith metric update 5 --timestamp T",
            "asmith stream k --json - --title --clear-tags",
            "asmith push T --json f.json --action Log=https://a.test --metadata a=1",
            "asmith push --title T -- --json",
            "asmith run k -- asmith --json push",
            "asmith run k --channels a",
            "asmith --json run k",
            "asmith",
        ] {
            assert_eq!(translated(line), (line.to_owned(), vec![]));
        }
    }

    #[test]
    fn json_and_files_become_members() {
        let member = |path, source| Member { path, source };
        let (args, members) =
            translated("asmith activity start --content-state {} --metrics-file m.json --icon-symbol a:red");
        assert_eq!(args, "asmith activity start");
        assert_eq!(
            members,
            [
                member(&["content_state"], Source::Json("{}".into())),
                member(&["content_state", "metrics"], Source::File("m.json".into())),
                member(&["content_state", "icon", "symbol"], Source::Json("\"a:red\"".into())),
            ]
        );
        let (args, members) = translated("asmith push --title T --actions [] --metadata {\"a\":1} --metadata-file=f");
        assert_eq!((args.as_str(), members.len()), ("asmith push --title T", 3));
    }
}
