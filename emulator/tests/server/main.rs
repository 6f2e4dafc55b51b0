//! The emulator over real connections of the loopback interface.

mod accounts;
mod api;
mod control;
mod edge;
mod events;
mod page;
mod rough;
mod snapshots;
mod support;
