//! What a release hands out is in step with the house: the files of the Debian package, and those of the crate.
//!
//! The one decision: building a package takes tools and minutes that CI does without, but its list of files can be read.
//! A file that moved, a completion or a licence that was forgotten, fails here and not on the day of a release.

use std::{fs, path::Path};

use mps::testing::cli::{self, completions};
use toml_edit::{DocumentMut, Item};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn manifest() -> DocumentMut {
    let text = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    text.parse().unwrap()
}

fn strings(item: &Item) -> Vec<String> {
    let array = item.as_array().unwrap_or_else(|| panic!("no list: {item}"));
    let texts = array.iter().map(|text| text.as_str().unwrap().to_owned());
    texts.collect()
}

/// Source, destination and mode of each file of the Debian package.
fn assets() -> Vec<[String; 3]> {
    let manifest = manifest();
    let assets = &manifest["package"]["metadata"]["deb"]["assets"];
    let assets = assets.as_array().expect("a list of files");
    assets
        .iter()
        .map(|asset| {
            let asset = asset.as_array().expect("source, destination, mode").iter();
            let texts: Vec<String> = asset
                .map(|text| text.as_str().unwrap().to_owned())
                .collect();
            texts.try_into().expect("three texts")
        })
        .collect()
}

/// Where a file of the package ends up, its name included.
fn place_of(source: &str) -> Option<String> {
    let asset = assets().into_iter().find(|[from, ..]| from == source)?;
    let [from, to, _] = asset;
    let name = from.rsplit('/').next().unwrap_or_default();
    Some(if to.ends_with('/') { to + name } else { to })
}

#[test]
fn every_file_of_the_debian_package_is_there_or_made() {
    let script = fs::read_to_string(root().join("tests/package")).unwrap();
    for [source, _, mode] in assets() {
        let (made, executable) = match source.as_str() {
            "target/release/mps" => (script.contains("cargo build --release"), true),
            "target/notices/THIRD-PARTY.txt" | "target/notices/mps.cdx.json" => {
                (script.contains(&format!("supply {source}")), false)
            }
            "target/man/*.1" => (script.contains("mps --quiet man target/man"), false),
            file => (root().join(file).is_file(), false),
        };
        assert!(made, "nothing makes {source}");
        assert_eq!(mode, if executable { "755" } else { "644" }, "{source}");
    }
    let pages = completions::man_pages(cli::command()).unwrap();
    assert!(pages.iter().all(|(name, _)| name.ends_with(".1")));
}

#[test]
fn completions_man_pages_and_licences_are_where_they_are_looked_for() {
    for (source, place) in [
        ("target/release/mps", "usr/bin/mps"),
        ("target/man/*.1", "usr/share/man/man1/*.1"),
        (
            "completions/mps.bash",
            "usr/share/bash-completion/completions/mps",
        ),
        ("completions/_mps", "usr/share/zsh/vendor-completions/_mps"),
        (
            "completions/mps.fish",
            "usr/share/fish/vendor_completions.d/mps.fish",
        ),
    ] {
        assert_eq!(place_of(source).as_deref(), Some(place), "{source}");
    }
    for entry in fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.starts_with("LICENSE")
            || ["README.md", "REFERENCE.md", "CHANGELOG.md"].contains(&name.as_str())
        {
            assert!(
                place_of(&name).is_some(),
                "{name} is not in the Debian package"
            );
        }
    }
}

#[test]
fn what_the_crate_includes_is_there() {
    let manifest = manifest();
    let package = &manifest["package"];
    let files: Vec<String> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let included = strings(&package["include"]);
    for pattern in &included {
        let name = pattern.strip_prefix('/').expect("from the root");
        let begins = name.trim_end_matches('*');
        let found = files
            .iter()
            .any(|file| file == name || name.ends_with('*') && file.starts_with(begins));
        assert!(found, "{pattern} is nowhere");
    }
    // `cargo install` from the registry runs neither tests nor CI; what it shows its reader has to be there.
    for needed in [
        "/src",
        "/README.md",
        "/REFERENCE.md",
        "/CHANGELOG.md",
        "/LICENSE-*",
        "/completions",
        "/examples",
    ] {
        assert!(included.iter().any(|pattern| pattern == needed), "{needed}");
    }
    for key in ["description", "license", "rust-version", "readme"] {
        assert!(package[key].is_str(), "{key}");
    }
    assert!(strings(&package["keywords"]).len() <= 5 && strings(&package["categories"]).len() <= 5);
}

#[test]
fn documents_build_what_the_lock_file_says() {
    // A build without it may take versions that nobody has looked at.
    let mut read = 0;
    for name in [
        "README.md",
        "REFERENCE.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "tests/package",
        "tests/run",
        "tests/fuzz",
        "tests/audit",
    ] {
        let text = fs::read_to_string(root().join(name)).unwrap();
        // A command may go over a line's end.
        let text = text.replace('\n', " ");
        for command in [
            "install", "build", "package", "publish", "run", "deb", "zigbuild", "clippy", "doc",
            "deny",
        ] {
            for (at, _) in text.match_indices(&format!("cargo {command} ")) {
                let words = &text[at..text.len().min(at + 60)];
                let words = words.split(['`', ';', '|', '"']).next().unwrap_or_default();
                let shows = words
                    .split_whitespace()
                    .nth(2)
                    .is_some_and(|word| word == "--list" || word == "--version");
                read += 1;
                assert!(shows || words.contains("--locked"), "{name}: {words}");
            }
        }
    }
    assert!(read > 8);
}

/// What the unit of systemd takes from the service, beside what a service has to have.
#[test]
fn the_unit_of_systemd_gives_the_service_nothing_that_it_does_not_need() {
    let unit = fs::read_to_string(root().join("examples/mps-watch.service")).unwrap();
    for line in [
        "DynamicUser=yes",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateTmp=yes",
        "PrivateDevices=yes",
        "PrivateUsers=yes",
        "CapabilityBoundingSet=",
        "MemoryDenyWriteExecute=yes",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
        "SystemCallFilter=@system-service",
        "UMask=0077",
        "LimitCORE=0",
    ] {
        assert!(unit.lines().any(|there| there == line), "{line}");
    }
    // Of a hundred: the smaller, the less is left to it. A network is.
    let analyzed = std::process::Command::new("systemd-analyze")
        .args(["security", "--no-pager", "--offline=true", "--threshold=15"])
        .arg(root().join("examples/mps-watch.service"))
        .output();
    if let Ok(analyzed) = analyzed {
        let said = String::from_utf8_lossy(&analyzed.stdout);
        assert!(analyzed.status.success(), "{said}");
    }
}
