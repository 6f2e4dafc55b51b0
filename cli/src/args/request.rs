//! A flag for each field of an endpoint's request, as the core's schema has them. Values are taken as texts: what a field may hold is
//! the core's to say.

use std::marker::PhantomData;
use std::sync::LazyLock;

use activitysmith_kit::describe::{self, Field, Object, Schema, Type};
use activitysmith_kit::{Endpoint, StateType};
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, ArgAction, ArgMatches, Command};

use super::official::Member;
use super::pairs::{ActionArg, MetadataArg, MetricArg};

const REQUEST: &str = "Request";
const STATE: &str = "State";
const CONTENT_STATE: &str = "content_state";

/// The help of flags whose syntax, or whose place on a screen, is not that of the field's documentation.
const HELP: &[(&str, &str)] = &[
    ("action", "A button, TITLE=URL or TITLE=URL,webhook; up to 4"),
    ("alert-title", "Alert: make a sound and show this in a banner"),
    ("alert-body", "Alert: the banner's text"),
    ("auto-dismiss-minutes", "Minutes until it goes; needs a final state"),
    ("channel", "Send to this channel only; repeat for more"),
    ("interruption-level", "passive, active (the default) or time-sensitive"),
    ("metadata", "A detail in the service's history, KEY=TEXT or KEY:=JSON; repeat for more"),
    ("metric", "metrics, stats: LABEL=VALUE,unit=U,color=C"),
    ("redirection", "What a tap opens: a page, a Shortcut or an app"),
    ("tag", "A label in the service's history; repeat for more"),
    ("value-text", "--value as a text, also where it looks like a number"),
];

static SCHEMA: LazyLock<Schema> = LazyLock::new(describe::schema);

#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct RequestArgs<E: Endpoint> {
    /// Take the request from this file; - for stdin.
    ///
    /// Take the request from this file, in the API's shape, as JSON or YAML; - for stdin. Other flags replace its fields.
    #[arg(long, value_name = "FILE", help_heading = REQUEST)]
    pub json: Option<String>,

    /// What the official spelling gives as JSON.
    #[arg(skip)]
    pub members: Vec<Member>,

    #[command(flatten)]
    pub fields: Fields<E>,
}

/// What the flags of a request's fields say.
#[derive(Debug)]
pub struct Fields<E> {
    pub given: Vec<Given>,
    request: PhantomData<fn() -> E>,
}

/// What was given for a field.
#[derive(Clone, Debug)]
pub struct Given {
    /// The names of the objects that the field is in, and its own.
    pub path: Vec<&'static str>,
    pub form: Form,
    /// One, or several where the field is a list; none for what clears it.
    pub texts: Vec<String>,
}

/// How texts become the value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Text,
    Number,
    /// A number, or a text that is none.
    NumberOrText,
    Boolean,
    Json,
    List,
    /// `LABEL=VALUE`, each a metric.
    Metrics,
    /// `TITLE=URL`, each a button.
    Actions,
    /// `KEY=TEXT`, together an object.
    Metadata,
    /// An object with its text in this member; a colour may follow the text.
    Colored(&'static str),
    /// The address of a button, which is of this type.
    Tagged(&'static str),
    EmptyList,
    EmptyObject,
}

struct Flag {
    arg: Arg,
    path: Vec<&'static str>,
    form: Form,
}

impl<E: Endpoint> clap::Args for Fields<E> {
    fn augment_args(command: Command) -> Command {
        flags(request::<E>()).into_iter().fold(command, |command, flag| command.arg(flag.arg))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<E: Endpoint> clap::FromArgMatches for Fields<E> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut fields = Self { given: Vec::new(), request: PhantomData };
        fields.update_from_arg_matches(matches)?;
        Ok(fields)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.given = flags(request::<E>())
            .into_iter()
            .filter_map(|Flag { arg, path, form }| {
                let id = arg.get_id().as_str();
                let texts: Vec<String> = match arg.get_action() {
                    ArgAction::SetTrue => matches.get_flag(id).then(Vec::new)?,
                    _ => matches.get_many(id)?.cloned().collect(),
                };
                Some(Given { path, form, texts })
            })
            .collect();
        Ok(())
    }
}

/// What an endpoint takes.
fn request<E: Endpoint>() -> &'static Object {
    let endpoint = SCHEMA.endpoints.iter().find(|endpoint| endpoint.name == E::SPEC.name);
    object(&SCHEMA.requests, endpoint.expect("the schema has every endpoint").request)
}

