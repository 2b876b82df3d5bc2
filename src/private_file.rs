//! Files and directories for their owner alone.
//!
//! The one decision: what mps makes is 0600 and 0700 from its first moment, and a file is whole or not there (written
//! beside its place, then renamed). On Windows the directory's own list of users decides.

use std::{
    fs::{DirBuilder, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

/// Makes a directory and its parents; one that is there stays as it is.
pub fn make_dir(dir: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Options that make files so.
pub fn options() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "modes are of Unix"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// A file of a moment, for its owner alone. The library's error names it, which nobody has ever seen.
pub fn temporary(dir: &Path) -> io::Result<tempfile::NamedTempFile> {
    tempfile::NamedTempFile::new_in(dir).map_err(|error| error.kind().into())
}

/// Writes a file, whole or not at all, and its directory where there is none.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty());
    let dir = dir.unwrap_or(Path::new("."));
    make_dir(dir)?;
    // Temporary files are made 0600, and stay so under their last name.
    let mut file = temporary(dir)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn nobody_else_may_read_them() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("new/file");
        write(&file, b"x").unwrap();
        write(&file, b"y").unwrap();
        options()
            .create(true)
            .write(true)
            .open(dir.path().join("opened"))
            .unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
        assert_eq!(mode(&dir.path().join("opened")), 0o600);
        assert_eq!(std::fs::read(&file).unwrap(), b"y");
    }
}
