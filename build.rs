//! Says which commit a binary was built of: `mps --version` shows it.
//!
//! The one decision: the same source gives the same binary. The date is the commit's (or `SOURCE_DATE_EPOCH`), never that
//! of the build; a crate carries its commit in the file that cargo packs beside it, and a bare tarball says nothing of
//! one. git is asked again only when its HEAD, or the branch that HEAD is on, has moved.
#![expect(
    clippy::disallowed_methods,
    reason = "a build script has nothing but its environment"
)]

use std::{env, path::Path, process::Command};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=SOURCE_DATE_EPOCH");
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let target = env::var("TARGET").unwrap_or_default();
    let built_of = match commit() {
        Some(commit) => format!("{commit} {target}"),
        None => target,
    };
    println!("cargo:rustc-env=MPS_LONG_VERSION={version} ({built_of})");
}

/// `d46f7e5c1 2026-11-26`; none without a repository of ours.
fn commit() -> Option<String> {
    // A crate that was unpacked inside somebody's repository is not of its commits.
    let root = env::var("CARGO_MANIFEST_DIR").ok()?;
    if !Path::new(&root).join(".git").exists() {
        return packed(&root);
    }
    let head = git(&["symbolic-ref", "--quiet", "HEAD"]);
    for name in ["HEAD", "packed-refs"].into_iter().chain(head.as_deref()) {
        // One that is not there would make every build ask again.
        if let Some(file) = git(&["rev-parse", "--git-path", name])
            && Path::new(&file).exists()
        {
            println!("cargo:rerun-if-changed={file}");
        }
    }
    let date = match told_day() {
        Some(day) => format!("--date=format:{day}"),
        None => "--date=format-local:%Y-%m-%d".to_owned(),
    };
    git(&["log", "-1", "--abbrev=9", "--format=%h %cd", &date])
}

/// The commit of which cargo packed this crate, and the day if we are told one.
fn packed(root: &str) -> Option<String> {
    let text = std::fs::read_to_string(Path::new(root).join(".cargo_vcs_info.json")).ok()?;
    let (_, rest) = text.split_once("\"sha1\"")?;
    let hash = rest.split('"').nth(1)?.get(..9)?;
    Some(match told_day() {
        Some(day) => format!("{hash} {day}"),
        None => hash.to_owned(),
    })
}

/// The day of `SOURCE_DATE_EPOCH`.
fn told_day() -> Option<String> {
    let seconds = env::var("SOURCE_DATE_EPOCH").ok()?;
    Some(day(seconds.trim().parse().ok()?))
}

/// The day of so many seconds since 1970, in UTC.
fn day(seconds: i64) -> String {
    let days = seconds.div_euclid(86_400) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// What git says on one line.
fn git(args: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .args(args)
        .env("TZ", "UTC")
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let line = text.trim();
    (output.status.success() && !line.is_empty()).then(|| line.to_owned())
}