/// Whether an endpoint takes no request without a state.
pub fn requires_state<E: Endpoint>() -> bool {
    request::<E>().fields.iter().any(|field| field.name == CONTENT_STATE && field.required)
}

/// The flags of a request.
fn flags(request: &Object) -> Vec<Flag> {
    let flags_of = |field: &Field| match &field.kind {
        Type::Union { name: "ContentState" } => state(),
        Type::Union { name } => {
            let heading = leak(capitalized(&field.name.replace('_', " ")));
            headed(heading, tagged(field, name))
        }
        _ if field.required => placed(field, headed(REQUEST, of_field(field, &request.fields, &[]))),
        _ => headed(REQUEST, of_field(field, &request.fields, &[])),
    };
    request.fields.iter().flat_map(flags_of).map(|flag| Flag { arg: with_own_help(flag.arg), ..flag }).collect()
}

/// The help of its own in front of the documentation.
fn with_own_help(arg: Arg) -> Arg {
    let Some((_, help)) = HELP.iter().find(|(name, _)| arg.get_long() == Some(name)) else { return arg };
    match arg.get_long_help().map(|long| format!("{help}.\n\n{long}")) {
        Some(long) => arg.help(help).long_help(long),
        None => arg.help(help),
    }
}

/// The flags of a state of whatever type.
fn state() -> Vec<Flag> {
    let names = StateType::ALL.iter().map(|state_type| state_type.as_str()).collect();
    let state_type = Arg::new("type").long("type").value_name("TYPE").value_parser(Suggest(names));
    let state_type = state_type.hide_possible_values(true).help("What kind of activity; needed to start one");
    let mut flags = vec![Flag { arg: state_type, path: vec![CONTENT_STATE, "type"], form: Form::Text }];
    let fields = describe::state().fields;
    flags.extend(fields.iter().flat_map(|field| of_field(field, &fields, &[CONTENT_STATE])));
    headed(STATE, flags)
}

fn headed(heading: &'static str, flags: Vec<Flag>) -> Vec<Flag> {
    flags.into_iter().map(|flag| Flag { arg: flag.arg.help_heading(heading), ..flag }).collect()
}

/// Makes an argument of the field that a request is about: it has a place, and its flag is another spelling.
fn placed(field: &Field, mut flags: Vec<Flag>) -> Vec<Flag> {
    let Flag { arg, path, form } = &mut flags[0];
    let name = if *form == Form::Number { "N" } else { leak(field.name.to_uppercase()) };
    let place = Arg::new(name).value_name(name).allow_negative_numbers(*form != Form::Text);
    let place = place
        .help(arg.get_help().cloned().unwrap_or_default())
        .long_help(arg.get_long_help().cloned().unwrap_or_default());
    let place = Flag { arg: place, path: path.clone(), form: *form };
    *arg = arg.clone().hide(true);
    let others: Vec<_> = flags.iter().map(|flag| flag.arg.get_id().clone()).collect();
    let arg = place.arg.conflicts_with_all(&others).required_unless_present_any(others).required_unless_present("json");
    flags.push(Flag { arg, ..place });
    flags
}

