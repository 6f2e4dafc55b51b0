//! What the commands need beside this repository, found on the machine, or fetched and installed.

pub(crate) mod rust;
