//! Flags of the picture of a state.

use std::path::PathBuf;

use activitysmith_emulator::render;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  asmith preview state.json --out card.png
  echo '{\"title\": \"Backup\", \"type\": \"progress\", \"percentage\": 42}' | asmith preview - --out card.svg --theme dark")]
pub struct PreviewArgs {
    /// The request's JSON, or its content_state alone; - for stdin.
    #[arg(value_name = "STATE.json")]
    pub file: String,

    /// Where the picture goes: a name that ends in .svg or .png, or - for SVG on stdout.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,

    /// How the phone is lit: light, dark or dimmed (the Always-On display).
    #[arg(long, value_name = "THEME", default_value = "light", value_parser = theme)]
    pub theme: render::Theme,

    /// Where it is shown: lock, island-compact or island-expanded.
    #[arg(long, value_name = "SURFACE", default_value = "lock", value_parser = surface)]
    pub surface: render::Surface,

    /// Pixels of a PNG for each point, from 0.1 to 8.
    #[arg(long, value_name = "N", default_value = "2")]
    pub scale: f32,

    /// It is the end of a stream.
    #[arg(long)]
    pub end: bool,
}

fn theme(name: &str) -> Result<render::Theme, &'static str> {
    render::Theme::parse(name).ok_or("give light, dark or dimmed")
}

fn surface(name: &str) -> Result<render::Surface, &'static str> {
    render::Surface::parse(name).ok_or("give lock, island-compact or island-expanded")
}
