//! Which ports `mps watch` has, so that whoever finds one taken can say by whom.
//!
//! The one decision: a held lock and no process id: it ends with its holder, however that ends.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

use crate::{
    button,
    context::{Context, failure::Failure},
    journal::LinkLabel,
    shell,
};

/// Held as long as a watch has its port.
pub(super) struct WatchedPort(#[allow(dead_code, reason = "it is held, not used")] Option<File>);

fn place(state_dir: &Path, port: u16) -> PathBuf {
    state_dir.join("button").join(format!("watch-{port}.lock"))
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
}

impl WatchedPort {
    /// Says that a watch has this port. Where that cannot be written, only a better message is lost.
    pub(super) fn hold(state_dir: &Path, port: u16) -> Self {
        let file = open(&place(state_dir, port)).ok();
        Self(file.filter(|file| file.try_lock().is_ok()))
    }

    fn is_held(state_dir: &Path, port: u16) -> bool {
        let path = place(state_dir, port);
        let file = path.is_file().then(|| open(&path).ok()).flatten();
        file.is_some_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
    }
}

/// Why the page cannot be served, and by what it is where a watch has the port.
pub(super) fn trouble(ctx: &Context, error: button::Error, label: Option<&LinkLabel>) -> Failure {
    let watched = match (&error, ctx.state_dir()) {
        (button::Error::PortTaken { port }, Ok(state_dir)) => {
            WatchedPort::is_held(state_dir, *port).then_some(*port)
        }
        _ => None,
    };
    let failure = Failure::from(error);
    let Some(port) = watched else {
        return failure;
    };
    let hint = match label {
        Some(label) => format!(
            "the watch serves every valid link, that of {label} too: send it with mps invite --for {}; to serve it \
             here, end the watch first",
            shell::word(label.as_str())
        ),
        None => "end the watch first, or choose another port with --port".to_owned(),
    };
    Failure {
        message: format!("mps watch has this address (port {port})"),
        ..failure
    }
    .hint(hint)
}
