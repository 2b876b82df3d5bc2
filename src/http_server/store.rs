//! The button's own directory in the state directory: certificate, links, inner socket.
//!
//! The one decision: nobody else on this machine may read it (0700, files 0600), and a file is whole or
//! not there (written beside its place, then renamed).

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::error::Error;
use crate::private_file;

/// The button's directory, made if it is not there.
pub(crate) fn directory(state_dir: &Path) -> Result<PathBuf, Error> {
    let path = state_dir.join("button");
    make(&path).map_err(failed("make", &path))?;
    Ok(path)
}

/// Makes a directory and its parents, for us alone.
fn make(path: &Path) -> io::Result<()> {
    private_file::make_dir(path)?;
    // One that was there before may have been made by somebody less careful.
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    Ok(())
}

/// The text of a file; None if there is none, or none that is text.
pub(crate) fn read(path: &Path) -> Result<Option<String>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(String::from_utf8(bytes).ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("read", path)(error)),
    }
}

/// Writes a file for us alone, whole or not at all.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Error> {
    private_file::write(path, text.as_bytes()).map_err(failed("write", path))
}

/// Makes the error of what failed.
fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    move |source| Error::State {
        action,
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_whole_and_ours() {
        let dir = tempfile::tempdir().unwrap();
        let button = directory(dir.path()).unwrap();
        let file = button.join("x");
        assert_eq!(read(&file).unwrap(), None);
        write(&file, "one").unwrap();
        write(&file, "two").unwrap();
        assert_eq!(read(&file).unwrap().as_deref(), Some("two"));
        assert_eq!(fs::read_dir(&button).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&button), mode(&file)), (0o700, 0o600));
            fs::set_permissions(&button, fs::Permissions::from_mode(0o755)).unwrap();
            directory(dir.path()).unwrap();
            assert_eq!(mode(&button), 0o700);
        }
    }

    #[test]
    fn a_directory_that_cannot_be_names_itself() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("button"), "a file").unwrap();
        assert!(matches!(
            directory(dir.path()),
            Err(Error::State { action: "make", .. })
        ));
    }
}
