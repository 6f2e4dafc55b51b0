//! For tests of programs that use this crate: a transport that sends nothing, and a local ActivitySmith.

mod emulator;
mod fake_transport;

pub use emulator::{Account, Emulator};
pub use fake_transport::{FakeTransport, SentRequest};
