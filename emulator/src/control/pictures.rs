//! `GET /_emulator/render/{stream_key}.svg` and `.png`: what the phone shows of a stream, as a picture.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Shares};
use serde::Deserialize;

use super::call::{Account, Answer, App, Parameter, Refusal, invalid};
use crate::page::respond;
use crate::render::{Picture, Surface, Theme};

/// What a picture can be asked to be.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    #[serde(default = "light")]
    #[cfg_attr(test, schemars(extend("enum" = ["light", "dark", "dimmed"])))]
    theme: String,
    #[serde(default = "lock")]
    #[cfg_attr(test, schemars(extend("enum" = ["lock", "island-compact", "island-expanded"])))]
    surface: String,
    /// The stream's activity that is meant; without one, the newest.
    activity: Option<String>,
    /// Whose screen it is; without one, the picture shows what the API knows.
    device: Option<String>,
    /// Pixels of a PNG for each point.
    #[cfg_attr(test, schemars(range(min = 0.1, max = 8)))]
    scale: Option<f32>,
    /// Name of the account to which the call is narrowed, where no bearer token does that.
    #[serde(rename = "account")]
    #[cfg_attr(test, schemars(with = "Option<crate::api::ids::AccountId>"))]
    _account: Option<String>,
}

fn light() -> String {
    Theme::Light.as_str().to_owned()
}

fn lock() -> String {
    Surface::Lock.as_str().to_owned()
}

#[derive(Clone, Copy)]
enum Kind {
    Svg,
    Png,
}

pub(super) async fn show(
    Shares(shared): App,
    account: Account,
    file: Parameter,
    wish: Result<Query<Wish>, QueryRejection>,
) -> Answer {
    let Query(wish) = wish.map_err(|_| {
        invalid("the query takes `theme`, `surface`, `activity`, `device`, `account` and, as a number, `scale`")
    })?;
    let (key, kind) = match (file.0.strip_suffix(".svg"), file.0.strip_suffix(".png")) {
        (Some(key), _) => (key, Kind::Svg),
        (_, Some(key)) => (key, Kind::Png),
        _ => return Err(missing("a picture is at /_emulator/render/{stream_key}.svg or .png")),
    };
    let theme = Theme::parse(&wish.theme).ok_or_else(|| invalid("`theme` must be light, dark or dimmed"))?;
    let surface = Surface::parse(&wish.surface);
    let surface = surface.ok_or_else(|| invalid("`surface` must be lock, island-compact or island-expanded"))?;
    let (now, stream) = shared.at_now(|service, now| {
        let stream = match &wish.activity {
            Some(id) => service.activity(now, account.api_key(), id),
            None => service.stream(now, account.api_key(), key),
        };
        (now, stream)
    });
    let stream = stream?;
    if stream.stream_key != key {
        return Err(missing("this activity is not the stream's"));
    }
    let draw = move || {
        let (state, action, secondary, timer) = match &wish.device {
            None => (&stream.content_state, &stream.action, &stream.secondary_action, stream.timer),
            Some(id) => {
                let device = stream.device.iter().find(|device| device.device_id == *id);
                let shown = device.and_then(|device| Some((device, device.shows.as_ref()?)));
                let (device, state) = shown.ok_or_else(|| missing("this device shows nothing of the stream"))?;
                (state, &device.action, &device.secondary_action, device.timer)
            }
        };
        let picture = Picture::new(state, action.as_ref(), secondary.as_ref(), timer, now);
        let picture = picture.theme(theme).surface(surface);
        match kind {
            Kind::Svg => Ok(respond("image/svg+xml", picture.svg())),
            Kind::Png => png(&picture, wish.scale),
        }
    };
    match kind {
        Kind::Svg => draw(),
        // It takes as long as hundreds of requests, which do not have to wait for it.
        Kind::Png => tokio::task::spawn_blocking(draw).await.expect("drawing does not panic"),
    }
}

#[cfg(feature = "png")]
fn png(picture: &Picture<'_>, scale: Option<f32>) -> Answer {
    let png = picture.png(scale.unwrap_or(2.0)).map_err(|error| invalid(error.to_string()))?;
    Ok(respond("image/png", png))
}

#[cfg(not(feature = "png"))]
fn png(_: &Picture<'_>, _: Option<f32>) -> Answer {
    Err(missing("this emulator was built without PNG; ask for .svg"))
}

fn missing(message: &str) -> Refusal {
    Refusal { status: 404, error: "Not found", message: message.to_owned() }
}