/// The flags of a field, most often one. `within` names the object that it is in.
fn of_field(field: &Field, fields: &[Field], within: &[&'static str]) -> Vec<Flag> {
    let path = [within, &[field.name]].concat();
    let help = help(field, fields);
    let one = |value: &'static str, form: Form| {
        let arg = Arg::new(field.name).long(flag(field.name)).value_name(value).help(in_short(&help));
        let arg = arg.long_help(help.clone());
        let is_text = matches!(form, Form::Text | Form::NumberOrText | Form::Colored(_));
        Flag { arg: arg.allow_hyphen_values(is_text), path: path.clone(), form }
    };
    let more = |flag: Flag, change: &dyn Fn(Arg) -> Arg| Flag { arg: change(flag.arg), ..flag };
    match &field.kind {
        Type::Number | Type::Integer => vec![more(one("N", Form::Number), &|arg| arg.allow_negative_numbers(true))],
        Type::Boolean => vec![one("BOOL", Form::Boolean)],
        Type::Json => vec![more(one("JSON", Form::Json), &|arg| arg.allow_hyphen_values(true))],
        Type::Choice { name, .. } => vec![more(one(value_name(name), Form::Text), &|arg| choice(arg, name))],
        Type::MetricValue => {
            let alone = Arg::new("value-text").long("value-text").value_name("TEXT").conflicts_with(field.name);
            let alone = alone.allow_hyphen_values(true);
            vec![one("VALUE", Form::NumberOrText), Flag { arg: alone, path: path.clone(), form: Form::Text }]
        }
        Type::List { of } if **of == (Type::Object { name: "Metric" }) => {
            let long = "metrics, stats: `LABEL=VALUE[,unit=UNIT][,color=COLOR]`; repeat for more. LABEL:=JSON takes \"42\" as a text";
            let parser = |text: &str| MetricArg::parse(text).map(|_| text.to_owned());
            vec![more(one("LABEL=VALUE", Form::Metrics), &|arg| {
                repeated(arg.long("metric")).value_parser(parser).long_help(long)
            })]
        }
        Type::List { of } if **of == (Type::Union { name: "Action" }) => {
            let long = "A button: `TITLE=URL` opens a page, a Shortcut or an app; `TITLE=URL,webhook[,method=GET][,body=JSON]` has the \
                service call an https URL. Repeat for up to 4";
            let parser = |text: &str| ActionArg::parse(text).map(|_| text.to_owned());
            vec![more(one("TITLE=URL", Form::Actions), &|arg| {
                repeated(arg.long("action")).value_parser(parser).long_help(long)
            })]
        }
        Type::List { .. } => vec![more(one("COLOR,...", Form::List), &|arg| {
            arg.value_delimiter(',').action(ArgAction::Append).allow_hyphen_values(false)
        })],
        Type::Slugs => {
            // The flag is in the singular, since it is repeated.
            let singular = leak(field.name.trim_end_matches('s').to_owned());
            let slugs = more(one("SLUG", Form::List), &|arg| arg.long(singular).action(ArgAction::Append));
            // An empty list of channels would reach every device, so none can be given.
            if field.name == "channels" { vec![slugs] } else { vec![slugs, clearing(field, &path, Form::EmptyList)] }
        }
        Type::Metadata => {
            let parser = |text: &str| MetadataArg::parse(text).map(|_| text.to_owned());
            let metadata = more(one("KEY=TEXT", Form::Metadata), &|arg| repeated(arg).value_parser(parser));
            vec![metadata, clearing(field, &path, Form::EmptyObject)]
        }
        Type::Object { name } => part(field, &path, name, &help, one),
        Type::Time => vec![one("TIME", Form::Text)],
        _ => {
            let is_url = help.contains(" URL") || field.name == "url";
            vec![one(if is_url { "URL" } else { "TEXT" }, Form::Text)]
        }
    }
}

