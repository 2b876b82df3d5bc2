//! The kit for Meta's App Review: its script makes the pictures that its README names.
//!
//! The one decision: the pictures are looked at by a person; here it counts that the walk goes to its end and that each one is there.

use std::{fs, path::Path};

use crate::support::{Home, Mps, browser::CHROMIUM, needs};

#[test]
fn the_script_makes_every_picture_that_the_kit_names() {
    if !needs(CHROMIUM) || !needs("python3") {
        return;
    }
    let kit = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples")
        .join("app-review");
    let readme = fs::read_to_string(kit.join("README.md")).unwrap();
    let cells = readme.lines().filter_map(|line| line.strip_prefix("| "));
    let mut named: Vec<String> = cells
        .filter_map(|row| Some(format!("{}.png", row.split_once(" |")?.0)))
        .filter(|name| name.starts_with(|first: char| first.is_ascii_digit()))
        .collect();
    named.sort();
    let home = Home::new();
    let folder = home.path().join("pictures");
    let run = Mps::program(&home, "/usr/bin/python3")
        .arg(kit.join("record.py").display().to_string())
        .arg(folder.display().to_string())
        .env("MPS", env!("CARGO_BIN_EXE_mps"))
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .run();
    run.code(0);
    let made = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap());
    let mut made: Vec<String> = made
        .map(|entry| {
            let content = fs::read(entry.path()).unwrap();
            assert!(content.starts_with(b"\x89PNG") && content.len() > 20_000);
            entry.file_name().to_string_lossy().into_owned()
        })
        .collect();
    made.sort();
    assert_eq!(made, named);
    assert_eq!(made.len(), 8);
}
