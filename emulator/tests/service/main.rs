//! The service without a server: what each request does to a stream.

mod accounts;
mod delete;
mod devices;
mod examples;
mod faults;
mod fixture;
mod journal;
mod kept;
mod lifecycle;
mod limits;
mod memory;
mod noop;
mod others;
mod snapshot;
mod switches;
mod targeting;
mod timers;
mod verify;
