//! Writes SVG. Every text and attribute of a picture goes through here, so that nothing a state holds becomes markup.

use std::fmt::Write as _;

/// A piece of SVG that grows.
#[derive(Debug, Default)]
pub(super) struct Svg(String);

/// An element whose tag is being written. It ends with one of the methods that take it by value and give nothing.
#[must_use = "an element that is not ended is not well-formed"]
pub(super) struct Element<'a> {
    svg: &'a mut Svg,
    name: &'static str,
}

impl Svg {
    pub(super) fn element(&mut self, name: &'static str) -> Element<'_> {
        self.0.push('<');
        self.0.push_str(name);
        Element { svg: self, name }
    }

    /// Takes over a piece that was written apart.
    pub(super) fn append(&mut self, piece: &Self) {
        self.0.push_str(&piece.0);
    }

    pub(super) fn text(&mut self, text: &str) {
        escape_into(&mut self.0, text);
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }
}

impl Element<'_> {
    pub(super) fn set(self, name: &'static str, value: &str) -> Self {
        let _ = write!(self.svg.0, " {name}=\"");
        escape_into(&mut self.svg.0, value);
        self.svg.0.push('"');
        self
    }

    /// A length or position, to a hundredth of a point.
    pub(super) fn number(self, name: &'static str, value: f32) -> Self {
        let value = if value.is_finite() { (value * 100.0).round() / 100.0 } else { 0.0 };
        // Zero without a sign.
        let _ = write!(self.svg.0, " {name}=\"{}\"", value + 0.0);
        self
    }

    pub(super) fn numbers(mut self, values: &[(&'static str, f32)]) -> Self {
        for (name, value) in values {
            self = self.number(name, *value);
        }
        self
    }

    pub(super) fn end(self) {
        self.svg.0.push_str("/>");
    }

    pub(super) fn text(self, text: &str) {
        self.holding(|svg| svg.text(text));
    }

    pub(super) fn holding(self, inside: impl FnOnce(&mut Svg)) {
        self.svg.0.push('>');
        inside(self.svg);
        let _ = write!(self.svg.0, "</{}>", self.name);
    }
}

/// The one place where text becomes XML. Characters that XML cannot hold are replaced.
fn escape_into(out: &mut String, text: &str) {
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(char),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text() {
        let mut svg = Svg::default();
        svg.element("text").set("aria-label", "\" onload=\"x").text("</text><script>alert('&amp;')</script>");
        let expected = "<text aria-label=\"&quot; onload=&quot;x\">&lt;/text&gt;&lt;script&gt;alert(&#39;&amp;amp;&#39;)\
                        &lt;/script&gt;</text>";
        assert_eq!(svg.into_text(), expected);
    }

    #[test]
    fn what_xml_cannot_hold_is_replaced() {
        let mut svg = Svg::default();
        svg.text("a\0b\u{1b}[31m\u{ffff}\nc");
        assert_eq!(svg.into_text(), "a\u{fffd}b\u{fffd}[31m\u{fffd} c");
    }

    #[test]
    fn numbers_are_short_and_finite() {
        let mut svg = Svg::default();
        svg.element("a").numbers(&[("b", 1.0), ("c", 0.333_333), ("d", -0.001), ("e", f32::NAN)]).end();
        assert_eq!(svg.into_text(), r#"<a b="1" c="0.33" d="0" e="0"/>"#);
    }
}
