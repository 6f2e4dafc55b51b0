//! Whether a request may be sent, by what its endpoint's objects say. It knows no endpoint and nothing of HTTP.
//!
//! A check finds all violations, not the first, and each names the field, what is wrong with it and what to do. It also moves the
//! members of `extra` to where they belong.

pub(crate) mod formats;
mod nearest;
mod schema;
mod view;
mod violation;
mod walk;

pub(crate) use schema::{Field, Kind, Kinded, NumberOrText, Object, Range, no_rules};
pub(crate) use view::View;
pub(crate) use violation::{Findings, Path, excerpt};
pub use violation::{ValidationError, Violation, ViolationCode};
pub(crate) use walk::{may_be, missing, object};
