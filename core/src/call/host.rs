//! What the host gives to settings: variables and files. The process's own are here; others bring theirs.

use std::path::Path;
#[cfg(feature = "client")]
use std::time::Duration;

/// Variables and files, where they are. They are read when they are needed, and no sooner.
pub trait Host: Shared {
    /// A variable of the environment.
    fn variable(&self, name: &str) -> Option<String>;

    /// A file's text, or why there is none.
    fn read_file(&self, path: &Path) -> Result<String, String>;
}

impl Host for Box<dyn Host> {
    fn variable(&self, name: &str) -> Option<String> {
        (**self).variable(name)
    }

    fn read_file(&self, path: &Path) -> Result<String, String> {
        (**self).read_file(path)
    }
}

/// What threads can share, where there are threads.
#[cfg(not(target_arch = "wasm32"))]
pub trait Shared: Send + Sync {}
#[cfg(not(target_arch = "wasm32"))]
impl<T: Send + Sync> Shared for T {}

/// What threads can share, where there are threads.
#[cfg(target_arch = "wasm32")]
pub trait Shared {}
#[cfg(target_arch = "wasm32")]
impl<T> Shared for T {}

/// How long a pipe that a setting names may take to end.
#[cfg(feature = "client")]
pub const LONGEST_PIPE: Duration = Duration::from_secs(5);

/// This process's variables and files.
#[cfg(feature = "client")]
pub(crate) struct Process;

#[cfg(feature = "client")]
impl Host for Process {
    fn variable(&self, name: &str) -> Option<String> {
        // What is no UTF-8 is set all the same: it is refused where it is used, and nothing else is taken in its place.
        std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
    }

    fn read_file(&self, path: &Path) -> Result<String, String> {
        super::file::read_file_or_pipe(path, LONGEST_PIPE).map_err(|error| error.to_string())
    }
}

/// A host whose variables a test writes down, and which has no files.
#[cfg(test)]
pub(crate) struct Variables(pub(crate) fn(&str) -> Option<&'static str>);

#[cfg(test)]
impl Host for Variables {
    fn variable(&self, name: &str) -> Option<String> {
        (self.0)(name).map(str::to_owned)
    }

    fn read_file(&self, _: &Path) -> Result<String, String> {
        Err("no such file".to_owned())
    }
}
