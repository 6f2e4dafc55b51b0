//! The emulator over real connections of the loopback interface.

mod accounts;
mod api;
mod control;
mod edge;
mod events;
mod rough;
mod snapshots;
mod support;
