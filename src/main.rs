//! The door. What a run is stands in [`mps::run`].

use std::process::ExitCode;

/// One heap for all threads. glibc gives each thread one of its own, and what a run of many apps hands from the journal's threads
/// to the engine's leaves holes in all of them: a fifth of the memory at a thousand apps.
#[cfg(target_os = "linux")]
#[global_allocator]
static ONE_HEAP: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> ExitCode {
    mps::run()
}
