//! What each of the seven types shows below its header. A body is drawn from `y` down and says where it ends.

use super::font::{Font, Weight};
use super::state::{Metric, State, number_text};
use super::svg::Svg;
use super::text::{At, Rect, area, bar, line, with_unit};
use super::theme::Palette;
use super::timer::Clock;
use crate::contract::StreamType;

/// Where a body is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) palette: Palette,
}

const READING: Font = Font::new(Weight::SemiBold, 15.0);
const LABEL: Font = Font::new(Weight::Medium, 12.5);
/// Segments that are narrower than this are drawn as one bar.
const NARROWEST_SEGMENT: f32 = 3.0;

/// Draws the body of a state; gives where it ends.
pub(super) fn draw(svg: &mut Svg, frame: Frame, state: State<'_>, clock: Clock) -> f32 {
    match state.kind() {
        Some(StreamType::Progress) => progress(svg, frame, state),
        Some(StreamType::SegmentedProgress) => segments(svg, frame, state),
        Some(StreamType::Metrics) => metrics(svg, frame, state),
        Some(StreamType::Stats) => stats(svg, frame, state),
        Some(StreamType::Value) => value(svg, frame, state),
        Some(StreamType::Timer) => timer(svg, frame, state, clock),
        Some(StreamType::Alert) | None => message(svg, frame, state),
    }
}

/// The percentage of a progress, as it is written. Only what is done is 100 %.
pub(super) fn percentage(state: State<'_>) -> Option<String> {
    let percentage = state.progress()? * 100.0;
    let whole = if percentage < 100.0 { percentage.round().min(99.0) } else { 100.0 };
    Some(format!("{}%", number_text(whole)))
}

/// The steps of a segmented progress, as they are written.
pub(super) fn steps(state: State<'_>) -> String {
    match state.steps() {
        (done, Some(all)) => format!("{done} of {all}"),
        (done, None) => format!("Step {done}"),
    }
}

fn progress(svg: &mut Svg, frame: Frame, state: State<'_>) -> f32 {
    let Some(share) = state.progress() else { return frame.y };
    let text = percentage(state).unwrap_or_default();
    let width = frame.width - reading(svg, frame, &text) - 12.0;
    let tone = frame.palette.tone(state.hue());
    let rect = Rect { x: frame.x, y: frame.y + 19.0, width, height: 8.0 };
    bar(svg, rect, share as f32, frame.palette, tone);
    frame.y + 29.0
}

/// Writes at the right end of a bar; gives the width.
fn reading(svg: &mut Svg, frame: Frame, text: &str) -> f32 {
    let room = frame.width / 2.0;
    line(svg, At::End(frame.x + frame.width), frame.y + 28.5, READING, frame.palette.ink, text, room);
    READING.width(&READING.fit(text, room))
}

fn segments(svg: &mut Svg, frame: Frame, state: State<'_>) -> f32 {
    let (done, all) = state.steps();
    let text = steps(state);
    let Some(all) = all else {
        line(svg, At::Start(frame.x), frame.y + 28.5, READING, frame.palette.ink, &text, frame.width);
        return frame.y + 29.0;
    };
    let width = frame.width - reading(svg, frame, &text) - 12.0;
    let y = frame.y + 19.0;
    let gap = if all > 20 { 2.0 } else { 4.0 };
    let each = (width - gap * (all as f32 - 1.0)) / all as f32;
    if each < NARROWEST_SEGMENT {
        let rect = Rect { x: frame.x, y, width, height: 8.0 };
        bar(svg, rect, done as f32 / all as f32, frame.palette, frame.palette.tone(state.hue()));
        return frame.y + 29.0;
    }
    for step in 0..all {
        let x = frame.x + (each + gap) * step as f32;
        let rect = Rect { x, y, width: each, height: 8.0 };
        let radius = 4.0_f32.min(each / 2.0);
        if step == done {
            // The step that is being worked on is begun, and not completed.
            let tone = frame.palette.tone(state.current_step_hue());
            area(svg, rect, radius, frame.palette.track);
            area(svg, Rect { width: each.min((each * 0.4).max(8.0)), ..rect }, radius, tone.fill);
        } else {
            let done = step < done;
            let fill = if done { frame.palette.tone(state.step_hue(step)).fill } else { frame.palette.track };
            area(svg, rect, radius, fill);
        }
    }
    frame.y + 29.0
}

