//! The operator's command for each change.
//!
//! The one decision: it gets the change on its stdin and none of our secrets; what it prints is its own matter and kept off
//! our stdout, which is data.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use crate::env;

/// Most characters of what it said that are told.
const SAID: usize = 300;

/// Runs it in the system's shell, with this line on its stdin.
///
/// # Errors
/// How it failed, to follow "the command".
pub(super) async fn run(command: &str, line: &str) -> Result<(), String> {
    let (command, line) = (command.to_owned(), line.to_owned());
    let ended = tokio::task::spawn_blocking(move || in_shell(&command, &line)).await;
    ended.unwrap_or_else(|_| Err("could not be waited for".to_owned()))
}

fn in_shell(command: &str, line: &str) -> Result<(), String> {
    let (program, flag) = if cfg!(windows) {
        ("cmd", "/C")
    } else {
        ("sh", "-c")
    };
    let mut shell = Command::new(program);
    shell.args([flag, command]);
    for name in env::secret_names() {
        shell.env_remove(name);
    }
    shell
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = shell
        .spawn()
        .map_err(|error| format!("could not be started: {error}"))?;
    if let Some(mut stdin) = child.stdin.take() {
        // One that does not read it has decided so.
        let _ = stdin.write_all(line.as_bytes());
    }
    let ended = child
        .wait_with_output()
        .map_err(|error| format!("could not be waited for: {error}"))?;
    if ended.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ended.stderr);
    let said: String = said.trim().chars().take(SAID).collect();
    Err(if said.is_empty() {
        format!("failed ({})", ended.status)
    } else {
        format!("failed ({}): {said}", ended.status)
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn how_it_ends() {
        assert_eq!(run("read line; test \"$line\" = x", "x\n").await, Ok(()));
        assert_eq!(run("true", &"x".repeat(1 << 20)).await, Ok(()));
        let why = run("echo why >&2; exit 3", "x\n").await.unwrap_err();
        assert!(why.contains("failed") && why.ends_with(": why"), "{why}");
    }
}
