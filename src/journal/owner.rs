//! Whose the place of a journal is.

use std::path::Path;

/// Whose a place is, if it is another user's and we are not root. Where it does not show, or is not there yet, the
/// directory that it is in tells; the system's own directories are root's and nobody's journal.
#[cfg(unix)]
pub(super) fn other(path: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    let us = rustix::process::geteuid();
    let (nearest, meta) = path
        .ancestors()
        .find_map(|path| Some((path, path.metadata().ok()?)))?;
    let is_file_of_root = nearest == path && meta.is_file();
    let owner = meta.uid();
    (!us.is_root() && owner != us.as_raw() && (owner != 0 || is_file_of_root)).then_some(owner)
}

#[cfg(not(unix))]
pub(super) fn other(_: &Path) -> Option<u32> {
    None
}
