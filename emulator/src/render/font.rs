//! The font of the pictures: how wide a text is, and what of it fits. Inter, under the SIL Open Font License; see `fonts/`.

use std::borrow::Cow;
use std::sync::LazyLock;

use ttf_parser::Face;

/// What the SVG asks for: our font, and what looks like it where it is not installed.
pub(super) const FAMILY: &str =
    "'Inter Variable', Inter, -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, sans-serif";

/// The font files, lightest first.
pub(crate) const FILES: [&[u8]; 3] = [
    include_bytes!("../../fonts/Inter-400.ttf"),
    include_bytes!("../../fonts/Inter-500.ttf"),
    include_bytes!("../../fonts/Inter-600.ttf"),
];

static FACES: LazyLock<[Face<'static>; 3]> =
    LazyLock::new(|| FILES.map(|file| Face::parse(file, 0).expect("the embedded fonts are fonts")));

/// How bold a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Medium,
    SemiBold,
}

impl Weight {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Regular => "400",
            Self::Medium => "500",
            Self::SemiBold => "600",
        }
    }
}

/// A weight at a size in points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Font {
    pub(super) weight: Weight,
    pub(super) size: f32,
}

impl Font {
    pub(super) const fn new(weight: Weight, size: f32) -> Self {
        Self { weight, size }
    }

    /// How wide a text is, in points. Kerning is left out; it makes texts narrower, if anything.
    pub(super) fn width(self, text: &str) -> f32 {
        text.chars().map(|char| self.advance(char)).sum()
    }

    /// The text, or as much of it as fits and an ellipsis.
    pub(super) fn fit(self, text: &str, room: f32) -> Cow<'_, str> {
        match self.overflow(text, room) {
            None => Cow::Borrowed(text),
            Some(_) => Cow::Owned(self.shorten(text, room)),
        }
    }

    /// The text in at most `limit` lines that are broken at spaces, the last with an ellipsis if it does not fit.
    pub(super) fn wrap(self, text: &str, room: f32, limit: usize) -> Vec<String> {
        let mut lines = Vec::new();
        let mut rest = text;
        while lines.len() + 1 < limit {
            let Some(overflow) = self.overflow(rest, room) else { break };
            // A word that is longer than a line is broken where the line ends.
            let end = rest[..overflow].rfind(' ').filter(|end| *end > 0).unwrap_or(overflow.max(first_char(rest)));
            let (line, after) = rest.split_at(end);
            lines.push(line.trim_end().to_owned());
            rest = after.trim_start();
        }
        if !rest.is_empty() {
            lines.push(self.fit(rest, room).into_owned());
        }
        lines
    }

    fn shorten(self, text: &str, room: f32) -> String {
        let end = self.overflow(text, room - self.advance('…')).unwrap_or(text.len());
        let kept = text[..end].trim_end_matches(|char: char| char.is_whitespace() || char == '\u{200d}');
        format!("{kept}…")
    }

    /// Where the first character begins that does not fit with what belongs to it. Reads no further than that, however long the
    /// text is.
    fn overflow(self, text: &str, room: f32) -> Option<usize> {
        let mut width = 0.0;
        let mut start = 0;
        let mut joined = false;
        for (at, char) in text.char_indices() {
            if !joined && !belongs_to_the_one_before(char) {
                start = at;
            }
            joined = char == '\u{200d}';
            width += self.advance(char);
            if width > room {
                return Some(start);
            }
        }
        None
    }

    fn advance(self, char: char) -> f32 {
        let face = &FACES[self.weight as usize];
        let of_face = face.glyph_index(char).and_then(|glyph| face.glyph_hor_advance(glyph));
        let em = match of_face {
            Some(advance) => f32::from(advance) / f32::from(face.units_per_em()),
            None if belongs_to_the_one_before(char) || char == '\u{200d}' => 0.0,
            // Scripts that fill a square, and emoji.
            None if ('\u{1100}'..='\u{115f}').contains(&char) || char >= '\u{2e80}' => 1.0,
            None => 0.65,
        };
        em * self.size
    }
}

/// Whether the embedded fonts have a character.
#[cfg(feature = "png")]
pub(super) fn covers(char: char) -> bool {
    char.is_control() || FACES[0].glyph_index(char).is_some()
}

/// Whether a character is seen by itself, and does not only change others.
#[cfg(feature = "png")]
pub(super) fn is_seen(char: char) -> bool {
    !belongs_to_the_one_before(char)
        && !matches!(char, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Combining marks, variation selectors and skin tones.
fn belongs_to_the_one_before(char: char) -> bool {
    matches!(char, '\u{300}'..='\u{36f}' | '\u{200d}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

fn first_char(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FONT: Font = Font::new(Weight::SemiBold, 16.0);

    #[test]
    fn what_fits_stays_whole() {
        assert_eq!(FONT.fit("Backup", 200.0), "Backup");
        assert_eq!(FONT.fit("", 0.0), "");
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis_within_the_room() {
        let text = "A title that goes on and on until nobody reads it any more";
        for room in [40.0, 100.0, 237.0] {
            let short = FONT.fit(text, room);
            assert!(short.ends_with('…') && FONT.width(&short) <= room, "{short}");
            assert!(text.starts_with(short.trim_end_matches('…').trim_end()), "{short}");
        }
    }

    #[test]
    fn what_belongs_together_is_not_cut_apart() {
        let family = "👩\u{200d}👩\u{200d}👧\u{200d}👦";
        assert_eq!(FONT.fit(&format!("ab{family}cd"), FONT.width("ab…") + 20.0), "ab…");
        assert_eq!(FONT.fit("e\u{301}e\u{301}e\u{301}e\u{301}", FONT.width("e…")), "e\u{301}…");
    }

    #[test]
    fn lines_are_broken_at_spaces() {
        let lines = FONT.wrap("one two three four five six seven", 90.0, 3);
        assert!(lines.len() == 3 && lines.iter().all(|line| FONT.width(line) <= 90.0), "{lines:?}");
        assert!(lines[2].ends_with('…'), "{lines:?}");
        assert_eq!(FONT.wrap("one two", 90.0, 3), ["one two"]);
        assert_eq!(FONT.wrap("", 90.0, 3), [""; 0]);
    }

    #[test]
    fn a_word_that_is_longer_than_a_line_is_broken() {
        let lines = FONT.wrap(&"x".repeat(1000), 90.0, 3);
        assert!(lines.len() == 3 && lines.iter().all(|line| FONT.width(line) <= 90.0), "{lines:?}");
        // No room at all is no reason to go on for ever.
        assert_eq!(FONT.wrap("xyz", 0.0, 9).len(), 3);
    }
}
