//! A man page on the terminal, by the system's `man`.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use crate::env;

/// Shows the page until the reader leaves it; `false` where there is no `man` that can.
pub fn open(page: &[u8]) -> bool {
    let mut command = Command::new("man");
    for name in env::secret_names() {
        command.env_remove(name);
    }
    let Ok(mut man) = command.args(["-l", "-"]).stdin(Stdio::piped()).spawn() else {
        return false;
    };
    if let Some(mut stdin) = man.stdin.take() {
        // Whoever leaves early has read enough.
        let _ = stdin.write_all(page);
    }
    man.wait().is_ok_and(|status| status.success())
}