fn metrics(svg: &mut Svg, frame: Frame, state: State<'_>) -> f32 {
    let metrics = state.metrics();
    let columns = if metrics.len() > 4 { 4 } else { metrics.len().min(2) };
    // What is measured often comes in twos, and then has room for large numbers.
    let (size, row) = if metrics.len() > 2 { (17.0, 48.5) } else { (24.0, 57.5) };
    grid(svg, frame, &metrics, columns, row, |svg, cell, metric| {
        let tone = cell.palette.tone(metric.hue.unwrap_or(state.hue()));
        let font = Font::new(Weight::SemiBold, size);
        line(svg, At::Start(cell.x), cell.y + 11.0, LABEL, cell.palette.faint, &metric.label, cell.width);
        let baseline = cell.y + 15.0 + size;
        let colors = (cell.palette.ink, cell.palette.faint);
        with_unit(svg, (cell.x, baseline), font, colors, (&metric.value, &metric.unit), cell.width);
        if let Some(share) = metric.share {
            let rect = Rect { x: cell.x, y: baseline + 8.5, width: cell.width, height: 5.0 };
            bar(svg, rect, share, cell.palette, tone);
        }
    })
}

fn stats(svg: &mut Svg, frame: Frame, state: State<'_>) -> f32 {
    let metrics = state.metrics();
    let columns = metrics.len().min(4);
    let size = if columns > 3 { 19.0 } else { 24.0 };
    grid(svg, frame, &metrics, columns, size + 26.0, |svg, cell, metric| {
        let ink = metric.hue.map_or(cell.palette.ink, |hue| cell.palette.tone(hue).ink);
        let font = Font::new(Weight::SemiBold, size);
        let at = (cell.x, cell.y + size);
        with_unit(svg, at, font, (ink, cell.palette.faint), (&metric.value, &metric.unit), cell.width);
        let baseline = cell.y + size + 17.0;
        line(svg, At::Start(cell.x), baseline, LABEL, cell.palette.faint, &metric.label, cell.width);
    })
}

/// Draws each metric in its cell, row by row; gives where the last row ends.
fn grid(
    svg: &mut Svg,
    frame: Frame,
    metrics: &[Metric],
    columns: usize,
    row: f32,
    draw: impl Fn(&mut Svg, Frame, &Metric),
) -> f32 {
    if metrics.is_empty() {
        return frame.y;
    }
    let gap = if columns > 2 { 14.0 } else { 20.0 };
    let width = (frame.width - gap * (columns as f32 - 1.0)) / columns as f32;
    let top = frame.y + 14.0;
    for (number, metric) in metrics.iter().enumerate() {
        let (across, down) = ((number % columns) as f32, (number / columns) as f32);
        let cell = Frame { x: frame.x + (width + gap) * across, y: top + (row + 6.0) * down, width, ..frame };
        draw(svg, cell, metric);
    }
    let rows = metrics.len().div_ceil(columns) as f32;
    top + rows * (row + 6.0) - 8.0
}

fn value(svg: &mut Svg, frame: Frame, state: State<'_>) -> f32 {
    let value = state.value();
    let sizes = [40.0, 34.0, 28.0];
    let fits = |size: &f32| Font::new(Weight::SemiBold, *size).width(&value) <= frame.width;
    let size = sizes.into_iter().find(fits).unwrap_or(28.0);
    let font = Font::new(Weight::SemiBold, size);
    let baseline = frame.y + 13.0 + size * 0.92;
    line(svg, At::Start(frame.x), baseline, font, frame.palette.ink, &value, frame.width);
    baseline + 4.0
}

fn timer(svg: &mut Svg, frame: Frame, state: State<'_>, clock: Clock) -> f32 {
    let tone = frame.palette.tone(state.hue());
    let rect = Rect { x: frame.x, y: frame.y + 17.0, width: frame.width, height: 6.0 };
    if clock.bar(svg, rect, frame.palette, tone) { frame.y + 25.0 } else { frame.y }
}

fn message(svg: &mut Svg, frame: Frame, state: State<'_>) -> f32 {
    let font = Font::new(Weight::Regular, 14.5);
    let message = state.text("message");
    if message.is_empty() {
        return frame.y;
    }
    let lines = font.wrap(&message, frame.width, 3);
    svg.element("g").holding(|svg| {
        if lines.last().is_some_and(|line| line.ends_with('…')) {
            svg.element("title").text(&message);
        }
        for (number, text) in lines.iter().enumerate() {
            let baseline = frame.y + 25.0 + 19.5 * number as f32;
            // Already fitted.
            line(svg, At::Start(frame.x), baseline, font, frame.palette.ink, text, f32::INFINITY);
        }
    });
    frame.y + 25.0 + 19.5 * (lines.len() as f32 - 1.0) + 5.0
}
