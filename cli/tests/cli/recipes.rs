//! The recipes of docs/recipes/, and the GitHub Action, as they stand there: run against the emulator.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::support::{KEY, Run, Service, run, timeless};

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

/// A step of the action, as a runner starts it.
fn action(service: &Service, step: &str, status: &str, more: &[(&str, &str)]) -> Run {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../action").join(step);
    let of_shell = shell(service, "action", "");
    // A shell would lose variables whose names have a hyphen.
    let mut command = Command::new("node");
    command.arg(script).env_clear();
    for (name, value) in of_shell.get_envs() {
        value.map(|value| command.env(name, value));
    }
    for (name, value) in [("STREAM-KEY", "ci"), ("TITLE", "CI"), ("SUBTITLE", "main"), ("JOB-STATUS", status)] {
        command.env(format!("INPUT_{name}"), value);
    }
    run(command.envs(more.iter().copied()))
}

#[test]
fn the_action_shows_a_job_and_ends_it_however_it_ends() {
    if Command::new("node").arg("--version").output().is_err() {
        eprintln!("left out: there is no Node here");
        return;
    }
    for (status, color) in [("success", "green"), ("failure", "red"), ("cancelled", "gray")] {
        let service = Service::start();
        assert_eq!(action(&service, "main.js", status, &[]).succeeded().stdout, "");
        assert_eq!((&last(&service)["type"], &last(&service)["subtitle"]), (&json!("timer"), &json!("main")));
        assert_eq!(action(&service, "post.js", status, &[]).succeeded().stdout, "");
        assert_eq!(last(&service)["color"], color);
        assert_eq!(service.emulator.requests().len(), 2);
    }
    let service = Service::start();
    let nobody = ("ACTIVITYSMITH_BASE_URL", "http://127.0.0.1:1/api");
    let told = action(&service, "main.js", "success", &[nobody]);
    assert!(told.succeeded().stdout.starts_with("::warning::The job is not shown"), "{told:?}");
    let told = action(&service, "main.js", "success", &[nobody, ("INPUT_FAIL-ON-ERROR", "true")]);
    assert_eq!(told.code, Some(1));
}
