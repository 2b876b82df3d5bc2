//! What `mps --version` tells, for a report.

use std::path::Path;

use crate::support::Mps;

/// Number, commit and its day where there is a repository, and the target.
#[test]
fn the_version_says_of_which_commit_and_for_what_machine() {
    let run = Mps::new().arg("--version").run();
    run.code(0).stderr("");
    let said = run.stdout_text();
    let start = format!("mps {} (", env!("CARGO_PKG_VERSION"));
    let inside = said
        .strip_prefix(&start)
        .and_then(|rest| rest.strip_suffix(")\n"))
        .unwrap_or_else(|| panic!("{run}"));
    let words: Vec<&str> = inside.split(' ').collect();
    let (target, commit) = words.split_last().expect("a target");
    assert!(target.contains(std::env::consts::ARCH), "{run}");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    match commit {
        [hash, day] if root.join(".git").exists() => {
            assert!(
                hash.len() >= 9 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()),
                "{run}"
            );
            assert!(day.parse::<jiff::civil::Date>().is_ok(), "{run}");
        }
        // As cargo packed it, with the day only where the packager told one.
        [hash] | [hash, _] if root.join(".cargo_vcs_info.json").exists() => {
            assert_eq!(hash.len(), 9, "{run}");
        }
        [] => assert!(!root.join(".git").exists(), "{run}"),
        _ => panic!("{run}"),
    }
}
