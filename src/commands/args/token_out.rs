//! `--token-out`: a token that is written to a file for its owner alone.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::{
    context::{Context, failure::Failure},
    private_file,
    secret::Secret,
};

/// Where a token is written to.
#[derive(Debug, Clone, Default, Args)]
pub struct TokenOutArg {
    /// Write the token to this file, readable by you alone
    #[arg(long, value_name = "FILE")]
    token_out: Option<PathBuf>,
}

impl TokenOutArg {
    /// Whether the file can be made, before anybody is asked for anything.
    pub fn writable(&self) -> Result<(), Failure> {
        let Some(file) = &self.token_out else {
            return Ok(());
        };
        writable(file).map_err(|failure| Failure {
            message: format!("--token-out: {}", failure.message),
            ..failure
        })
    }

    /// Writes the token whole or not at all, where a file was named, and says so.
    pub fn write(&self, ctx: &Context, token: &Secret) -> Result<(), Failure> {
        let Some(file) = &self.token_out else {
            return Ok(());
        };
        write(file, token)?;
        ctx.ui
            .status(&format!("The token is in {}", file.display()));
        Ok(())
    }

    /// Whether a file was named.
    pub fn is_given(&self) -> bool {
        self.token_out.is_some()
    }

    /// Where the whole token is, beside a masked one; `otherwise`: where no file was named.
    pub fn whole(&self, otherwise: &str) -> String {
        self.token_out.as_ref().map_or_else(
            || otherwise.to_owned(),
            |file| format!("in {}", file.display()),
        )
    }
}

/// Whether a file can be made. What is no regular file would be replaced by one, a device too, and whoever reads a pipe
/// would get nothing.
pub fn writable(file: &Path) -> Result<(), Failure> {
    if file.metadata().is_ok_and(|there| !there.is_file()) {
        return Err(Failure::usage(format!(
            "{} is there and is no regular file",
            file.display()
        ))
        .hint(
            "name a new or a regular file; without --token-out the token goes to stdout, in a pipe",
        ));
    }
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    private_file::temporary(folder)
        .map(drop)
        .map_err(|error| Failure::io(format!("cannot write in {}", folder.display()), &error))
}

/// Writes the token whole or not at all, readable by its owner alone.
pub fn write(file: &Path, token: &Secret) -> Result<(), Failure> {
    let line = zeroize::Zeroizing::new(format!("{}\n", token.expose()));
    private_file::write(file, line.as_bytes()).map_err(|error| {
        Failure::io(
            format!("could not write the token to {}", file.display()),
            &error,
        )
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("token");
        write(&file, &Secret::parse("EAATESTTOKEN0123456789").unwrap()).unwrap();
        assert_eq!(
            std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert!(writable(&dir.path().join("no/such/folder/token")).is_err());
    }
}
