//! Where settings come from beside flags: a variable for each flag, and profiles of a file.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{KEY, Service, asmith, run};

const STREAM: &[&str] = &["stream", "k", "--type", "progress", "--title", "T", "--percentage", "1"];

/// A home with this configuration, and a folder of a project in it.
fn home(name: &str, user: &str, project: Option<&str>, mode: u32) -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()));
    std::fs::create_dir_all(home.join(".config/asmith")).expect("a folder");
    let file = home.join(".config/asmith/config.toml");
    std::fs::write(&file, user).expect("a file");
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).expect("rights");
    if let Some(project) = project {
        std::fs::write(home.join(".asmith.toml"), project).expect("a file");
    }
    home
}

fn at(home: &Path, args: &[&str]) -> Command {
    let mut command = asmith(args);
    command.env("HOME", home).current_dir(home);
    command
}

fn profiles(service: &Service) -> String {
    let base_url = service.emulator.base_url();
    format!("profile = \"work\"\n[profiles.work]\nbase_url = \"{base_url}\"\napi_key = \"{KEY}\"\n[profiles.none]\n")
}

#[test]
fn a_profile_gives_what_flags_and_variables_do_not() {
    let service = Service::start();
    let home = home("profile", &profiles(&service), None, 0o600);
    run(&mut at(&home, STREAM)).succeeded();
    run(&mut at(&home, &[STREAM, &["--profile", "work"]].concat())).succeeded();
    run(&mut at(&home, &[STREAM, &["--profile", "none"]].concat()))
        .failed(78, "ACTIVITYSMITH_API_KEY is not set; set it, or give --api-key-file");
    run(at(&home, STREAM).env("ASMITH_PROFILE", "none"))
        .failed(78, "ACTIVITYSMITH_API_KEY is not set; set it, or give --api-key-file");
    run(at(&home, STREAM).env("ACTIVITYSMITH_BASE_URL", "http://127.0.0.1:1/api")).failed(69, "could not connect");
    run(&mut at(&home, &[STREAM, &["--profile", "play"]].concat())).failed(78, "has the profiles none, work");
    run(&mut at(&home, &["run", "job", "--", "true"])).succeeded();
    assert_eq!(service.bodies().len(), 4);
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let service = Service::start();
    let home = home("open", &profiles(&service), None, 0o644);
    run(&mut at(&home, STREAM)).failed(78, "chmod 600");
    let told = run(&mut at(&home, &["run", "job", "--", "echo", "it ran"]));
    assert_eq!(told.succeeded().stdout, "it ran\n");
    assert!(told.stderr.contains("chmod 600"), "{told:?}");
}

#[test]
fn a_project_says_which_profile_and_no_more() {
    let service = Service::start();
    let user = profiles(&service).replacen("profile = \"work\"", "", 1);
    run(&mut at(&home("project", &user, Some("profile = \"work\""), 0o600), STREAM)).succeeded();
    for line in [format!("api_key = \"{KEY}\""), "base_url = \"https://example.com\"".to_owned()] {
        let home = home("greedy-project", &user, Some(&line), 0o600);
        run(&mut at(&home, STREAM)).failed(78, "belong into your own file");
    }
}

#[test]
fn a_file_that_cannot_be_understood_is_named_with_its_line() {
    let home = home("wrong", "[profiles.work]\nbase_ur = \"x\"\n", None, 0o600);
    run(&mut at(&home, STREAM)).failed(78, "config.toml, line");
    run(&mut at(&home, &[STREAM, &["--config", "/nowhere"]].concat())).failed(78, "/nowhere cannot be read");
}

#[test]
fn every_flag_has_a_variable() {
    let service = Service::start();
    let mut command = service.asmith(&["stream", "k", "--type", "progress"]);
    command.env("ASMITH_STREAM_TITLE", "Theirs").env("ASMITH_STREAM_PERCENTAGE", "5").env("ASMITH_QUIET", "1");
    assert_eq!(run(&mut command).succeeded().stderr, "");
    assert_eq!(service.body()["content_state"]["title"], "Theirs");
    let mut command = service.asmith(&["stream", "k", "--title", "Mine", "--percentage", "6"]);
    run(command.env("ASMITH_STREAM_TITLE", "Theirs")).succeeded();
    assert_eq!(service.body()["content_state"]["title"], "Mine");
    let mut command = service.asmith(&["run", "job", "--", "sh", "-c", "sleep 1000"]);
    assert_eq!(run(command.env("ASMITH_RUN_TIMEOUT", "0.1")).code, Some(124));
    // A key in a variable that is not for keys is in the wrong place.
    let mut command = service.asmith(STREAM);
    run(command.env_remove("ACTIVITYSMITH_API_KEY").env("ASMITH_STREAM_API_KEY", KEY)).failed(78, "is not set");
}
