//! The emulator over real connections of the loopback interface.

mod accounts;
mod api;
mod control;
mod events;
mod support;
