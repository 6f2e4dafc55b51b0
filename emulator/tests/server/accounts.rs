//! Accounts and devices over HTTP.

use activitysmith_emulator::{Clock, Limits, Options, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{KEY, Server, answer};

async fn limited() -> Server {
    let clock = Clock::Manual(Timestamp::from_millis(1_790_000_000_000));
    Server::start(Options { limits: Limits::service(), clock, ..Options::default() }).await
}

#[tokio::test]
async fn an_account_shows_its_settings_and_what_is_left_of_its_window() {
    let server = limited().await;
    let (_, fresh) = answer(server.control(Method::GET, "account").bearer_auth(KEY)).await;
    assert_eq!(fresh["rate_window"], json!({"limit": 300, "remaining": 300, "reset_at": "2026-09-21T14:13:20.000Z"}));
    server.put("pick", 1).await;
    let (_, account) = answer(server.control(Method::GET, "account").bearer_auth(KEY)).await;
    assert_eq!(account["rate_window"], json!({"limit": 300, "remaining": 299, "reset_at": "2026-09-21T14:14:20.000Z"}));
    assert_eq!((&account["billing"], &account["active"]), (&json!("ok"), &json!(1)));
    let (_, all) = answer(server.control(Method::GET, "account")).await;
    assert_eq!((&all["account"], &all["accounts"]), (&Value::Null, &json!([account])));
}

#[tokio::test]
async fn the_name_of_an_account_narrows_as_its_key_does() {
    let server = limited().await;
    server.put("pick", 1).await;
    let (_, all) = answer(server.control(Method::GET, "account")).await;
    let name = all["accounts"][0]["account"].as_str().unwrap();
    let (_, one) = answer(server.control(Method::POST, &format!("streams/pick/pause?account={name}"))).await;
    assert_eq!(one["state"], "paused");
    let (_, none) = answer(server.control(Method::GET, "streams?account=acct_0000000000000000")).await;
    assert_eq!(none["streams"], json!([]));
    for path in ["streams?account=me", "requests?account=acct_12"] {
        assert_eq!(answer(server.control(Method::GET, path)).await.0, StatusCode::BAD_REQUEST, "{path}");
    }
}

#[tokio::test]
async fn a_device_is_listed_toggled_paired_and_unpaired() {
    let server = limited().await;
    let set = |id: &str, body: Value| server.control(Method::PUT, &format!("devices/{id}")).json(&body);
    let (status, _) = answer(set("iphone", json!({"state": "offline"}))).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "no account is known");
    server.put("pick", 1).await;
    let (_, phone) = answer(set("iphone", json!({"state": "offline"}))).await;
    assert_eq!((&phone["device_id"], &phone["state"]), (&json!("iphone"), &json!("offline")));
    server.put("pick", 2).await;
    let (_, list) = answer(server.control(Method::GET, "devices")).await;
    assert_eq!(list["devices"][0]["stale"], json!(["pick"]));
    assert_eq!((&list["devices"][0]["active"], &list["devices"][0]["capacity"]), (&json!(1), &json!(5)));
    let (_, stream) = answer(server.control(Method::GET, "streams/pick")).await;
    assert_eq!(stream["device"][0]["shows"]["percentage"], 1);
    assert_eq!((&stream["device"][0]["is_stale"], &stream["device"][0]["pending_until"]), (&json!(true), &Value::Null));

    let (_, ipad) = answer(set("ipad", json!({"name": "iPad of the barn"})).bearer_auth(KEY)).await;
    assert_eq!((&ipad["name"], &ipad["state"]), (&json!("iPad of the barn"), &json!("online")));
    assert_eq!(answer(server.control(Method::DELETE, "devices/ipad")).await.0, StatusCode::OK);
    assert_eq!(answer(server.control(Method::DELETE, "devices/ipad")).await.0, StatusCode::NOT_FOUND);
    for bad in [json!({"state": "lost"}), json!({"state": "online", "colour": "red"}), json!({"name": " "}), json!([])]
    {
        assert_eq!(answer(set("iphone", bad.clone())).await.0, StatusCode::BAD_REQUEST, "{bad}");
    }
    assert_eq!(answer(set("a%20b", json!({})).bearer_auth(KEY)).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_device_that_several_accounts_have_must_be_told_apart() {
    let server = limited().await;
    server.put("pick", 1).await;
    let other = server.control(Method::PUT, "devices/iphone").bearer_auth("ask_test_other");
    assert_eq!(answer(other.json(&json!({"state": "locked"}))).await.0, StatusCode::OK);
    let all = server.control(Method::PUT, "devices/iphone").json(&json!({"state": "locked"}));
    assert_eq!(answer(all).await.0, StatusCode::CONFLICT);
}

#[tokio::test]
async fn an_account_has_32_devices_at_most() {
    let server = limited().await;
    for n in 1..32 {
        let one = server.control(Method::PUT, &format!("devices/phone-{n}")).bearer_auth(KEY).json(&json!({}));
        assert_eq!(answer(one).await.0, StatusCode::OK);
    }
    let one_more = server.control(Method::PUT, "devices/phone-32").bearer_auth(KEY).json(&json!({}));
    assert_eq!(answer(one_more).await.0, StatusCode::CONFLICT);
}
