//! The card on the Lock Screen, and the Dynamic Island when it is touched, which shows the same on black.

use super::body::{self, Frame};
use super::font::{Font, Weight};
use super::state::State;
use super::svg::Svg;
use super::text::{self, At, BUTTON, line};
use super::theme::Palette;
use super::timer::{self, Clock};
use crate::contract::StreamType;

/// How wide a card is, in points.
pub(super) const WIDTH: f32 = 372.0;
const TILE: f32 = 40.0;
const TITLE: Font = Font::new(Weight::SemiBold, 16.5);
const SUBTITLE: Font = Font::new(Weight::Regular, 13.5);

/// The margins and the corners, which differ between the two.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) side: f32,
    pub(super) top: f32,
    pub(super) bottom: f32,
    pub(super) radius: f32,
}

pub(super) const CARD: Shape = Shape { side: 16.0, top: 16.0, bottom: 17.0, radius: 26.0 };
pub(super) const ISLAND: Shape = Shape { side: 22.0, top: 20.0, bottom: 21.0, radius: 44.0 };

/// Draws everything, and gives the height.
pub(super) fn draw(svg: &mut Svg, shape: Shape, palette: Palette, state: State<'_>, clock: Clock) -> f32 {
    let mut content = Svg::default();
    let frame = Frame { x: shape.side, y: shape.top, width: WIDTH - 2.0 * shape.side, palette };
    let mut y = header(&mut content, frame, state, clock);
    y = body::draw(&mut content, Frame { y, ..frame }, state, clock);
    let buttons = state.buttons();
    if !buttons.is_empty() {
        let tone = palette.tone(state.hue());
        text::buttons(&mut content, frame.x, y + 14.0, frame.width, &buttons, palette, tone);
        y += 14.0 + BUTTON;
    }
    let height = y + shape.bottom;
    svg.element("rect")
        .numbers(&[
            ("x", 0.5),
            ("y", 0.5),
            ("width", WIDTH - 1.0),
            ("height", height - 1.0),
            ("rx", shape.radius - 0.5),
        ])
        .set("fill", palette.card)
        .set("stroke", palette.edge)
        .end();
    svg.append(&content);
    height
}

/// Symbol, title and subtitle, and at the end a badge or the time; gives where it ends.
fn header(svg: &mut Svg, frame: Frame, state: State<'_>, clock: Clock) -> f32 {
    let subtitle = state.text("subtitle");
    let is_title_alone = subtitle.is_empty()
        && state.icon().is_none()
        && state.badge().is_none()
        && state.kind() != Some(StreamType::Timer);
    let height = if is_title_alone { 22.0 } else { TILE };
    let middle = frame.y + height / 2.0;
    let right = frame.x + frame.width;
    let mut x = frame.x;
    if let Some((name, hue)) = state.icon() {
        text::tile(svg, x, frame.y, TILE, name, frame.palette.tone(hue.unwrap_or(state.hue())));
        x += TILE + 12.0;
    }
    let taken = trailing(svg, right, middle, frame.palette, state, clock);
    let room = right - x - if taken > 0.0 { taken + 12.0 } else { 0.0 };
    let baseline = if subtitle.is_empty() { middle + 5.8 } else { frame.y + 16.5 };
    line(svg, At::Start(x), baseline, TITLE, frame.palette.ink, &state.text("title"), room);
    line(svg, At::Start(x), frame.y + 35.0, SUBTITLE, frame.palette.faint, &subtitle, room);
    frame.y + height
}

/// What stands at the end of the header; gives its width.
fn trailing(svg: &mut Svg, right: f32, middle: f32, palette: Palette, state: State<'_>, clock: Clock) -> f32 {
    if state.kind() == Some(StreamType::Timer) {
        let font = timer::digits(32.0);
        let color = if clock.is_running() { palette.ink } else { palette.faint };
        clock.digits(svg, At::End(right), middle + 11.5, font, color);
        // Digits change; none is wider than a zero.
        return font.width(&clock.text().replace(|char: char| char.is_ascii_digit(), "0"));
    }
    match state.badge() {
        Some((title, hue)) => text::badge(svg, right, middle, &title, palette.tone(hue.unwrap_or(state.hue()))),
        None => 0.0,
    }
}
