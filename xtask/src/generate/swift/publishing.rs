//! Writes how Swift publishes: a function for each state that can be published, and the publisher's functions, which take every
//! field of a request.

use super::{Parameter, arguments, declaration, documented, heading, lower_first, parameters};
use activitysmith_kit::describe::schema;
use std::fmt::Write as _;

/// A function that takes the fields of a request, and what it takes beside them: each its label, what it is, its type and its
/// default.
struct Function {
    doc: &'static str,
    open: &'static str,
    close: &'static str,
    before: &'static [[&'static str; 4]],
    after: &'static [[&'static str; 4]],
    /// What it gives back and throws.
    notes: &'static str,
    /// With `FIELDS` for the request's.
    body: &'static str,
}

const STREAM_KEY: [&str; 4] = ["_ streamKey", "The key of the stream.", "String", ""];
const FIRST: [&str; 4] = ["_ first", "What to show first.", "LiveActivity.State<Content>", ""];
const PACE: [&str; 4] = [
    "pace",
    "How long it is between two updates at least, for a short show. Else they go as often as iOS shows them.",
    "Duration?",
    "nil",
];
const URGENT: [&str; 4] =
    ["urgent", "Whether a figure goes like any other change, rather than in its turn.", "Bool", "false"];

const PUBLISHING: [Function; 2] = [
    Function {
        doc: "Publishes a stream while a job runs: shows its first state, and then the latest one, in the background.\n\n\
              When the job is done, the stream ends with its last state. An error that it throws, cancellation among them, \
              ends the stream as failed, with the name of the error's type, and is thrown on unchanged. The end is waited \
              for, for 10 seconds at most; what the network does breaks no job.",
        open: "    public func publish<Content: LiveActivity.Publishable, Outcome>(",
        close: ") async throws -> Outcome {",
        before: &[STREAM_KEY, FIRST],
        after: &[
            PACE,
            ["isolation", "Where the job runs: where it is written.", "isolated (any Actor)?", "#isolation"],
            [
                "_ job",
                "What to do meanwhile; it updates what is shown.",
                "(LiveActivity.Publisher<Content>) async throws -> sending Outcome",
                "",
            ],
        ],
        notes: "    /// - Returns: What the job gives back.\n    \
                /// - Throws: What the job throws; ``ActivitySmithError`` where the first state breaks rules of the API, or a\n    \
                /// setting cannot be. Then the job does not run.\n",
        body: "        let request = first.request(FIELDS)\n        \
               return try await open(streamKey, first, request, pace).run(isolation: isolation, job)\n",
    },
    Function {
        doc: "Begins to publish a stream, where no closure fits: shows its first state, and then the latest one, in the \
              background.\n\nEnd it with `finish()` or `fail(_:)`. One that is let go before is taken for a job that has failed.",
        open: "    public func startPublishing<Content: LiveActivity.Publishable>(",
        close: ") throws(ActivitySmithError) -> LiveActivity.Publisher<Content> {",
        before: &[STREAM_KEY, FIRST],
        after: &[PACE],
        notes: "    /// - Returns: What updates and ends it.\n    \
                /// - Throws: ``ActivitySmithError`` where the first state breaks rules of the API, or a setting cannot be.\n",
        body: "        let request = first.request(FIELDS)\n        \
               return try open(streamKey, first, request, pace)\n",
    },
];

const CHANGES: [Function; 2] = [
    Function {
        doc: "Changes some of what is shown; all else stays. It is cheap, and waits for nothing.\n\n\
              Figures wait for their turn. What else changes goes at once, as long as it is seldom. A number that \
              is out of its range is brought into it, or skipped. After the end changes are ignored.",
        open: "    public func update(",
        close: ") throws(ActivitySmithError) {",
        before: &[URGENT],
        after: &[[
            "_ change",
            "Changes the latest state: `{ $0.percentage = 50 }`. It must not use the publisher itself.",
            "(inout LiveActivity.State<Content>) -> Void",
            "{ _ in }",
        ]],
        notes: "    /// - Throws: ``ActivitySmithError`` for what breaks rules of the API. Nothing has changed then.\n",
        body: "        try apply(urgent: urgent, change) { state in\n            state.request(FIELDS)\n        }\n",
    },
    Function {
        doc: "Puts another state in place of the whole one. What goes beside it (buttons, tags, ...) stays, unless it is given.\n\n\
              A later update through this publisher, rather than the one that is given back, shows its own latest state again.",
        open: "    @discardableResult\n    public func replace<Other: LiveActivity.Publishable>(",
        close: ") throws(ActivitySmithError) -> LiveActivity.Publisher<Other> {",
        before: &[["_ contentState", "What to show.", "LiveActivity.State<Other>", ""], URGENT],
        after: &[],
        notes: "    /// - Returns: The same stream, for updates of that state.\n    \
                /// - Throws: ``ActivitySmithError`` for what breaks rules of the API. Nothing has changed then.\n",
        body: "        let request = contentState.request(FIELDS)\n        \
               return try replace(with: contentState, request, urgent: urgent)\n",
    },
];

