//! The core's boundary to other languages, as a library for Swift. It adds nothing.

activitysmith_kit::uniffi_reexport_scaffolding!();
