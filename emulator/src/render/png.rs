//! The picture as PNG, drawn from its SVG with the embedded font. Where a text has characters that the font lacks, the machine's own
//! fonts help out, and where these lack them too, a question mark stands; all else looks the same everywhere.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, LazyLock};

use fontdb::Database;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use ttf_parser::Face;

use super::{Picture, font};

/// How many times larger than in points a picture can be at most.
pub const MAX_SCALE: f32 = 8.0;

static EMBEDDED: LazyLock<Arc<Database>> = LazyLock::new(|| Arc::new(embedded()));
static WITH_THE_MACHINES: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = embedded();
    fonts.load_system_fonts();
    Arc::new(fonts)
});

/// Why a picture could not be drawn.
#[derive(Debug)]
pub struct PngError(String);

impl fmt::Display for PngError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PngError {}

impl Picture<'_> {
    /// The picture as a PNG file on a transparent ground; a point is `scale` pixels wide, between 0.1 and [`MAX_SCALE`].
    pub fn png(&self, scale: f32) -> Result<Vec<u8>, PngError> {
        if !(0.1..=MAX_SCALE).contains(&scale) {
            return Err(PngError(format!("the scale must be between 0.1 and {MAX_SCALE}")));
        }
        let mut svg = self.svg();
        let foreign: BTreeSet<char> = svg.chars().filter(|char| !font::covers(*char)).collect();
        let fonts = if foreign.is_empty() { &EMBEDDED } else { &WITH_THE_MACHINES };
        // Without a font for it, a character would leave no trace.
        for char in without_font(fonts, foreign) {
            svg = svg.replace(char, if font::is_seen(char) { "?" } else { "" });
        }
        let options = Options { fontdb: Arc::clone(fonts), ..Options::default() };
        let tree = Tree::from_str(&svg, &options).map_err(|error| PngError(error.to_string()))?;
        let size = tree.size();
        let pixels = |points: f32| (points * scale).ceil() as u32;
        let mut pixmap = Pixmap::new(pixels(size.width()), pixels(size.height()))
            .ok_or_else(|| PngError("the picture has no size".to_owned()))?;
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
        pixmap.encode_png().map_err(|error| PngError(error.to_string()))
    }
}

/// Those of the characters that no font has.
fn without_font(fonts: &Database, mut wanted: BTreeSet<char>) -> BTreeSet<char> {
    for face in fonts.faces() {
        if wanted.is_empty() {
            break;
        }
        fonts.with_face_data(face.id, |data, index| {
            if let Ok(face) = Face::parse(data, index) {
                wanted.retain(|char| face.glyph_index(*char).is_none());
            }
        });
    }
    wanted
}

fn embedded() -> Database {
    let mut fonts = Database::new();
    for file in font::FILES {
        fonts.load_font_data(file.to_vec());
    }
    fonts
}
