//! The client as Swift holds it: the models cross as Swift's own types, and calls are awaited.

mod client;
mod conversions;
mod failure;
mod pending;
mod publisher;
