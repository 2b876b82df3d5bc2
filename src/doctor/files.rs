//! Whether our directories are ours: to write in, and for nobody else to look into.
//!
//! The one decision: the directories are judged, not each file in them; what lies in a closed directory is
//! closed. Secrets in files are judged where they are read. Whether the journal could be written is tried
//! with a file without a name, since modes do not tell of a full disk or a read-only one.

use std::{
    io::{self, Write as _},
    path::Path,
};

use serde_json::json;

use super::check::CheckRow;
use crate::{context::Context, exit::Kind};

/// The config and the state directory.
pub(crate) fn modes(ctx: &Context) -> CheckRow {
    const CHECK: &str = "directories";
    let dirs = match ctx.dirs() {
        Ok(dirs) => dirs,
        Err(failure) => return CheckRow::failed(CHECK, failure),
    };
    let (config, state) = (dirs.config.as_path(), dirs.state.as_path());
    let details =
        json!({"config": config.display().to_string(), "state": state.display().to_string()});
    for (dir, var, why) in [
        (config, "MPS_CONFIG_DIR", no_directory(config)),
        (
            state,
            "MPS_STATE_DIR",
            unwritable(state, keeps_journal(ctx)),
        ),
    ] {
        if let Some(why) = why {
            let seen = format!("{} cannot be used: {why}", dir.display());
            return CheckRow::bad(CHECK, Kind::Io, seen)
                .remedy(format!(
                    "set {var} to a directory of yours on a local disk, with room in it"
                ))
                .details(details);
        }
    }
    let open: Vec<(&Path, u32)> = [config, state]
        .into_iter()
        .filter_map(|dir| Some((dir, open_to_others(dir)?)))
        .collect();
    if open.is_empty() {
        let seen = format!("{} and {}, yours alone", config.display(), state.display());
        return CheckRow::good(CHECK, seen).details(details);
    }
    let seen: Vec<String> = open
        .iter()
        .map(|(dir, mode)| format!("others can look into {} (mode {mode:04o})", dir.display()))
        .collect();
    let dirs: Vec<String> = open
        .iter()
        .map(|(dir, _)| dir.display().to_string())
        .collect();
    CheckRow::warning(CHECK, seen.join(", "))
        .remedy(format!("chmod 700 {}", dirs.join(" ")))
        .details(details)
}

/// Why this is no directory; one that does not exist yet can be made.
fn no_directory(dir: &Path) -> Option<io::Error> {
    match std::fs::read_dir(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Some(error),
        _ => None,
    }
}

/// Whether the journal is in the state directory.
fn keeps_journal(ctx: &Context) -> bool {
    let place = ctx.journal_place();
    place.is_ok_and(|place| place.database().is_none())
}

/// Why nothing can be kept in a directory, or where it would have to be made. `locked`: a journal has to be locked there.
fn unwritable(dir: &Path, locked: bool) -> Option<io::Error> {
    let there = dir.ancestors().find(|dir| dir.exists()).unwrap_or(dir);
    let tried = tempfile::tempfile_in(there).and_then(|mut file| {
        file.write_all(&[0; 4096])?;
        file.sync_all()?;
        if locked { lock(&file) } else { Ok(()) }
    });
    tried.err()
}

/// As SQLite does.
#[cfg(unix)]
fn lock(file: &std::fs::File) -> io::Result<()> {
    use rustix::fs::{FlockOperation, fcntl_lock};
    Ok(fcntl_lock(file, FlockOperation::NonBlockingLockExclusive)?)
}

#[cfg(not(unix))]
fn lock(_: &std::fs::File) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn open_to_others(dir: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = dir.metadata().ok()?.permissions().mode() & 0o7777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn open_to_others(_: &Path) -> Option<u32> {
    None
}
