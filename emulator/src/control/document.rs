//! The OpenAPI document of the control endpoints, `openapi/control.json`, made from the types that they read and write.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::call::Named;
use super::routes::Routes;
use super::{accounts, clock, faults, pictures, requests, snapshot, streams};
use crate::devices::DeviceSettings;
use crate::devices::view::DeviceView;
use crate::faults::{FaultRule, FaultView};
use crate::journal::JournalEntry;
use crate::journal::verify::{Verdict, Verification};
use crate::options::{AccountSettings, RuntimeOptions};
use crate::shared::clock::ClockView;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/control.json");

#[expect(clippy::too_many_lines, reason = "it is a table")]
fn operations(document: &mut Document) {
    let stream_errors = &[404, 409];
    document.get("/health", "health", "Whether it serves, and how.").answers_with(&json!({
        "type": "object",
        "required": ["status", "version", "mode"],
        "properties": {"status": {"const": "ok"}, "version": {"type": "string"}, "mode": {"enum": ["strict", "lenient"]}},
    }));
    document.get("/openapi.json", "apiDocument", "The OpenAPI document of the API.").answers_with(&any_object());
    document.get("/control.openapi.json", "controlDocument", "This document.").answers_with(&any_object());

    document
        .get(
            "/streams",
            "listStreams",
            "All streams, the last ended ones among them, and what each device shows of them.",
        )
        .query::<streams::Wanted>()
        .lists::<streams::StreamView>("streams");
    document
        .get("/streams/{stream_key}", "showStream", "A stream; if there is none any more, the one that was ended last.")
        .query::<Named>()
        .answers::<streams::StreamView>()
        .fails(stream_errors);
    for (verb, summary) in [
        ("pause", "Pause a stream, as its owner can: the activity ends and PUTs are ignored."),
        ("resume", "End a pause. Nothing starts before the next PUT."),
        ("dismiss", "Remove the activity from the screen, as the user can."),
    ] {
        document
            .post(&format!("/streams/{{stream_key}}/{verb}"), &format!("{verb}Stream"), summary)
            .query::<Named>()
            .answers::<streams::StreamView>()
            .fails(stream_errors);
    }
    document
        .get("/render/{picture}", "renderStream", "What the phone shows of a stream, as a picture. An approximation.")
        .query::<pictures::Wish>()
        .content("The picture.", &json!({"image/svg+xml": {"schema": {"type": "string"}}, "image/png": {}}))
        .fails(stream_errors);

    document
        .get("/devices", "listDevices", "All devices with what is left of their budgets.")
        .query::<Named>()
        .lists::<DeviceView>("devices");
    document
        .put("/devices/{device_id}", "setDevice", "Change a device, or pair one of this id. What is left out stays.")
        .query::<Named>()
        .takes::<DeviceSettings>()
        .answers::<DeviceView>()
        .fails(&[404, 409]);
    document
        .delete("/devices/{device_id}", "unpairDevice", "Take a device out of its account.")
        .query::<Named>()
        .fails(&[404, 409]);

    document
        .get(
            "/account",
            "showAccount",
            "Settings and what is left of the request window; without a name what new accounts get, and all accounts.",
        )
        .query::<Named>()
        .answers::<accounts::Shown>();
    document
        .put(
            "/account",
            "setAccount",
            "Set up an account; without a name all of them, and those to come. What is left out is as in a new one.",
        )
        .query::<Named>()
        .takes::<AccountSettings>()
        .answers::<accounts::AccountView>();

    document
        .get(
            "/requests",
            "listRequests",
            "The journal, oldest first: the newest requests of all accounts, 1,000 unless the emulator was started otherwise. \
             Headers come without what they hold of keys; paths and bodies as they were sent.",
        )
        .query::<requests::Wanted>()
        .lists::<JournalEntry>("requests");
    document.delete("/requests", "clearRequests", "Forget the journal.").query::<Named>();
    document
        .post(
            "/verify",
            "verify",
            "Whether requests that were expected have come; if there are too few, the nearest ones and where they differ.",
        )
        .query::<Named>()
        .takes::<Verification>()
        .answers::<Verdict>();

    document.get("/faults", "listFaults", "The rules of faults.").query::<Named>().lists::<FaultView>("faults");
    document
        .post("/faults", "addFault", "Add a rule, or take the place of the one of its id.")
        .query::<Named>()
        .takes::<FaultRule>()
        .answers::<FaultView>();
    document
        .put("/faults", "replaceFaults", "Take the place of all rules.")
        .query::<Named>()
        .takes::<faults::Rules>()
        .lists::<FaultView>("faults");
    document.delete("/faults", "clearFaults", "Remove all rules.").query::<Named>();
    document
        .put("/faults/{fault_id}", "setFault", "Make the rule of this id.")
        .query::<Named>()
        .takes::<FaultRule>()
        .answers::<FaultView>();
    document
        .delete(
            "/faults/{fault_id}",
            "removeFault",
            "Remove a rule. Without an account it is the one about all of them; if there is none such, those of single accounts.",
        )
        .query::<Named>()
        .fails(&[404]);

    document
        .get("/switches", "showSwitches", "Choices where the contract is silent or has changed, limits and strictness.")
        .answers::<RuntimeOptions>();
    document
        .put("/switches", "setSwitches", "Change switches. What is left out stays.")
        .takes_changes_of_options()
        .answers::<RuntimeOptions>();

    document.get("/export", "exportState", "The state as a snapshot.").answers::<snapshot::Snapshot>();
    document
        .post(
            "/import",
            "importState",
            "Put a snapshot in the place of the state. One that is cut off or foreign changes nothing.",
        )
        .takes::<snapshot::Snapshot>();
    document.post("/reset", "reset", "Forget what is known, or a part of it.").query::<super::Reset>();
    document.get("/clock", "showClock", "The time.").answers::<ClockView>();
    document
        .put(
            "/clock",
            "setClock",
            "Let the clock run as the machine's does, or stand. One that is ahead stays so when it runs on; one that is behind \
             catches up.",
        )
        .takes::<clock::Change>()
        .answers::<ClockView>();
    document
        .post("/clock/advance", "advanceClock", "Move the time ahead.")
        .takes::<clock::Advance>()
        .answers::<ClockView>();
    document
        .get(
            "/events",
            "events",
            "Changes as server-sent events: stream, request, device, fault, switches, clock, reset; resync when something was \
             missed.",
        )
        .query::<Named>()
        .parameter(json!({
            "name": "Last-Event-ID",
            "in": "header",
            "description": "Go on after this event.",
            "schema": {"type": "string"},
        }))
        .content(
            "Goes on until either side ends it. `data` is what the endpoint of the thing shows.",
            &json!({"text/event-stream": {"schema": {"type": "string"}}}),
        );
}

