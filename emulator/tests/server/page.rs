//! The page's files and the pictures, as a browser asks for them. What the page does is tested in a browser.

use std::collections::BTreeSet;

use activitysmith_emulator::{DeviceSettings, DeviceState, Options};
use reqwest::{Method, Response, StatusCode};

use crate::support::{KEY, Server, answer};

async fn get(server: &Server, path: &str) -> Response {
    server.client.get(format!("http://{}{path}", server.emulator.addr())).send().await.unwrap()
}

/// The files that a text asks for, by their names.
fn files(text: &str) -> BTreeSet<String> {
    let ends = |rest: &str| rest.find(['"', '\'', ')']).map(|end| rest[..end].to_owned());
    let absolute = text.split("/_emulator/page/").skip(1).filter_map(ends);
    absolute.chain(text.split("from \"./").skip(1).filter_map(ends)).collect()
}

#[tokio::test]
async fn the_page_and_all_that_it_asks_for_come_from_here_under_a_strict_policy() {
    let server = Server::quiet().await;
    let mut wanted = BTreeSet::from(["/".to_owned()]);
    let mut seen = BTreeSet::new();
    while let Some(path) = wanted.pop_first() {
        let response = get(&server, &path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        let text = String::from_utf8_lossy(&response.bytes().await.unwrap()).into_owned();
        assert!(!text.contains("https://") || path.contains("/inter-"), "{path} names another host");
        seen.insert(path);
        let named = files(&text).into_iter().map(|name| format!("/_emulator/page/{name}"));
        wanted.extend(named.filter(|path| !seen.contains(path)));
    }
    assert_eq!(seen.len(), 19, "{seen:?}");
    assert_eq!(get(&server, "/_emulator/page/none.js").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn without_control_there_is_no_page() {
    let server = Server::start(Options { no_control: true, ..Options::default() }).await;
    for path in ["/", "/_emulator/page/main.js", "/_emulator/render/pick.svg"] {
        assert_eq!(get(&server, path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_stream_has_a_picture() {
    let server = Server::quiet().await;
    server.put("pick", 42).await;
    let response = get(&server, "/_emulator/render/pick.svg?theme=dark&surface=island-expanded").await;
    assert_eq!(response.headers()["content-type"], "image/svg+xml");
    let svg = response.text().await.unwrap();
    assert!(svg.starts_with("<svg ") && svg.contains("42%") && svg.contains("#000000"), "{svg}");
    // As for every other call, a key narrows it to its account.
    let other = server.control(Method::GET, "render/pick.svg").bearer_auth("ask_test_other").send().await.unwrap();
    assert_eq!(other.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_device_has_a_picture_of_what_it_shows() {
    let server = Server::quiet().await;
    server.put("pick", 1).await;
    server.emulator.with_service(|service, now| {
        let settings = DeviceSettings { state: Some(DeviceState::Offline), ..DeviceSettings::default() };
        service.set_device(now, Some(KEY), "iphone", settings).unwrap();
    });
    server.put("pick", 2).await;
    for (path, shown) in [("/_emulator/render/pick.svg?device=iphone", ">1%<"), ("/_emulator/render/pick.svg", ">2%<")]
    {
        let svg = get(&server, path).await.text().await.unwrap();
        assert!(svg.contains(shown), "{path}: {svg}");
    }
}

#[tokio::test]
async fn a_picture_that_cannot_be_is_refused_with_the_reason() {
    let server = Server::quiet().await;
    server.put("pick", 1).await;
    for (path, status, reason) in [
        ("render/none.svg", 404, "no stream"),
        ("render/pick", 404, ".svg or .png"),
        ("render/pick.gif", 404, ".svg or .png"),
        ("render/pick.svg?device=watch", 404, "shows nothing"),
        ("render/pick.svg?theme=sepia", 400, "light, dark or dimmed"),
        ("render/pick.svg?surface=watch", 400, "island-compact"),
        ("render/pick.svg?color=red", 400, "`theme`"),
        ("render/pick.svg?scale=big", 400, "`scale`"),
        ("render/pick.svg?account=acct", 400, "`account`"),
    ] {
        let (code, body) = answer(server.control(Method::GET, path)).await;
        assert_eq!(code.as_u16(), status, "{path}");
        assert!(body["message"].as_str().unwrap().contains(reason), "{path}: {body}");
    }
}

#[cfg(feature = "png")]
#[tokio::test]
async fn a_picture_can_be_a_png_of_a_sane_size() {
    let server = Server::quiet().await;
    server.put("pick", 1).await;
    let response = get(&server, "/_emulator/render/pick.png?scale=1").await;
    assert_eq!(response.headers()["content-type"], "image/png");
    assert!(response.bytes().await.unwrap().starts_with(b"\x89PNG"));
    for scale in ["0", "-1", "9", "1e30", "NaN"] {
        let (code, body) = answer(server.control(Method::GET, &format!("render/pick.png?scale={scale}"))).await;
        assert_eq!(code, StatusCode::BAD_REQUEST, "{scale}: {body}");
    }
}
