//! The user's cache folder, which keeps the tools that take long to build or to fetch.

use crate::failure::{Failure, Result};
use std::path::PathBuf;

/// A folder of the given name in the cache; it need not exist yet.
pub(crate) fn folder(name: &str) -> Result<PathBuf> {
    let base = absolute("XDG_CACHE_HOME")
        .or_else(|| std::env::home_dir().map(|home| home.join(".cache")))
        .ok_or_else(|| Failure::new("there is no cache folder").hint("set XDG_CACHE_HOME or HOME"))?;
    Ok(base.join("activitysmith-kit").join(name))
}

/// The XDG specification has relative paths ignored.
fn absolute(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute())
}
