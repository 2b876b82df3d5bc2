//! What a test needs and a machine may lack.
//!
//! The one decision: nothing is skipped in silence. A test that cannot run says its name and what it misses, past the
//! harness's capture; and when `tests/run` has said what may be missing, anything else that is missing is a failure.

use std::{io::Write as _, path::Path, thread};

/// What `tests/run` sets: the commands that may be missing, with commas between.
const WITHOUT: &str = "MPS_TESTS_WITHOUT";

/// Whether the command is there; if not, the test returns: `if !needs("zsh") { return; }`.
#[track_caller]
#[must_use]
pub(crate) fn needs(command: &str) -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment of the tests, not of mps"
    )]
    let without = std::env::var(WITHOUT).ok();
    let there = ["/usr/bin", "/usr/local/bin", "/bin", "/usr/sbin"]
        .iter()
        .any(|dir| Path::new(dir).join(command).exists());
    match verdict(there, command, without.as_deref()) {
        Verdict::Run => true,
        Verdict::Skip => {
            skipped(&format!("needs {command}"));
            false
        }
        Verdict::Fail => panic!("{command} is missing, and {WITHOUT} does not name it"),
    }
}

/// Whether PostgreSQL is there, whose programs Debian keeps off the PATH.
#[track_caller]
#[must_use]
pub(crate) fn needs_postgres() -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment of the tests, not of mps"
    )]
    let without = std::env::var(WITHOUT).ok();
    let there = super::postgres::programs().is_some() && needs("psql");
    match verdict(there, "postgres", without.as_deref()) {
        Verdict::Run => true,
        Verdict::Skip => {
            skipped("needs postgresql");
            false
        }
        Verdict::Fail => panic!("postgresql is missing, and {WITHOUT} does not name it"),
    }
}

/// Whether a judge that `tests/judges/run install` fetches is there.
#[track_caller]
#[must_use]
pub(crate) fn needs_judge(judge: &str) -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment of the tests, not of mps"
    )]
    let without = std::env::var(WITHOUT).ok();
    let fetched = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/judges");
    let there = ["venv", "node"]
        .iter()
        .any(|dir| fetched.join(dir).join(judge).is_file());
    match verdict(there, judge, without.as_deref()) {
        Verdict::Run => true,
        Verdict::Skip => {
            skipped(&format!("needs {judge} (tests/judges/run install)"));
            false
        }
        Verdict::Fail => panic!("{judge} is missing, and {WITHOUT} does not name it"),
    }
}

/// Where Meta's OpenAPI file is, which is Meta's and not in the tree; without it the test returns, having said so.
#[must_use]
pub(crate) fn openapi() -> Option<std::path::PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment of the tests, not of mps"
    )]
    let file = std::env::var_os("MPS_TESTS_OPENAPI").filter(|path| !path.is_empty());
    if file.is_none() {
        skipped("needs Meta's OpenAPI file (MPS_TESTS_OPENAPI)");
    }
    file.map(Into::into)
}

/// Whether the tests run as root; if not, the test returns, having said what it would have done.
#[must_use]
pub(crate) fn is_root(what: &str) -> bool {
    let root = rustix::process::geteuid().is_root();
    if !root {
        skipped(&format!("{what}, which only root can"));
    }
    root
}

fn skipped(why: &str) {
    let test = thread::current();
    let line = format!("skipped: {} {why}\n", test.name().unwrap_or("?"));
    // Where stderr is shut nobody is told, and nobody is there.
    let _ = std::io::stderr().write_all(line.as_bytes());
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Run,
    Skip,
    Fail,
}

fn verdict(there: bool, command: &str, without: Option<&str>) -> Verdict {
    match without {
        Some(list) if list.split(',').any(|named| named == command) => Verdict::Skip,
        _ if there => Verdict::Run,
        None => Verdict::Skip,
        Some(_) => Verdict::Fail,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_named_may_be_missing() {
        for (there, without, expected) in [
            (true, None, Verdict::Run),
            (true, Some(""), Verdict::Run),
            (true, Some("zsh,fish"), Verdict::Skip),
            (false, None, Verdict::Skip),
            (false, Some("zsh"), Verdict::Skip),
            (false, Some("zshx"), Verdict::Fail),
            (false, Some(""), Verdict::Fail),
        ] {
            assert_eq!(
                verdict(there, "zsh", without),
                expected,
                "{there} {without:?}"
            );
        }
        assert!(needs("sh"));
    }
}
