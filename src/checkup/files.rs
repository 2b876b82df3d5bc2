//! Who else on this machine can look into our directories.
//!
//! The one decision: the directories are judged, not each file in them; what lies in a closed directory is
//! closed. Secrets in files are judged where they are read.

use std::path::Path;

use serde_json::json;

use super::row::Row;
use crate::context::Context;

/// The config and the state directory.
pub(super) fn modes(ctx: &Context) -> Row {
    const CHECK: &str = "directories";
    let dirs = match ctx.dirs() {
        Ok(dirs) => dirs,
        Err(failure) => return Row::failed(CHECK, failure),
    };
    let (config, state) = (dirs.config.as_path(), dirs.state.as_path());
    let details =
        json!({"config": config.display().to_string(), "state": state.display().to_string()});
    let open: Vec<(&Path, u32)> = [config, state]
        .into_iter()
        .filter_map(|dir| Some((dir, open_to_others(dir)?)))
        .collect();
    if open.is_empty() {
        let seen = format!("{} and {}, yours alone", config.display(), state.display());
        return Row::good(CHECK, seen).details(details);
    }
    let seen: Vec<String> = open
        .iter()
        .map(|(dir, mode)| format!("others can look into {} (mode {mode:04o})", dir.display()))
        .collect();
    let dirs: Vec<String> = open
        .iter()
        .map(|(dir, _)| dir.display().to_string())
        .collect();
    Row::warning(CHECK, seen.join(", "))
        .remedy(format!("chmod 700 {}", dirs.join(" ")))
        .details(details)
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
