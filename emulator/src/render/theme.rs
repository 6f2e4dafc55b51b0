//! Colours: what light, dark and dimmed look like, and the ten colours of the API in each. Draws nothing.

/// How the Lock Screen is lit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Dark text on a light card.
    #[default]
    Light,
    /// Light text on a dark card.
    Dark,
    /// The Always-On display: dark, and all colours subdued.
    Dimmed,
}

/// One of the ten colours that the API knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hue {
    Lime,
    Green,
    Cyan,
    Blue,
    Purple,
    Magenta,
    Red,
    Orange,
    Yellow,
    Gray,
}

/// The colours of one theme. Each is `#rrggbb`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Palette {
    pub(super) card: &'static str,
    /// The line around the card.
    pub(super) edge: &'static str,
    /// Text that is read first.
    pub(super) ink: &'static str,
    /// Text that stands back.
    pub(super) faint: &'static str,
    /// What a bar fills.
    pub(super) track: &'static str,
    /// Behind a button that has no colour.
    pub(super) plain: &'static str,
    theme: Theme,
}

/// A colour in one theme.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tone {
    /// For areas: bars and the like.
    pub(super) fill: &'static str,
    /// For text and symbols, on the card and on `tint`.
    pub(super) ink: &'static str,
    /// Behind text of this colour.
    pub(super) tint: &'static str,
}

impl Theme {
    /// All themes.
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::Dimmed];

    /// The theme of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == name)
    }

    /// Its name: `light`, `dark` or `dimmed`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Dimmed => "dimmed",
        }
    }

    pub(super) const fn palette(self) -> Palette {
        match self {
            Self::Light => Palette {
                card: "#fbfbfd",
                edge: "#e3e3e8",
                ink: "#111114",
                faint: "#62626b",
                track: "#e6e6eb",
                plain: "#ededf1",
                theme: self,
            },
            Self::Dark => Palette {
                card: "#1c1c1f",
                edge: "#303035",
                ink: "#f7f7f9",
                faint: "#a3a3ad",
                track: "#37373d",
                plain: "#303036",
                theme: self,
            },
            Self::Dimmed => Palette {
                card: "#060607",
                edge: "#1d1d20",
                ink: "#b9b9be",
                faint: "#808088",
                track: "#232327",
                plain: "#1b1b1f",
                theme: self,
            },
        }
    }

    /// The Dynamic Island, which is black in every light.
    pub(super) const fn island(self) -> Palette {
        let palette = match self {
            Self::Light | Self::Dark => Self::Dark.palette(),
            Self::Dimmed => Self::Dimmed.palette(),
        };
        Palette { card: "#000000", edge: "#000000", ..palette }
    }
}

impl Hue {
    #[cfg(test)]
    const ALL: [Self; 10] = [
        Self::Lime,
        Self::Green,
        Self::Cyan,
        Self::Blue,
        Self::Purple,
        Self::Magenta,
        Self::Red,
        Self::Orange,
        Self::Yellow,
        Self::Gray,
    ];

    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "lime" => Self::Lime,
            "green" => Self::Green,
            "cyan" => Self::Cyan,
            "blue" => Self::Blue,
            "purple" => Self::Purple,
            "magenta" => Self::Magenta,
            "red" => Self::Red,
            "orange" => Self::Orange,
            "yellow" => Self::Yellow,
            "gray" => Self::Gray,
            _ => return None,
        })
    }
}

