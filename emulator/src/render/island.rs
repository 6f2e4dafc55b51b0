//! The Dynamic Island at rest: a symbol on one side of the camera, the shortest reading on the other.

use super::body;
use super::font::{Font, Weight};
use super::state::State;
use super::svg::Svg;
use super::text::{self, At, Rect, line};
use super::theme::Palette;
use super::timer::Clock;
use crate::contract::StreamType;

pub(super) const WIDTH: f32 = 254.0;
pub(super) const HEIGHT: f32 = 37.0;
const SYMBOL: f32 = 21.0;
/// What is beside the camera.
const SIDE: f32 = 58.0;

pub(super) fn draw(svg: &mut Svg, palette: Palette, state: State<'_>, clock: Clock) {
    let whole = Rect { x: 0.0, y: 0.0, width: WIDTH, height: HEIGHT };
    text::area(svg, whole, HEIGHT / 2.0, palette.card);
    let middle = HEIGHT / 2.0;
    match state.icon() {
        Some((name, hue)) => {
            let tone = palette.tone(hue.unwrap_or(state.hue()));
            text::symbol(svg, 12.0, middle - SYMBOL / 2.0, SYMBOL, name, tone.ink);
        }
        None => ring(svg, 12.0 + SYMBOL / 2.0, middle, palette, state),
    }
    let font = Font::new(Weight::SemiBold, 15.0);
    let (right, baseline) = (At::End(WIDTH - 14.0), middle + 5.4);
    let ink = palette.tone(state.hue()).ink;
    if state.kind() == Some(StreamType::Timer) {
        return clock.digits(svg, right, baseline, font, ink);
    }
    match reading(state) {
        Some(reading) => {
            // What is a little too long is written smaller before it is cut off.
            let sizes = [15.0, 13.5, 12.0].map(|size| Font::new(Weight::SemiBold, size));
            let font = sizes.into_iter().find(|font| font.width(&reading) <= SIDE).unwrap_or(font);
            line(svg, right, baseline - (15.0 - font.size) * 0.36, font, ink, &reading, SIDE);
        }
        None => text::symbol(svg, WIDTH - 14.0 - SYMBOL, middle - SYMBOL / 2.0, SYMBOL, "bell", ink),
    }
}

/// The shortest reading of a state.
fn reading(state: State<'_>) -> Option<String> {
    let first = || {
        let metric = state.metrics().into_iter().next()?;
        let unit = if metric.unit == "%" { "%" } else { "" };
        Some(metric.value + unit)
    };
    match state.kind()? {
        StreamType::Progress => body::percentage(state),
        StreamType::SegmentedProgress => Some(match state.steps() {
            (done, Some(all)) => format!("{done}/{all}"),
            (done, None) => done.to_string(),
        }),
        StreamType::Metrics | StreamType::Stats => first(),
        StreamType::Value => Some(state.value()),
        StreamType::Alert => state.badge().map(|(title, _)| title),
        StreamType::Timer => None,
    }
}

/// A ring that fills, for a state without a symbol; whole where nothing is measured.
fn ring(svg: &mut Svg, x: f32, y: f32, palette: Palette, state: State<'_>) {
    let share = match (state.progress(), state.steps()) {
        (Some(share), _) => share as f32,
        (None, (done, Some(all))) => done as f32 / all as f32,
        (None, (_, None)) => 1.0,
    };
    let radius = 8.0;
    let length = std::f32::consts::TAU * radius;
    let circle = |svg: &mut Svg, color: &str, drawn: f32| {
        svg.element("circle")
            .numbers(&[("cx", x), ("cy", y), ("r", radius)])
            .set("fill", "none")
            .set("stroke", color)
            .set("stroke-width", "3.2")
            .set("stroke-linecap", "round")
            .set("stroke-dasharray", &format!("{drawn:.2} {length:.2}"))
            .set("transform", &format!("rotate(-90 {x:.2} {y:.2})"))
            .set("aria-hidden", "true")
            .end();
    };
    circle(svg, palette.track, length);
    if share > 0.0 {
        circle(svg, palette.tone(state.hue()).fill, length * share);
    }
}
