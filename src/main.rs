//! The door. What a run is stands in [`mps::run`].

use std::process::ExitCode;

fn main() -> ExitCode {
    mps::run()
}