/// The flags of an object: one for an icon or a badge, whose text its colour may follow, and one for each member of any other.
fn part(
    field: &Field,
    path: &[&'static str],
    name: &str,
    help: &str,
    one: impl Fn(&'static str, Form) -> Flag,
) -> Vec<Flag> {
    let members = &object(&SCHEMA.parts, name).fields;
    let Some(text) = members.iter().find(|member| member.required) else {
        return members.iter().flat_map(|member| of_member(field, member, members, path)).collect();
    };
    let of_text = one("TEXT[:COLOR]", Form::Colored(text.name));
    let arg = of_text.arg.clone().long_help(format!("{help}; its colour may follow it: TEXT:red"));
    let color = leak(format!("{}-color", flag(field.name)));
    let of_color = Arg::new(color).long(color).value_name("COLOR");
    let of_color = of_color.help(format!("The colour of --{}, which may then hold any colon", field.name));
    let path = [path, &["color"]].concat();
    vec![Flag { arg, ..of_text }, Flag { arg: of_color, path, form: Form::Text }]
}

/// The flags of an object's member, named after both.
fn of_member(field: &Field, member: &Field, members: &[Field], path: &[&'static str]) -> Vec<Flag> {
    let prefixed = |flag: Flag| {
        let name = leak(format!("{}-{}", self::flag(field.name), flag.arg.get_long().unwrap_or_default()));
        Flag { arg: flag.arg.id(name).long(name), ..flag }
    };
    of_field(member, members, path).into_iter().map(prefixed).collect()
}

/// The flags of a button: an address for each type, which says the type, and one for each of the other members.
fn tagged(field: &Field, union: &str) -> Vec<Flag> {
    let path = [field.name];
    let members = SCHEMA.unions.iter().find(|each| each.name == union).map(|union| &union.members[..]);
    let members = members.unwrap_or_default().iter().map(|name| object(&SCHEMA.parts, name));
    let mut flags: Vec<Flag> = Vec::new();
    for object in members {
        for member in &object.fields {
            let mut new = of_member(field, member, &object.fields, &path);
            if let (Some(tag), "url") = (object.tag, member.name) {
                let name = leak(format!("{}-{}", flag(field.name), flag(tag)));
                let other = flags.iter().find(|flag| matches!(flag.form, Form::Tagged(_)));
                let other = other.map(|flag| flag.arg.get_id().clone());
                for each in &mut new {
                    each.form = Form::Tagged(tag);
                    each.arg = each.arg.clone().id(name).long(name);
                    each.arg = each.arg.clone().conflicts_with_all(other.iter());
                }
            }
            new.retain(|new| flags.iter().all(|flag| flag.arg.get_id() != new.arg.get_id()));
            flags.append(&mut new);
        }
    }
    flags
}

/// The flag that empties what was given before.
fn clearing(field: &Field, path: &[&'static str], form: Form) -> Flag {
    let name = leak(format!("no-{}", flag(field.name)));
    let arg = Arg::new(name).long(name).action(ArgAction::SetTrue).conflicts_with(field.name);
    Flag { arg: arg.help(format!("Clear the {} that it has", field.name)), path: path.to_vec(), form }
}

fn repeated(arg: Arg) -> Arg {
    arg.action(ArgAction::Append).allow_hyphen_values(true)
}

/// The object of this name.
fn object<'s>(objects: &'s [Object], name: &str) -> &'s Object {
    objects.iter().find(|object| object.name == name).expect("the schema has every object that it names")
}

fn choice(arg: Arg, name: &str) -> Arg {
    let values = SCHEMA.choices.iter().find(|choice| choice.name == name).map(|choice| &choice.values[..]);
    let names: Vec<_> = values.unwrap_or_default().iter().map(|value| value.name).collect();
    arg.hide_possible_values(names.len() > 2).value_parser(Suggest(names))
}

/// The last word of a type's name: `COLOR`, `METHOD`.
fn value_name(choice: &str) -> &'static str {
    leak(choice[choice.rfind(char::is_uppercase).unwrap_or_default()..].to_uppercase())
}

fn flag(name: &str) -> &'static str {
    leak(name.replace('_', "-"))
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// There is one command line in a process.
fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// What fits beside the flags of a state in 80 columns.
const FITS_A_LINE: usize = 54;

/// The first clause of the first sentence about a field, and those about other types.
fn in_short(help: &str) -> String {
    let sentence = help.split(". ").next().unwrap_or(help);
    let clauses = sentence.split("; ").enumerate().filter(|(index, clause)| *index == 0 || clause.contains(": "));
    let clauses: Vec<_> = clauses.map(|(_, clause)| clause).collect();
    let short = clauses.join("; ");
    if short.len() <= FITS_A_LINE {
        return short;
    }
    clauses.into_iter().map(|clause| clause.split(", ").next().unwrap_or(clause)).collect::<Vec<_>>().join("; ")
}

/// A field's documentation, in which other fields are named by their flags.
fn help(field: &Field, fields: &[Field]) -> String {
    let doc = documentation(field);
    let mut help = String::new();
    let mut parts = doc.trim_end_matches('.').split('`').peekable();
    while let Some(text) = parts.next() {
        help += text;
        let Some(name) = parts.next() else { break };
        // Before a colon it is a type.
        let is_type = parts.peek().is_some_and(|text| text.starts_with(':'));
        let is_flag = |field: &Field| field.name == name && name != CONTENT_STATE;
        if !is_type && fields.iter().any(is_flag) {
            help += "--";
            help += flag(name);
        } else {
            help += name;
        }
    }
    help
}

/// What is said of a field, also where that is said of the field of this name in another request.
fn documentation(field: &Field) -> &str {
    let other = field.doc.strip_prefix("As in `").and_then(|doc| doc.strip_suffix("`."));
    let other = other.and_then(|name| object(&SCHEMA.requests, name).fields.iter().find(|f| f.name == field.name));
    other.map_or(&field.doc, |other| &other.doc)
}

/// Takes any text, and lets help and completion name the known ones. So the core refuses the others, in its own words.
#[derive(Clone)]
struct Suggest(Vec<&'static str>);

impl TypedValueParser for Suggest {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(PossibleValue::new)))
    }
}
