//! The core's boundary to other languages, as a library for Python. It adds nothing.

activitysmith_kit::uniffi_reexport_scaffolding!();
