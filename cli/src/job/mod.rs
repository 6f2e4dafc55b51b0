//! A job that runs and is reported: its processes, its output, how far it is, and how it ended. What is sent when is the core's
//! to decide; whatever goes wrong with reporting, the job goes on as if it were not reported.

mod feed;
mod file;
mod group;
pub mod heartbeat;
mod outcome;
mod outputs;
mod progress;
mod relay;
mod report;
pub mod socket;

pub use feed::Feed;
pub use group::{Place, id_of};
pub use outcome::{Outcome, code, code_of_no_run, in_words};
pub use outputs::Outputs;
pub use progress::{Percent, Scanner, Source};
pub use relay::{BUFFER, Target, write_all};
pub use report::{Finish, Report, Shape};
