//! Puts texts, symbols, badges and buttons on a picture: what every card is made of.

use super::font::{Font, Weight};
use super::icons;
use super::state::Button;
use super::svg::Svg;
use super::theme::{Palette, Tone};

/// How high a button is, and a badge.
pub(super) const BUTTON: f32 = 36.0;
const BADGE: f32 = 24.0;
const BADGE_FONT: Font = Font::new(Weight::SemiBold, 12.5);
/// No badge is wider, lest it take the title's room.
const WIDEST_BADGE: f32 = 116.0;

/// Where a text stands: `x` is its start, its middle or its end.
#[derive(Debug, Clone, Copy)]
pub(super) enum At {
    Start(f32),
    Middle(f32),
    End(f32),
}

/// One line of text on a baseline, shortened to the room that it has. The whole text is shown to who points at it.
pub(super) fn line(svg: &mut Svg, at: At, baseline: f32, font: Font, color: &str, text: &str, room: f32) {
    let short = font.fit(text, room);
    let (x, anchor) = match at {
        At::Start(x) => (x, "start"),
        At::Middle(x) => (x, "middle"),
        At::End(x) => (x, "end"),
    };
    let write = |svg: &mut Svg| {
        svg.element("text")
            .numbers(&[("x", x), ("y", baseline), ("font-size", font.size)])
            .set("font-weight", font.weight.as_str())
            .set("text-anchor", anchor)
            .set("fill", color)
            .text(&short);
    };
    if short == text {
        write(svg);
    } else {
        svg.element("g").holding(|svg| {
            svg.element("title").text(text);
            write(svg);
        });
    }
}

/// A value with its unit behind it in a smaller font; gives the end of what it wrote.
pub(super) fn with_unit(
    svg: &mut Svg,
    at: (f32, f32),
    font: Font,
    colors: (&str, &str),
    texts: (&str, &str),
    room: f32,
) {
    let ((x, baseline), (ink, faint), (value, unit)) = (at, colors, texts);
    let small = Font::new(Weight::Medium, font.size * 0.62);
    // A percent sign belongs to its number.
    let gap = if unit == "%" { 1.0 } else { 3.0 };
    let value_room = (room - small.width(unit).min(room * 0.4) - gap).max(0.0);
    let value_room = if unit.is_empty() { room } else { value_room };
    line(svg, At::Start(x), baseline, font, ink, value, value_room);
    if !unit.is_empty() {
        let end = x + font.width(&font.fit(value, value_room)) + gap;
        line(svg, At::Start(end), baseline, small, faint, unit, room - (end - x));
    }
}

/// Where something is and how large.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rect {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
}

/// A rounded area.
pub(super) fn area(svg: &mut Svg, rect: Rect, radius: f32, color: &str) {
    let Rect { x, y, width, height } = rect;
    svg.element("rect")
        .numbers(&[("x", x), ("y", y), ("width", width.max(0.0)), ("height", height), ("rx", radius)])
        .set("fill", color)
        .end();
}

/// A bar that is filled to a share from 0 to 1. What is not empty is seen.
pub(super) fn bar(svg: &mut Svg, rect: Rect, share: f32, palette: Palette, tone: Tone) {
    let Rect { width, height, .. } = rect;
    area(svg, rect, height / 2.0, palette.track);
    if share > 0.0 {
        let filled = (width * share).max(height).min(width);
        area(svg, Rect { width: filled, ..rect }, height / 2.0, tone.fill);
    }
}

