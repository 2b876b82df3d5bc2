//! The operator's editor.

use std::{path::Path, process::Command};

use super::Error;
use crate::{env, io_words::io_words};

/// Opens a file in the editor, which may be a command with options, and waits until it is closed.
pub fn open(editor: &str, file: &Path) -> Result<(), Error> {
    let failed = |how: String| Error::Editor {
        editor: editor.to_owned(),
        how,
    };
    let mut command = if cfg!(windows) {
        let mut command = Command::new("cmd");
        command.args(["/C", editor]).arg(file);
        command
    } else {
        let mut command = Command::new("sh");
        command
            .args(["-c", &format!("{editor} \"$1\""), "mps"])
            .arg(file);
        command
    };
    for name in env::secret_names() {
        command.env_remove(name);
    }
    let status = command
        .status()
        .map_err(|error| failed(format!("could not be started: {}", io_words(&error))))?;
    if status.success() {
        Ok(())
    } else {
        Err(failed(format!("failed ({status})")))
    }
}