struct Document {
    paths: Map<String, Value>,
    /// Schemas of what is read, and of what is written.
    reading: SchemaGenerator,
    writing: SchemaGenerator,
}

/// An operation that is being written down. Until it says otherwise it answers `{"success": true}`.
struct Operation<'a> {
    document: &'a mut Document,
    path: String,
    method: &'static str,
}

impl Document {
    fn new() -> Self {
        let settings = |settings: SchemaSettings| {
            settings.with(|settings| settings.definitions_path = "/components/schemas".into())
        };
        Self {
            paths: Map::new(),
            reading: settings(SchemaSettings::draft2020_12().for_deserialize()).into_generator(),
            writing: settings(SchemaSettings::draft2020_12().for_serialize()).into_generator(),
        }
    }

    fn get(&mut self, path: &str, id: &str, summary: &str) -> Operation<'_> {
        self.add("get", path, id, summary)
    }

    fn put(&mut self, path: &str, id: &str, summary: &str) -> Operation<'_> {
        self.add("put", path, id, summary)
    }

    fn post(&mut self, path: &str, id: &str, summary: &str) -> Operation<'_> {
        self.add("post", path, id, summary)
    }

    fn delete(&mut self, path: &str, id: &str, summary: &str) -> Operation<'_> {
        self.add("delete", path, id, summary)
    }

    fn add(&mut self, method: &'static str, path: &str, id: &str, summary: &str) -> Operation<'_> {
        let item = self.paths.entry(path).or_insert_with(|| match path.split_once('{') {
            None => json!({}),
            Some((_, rest)) => json!({"parameters": [path_parameter(rest.split_once('}').unwrap().0)]}),
        });
        item[method] = json!({"operationId": id, "summary": summary, "responses": {}});
        let operation = Operation { document: self, path: path.to_owned(), method };
        let done = json!({"$ref": "#/components/schemas/Done"});
        operation.content("It is done.", &json!({"application/json": {"schema": done}})).fails(&[403])
    }

    fn finish(mut self) -> Value {
        let mut schemas = self.writing.take_definitions(true);
        schemas.values_mut().for_each(finish);
        for (name, mut read) in self.reading.take_definitions(true) {
            finish(&mut read);
            let written = schemas.entry(name.clone()).or_insert_with(|| read.clone());
            assert_eq!(
                *written, read,
                "{name} is read in another form than it is written, and needs `schemars(inline)`"
            );
        }
        schemas.insert("Done".into(), object("success", &json!({"const": true})));
        let error = json!({
            "type": "object",
            "additionalProperties": false,
            "required": ["error", "message"],
            "properties": {"error": {"type": "string"}, "message": {"type": "string"}},
        });
        schemas.insert("Error".into(), error);
        json!({
            "openapi": "3.1.0",
            "info": {
                "title": "The emulator's own endpoints",
                "version": "1.0.0",
                "summary": "What tests and people need beside the API.",
                "description": "They answer only to programs and pages of this machine. A bearer token, or `account`, \
                                narrows a call to one account.",
            },
            "servers": [{"url": "/_emulator"}],
            "security": [{}, {"apiKey": []}],
            "paths": self.paths,
            "components": {
                "securitySchemes": {
                    "apiKey": {"type": "http", "scheme": "bearer", "description": "A key that begins with ask_."},
                },
                "responses": {
                    "400": refusal("Something does not fit; `message` says what."),
                    "401": refusal("The bearer token is no API key."),
                    "403": refusal("The call does not come from this machine."),
                    "404": refusal("There is no such thing."),
                    "409": refusal("It cannot be done as things stand, or it is not clear to whose."),
                    "413": refusal("The body is larger than is read."),
                },
                "schemas": schemas,
            },
        })
    }
}