/// A symbol in a square of this size; without a drawing, its name.
pub(super) fn symbol(svg: &mut Svg, x: f32, y: f32, size: f32, name: &str, color: &str) {
    let Some(drawing) = icons::find(name) else { return stand_in(svg, x, y, size, name, color) };
    let scale = size / 24.0;
    let transform = format!("translate({x:.2} {y:.2}) scale({scale:.3})");
    svg.element("g").set("transform", &transform).set("aria-hidden", "true").holding(|svg| {
        if !drawing.lines.is_empty() {
            svg.element("path")
                .set("d", drawing.lines)
                .set("fill", "none")
                .set("stroke", color)
                .set("stroke-width", "2")
                .set("stroke-linecap", "round")
                .set("stroke-linejoin", "round")
                .end();
        }
        if !drawing.areas.is_empty() {
            svg.element("path").set("d", drawing.areas).set("fill", color).end();
        }
    });
}

/// The words of a name, small, one below the other; where there is no room for words, a first letter.
fn stand_in(svg: &mut Svg, x: f32, y: f32, size: f32, name: &str, color: &str) {
    let middle = At::Middle(x + size / 2.0);
    svg.element("g").holding(|svg| {
        svg.element("title").text(name);
        if size < 24.0 {
            let letter: String = name.chars().take(1).collect();
            let font = Font::new(Weight::SemiBold, size * 0.8);
            return line(svg, middle, y + size * 0.79, font, color, &letter.to_uppercase(), size * 2.0);
        }
        let font = Font::new(Weight::SemiBold, 7.5);
        let words: Vec<_> = name.split('.').filter(|word| !word.is_empty()).take(3).collect();
        let first = y + (size - 8.5 * words.len() as f32) / 2.0 + 6.8;
        for (number, word) in words.into_iter().enumerate() {
            line(svg, middle, first + 8.5 * number as f32, font, color, word, size + 7.0);
        }
    });
}

/// A symbol on a tile of its colour.
pub(super) fn tile(svg: &mut Svg, x: f32, y: f32, size: f32, name: &str, tone: Tone) {
    area(svg, Rect { x, y, width: size, height: size }, size * 0.29, tone.tint);
    // A name takes more room than a drawing.
    let inset = if icons::find(name).is_some() { size * 0.21 } else { size * 0.12 };
    symbol(svg, x + inset, y + inset, size - 2.0 * inset, name, tone.ink);
}

/// A badge that ends at `right` and is centred on `middle`; gives its width.
pub(super) fn badge(svg: &mut Svg, right: f32, middle: f32, title: &str, tone: Tone) -> f32 {
    let room = WIDEST_BADGE - 20.0;
    let width = BADGE_FONT.width(&BADGE_FONT.fit(title, room)) + 20.0;
    let (x, y) = (right - width, middle - BADGE / 2.0);
    area(svg, Rect { x, y, width, height: BADGE }, BADGE / 2.0, tone.tint);
    line(svg, At::Middle(x + width / 2.0), middle + 4.5, BADGE_FONT, tone.ink, title, room);
    width
}

/// One button, or two side by side; the first has the state's colour.
pub(super) fn buttons(svg: &mut Svg, x: f32, y: f32, width: f32, buttons: &[Button], palette: Palette, tone: Tone) {
    let gap = 8.0;
    let each = (width - gap * (buttons.len() as f32 - 1.0)) / buttons.len() as f32;
    for (number, button) in buttons.iter().enumerate() {
        let x = x + (each + gap) * number as f32;
        let (behind, color) = if number == 0 { (tone.tint, tone.ink) } else { (palette.plain, palette.ink) };
        let draw = |svg: &mut Svg| {
            svg.element("title").text(&button.hint);
            area(svg, Rect { x, y, width: each, height: BUTTON }, BUTTON / 2.0, behind);
            let font = Font::new(Weight::SemiBold, 14.5);
            let middle = At::Middle(x + each / 2.0);
            line(svg, middle, y + BUTTON / 2.0 + 5.2, font, color, &button.title, each - 28.0);
        };
        match &button.link {
            Some(link) => svg
                .element("a")
                .set("href", link)
                .set("target", "_blank")
                .set("rel", "noopener noreferrer")
                .set("aria-label", &button.title)
                .holding(draw),
            None => svg.element("g").set("data-button", "webhook").holding(draw),
        }
    }
}
