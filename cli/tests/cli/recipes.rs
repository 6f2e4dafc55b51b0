//! The recipes of docs/recipes/, and the GitHub Action, as they stand there: run against the emulator.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use crate::support::{KEY, Run, Service, file, run, timeless};

/// The blocks of a recipe that are of this language.
fn blocks(recipe: &str, language: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/recipes").join(recipe);
    let text = std::fs::read_to_string(&path).expect("the recipe is there");
    let parts = text.split("\n```").collect::<Vec<_>>();
    let found = parts.iter().filter_map(|part| part.strip_prefix(language)?.strip_prefix('\n').map(str::to_owned));
    found.collect()
}

/// The first line of a block that begins so, without that.
fn line(block: &str, beginning: &str) -> String {
    let line = block.lines().find_map(|line| line.trim().strip_prefix(beginning));
    line.unwrap_or_else(|| panic!("{beginning} is not in {block}")).trim().to_owned()
}

/// A folder with the scripts that recipes name, and `asmith` on the PATH.
fn shell(service: &Service, name: &str, line: &str) -> Command {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-recipe-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    for script in ["backup.sh", "build.sh", "migrate.sh", "publish.sh"] {
        executable(&folder.join(script), "#!/bin/sh\necho done\n");
    }
    executable(&folder.join("deploy.sh"), "#!/bin/sh\nasmith -q step One && asmith -q step Two\n");
    let binary = Path::new(env!("CARGO_BIN_EXE_asmith")).parent().expect("a folder");
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(folder).env_clear().env("PATH", path).stdin(std::process::Stdio::null());
    command.env("ACTIVITYSMITH_API_KEY", KEY).env("ACTIVITYSMITH_BASE_URL", service.emulator.base_url());
    command
}

fn executable(path: &Path, text: &str) {
    std::fs::write(path, text).expect("a file");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("rights");
}

fn last(service: &Service) -> Value {
    service.body()["content_state"].clone()
}

#[test]
fn cron() {
    let service = Service::start();
    let command = line(&blocks("cron.md", "crontab")[0], "17 3 * * *");
    let told = run(&mut shell(&service, "cron", &command));
    assert_eq!((told.succeeded().stdout.as_str(), told.stderr.as_str()), ("done\n", ""));
    assert_eq!(
        (&last(&service)["title"], timeless(&last(&service)["subtitle"]).as_str()),
        (&json!("Nightly backup"), "done in 0 s")
    );
}

#[test]
fn systemd() {
    let service = Service::start();
    let command = line(&blocks("systemd.md", "ini")[0], "ExecStart=");
    run(&mut shell(&service, "systemd", &command)).succeeded();
    assert_eq!(timeless(&last(&service)["subtitle"]), "done in 0 s");
}

#[test]
fn make() {
    let service = Service::start();
    let makefile = blocks("make.md", "make")[0].clone();
    let mut command = shell(&service, "make", "printf '%s\\n' \"$MAKEFILE\" > Makefile; make -s deploy");
    let told = run(command.env("MAKEFILE", makefile));
    assert_eq!(told.succeeded().stdout, "done\ndone\ndone\n");
    assert_eq!(last(&service)["current_step"], 3);
}

#[test]
fn gitlab_ci() {
    let service = Service::start();
    let block = &blocks("gitlab-ci.md", "yaml")[0];
    run(&mut shell(&service, "gitlab", &format!("asmith run {}", line(block, "- asmith run")))).succeeded();
    assert_eq!((&last(&service)["current_step"], &last(&service)["title"]), (&json!(2), &json!("Deploy web")));
    run(&mut shell(&service, "gitlab", &format!("asmith end {}", line(block, "- asmith end")))).succeeded();
}

#[test]
fn github_actions() {
    let service = Service::start();
    let block = &blocks("github-actions.md", "yaml")[0];
    run(&mut shell(&service, "github", &line(block, "- run:"))).succeeded();
    assert_eq!(last(&service)["current_step"], 2);
}

/// A step of the action, as a runner starts it, with these inputs and variables.
fn action(service: &Service, step: &str, inputs: &[(&str, &str)], variables: &[(&str, &str)]) -> Run {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../action").join(step);
    let of_shell = shell(service, "action", "");
    // A shell would lose variables whose names have a hyphen.
    let mut command = Command::new("node");
    command.arg(script).env_clear();
    for (name, value) in of_shell.get_envs() {
        value.map(|value| command.env(name, value));
    }
    command.envs(inputs.iter().map(|(name, value)| (format!("INPUT_{}", name.to_uppercase()), *value)));
    run(command.envs(variables.iter().copied()))
}

