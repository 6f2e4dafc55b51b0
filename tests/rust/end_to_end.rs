//! The client and the emulator over loopback: what a program sees of a stream's life.

use std::time::Duration;

use activitysmith_emulator::{AccountSettings, Billing};
use activitysmith_emulator::{Clock, Emulator, Limits, NoRecipients, Options, Switches, Timestamp};
use activitysmith_kit::{
    ActivitySmith, Alert, ApiErrorKind, Change, ContentState, EndStreamRequest, Error, Metric, Metrics, OpenUrl,
    Operation, Progress, PushAlert, SegmentedProgress, Slugs, Stats, StreamRequest, StreamResponse, Timer, Value,
};

const KEY: &str = "ask_test_end_to_end";

struct Setup {
    emulator: Emulator,
    client: ActivitySmith,
}

/// A client and an emulator whose clock stands still.
async fn setup(limits: Limits, switches: Switches) -> Setup {
    let clock = Clock::Manual(Timestamp::from_millis(1_800_000_000_000));
    let emulator = Emulator::start(Options { clock, limits, switches, ..Options::default() }).await.unwrap();
    let client = ActivitySmith::builder().base_url(emulator.base_url()).api_key(KEY).build().unwrap();
    Setup { emulator, client }
}

async fn usual() -> Setup {
    setup(Limits::service(), Switches::default()).await
}

impl Setup {
    async fn stream(&self, key: &str, request: impl Into<StreamRequest>) -> StreamResponse {
        self.client.live_activities().stream(key, request).await.unwrap()
    }

    async fn refused(&self, request: impl Into<StreamRequest>) -> activitysmith_kit::ApiError {
        match self.client.live_activities().stream("k", request).await {
            Err(Error::Api(error)) => *error,
            other => panic!("{other:?}"),
        }
    }

    fn account(&self, settings: &AccountSettings) {
        self.emulator.with_service(|service, _| service.set_account(Some(KEY), settings));
    }

    fn control(&self, change: impl FnOnce(&mut activitysmith_emulator::Service, Timestamp)) {
        self.emulator.with_service(change);
    }
}

fn progress(percentage: u32) -> Progress {
    Progress::new("Search Reindex").subtitle("catalog-v2").percentage(percentage)
}

#[tokio::test]
async fn a_stream_starts_updates_rests_and_ends() {
    let setup = usual().await;
    let started = setup.stream("k", progress(0)).await;
    assert_eq!((started.operation, started.success), (Operation::Started, Some(true)));
    let updated = setup.stream("k", progress(50)).await;
    assert_eq!((updated.operation, &updated.activity_id), (Operation::Updated, &started.activity_id));
    assert_eq!(setup.stream("k", progress(50)).await.operation, Operation::Noop);
    let ended = setup.client.live_activities().end_stream("k").content_state(progress(100)).auto_dismiss_seconds(30);
    let ended = ended.await.unwrap();
    assert_eq!((ended.operation, &ended.activity_id), (Operation::Ended, &started.activity_id));
    assert_eq!(setup.stream("k", progress(0)).await.operation, Operation::Started, "afterwards it starts afresh");
}

#[tokio::test]
async fn every_state_starts_a_stream_of_its_own() {
    let setup = setup(Limits::none(), Switches::default()).await;
    let states: [(&str, ContentState); 8] = [
        ("segmented", SegmentedProgress::new("T", 4, 1).into()),
        ("progress", Progress::new("T").value(3).upper_limit(9).into()),
        ("metrics", Metrics::new("T", [Metric::new("CPU", 7)]).into()),
        ("stats", Stats::new("T", [Metric::new("Orders", "7")]).into()),
        ("alert", Alert::new("T", "m").into()),
        ("countdown", Timer::countdown("T", 60).into()),
        ("stopwatch", Timer::elapsed("T").into()),
        ("value", Value::new("T", "007").into()),
    ];
    for (key, state) in states {
        assert_eq!(setup.stream(key, state).await.operation, Operation::Started, "{key}");
    }
}

