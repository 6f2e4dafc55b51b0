//! One file for each command, and what they share.

pub mod call;
pub mod completion;
pub mod doctor;
mod dry_run;
pub mod emulate;
pub mod end;
mod inside;
pub mod man;
mod orphans;
mod outcome;
pub mod pipe;
pub mod preview;
pub mod relay;
pub mod run;
mod signals;
pub mod step;
pub mod stream;
pub mod validate;
pub mod watch;