impl Operation<'_> {
    fn value(&mut self) -> &mut Value {
        &mut self.document.paths[&self.path][self.method]
    }

    /// Takes the fields of a type as parameters of the query.
    fn query<T: JsonSchema>(mut self) -> Self {
        let schema = self.document.reading.root_schema_for::<T>().to_value();
        for (name, schema) in schema["properties"].as_object().unwrap() {
            let mut schema = schema.clone();
            let description = schema.as_object_mut().unwrap().remove("description");
            let mut parameter = json!({"name": name, "in": "query"});
            parameter.as_object_mut().unwrap().extend(description.map(|text| ("description".into(), text)));
            parameter["schema"] = schema;
            self = self.parameter(parameter);
        }
        self.fails(&[400, 401])
    }

    fn parameter(mut self, parameter: Value) -> Self {
        let parameters = self.value().as_object_mut().unwrap().entry("parameters").or_insert(json!([]));
        parameters.as_array_mut().unwrap().push(parameter);
        self
    }

    fn takes<T: JsonSchema>(self) -> Self {
        let schema = self.document.reading.subschema_for::<T>();
        self.takes_schema(&schema.to_value())
    }

    fn takes_schema(mut self, schema: &Value) -> Self {
        self.value()["requestBody"] = json!({"required": true, "content": {"application/json": {"schema": schema}}});
        self.fails(&[400, 413])
    }

    /// All of the options may be left out, and so may all of the limits; a preset may stand for these.
    fn takes_changes_of_options(self) -> Self {
        let mut changes = Document::new().reading.root_schema_for::<RuntimeOptions>().to_value();
        let mut limits = changes["components"]["schemas"]["Limits"].take();
        for schema in [&mut changes, &mut limits] {
            schema.as_object_mut().unwrap().retain(|name, _| matches!(name.as_str(), "type" | "properties"));
            schema["additionalProperties"] = false.into();
        }
        changes["properties"]["limits"] = json!({"oneOf": [{"enum": ["service", "legacy", "none"]}, limits]});
        self.takes_schema(&changes)
    }

    fn answers<T: JsonSchema>(self) -> Self {
        let schema = self.document.writing.subschema_for::<T>();
        self.answers_with(&schema.to_value())
    }

    /// Answers with an object of one list.
    fn lists<T: JsonSchema>(self, name: &str) -> Self {
        let items = self.document.writing.subschema_for::<T>();
        self.answers_with(&object(name, &json!({"type": "array", "items": items})))
    }

    fn answers_with(self, schema: &Value) -> Self {
        self.content("What was asked for.", &json!({"application/json": {"schema": schema}}))
    }

    fn content(mut self, description: &str, content: &Value) -> Self {
        self.value()["responses"]["200"] = json!({"description": description, "content": content});
        self
    }

    fn fails(mut self, statuses: &[u16]) -> Self {
        for status in statuses {
            let status = status.to_string();
            self.value()["responses"][&status] = json!({"$ref": format!("#/components/responses/{status}")});
        }
        self
    }
}