#[tokio::test]
async fn another_type_rotates_and_an_untyped_update_does_not() {
    let setup = usual().await;
    let first = setup.stream("k", progress(1)).await;
    assert_eq!(setup.stream("k", Change::new("T").value(3).upper_limit(9)).await.operation, Operation::Updated);
    let rotated = setup.stream("k", Alert::new("T", "Held")).await;
    assert_eq!((rotated.operation, rotated.previous_activity_id), (Operation::Rotated, first.activity_id));
}

#[tokio::test]
async fn an_untyped_update_starts_nothing() {
    let error = usual().await.refused(Change::new("T")).await;
    assert_eq!((error.kind, error.status), (ApiErrorKind::BadRequest, 400));
}

#[tokio::test]
async fn channels_reach_the_service_and_a_change_rotates() {
    let setup = usual().await;
    let to = |channels: &[&str]| StreamRequest::from(progress(1)).channels(channels.to_vec());
    let response = setup.stream("k", to(&["sre"])).await;
    assert_eq!(response.effective_channel_slugs, Some(vec!["sre".to_owned()]));
    assert_eq!(setup.stream("k", to(&["sre", "night"])).await.operation, Operation::Rotated);
}

#[tokio::test]
async fn tags_are_kept_replaced_and_cleared() {
    let setup = usual().await;
    let tagged = setup.stream("k", StreamRequest::from(progress(1)).tags(["nightly"])).await;
    assert_eq!(tagged.tags, Some(vec!["nightly".to_owned()]));
    assert_eq!(setup.stream("k", progress(2)).await.tags, Some(vec!["nightly".to_owned()]), "left out, they stay");
    let cleared = setup.stream("k", StreamRequest::from(progress(3)).tags(Slugs::NONE)).await;
    assert_eq!(cleared.tags, Some(vec![]));
}

#[tokio::test]
async fn an_alert_is_heard_even_when_nothing_changed() {
    let setup = usual().await;
    setup.stream("k", progress(1)).await;
    let loud = StreamRequest::from(progress(1)).alert(PushAlert::new().title("Look"));
    assert_eq!(setup.stream("k", loud).await.operation, Operation::Updated);
}

#[tokio::test]
async fn a_paused_stream_answers_and_shows_nothing() {
    let setup = usual().await;
    setup.stream("k", progress(1)).await;
    setup.control(|service, now| drop(service.pause(now, Some(KEY), "k").unwrap()));
    let paused = setup.stream("k", progress(2)).await;
    assert_eq!((paused.operation, paused.activity_id), (Operation::Paused, None));
    setup.control(|service, now| drop(service.resume(now, Some(KEY), "k").unwrap()));
    assert_eq!(setup.stream("k", progress(3)).await.operation, Operation::Started);
}

#[tokio::test]
async fn what_somebody_dismissed_or_ios_ended_starts_again() {
    let setup = usual().await;
    setup.stream("k", progress(1)).await;
    setup.control(|service, now| drop(service.dismiss(now, Some(KEY), "k").unwrap()));
    assert_eq!(setup.stream("k", progress(2)).await.operation, Operation::Started);
    setup.emulator.advance(Duration::from_secs(9 * 3600));
    assert_eq!(setup.stream("k", progress(3)).await.operation, Operation::Started);
}

#[tokio::test]
async fn the_service_warns_of_too_many_updates() {
    let setup = usual().await;
    for percentage in 0..=12 {
        assert_eq!(setup.stream("k", progress(percentage)).await.warning, None, "{percentage}");
    }
    assert!(setup.stream("k", progress(13)).await.warning.is_some());
}

#[tokio::test]
async fn the_limits_are_told_with_each_answer() {
    let setup = usual().await;
    let limits = setup.stream("k", progress(1)).await.facts.rate_limits;
    let account = limits.iter().find(|limit| limit.policy == "account:live-activities").unwrap();
    assert_eq!((account.remaining, account.quota), (Some(299), Some(300)));
    assert_eq!(account.window, Some(Duration::from_secs(60)));
}

