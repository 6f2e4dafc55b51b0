//! The page at `/`: files that are part of the program, so that it works without a network. What the page does, it
//! does through the other endpoints.

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::routing::get;
use hyper::Response;
use hyper::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY};

use crate::http;
use crate::render::FONTS;

/// What the page may load: its own files and nothing else, whatever gets into it.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/", get(page)).route("/_emulator/page/{file}", get(file))
}

async fn page() -> Response<Body> {
    respond(HTML, &include_bytes!("assets/index.html")[..])
}

async fn file(Path(name): Path<String>) -> Response<Body> {
    match asset(&name) {
        Some((kind, bytes)) => respond(kind, bytes),
        None => http::error(404, "Not found", "the page has no such file"),
    }
}

fn asset(name: &str) -> Option<(&'static str, &'static [u8])> {
    macro_rules! script {
        ($name:literal) => {
            (SCRIPT, include_bytes!(concat!("assets/", $name)))
        };
    }
    Some(match name {
        "base.css" => (CSS, include_bytes!("assets/base.css")),
        "panels.css" => (CSS, include_bytes!("assets/panels.css")),
        "phone.css" => (CSS, include_bytes!("assets/phone.css")),
        "icon.svg" => ("image/svg+xml", include_bytes!("assets/icon.svg")),
        "inter-400.ttf" => ("font/ttf", FONTS[0]),
        "inter-500.ttf" => ("font/ttf", FONTS[1]),
        "inter-600.ttf" => ("font/ttf", FONTS[2]),
        "api.js" => script!("api.js"),
        "banners.js" => script!("banners.js"),
        "clock.js" => script!("clock.js"),
        "controls.js" => script!("controls.js"),
        "dom.js" => script!("dom.js"),
        "limits.js" => script!("limits.js"),
        "look.js" => script!("look.js"),
        "main.js" => script!("main.js"),
        "phone.js" => script!("phone.js"),
        "requests.js" => script!("requests.js"),
        "streams.js" => script!("streams.js"),
        _ => return None,
    })
}

/// A response that is no JSON. Nothing is kept by the browser, since another release may answer on the same port.
pub(crate) fn respond(kind: &'static str, bytes: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(bytes.into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    response
}