fn path_parameter(name: &str) -> Value {
    let schema = match name {
        "picture" => json!({"type": "string", "pattern": "^[A-Za-z0-9_-]{1,255}\\.(svg|png)$"}),
        "stream_key" => json!({"type": "string", "minLength": 1}),
        _ => json!({"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[A-Za-z0-9_-]+$"}),
    };
    let mut parameter = json!({"name": name, "in": "path", "required": true, "schema": schema});
    if name == "picture" {
        parameter["description"] = "The key of a stream and `.svg` or `.png`.".into();
        parameter["examples"] = json!({"svg": {"value": "nightly-backup.svg"}, "png": {"value": "nightly-backup.png"}});
    }
    parameter
}

fn refusal(description: &str) -> Value {
    let schema = json!({"$ref": "#/components/schemas/Error"});
    json!({"description": description, "content": {"application/json": {"schema": schema}}})
}

fn any_object() -> Value {
    json!({"type": "object"})
}

/// An object with one member.
fn object(name: &str, member: &Value) -> Value {
    json!({"type": "object", "additionalProperties": false, "required": [name], "properties": {name: member}})
}

/// Objects have no members but those that are named, no default is null, and what is `None` in Rust is null.
fn finish(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.contains_key("properties") && !members.contains_key("additionalProperties") {
                members.insert("additionalProperties".into(), false.into());
            }
            members.retain(|name, value| name != "default" || !(value.is_null() || value.is_object()));
            members.values_mut().for_each(finish);
        }
        Value::Array(items) => items.iter_mut().for_each(finish),
        Value::String(text) => *text = text.replace("`None`", "`null`"),
        _ => {}
    }
}

/// JSON in which each value that fits has one line.
fn write(value: &Value, indent: usize, before: usize, text: &mut String) {
    const WIDTH: usize = 120;
    let line = value.to_string().replace("\":", "\": ").replace(",\"", ", \"");
    let (members, brackets): (Vec<_>, _) = match value {
        Value::Object(members) => (members.iter().map(|(name, value)| (Some(name), value)).collect(), ['{', '}']),
        Value::Array(items) => (items.iter().map(|item| (None, item)).collect(), ['[', ']']),
        _ => return text.push_str(&value.to_string()),
    };
    if indent + before + line.len() < WIDTH {
        return text.push_str(&line);
    }
    text.push(brackets[0]);
    for (number, (name, value)) in members.iter().enumerate() {
        let name = name.map_or_else(String::new, |name| format!("{}: ", json!(name)));
        text.push_str(if number > 0 { ",\n" } else { "\n" });
        text.push_str(&" ".repeat(indent + 2));
        text.push_str(&name);
        write(value, indent + 2, name.len(), text);
    }
    text.push('\n');
    text.push_str(&" ".repeat(indent));
    text.push(brackets[1]);
}

fn document() -> Value {
    let mut document = Document::new();
    operations(&mut document);
    document.finish()
}

#[test]
fn the_document_is_what_the_types_say() {
    let mut text = String::new();
    write(&document(), 0, 0, &mut text);
    text.push('\n');
    let written: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(written, document());
    if std::env::var_os("ACTIVITYSMITH_GENERATE").is_some() {
        std::fs::write(PATH, &text).unwrap();
    }
    assert!(std::fs::read_to_string(PATH).unwrap() == text, "{PATH} is out of date; run `cargo xtask generate`");
}

#[test]
fn the_document_names_every_route_and_none_besides() {
    let routes: Routes = super::routes();
    let mut made: Vec<_> = routes.table().iter().map(|(method, path)| format!("{method} {path}")).collect();
    let mut named = Vec::new();
    for (path, item) in document()["paths"].as_object().unwrap() {
        let methods = item.as_object().unwrap().keys().filter(|name| *name != "parameters");
        named.extend(methods.map(|method| format!("{method} {path}")));
    }
    made.sort_unstable();
    named.sort_unstable();
    assert_eq!(named, made);
}