/// The inputs of a job that is shown.
fn job(status: &'static str) -> [(&'static str, &'static str); 4] {
    [("stream-key", "ci"), ("title", "CI"), ("subtitle", "main"), ("job-status", status)]
}

const NOBODY: (&str, &str) = ("ACTIVITYSMITH_BASE_URL", "http://127.0.0.1:1/api");

fn has_node() -> bool {
    let has_node = Command::new("node").arg("--version").output().is_ok();
    if !has_node {
        eprintln!("left out: there is no Node here");
    }
    has_node
}

#[test]
fn the_action_shows_a_job_and_ends_it_however_it_ends() {
    if !has_node() {
        return;
    }
    for (status, color) in [("success", "green"), ("failure", "red"), ("cancelled", "gray")] {
        let service = Service::start();
        let told = action(&service, "main.js", &job(status), &[]);
        assert_eq!(told.succeeded().stdout, "asmith: ci: started (devices: 1)\n");
        assert_eq!((&last(&service)["type"], &last(&service)["subtitle"]), (&json!("timer"), &json!("main")));
        action(&service, "post.js", &job(status), &[]).succeeded();
        assert_eq!(last(&service)["color"], color);
        assert_eq!(service.emulator.requests().len(), 2);
    }
    let service = Service::start();
    let told = action(&service, "main.js", &job("success"), &[NOBODY]);
    assert!(told.succeeded().stdout.starts_with("::warning::ActivitySmith was not told"), "{told:?}");
    let strict = [&job("success")[..], &[("errors", "true")]].concat();
    let told = action(&service, "main.js", &strict, &[NOBODY]);
    assert!(told.code == Some(1) && told.stdout.starts_with("::error::"), "{told:?}");
}

/// Has the action make one call: what it said, and its outputs.
fn call(service: &Service, inputs: &[(&str, &str)], variables: &[(&str, &str)]) -> (Run, BTreeMap<String, String>) {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let path = file(&format!("github-output-{}", CALLS.fetch_add(1, Ordering::Relaxed)), "");
    let told = action(service, "main.js", inputs, &[&[("GITHUB_OUTPUT", &*path)], variables].concat());
    let text = std::fs::read_to_string(&path).expect("it is there");
    let mut outputs = BTreeMap::new();
    let mut lines = text.lines();
    while let Some((name, end)) = lines.next().and_then(|line| line.split_once("<<")) {
        outputs.insert(name.to_owned(), lines.next().expect("it has a value").to_owned());
        assert_eq!(lines.next(), Some(end), "{text}");
    }
    assert!(outputs.contains_key("time"), "{text}");
    (told, outputs)
}

