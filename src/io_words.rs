//! What the system says of a file or a connection, in words.
//!
//! The one decision: by the kind of the error, never by its text; what has no words here keeps the system's own.

use std::io::{Error, ErrorKind};

/// The cause, to stand alone or behind a colon.
pub fn io_words(error: &Error) -> String {
    let words = match error.kind() {
        ErrorKind::NotFound => "there is no such file or directory",
        ErrorKind::PermissionDenied => "this user may not (permission denied)",
        ErrorKind::AlreadyExists => "it is there already",
        ErrorKind::IsADirectory => "it is a directory",
        ErrorKind::NotADirectory => "a part of the path is no directory",
        ErrorKind::DirectoryNotEmpty => "the directory is not empty",
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only",
        ErrorKind::StorageFull => "there is no space left on the disk",
        ErrorKind::QuotaExceeded => "this user's disk quota is used up",
        ErrorKind::FileTooLarge => "the file would be too large",
        ErrorKind::AddrInUse => "something else listens there already",
        ErrorKind::AddrNotAvailable => "this machine has no such address",
        ErrorKind::BrokenPipe => "nobody reads it any more",
        ErrorKind::ConnectionRefused => "nothing listens there",
        _ => return error.to_string(),
    };
    // An error that somebody put into words already says more than its kind.
    match error.get_ref() {
        None => words.to_owned(),
        Some(_) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_numbers_become_words() {
        let missing = std::fs::read("/no/such/file").unwrap_err();
        assert_eq!(io_words(&missing), "there is no such file or directory");
        let dir = std::fs::File::create("/").unwrap_err();
        assert_eq!(io_words(&dir), "it is a directory");
        let bare = Error::from(ErrorKind::NotADirectory);
        assert_eq!(io_words(&bare), "a part of the path is no directory");
        let told = Error::new(ErrorKind::NotFound, "the shelf is empty");
        assert_eq!(io_words(&told), "the shelf is empty");
    }
}
