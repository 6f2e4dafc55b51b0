//! What the commands need beside this repository: found on the machine, or else fetched and installed.
//!
//! Tools go to a cache folder of the user's; system packages are installed only with leave (`--install`, CI=true). What cannot be
//! had is a failure that says so, and what needs it can be left out.

mod cache;
pub(crate) mod node;
pub(crate) mod python;
pub(crate) mod rust;
pub(crate) mod swift;
pub(crate) mod system;
pub(crate) mod wasm_pack;
