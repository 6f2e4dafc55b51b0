//! The core's session and publishers as JavaScript classes. They convert and hand over; no rule of the API lives here, and no I/O.
//!
//! A call crosses as one JSON text, and so does what comes of it. Errors are thrown as the JSON text that the core
//! writes.

mod calls;
mod host;
mod publishing;
mod session;
