//! Who may read and write a file.
//!
//! The one decision: a file that mps wrote is 0600 or it is not used, because we know nobody meant it
//! otherwise; a file of somebody else may be 0444 on purpose (containers mount secrets so), and is only
//! spoken of. On Windows the directory's own list of users decides, and nothing is said.

use std::{fs::Metadata, io, path::Path};

/// What others may do with a file, its mode in octal; `None`: nothing, or no such rights here.
#[cfg(unix)]
fn others(meta: &Metadata, bits: u32) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = meta.permissions().mode() & 0o7777;
    (meta.is_file() && mode & bits != 0).then_some(mode)
}

#[cfg(not(unix))]
fn others(_: &Metadata, _: u32) -> Option<u32> {
    None
}

/// The mode of a regular file that its group or others can read.
pub fn exposed(path: &Path) -> io::Result<Option<u32>> {
    Ok(others(&path.metadata()?, 0o044))
}

/// The mode of a regular file that its group or others can change.
pub(super) fn changeable(path: &Path) -> io::Result<Option<u32>> {
    Ok(others(&path.metadata()?, 0o022))
}

/// Makes a directory that only its owner can enter; one that is there stays as it is.
pub(super) fn private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Writes a file that only its owner can read, whole or not at all.
pub fn write_private(path: &Path, text: &[u8]) -> io::Result<()> {
    use io::Write as _;
    let dir = path.parent().unwrap_or(Path::new("."));
    private_dir(dir)?;
    // Temporary files are made 0600, and stay so under their last name.
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(text)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use super::*;

    #[test]
    fn modes() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("new/file");
        write_private(&file, b"x").unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
        for (mode, read, write) in [
            (0o600, false, false),
            (0o640, true, false),
            (0o604, true, false),
            (0o444, true, false),
            (0o620, false, true),
            (0o602, false, true),
            (0o700, false, false),
        ] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(exposed(&file).unwrap().is_some(), read, "{mode:o}");
            assert_eq!(changeable(&file).unwrap().is_some(), write, "{mode:o}");
        }
        assert_eq!(exposed(dir.path()).unwrap(), None, "a directory is no file");
    }
}