/// The states that can be published, and a function for each.
pub(super) fn states() -> String {
    let mut text =
        heading("The states that can be published: each with just its own fields, and written like those of calls.");
    text += "import ActivitySmithNative\n";
    for object in schema().states.iter().filter(|state| state.tag.is_some()) {
        let (name, case) = (object.name, lower_first(object.name));
        let _ = write!(text, "\nextension LiveActivity.{name}: LiveActivity.Publishable {{\n");
        text += "    /// It as one of the seven states.\n";
        let _ = writeln!(text, "    public var contentState: LiveActivity.ContentState {{ .{case}(self) }}\n}}");
        let parameters = parameters(object);
        let _ = write!(text, "\nextension LiveActivity.State where Content == LiveActivity.{name} {{\n");
        text += &documented(&object.doc, &parameters);
        text += &declaration(&format!("    public static func {case}("), &parameters, ") -> Self {");
        let _ = writeln!(text, "        Self(\n            LiveActivity.{name}(");
        let _ = write!(text, "{}            ))\n    }}\n}}\n", arguments(&parameters, "                "));
    }
    text
}

/// How streams are published: with every field of a request.
pub(super) fn functions() -> String {
    let mut text = heading("Publishing: every field of a request is a parameter, beside those of the publisher.");
    text += "import ActivitySmithNative\n";
    for (extended, functions) in [("LiveActivities", PUBLISHING), ("LiveActivity.Publisher", CHANGES)] {
        let _ = write!(text, "\nextension {extended} {{\n");
        let functions: Vec<String> = functions.iter().map(written).collect();
        text += &functions.join("\n");
        text += "}\n";
    }
    text + &state_requests()
}

fn written(function: &Function) -> String {
    let own = |parameters: &[[&'static str; 4]]| -> Vec<Parameter> {
        let parameters = parameters.iter().map(|[label, doc, swift_type, default]| {
            Parameter::plain(label, doc, swift_type, Some(*default).filter(|default| !default.is_empty()))
        });
        parameters.collect()
    };
    let fields = request_fields();
    let all: Vec<Parameter> =
        own(function.before).into_iter().chain(fields.iter().cloned()).chain(own(function.after)).collect();
    let mut text = documented(function.doc, &all);
    text += function.notes;
    text += &declaration(function.open, &all, function.close);
    let indent = function
        .body
        .lines()
        .find(|line| line.contains("FIELDS"))
        .map_or(0, |line| line.len() - line.trim_start().len());
    let indent = " ".repeat(indent);
    let handed_on = format!("\n{}{indent}", arguments(&fields, &format!("{indent}    ")));
    text + &function.body.replace("FIELDS", &handed_on) + "    }\n"
}

/// What goes beside a state.
fn request_fields() -> Vec<Parameter> {
    let [request, _] = &schema().requests[..] else { panic!("there are requests of two kinds") };
    parameters(request).into_iter().filter(|field| field.name != "contentState").collect()
}

/// A state with what goes beside it.
fn state_requests() -> String {
    let fields: Vec<Parameter> =
        request_fields().into_iter().map(|field| Parameter { default: None, ..field }).collect();
    let mut text = "\nextension LiveActivity.State {\n".to_owned();
    text += &declaration("    func request(", &fields, ") -> StreamRequest {");
    text += "        StreamRequest(\n            contentState: content.contentState,\n";
    text + &arguments(&fields, "            ") + "        )\n    }\n}\n"
}
