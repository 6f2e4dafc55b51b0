//! A flag for each field that a state may have, as the core's schema has them. They are taken as texts: what a field may hold is the
//! core's to say.

use activitysmith_kit::StateType;
use activitysmith_kit::describe::{self, Field, Type};
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, ArgAction, ArgMatches, Command};

use super::metric::MetricArg;

pub const STATE: &str = "State";

/// A readout as a text, also where it looks like a number.
const VALUE_TEXT: &str = "value_text";
/// The flag is in the singular, since it is repeated.
const METRICS: &str = "metrics";

/// What the flags of a state say.
#[derive(Debug, Default)]
pub struct StateArgs {
    pub state_type: Option<String>,
    pub value_text: Option<String>,
    pub metrics: Vec<MetricArg>,
    /// What was given for the other fields.
    pub fields: Vec<Given>,
}

/// A field, and what was given for it.
#[derive(Debug)]
pub struct Given {
    pub field: Field,
    /// Several where the field is a list.
    pub texts: Vec<String>,
    /// The colour of an icon or a badge.
    pub color: Option<String>,
}

impl clap::Args for StateArgs {
    fn augment_args(command: Command) -> Command {
        let state_type = Arg::new("type")
            .long("type")
            .value_name("TYPE")
            .value_parser(Suggest(types))
            .hide_possible_values(true)
            .help("What kind of activity; needed to start one");
        let fields = describe::state().fields;
        let flags = fields.iter().flat_map(|field| flags(field, &fields));
        std::iter::once(state_type).chain(flags).fold(command, |command, arg| command.arg(arg.help_heading(STATE)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl clap::FromArgMatches for StateArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut args = Self::default();
        args.update_from_arg_matches(matches)?;
        Ok(args)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        self.state_type = text("type");
        self.value_text = text(VALUE_TEXT);
        self.metrics = matches.get_many(METRICS).unwrap_or_default().cloned().collect();
        for field in describe::state().fields.into_iter().filter(|field| field.name != METRICS) {
            let texts: Vec<_> = matches.get_many(field.name).unwrap_or_default().cloned().collect();
            let color = if is_part(&field) { text(color_of(&field)) } else { None };
            if color.is_some() || !texts.is_empty() {
                self.fields.push(Given { field, texts, color });
            }
        }
        Ok(())
    }
}

/// An icon, or the like.
fn is_part(field: &Field) -> bool {
    matches!(field.kind, Type::Object { .. })
}

/// The flags of a field, most often one.
fn flags(field: &Field, fields: &[Field]) -> Vec<Arg> {
    let help = help(field, fields);
    let arg = Arg::new(field.name).long(flag(field.name)).help(in_short(&help)).long_help(help.clone());
    let text = |name| StringArg(name).apply(arg.clone());
    match &field.kind {
        Type::Number | Type::Integer => vec![arg.value_name("N").allow_negative_numbers(true)],
        Type::Boolean => vec![arg.value_name("BOOL")],
        Type::Choice { .. } => vec![arg.value_name("COLOR")],
        Type::MetricValue => {
            let alone = Arg::new(VALUE_TEXT)
                .long(flag(VALUE_TEXT))
                .conflicts_with(field.name)
                .help("value: the readout as a text, also where it looks like a number");
            vec![text("VALUE"), StringArg("TEXT").apply(alone)]
        }
        Type::List { of } if matches!(**of, Type::Object { .. }) => {
            let help = "metrics, stats: LABEL=VALUE,unit=U,color=C";
            let long = "metrics, stats: `LABEL=VALUE[,unit=UNIT][,color=COLOR]`; repeat for more. LABEL:=JSON takes \"42\" as a text";
            let arg =
                arg.long("metric").value_name("LABEL=VALUE").value_parser(MetricArg::parse).help(help).long_help(long);
            vec![arg.action(ArgAction::Append).allow_hyphen_values(true)]
        }
        Type::List { .. } => vec![arg.value_name("COLOR,...").value_delimiter(',').action(ArgAction::Append)],
        Type::Object { .. } => {
            let color = Arg::new(color_of(field)).long(flag(color_of(field))).value_name("COLOR");
            let color = color.help(format!("The colour of --{}, which may then hold any colon", field.name));
            let arg = arg.long_help(format!("{help}; its colour may follow it: TEXT:red"));
            vec![StringArg("TEXT[:COLOR]").apply(arg), color]
        }
        _ => vec![text("TEXT")],
    }
}

/// Takes any text, also one that begins with a hyphen.
struct StringArg(&'static str);

impl StringArg {
    fn apply(&self, arg: Arg) -> Arg {
        arg.value_name(self.0).allow_hyphen_values(true)
    }
}

/// The name of the flag for the colour of an icon or a badge.
fn color_of(field: &Field) -> &'static str {
    leak(format!("{}_color", field.name))
}

fn flag(name: &str) -> &'static str {
    leak(name.replace('_', "-"))
}

/// There is one command line in a process.
fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// What fits beside the flags of a state in 80 columns.
const FITS_A_LINE: usize = 54;

/// The first clause of what is said of a field, and those of other types.
fn in_short(help: &str) -> String {
    let clauses = help.split("; ").enumerate().filter(|(index, clause)| *index == 0 || clause.contains(": "));
    let clauses: Vec<_> = clauses.map(|(_, clause)| clause).collect();
    let short = clauses.join("; ");
    if short.len() <= FITS_A_LINE {
        return short;
    }
    clauses.into_iter().map(|clause| clause.split(", ").next().unwrap_or(clause)).collect::<Vec<_>>().join("; ")
}

/// A field's documentation, in which other fields are named by their flags.
fn help(field: &Field, fields: &[Field]) -> String {
    let mut help = String::new();
    let mut parts = field.doc.trim_end_matches('.').split('`').peekable();
    while let Some(text) = parts.next() {
        help += text;
        let Some(name) = parts.next() else { break };
        // Before a colon it is a type.
        let is_type = parts.peek().is_some_and(|text| text.starts_with(':'));
        if !is_type && fields.iter().any(|field| field.name == name) {
            help += "--";
            help += flag(name);
        } else {
            help += name;
        }
    }
    help
}

/// Takes any text, and lets help and completion name the known ones. So the core refuses the others, in its own words.
#[derive(Clone)]
pub struct Suggest(pub fn() -> Vec<&'static str>);

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
        Some(Box::new(self.0().into_iter().map(PossibleValue::new)))
    }
}

fn types() -> Vec<&'static str> {
    StateType::ALL.iter().map(|state_type| state_type.as_str()).collect()
}