#[tokio::test]
async fn too_many_requests_are_refused_with_a_time() {
    let limits = Limits { account_per_minute: Some(2), ..Limits::service() };
    let setup = setup(limits, Switches::default()).await;
    setup.stream("k", progress(1)).await;
    setup.stream("k", progress(2)).await;
    let error = setup.refused(progress(3)).await;
    assert_eq!((error.kind, error.retry_after), (ApiErrorKind::RateLimited, Some(Duration::from_secs(60))));
    assert_eq!(error.attempts, 1, "a minute is more than the call has");
    setup.emulator.advance(Duration::from_secs(60));
    assert_eq!(setup.stream("k", progress(3)).await.operation, Operation::Updated);
}

#[tokio::test]
async fn a_sixth_activity_finds_no_place() {
    let setup = usual().await;
    for key in ["a", "b", "c", "d", "e"] {
        setup.stream(key, progress(1)).await;
    }
    let error = setup.refused(progress(1)).await;
    assert!(
        matches!(error.kind, ApiErrorKind::ActivityLimitReached { limit: Some(5), active: Some(5), .. }),
        "{error:?}"
    );
    setup.client.live_activities().end_stream("a").await.unwrap();
    assert_eq!(setup.stream("k", progress(1)).await.operation, Operation::Started);
}

#[tokio::test]
async fn billing_keys_and_channels_have_errors_of_their_own() {
    let setup = usual().await;
    setup.account(&AccountSettings { billing: Billing::TrialExpired, ..AccountSettings::default() });
    let error = setup.refused(progress(1)).await;
    assert!(matches!(&error.kind, ApiErrorKind::BillingBlocked { upgrade_url: Some(_) }), "{error:?}");
    assert_eq!(error.code.as_deref(), Some("trial_expired"));

    setup.account(&AccountSettings { revoked: true, ..AccountSettings::default() });
    assert_eq!(setup.refused(progress(1)).await.kind, ApiErrorKind::Unauthorized);

    let scope = Some(["sre".to_owned()].into());
    setup.account(&AccountSettings { key_channels: scope, ..AccountSettings::default() });
    let outside = StreamRequest::from(progress(1)).channels(["board"]);
    assert_eq!(setup.refused(outside).await.kind, ApiErrorKind::Forbidden);
}

#[tokio::test]
async fn nobody_to_deliver_to_is_told_by_new_and_old_services_alike() {
    for no_recipients in [NoRecipients::Unprocessable, NoRecipients::NotFound] {
        let setup = setup(Limits::service(), Switches { no_recipients, ..Switches::default() }).await;
        setup.account(&AccountSettings { has_device: false, ..AccountSettings::default() });
        let error = setup.refused(progress(1)).await;
        assert!(matches!(error.kind, ApiErrorKind::NoRecipients { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn an_end_of_nothing_is_not_found() {
    let error = usual().await.client.live_activities().end_stream("never").await.unwrap_err();
    assert_eq!(error.kind(), "not_found");
}

#[tokio::test]
async fn what_breaks_a_rule_never_leaves() {
    let setup = usual().await;
    let button = OpenUrl::new("Look", "https://a.test");
    for request in [
        StreamRequest::from(progress(101)),
        StreamRequest::from(progress(1)).channels(Slugs::NONE),
        StreamRequest::from(progress(1)).secondary_action(button),
    ] {
        let error = setup.client.live_activities().stream("k", request).await.unwrap_err();
        assert_eq!((error.kind(), error.is_transient()), ("validation", false));
    }
    assert_eq!(setup.client.live_activities().end_stream("a/b").await.unwrap_err().kind(), "validation");
    assert!(setup.emulator.requests().is_empty());
}

#[tokio::test]
async fn json_texts_take_the_same_way() {
    let setup = usual().await;
    let body = r#"{"content_state":{"title":"T","type":"progress","percentage":7}}"#;
    let response = setup.client.call_json::<StreamRequest>("k", body).await.unwrap();
    assert_eq!(response.operation, Operation::Started);
    let response = setup.client.call_json::<EndStreamRequest>("k", "{}").await.unwrap();
    assert_eq!(response.operation, Operation::Ended);
}