#[test]
fn the_action_makes_the_calls_of_the_official_one() {
    if !has_node() {
        return;
    }
    let service = Service::start();
    let arrives = |inputs: &[(&str, &str)]| {
        let (told, outputs) = call(&service, inputs, &[]);
        assert_eq!((told.code, outputs["ok"].as_str()), (Some(0), "true"), "{told:?}");
        let response: Value = serde_json::from_str(&outputs["response"]).expect("JSON");
        assert_eq!(response["success"], true);
        let request = service.emulator.requests().pop().expect("it came");
        (request.path, serde_json::from_slice(&request.body).unwrap_or(Value::Null), outputs)
    };
    let yaml = "content_state:\n  title: \"Backup\"\n  type: progress\n  percentage: 42\n";
    let sent = json!({"title": "Backup", "type": "progress", "percentage": 42});
    let stream =
        [("action", "stream_live_activity"), ("stream-key", "backup"), ("payload", yaml), ("channels", "ops, dev")];
    let (path, body, outputs) = arrives(&stream);
    assert_eq!(path, "/live-activity/stream/backup");
    assert_eq!(body, json!({"content_state": sent, "channels": ["ops", "dev"]}));
    assert_eq!((outputs["operation"].as_str(), outputs["live_activity_id"].is_empty()), ("started", false));
    let nested = "title: T\nmetadata:\n  target: production\n";
    let push = [("action", "send_push_notification"), ("payload", nested), ("channels", "ops")];
    assert_eq!(arrives(&push).1["target"], json!({"channels": ["ops"]}));
    let (_, _, outputs) = arrives(&[("action", "end_live_activity_stream"), ("stream-key", "backup")]);
    assert_eq!(outputs["operation"], "ended");
    let (_, body, outputs) = arrives(&[("action", "start_live_activity"), ("payload", yaml)]);
    assert_eq!((body, outputs.get("operation")), (json!({"content_state": sent}), None));
    let id = outputs["live_activity_id"].as_str();
    for (name, reached) in
        [("update_live_activity", "/live-activity/update"), ("end_live_activity", "/live-activity/end")]
    {
        let (path, body, _) = arrives(&[("action", name), ("live-activity-id", id), ("payload", yaml)]);
        assert_eq!((path.as_str(), body), (reached, json!({"activity_id": id, "content_state": sent})));
    }
    let push =
        json!({"title": "Deployed", "payload": {"run": 9_007_199_254_740_993_u64}, "target": {"channels": ["ops"]}});
    let inputs = [("action", "send_push_notification"), ("payload", &push.to_string()), ("channels", "dev")];
    assert_eq!(arrives(&inputs).1, push);
    let path =
        file("push.yml", "title: Deployed\nactions:\n  - {title: Open, type: open_url, url: 'https://a.test'}\n");
    let inputs = [("action", "send_push_notification"), ("payload-file-path", &*path)];
    assert_eq!(arrives(&inputs).1["actions"][0]["url"], "https://a.test");
    let inputs = [("action", "send_push_notification"), ("payload", "\"title\": \"T\",\n\"message\": \"M\",\n")];
    assert_eq!(arrives(&inputs).1, json!({"title": "T", "message": "M"}));
    let inputs = [("action", "update_metric_value"), ("metric-key", "queue.depth"), ("payload", "value: 42")];
    assert_eq!(arrives(&inputs).0, "/metrics/queue.depth/value");
    assert_eq!(arrives(&[("action", "update_app_icon_badge_count"), ("payload", "badge: 3")]).1, json!({"badge": 3}));
}

#[test]
fn a_call_that_fails_leaves_the_step_green_unless_errors_is_true() {
    if !has_node() {
        return;
    }
    let service = Service::start();
    let push = ("action", "send_push_notification");
    for (inputs, variables, words) in [
        (&[push, ("payload", "title: T")][..], &[NOBODY][..], "could not connect"),
        (&[push, ("payload", "title: ' '")], &[], "title is blank"),
        (&[push, ("payload", "title: [")], &[], "neither JSON nor YAML"),
        (&[push], &[], "give the request as payload or payload-file-path"),
        (&[push, ("payload-file-path", "/nowhere.yml")], &[], "/nowhere.yml"),
        (&[push, ("payload", "a"), ("payload-file-path", "b")], &[], "not both"),
        (&[("action", "stream_live_activity"), ("payload", "a: 1")], &[], "stream-key is missing"),
        (&[("action", "poke")], &[], "give one of send_push_notification"),
    ] {
        let (told, outputs) = call(&service, inputs, variables);
        assert!(told.succeeded().stdout.starts_with("::warning::ActivitySmith was not told: "), "{told:?}");
        let response: String = serde_json::from_str(&outputs["response"]).expect("a JSON string");
        assert!(outputs["ok"] == "false" && response.contains(words), "{response}");
        let (told, _) = call(&service, &[inputs, &[("errors", "True")]].concat(), variables);
        assert!(told.code == Some(1) && told.stdout.starts_with("::error::"), "{told:?}");
    }
    assert!(service.bodies().is_empty());
}

#[test]
fn the_action_hides_its_key_and_has_no_last_step_after_a_call() {
    if !has_node() {
        return;
    }
    let service = Service::start();
    let inputs = [("action", "send_push_notification"), ("payload", "title: T"), ("api-key", "ask_test_other")];
    let told = action(&service, "main.js", &inputs, &[]);
    assert!(told.succeeded().stdout.starts_with("::add-mask::ask_test_other\n"), "{told:?}");
    assert_eq!(action(&service, "post.js", &inputs, &[]).succeeded().stdout, "");
    assert_eq!(service.bodies().len(), 1);
    let inputs = [("action", "send_push_notification"), ("payload", "title: T"), ("payload-delimiter", "_")];
    assert!(action(&service, "main.js", &inputs, &[]).succeeded().stdout.starts_with("::warning::payload-delimiter"));
}
