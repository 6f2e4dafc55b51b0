//! The configuration file: profiles, in the user's own folder. A project's file may say which of them to use, and no more:
//! otherwise the author of a shared project could have the key sent to another address.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use activitysmith_kit::call::{LONGEST_PIPE, read_file, read_file_or_pipe};
use serde::Deserialize;

use crate::args::AccountArgs;
use crate::exit::Exit;
use crate::failure::Failure;

/// A project's file.
const OF_PROJECT: &str = ".asmith.toml";
/// The user's file, below the folder of configurations.
const OF_USER: &str = "asmith/config.toml";

/// What a profile sets. Flags and variables win over it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub api_key: Option<String>,
    pub api_key_file: Option<PathBuf>,
    pub base_url: Option<String>,
    pub budget_file: Option<PathBuf>,
    /// Its path, for messages.
    #[serde(skip)]
    pub origin: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct UserFile {
    /// The one to use by default.
    profile: Option<String>,
    #[serde(default)]
    profiles: BTreeMap<String, Profile>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProjectFile {
    profile: Option<String>,
}

/// The profile to use; an empty one where there is no file.
pub fn profile(args: &AccountArgs) -> Result<Profile, Failure> {
    let project: ProjectFile = read(Path::new(OF_PROJECT), false).map_err(|failure| {
        if failure.summary().contains("unknown field") {
            let hint = "a project's file may set profile, and no more: keys and addresses belong into your own file";
            return Failure::new(Exit::Config, format!("{OF_PROJECT} cannot be used: {hint}"));
        }
        failure
    })?;
    let (path, mut file) = match &args.config {
        Some(path) => (path.clone(), read::<UserFile>(path, true)?),
        None => match user_file() {
            Some(path) => (path.clone(), read::<UserFile>(&path, false)?),
            None => (PathBuf::new(), UserFile::default()),
        },
    };
    let Some(name) = args.profile.clone().or(project.profile).or(file.profile) else {
        return Ok(Profile::default());
    };
    let place = path.display();
    let Some(mut profile) = file.profiles.remove(&name) else {
        let known: Vec<_> = file.profiles.keys().map(String::as_str).collect();
        let known =
            if known.is_empty() { "no profiles".to_owned() } else { format!("the profiles {}", known.join(", ")) };
        return Err(Failure::new(Exit::Config, format!("there is no profile {name}; {place} has {known}")));
    };
    if profile.api_key.is_some() && is_open_to_others(&path) {
        let problem = format!("{place} holds a key and can be read by others; do: chmod 600 {place}");
        return Err(Failure::new(Exit::Config, problem));
    }
    profile.api_key_file = profile.api_key_file.map(|file| at_home(&file));
    profile.origin = format!("profile {name} of {place}");
    Ok(profile)
}

/// A file that a flag or a variable names has to be there, and may be a pipe.
fn read<T: Default + for<'a> Deserialize<'a>>(path: &Path, is_named: bool) -> Result<T, Failure> {
    let place = path.display();
    let text = if is_named { read_file_or_pipe(path, LONGEST_PIPE) } else { read_file(path) };
    match text {
        Ok(text) => toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].lines().count().max(1));
            Failure::new(Exit::Config, format!("{place}, line {line}: {}", error.message()))
        }),
        // The home of many a user of the system is no folder.
        Err(error) if !is_named && matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(T::default())
        }
        // Its name, or a link to it, stands for an empty file.
        Err(_) if fs::canonicalize(path).is_ok_and(|path| path == Path::new("/dev/null")) => Ok(T::default()),
        Err(error) => Err(Failure::new(Exit::Config, format!("{place} cannot be read: {error}"))),
    }
}

fn user_file() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    let configurations = folder("XDG_CONFIG_HOME").or_else(|| folder("HOME").map(|home| home.join(".config")))?;
    Some(configurations.join(OF_USER))
}

fn is_open_to_others(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

/// A path that may begin with `~/`.
fn at_home(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), std::env::var_os("HOME")) {
        (Ok(rest), Some(home)) => Path::new(&home).join(rest),
        _ => path.to_owned(),
    }
}
