//! One file for each command, and what they share.

pub mod completion;
pub mod emulate;
pub mod end;
mod outcome;
pub mod preview;
mod signals;
pub mod stream;
pub mod validate;
