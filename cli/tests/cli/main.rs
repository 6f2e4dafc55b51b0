//! `asmith` as its users meet it: the real binary, a clean environment, and the emulator as its service.

mod bad_input;
mod badge;
mod calls;
mod child;
mod completion;
mod config;
mod doctor;
mod dry_run;
mod emulate;
mod end;
mod exit_codes;
mod fields;
mod files;
mod help;
mod official;
mod pipe;
mod preview;
mod recipes;
mod run;
mod settings;
mod stream;
mod support;
// Its pseudo-terminals are opened as on Linux.
#[cfg(target_os = "linux")]
mod terminal;
mod testing;
mod validate;
mod watch;
