//! Publishing as stories: what a program does, what a scripted service answers, and what is sent when, on a clock that the tests
//! hold.

mod ends;
mod failures;
mod one_shots;
mod pace;
mod rules;
mod story;
