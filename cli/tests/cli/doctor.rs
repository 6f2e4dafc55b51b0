//! `asmith doctor`: what is set up, and whether it works.

use activitysmith_emulator::AccountSettings;

use crate::support::{KEY, Service, asmith, asmith_at, file, run, server_that_says};

#[test]
fn a_healthy_setup_is_told_in_full_and_without_the_key() {
    let service = Service::start();
    let told = service.run(&["doctor"]);
    for words in [
        "from ACTIVITYSMITH_API_KEY",
        &service.emulator.base_url(),
        "reached, and the key is right",
        "clock:         right",
    ] {
        assert!(told.succeeded().stdout.contains(words), "{words} is not in {told:?}");
    }
    assert_eq!(told.stderr, "");
    let told = service.run(&["doctor", "--output", "json"]);
    assert_eq!((&told.json()["healthy"], &told.json()["proxy"]), (&true.into(), &"none".into()));
}

#[test]
fn what_is_wrong_has_the_code_that_a_call_would_have() {
    let told = run(&mut asmith(&["doctor"]));
    assert_eq!(told.code, Some(78));
    assert!(told.stdout.contains("ACTIVITYSMITH_API_KEY is not set"), "{told:?}");
    let service = Service::start();
    service
        .emulator
        .with_service(|service, _| service.set_account(None, &AccountSettings { revoked: true, ..Default::default() }));
    let told = service.run(&["doctor", "--output", "json"]);
    assert_eq!((told.code, &told.json()["healthy"]), (Some(77), &false.into()));
    let mut nobody = asmith(&["doctor"]);
    let told = run(nobody.env("ACTIVITYSMITH_API_KEY", KEY).env("ACTIVITYSMITH_BASE_URL", "http://127.0.0.1:1/api"));
    assert_eq!(told.code, Some(69));
}

#[test]
fn a_proxy_is_told_by_its_variable_alone() {
    let mut command = asmith(&["doctor", "--offline"]);
    command.env("HTTPS_PROXY", "http://user:password@proxy.test").env("SSL_CERT_FILE", "/etc/ca.pem");
    let told = run(&mut command);
    assert!(told.succeeded().stdout.contains("proxy:         HTTPS_PROXY\n"), "{told:?}");
    assert!(told.stdout.contains("SSL_CERT_FILE=/etc/ca.pem") && !told.stdout.contains("password"), "{told:?}");
}

#[test]
fn what_cannot_be_used_is_told_though_requests_go_on_without() {
    let service = Service::start();
    let mut command = service.asmith(&["doctor"]);
    command.env("ACTIVITYSMITH_BUDGET_FILE", "/nowhere/budget").env("SSL_CERT_FILE", "/nowhere/ca.pem");
    let told = run(&mut command);
    for words in ["/nowhere/budget, which cannot be used", "SSL_CERT_FILE=/nowhere/ca.pem, which cannot be used"] {
        assert!(told.succeeded().stdout.contains(words), "{words} is not in {told:?}");
    }
}

#[test]
fn programs_find_every_finding_under_a_name_of_its_own() {
    let service = Service::start();
    let budget = file("doctor-budget", "");
    let mut command = service.asmith(&["doctor", "--output", "json"]);
    let told = run(command.env("ACTIVITYSMITH_BUDGET_FILE", &budget)).json();
    let names =
        ["configuration", "key", "base_url", "proxy", "certificates", "budget_file", "service", "clock", "healthy"];
    for name in names {
        assert!(told.get(name).is_some(), "{name} is not in {told}");
    }
    assert_eq!((&told["budget_file"], told.as_object().map(serde_json::Map::len)), (&budget.into(), Some(names.len())));
}

#[test]
fn without_settings_requests_go_to_the_service() {
    let told = run(&mut asmith(&["doctor", "--offline"]));
    assert!(told.succeeded().stdout.contains("base URL:      https://activitysmith.com/api\n"), "{told:?}");
}

#[test]
fn a_clock_that_is_wrong_is_told() {
    let head = "401 Unauthorized\r\ndate: Tue, 01 Dec 2020 08:00:00 GMT";
    let told = run(&mut asmith_at(&server_that_says(head, "{\"error\": \"no\"}"), &["doctor"]));
    assert_eq!(told.code, Some(77));
    assert!(told.stdout.contains(" s ahead of the service's"), "{told:?}");
}
