//! The engine driven by hand: what each request does to a stream, by the rules of the service.

mod accounts;

mod delete;
mod devices;
mod examples;
mod faults;
mod journal;
mod kept;
mod lifecycle;
mod limits;
mod memory;
mod noop;
mod others;
mod service;
mod snapshot;
mod switches;
mod targeting;
mod timers;
mod verify;