impl Palette {
    pub(super) const fn tone(self, hue: Hue) -> Tone {
        let (fill, ink, tint) = match (self.theme, hue) {
            (Theme::Light, Hue::Lime) => ("#84c41c", "#47700a", "#ecf7d4"),
            (Theme::Light, Hue::Green) => ("#22b455", "#11743a", "#dcf6e4"),
            (Theme::Light, Hue::Cyan) => ("#12b0d0", "#0b6d85", "#d6f4fa"),
            (Theme::Light, Hue::Blue) => ("#2f7bf6", "#1c5fd6", "#e1ecfe"),
            (Theme::Light, Hue::Purple) => ("#8457ee", "#6a3bd4", "#ece5fd"),
            (Theme::Light, Hue::Magenta) => ("#dc3fb4", "#ad1c87", "#fbe1f4"),
            (Theme::Light, Hue::Red) => ("#ee4444", "#c32222", "#fde4e4"),
            (Theme::Light, Hue::Orange) => ("#f58220", "#a84c08", "#fdead8"),
            (Theme::Light, Hue::Yellow) => ("#eab308", "#845c04", "#fbf0c9"),
            (Theme::Light, Hue::Gray) => ("#83838d", "#5a5a63", "#ebebef"),
            (Theme::Dark, Hue::Lime) => ("#a3e635", "#b2ec53", "#2e3a16"),
            (Theme::Dark, Hue::Green) => ("#34d067", "#4ade80", "#173623"),
            (Theme::Dark, Hue::Cyan) => ("#22c8e8", "#4fd8f2", "#12363f"),
            (Theme::Dark, Hue::Blue) => ("#4a90ff", "#7db0ff", "#1b2f52"),
            (Theme::Dark, Hue::Purple) => ("#9b7bff", "#b79fff", "#2f2650"),
            (Theme::Dark, Hue::Magenta) => ("#ea5cc6", "#f48ad6", "#452039"),
            (Theme::Dark, Hue::Red) => ("#ff5c5c", "#ff8a8a", "#472020"),
            (Theme::Dark, Hue::Orange) => ("#ff9440", "#ffab68", "#432a15"),
            (Theme::Dark, Hue::Yellow) => ("#facc15", "#fbd84b", "#3b3211"),
            (Theme::Dark, Hue::Gray) => ("#9a9aa5", "#b6b6c0", "#34343a"),
            (Theme::Dimmed, Hue::Lime) => ("#5f8523", "#83aa45", "#151b0a"),
            (Theme::Dimmed, Hue::Green) => ("#22783f", "#3f9e61", "#0b1a11"),
            (Theme::Dimmed, Hue::Cyan) => ("#197486", "#3a9db1", "#08191d"),
            (Theme::Dimmed, Hue::Blue) => ("#305a9c", "#5f8bcc", "#0c1626"),
            (Theme::Dimmed, Hue::Purple) => ("#5f4d9b", "#8a76c8", "#161226"),
            (Theme::Dimmed, Hue::Magenta) => ("#8c3a78", "#bb6aa5", "#200f1b"),
            (Theme::Dimmed, Hue::Red) => ("#963b3b", "#cc6a6a", "#220f0f"),
            (Theme::Dimmed, Hue::Orange) => ("#965a2a", "#c08350", "#20140a"),
            (Theme::Dimmed, Hue::Yellow) => ("#917818", "#b39a3d", "#1c1808"),
            (Theme::Dimmed, Hue::Gray) => ("#5c5c64", "#8a8a93", "#18181b"),
        };
        Tone { fill, ink, tint }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance as WCAG 2 defines it.
    fn luminance(color: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_text_can_be_read_on_what_lies_behind_it() {
        for theme in Theme::ALL {
            for palette in [theme.palette(), theme.island()] {
                for (ink, behind) in
                    [(palette.ink, palette.card), (palette.faint, palette.card), (palette.ink, palette.plain)]
                {
                    assert!(contrast(ink, behind) >= 4.5, "{theme:?}: {ink} on {behind}");
                }
                for hue in Hue::ALL {
                    let tone = palette.tone(hue);
                    for behind in [palette.card, tone.tint] {
                        let contrast = contrast(tone.ink, behind);
                        assert!(contrast >= 4.5, "{theme:?} {hue:?}: {} on {behind} has {contrast:.2}", tone.ink);
                    }
                }
            }
        }
    }

    #[test]
    fn a_filled_bar_stands_out_from_its_track() {
        for theme in Theme::ALL {
            for hue in Hue::ALL {
                let palette = theme.palette();
                let contrast = contrast(palette.tone(hue).fill, palette.track);
                assert!(contrast >= 1.5, "{theme:?} {hue:?}: {contrast:.2}");
            }
        }
    }

    #[test]
    fn dimmed_is_darker_than_dark() {
        for hue in Hue::ALL {
            let fill = |theme: Theme| luminance(theme.palette().tone(hue).fill);
            assert!(fill(Theme::Dimmed) < fill(Theme::Dark), "{hue:?}");
        }
    }
}
