//! Which file of a crate names which other, read from the text of its files.
//!
//! The one decision: a name is followed through the imports of its file and through `pub use` to the file that it comes
//! from, so neither a short name nor a facade hides an arrow; and a call of a method leads to the file of its `impl`, so
//! that cutting one object into slices hides none either.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use super::{
    items::{Items, items_of, method_arrows},
    paths::{Named, paths_of},
};

/// From one file to another of the same crate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Arrow {
    /// The file that names.
    pub(crate) from: String,
    /// The file that is named.
    pub(crate) to: String,
    /// Where, from 1.
    pub(crate) line: usize,
    /// Whether something in the file is used; not for a re-export, the name of a module alone, or in tests.
    pub(crate) leans: bool,
}

/// A path that leads out of the crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outside {
    /// The file that names it.
    pub(crate) file: String,
    /// Where, from 1.
    pub(crate) line: usize,
    /// `std::env::var`.
    pub(crate) path: String,
}

/// The files of a crate, by their path below `src`.
#[derive(Default)]
pub(crate) struct House {
    /// Module to file.
    files: BTreeMap<Vec<String>, String>,
    named: BTreeMap<String, Vec<Named>>,
    items: BTreeMap<String, Items>,
    /// Modules declared with `mod name;`, and whether for tests only.
    declared: BTreeMap<Vec<String>, bool>,
}

impl House {
    /// Reads every `.rs` file below a directory.
    pub(crate) fn read(dir: &Path) -> Self {
        let files = rust_files(dir);
        Self::of(
            files
                .iter()
                .map(|(path, text)| (path.as_str(), text.as_str())),
        )
    }

    /// A house from texts.
    pub(crate) fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut house = Self::default();
        for (path, text) in files {
            let module = module_of(path);
            let paths = paths_of(text, &module)
                .unwrap_or_else(|error| panic!("{path} is not Rust: {error}"));
            house.declared.extend(paths.declared);
            let items = items_of(text).expect("it was read once");
            house.items.insert(path.to_owned(), items);
            house.named.insert(path.to_owned(), paths.named);
            house.files.insert(module, path.to_owned());
        }
        house
    }

    /// Every file.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.files.values().map(String::as_str)
    }

    /// Files that no `mod` names, so that the compiler never sees them.
    pub(crate) fn forgotten(&self) -> Vec<&str> {
        self.files
            .iter()
            .filter(|(module, _)| !module.is_empty() && !self.declared.contains_key(*module))
            .map(|(_, file)| file.as_str())
            .collect()
    }

    /// Every arrow between two files, each once a line.
    pub(crate) fn arrows(&self) -> Vec<Arrow> {
        let mut arrows = BTreeSet::new();
        for (file, named) in &self.named {
            let test_file = self.is_test(&module_of(file));
            for name in named {
                let Some(path) = self.local(file, name) else {
                    continue;
                };
                let (to, module_alone) = self.origin(&path, 0);
                if to != *file {
                    arrows.insert(Arrow {
                        from: file.clone(),
                        to,
                        line: name.line,
                        leans: !(name.public || name.in_test || test_file || module_alone),
                    });
                }
            }
        }
        for (from, to, line) in method_arrows(&self.items()) {
            let leans = true;
            arrows.insert(Arrow {
                from,
                to,
                line,
                leans,
            });
        }
        arrows.into_iter().collect()
    }

    /// What every file defines, those for tests only left out.
    pub(crate) fn items(&self) -> BTreeMap<&String, &Items> {
        let items = self.items.iter();
        items
            .filter(|(file, _)| !self.is_test(&module_of(file)))
            .collect()
    }

    /// Every path that leads out.
    pub(crate) fn outside(&self) -> Vec<Outside> {
        self.named
            .iter()
            .flat_map(|(file, named)| named.iter().map(move |name| (file, name)))
            .filter(|(file, name)| self.local(file, name).is_none())
            .map(|(file, name)| Outside {
                file: file.clone(),
                line: name.line,
                path: name.path.join("::"),
            })
            .collect()
    }

    /// The circles among the arrows that lean, each as the files on it.
    pub(crate) fn circles(&self) -> Vec<Vec<String>> {
        let mut next: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for arrow in self.arrows().into_iter().filter(|arrow| arrow.leans) {
            next.entry(arrow.from).or_default().insert(arrow.to);
        }
        let mut circles = Vec::new();
        let mut done = BTreeSet::new();
        for file in next.keys() {
            find_circles(file, &next, &mut Vec::new(), &mut done, &mut circles);
        }
        circles
    }

    /// Whether a module, or one around it, is declared for tests only.
    fn is_test(&self, module: &[String]) -> bool {
        (1..=module.len()).any(|length| self.declared.get(&module[..length]) == Some(&true))
    }

    /// The path from the root of the crate; `None` when it leads out.
    fn local(&self, file: &str, name: &Named) -> Option<Vec<String>> {
        let first = name.path.first()?.as_str();
        let own = name.alias.as_deref();
        if let Some(path) = absolute(&name.path, &name.scope) {
            return Some(path);
        }
        let imported = self.named[file].iter().find(|import| {
            // An import does not explain itself.
            import.alias.as_deref() == Some(first)
                && own != Some(first)
                && absolute(&import.path, &import.scope).is_some()
        });
        let start = if let Some(import) = imported {
            absolute(&import.path, &import.scope)?
        } else {
            let child = [name.scope.as_slice(), &[first.to_owned()]].concat();
            self.declared.contains_key(&child).then_some(child)?
        };
        Some([&start, &name.path[1..]].concat())
    }

    /// The file that a path leads to, through re-exports; and whether it names a module and nothing in it.
    fn origin(&self, path: &[String], depth: usize) -> (String, bool) {
        let length = (0..=path.len())
            .rev()
            .find(|length| self.files.contains_key(&path[..*length]))
            .unwrap_or(0);
        let Some(file) = self.files.get(&path[..length]) else {
            // A fixture without a root: what lies there is in lib.rs.
            return ("lib.rs".to_owned(), false);
        };
        let Some(next) = path.get(length) else {
            return (file.clone(), true);
        };
        let reexport = self.named[file]
            .iter()
            .find(|name| name.public && name.alias.as_ref() == Some(next) && depth < 8)
            .and_then(|name| self.local(file, name));
        match reexport {
            Some(start) => self.origin(&[&start, &path[length + 1..]].concat(), depth + 1),
            None => (file.clone(), false),
        }
    }
}

/// A path that begins with `crate`, `self` or `super`, from the root.
fn absolute(path: &[String], scope: &[String]) -> Option<Vec<String>> {
    let supers = path.iter().take_while(|part| *part == "super").count();
    let (base, rest) = match path.first()?.as_str() {
        "crate" => (&[][..], &path[1..]),
        "self" => {
            if path.get(1).is_some_and(|part| part == "super") {
                return absolute(&path[1..], scope);
            }
            (scope, &path[1..])
        }
        "super" => (
            &scope[..scope.len().saturating_sub(supers)],
            &path[supers..],
        ),
        _ => return None,
    };
    Some([base, rest].concat())
}

fn find_circles(
    file: &str,
    next: &BTreeMap<String, BTreeSet<String>>,
    way: &mut Vec<String>,
    done: &mut BTreeSet<String>,
    circles: &mut Vec<Vec<String>>,
) {
    if let Some(start) = way.iter().position(|passed| passed == file) {
        circles.push(way[start..].to_vec());
        return;
    }
    if done.contains(file) {
        return;
    }
    way.push(file.to_owned());
    for to in next.get(file).into_iter().flatten() {
        find_circles(to, next, way, done, circles);
    }
    way.pop();
    done.insert(file.to_owned());
}

/// `graph/client.rs` is the module `graph::client`; `mod.rs`, `lib.rs` and `main.rs` are what they stand in.
fn module_of(path: &str) -> Vec<String> {
    let mut module: Vec<String> = path
        .trim_end_matches(".rs")
        .split('/')
        .map(str::to_owned)
        .collect();
    if module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    if module == ["lib"] {
        module.clear();
    }
    module
}

/// Every `.rs` file below a directory, sorted, with its text; the path is relative.
pub(crate) fn rust_files(dir: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut dirs = vec![dir.to_owned()];
    while let Some(here) = dirs.pop() {
        for entry in fs::read_dir(&here).expect("a directory of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                dirs.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let relative = path.strip_prefix(dir).expect("below it").to_owned();
                let text = fs::read_to_string(&path).expect("a source file");
                found.push((relative.to_string_lossy().replace('\\', "/"), text));
            }
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrows(files: &[(&str, &str)]) -> Vec<(String, String, bool)> {
        House::of(files.iter().copied())
            .arrows()
            .into_iter()
            .map(|arrow| (arrow.from, arrow.to, arrow.leans))
            .collect()
    }

    fn arrow(from: &str, to: &str, leans: bool) -> (String, String, bool) {
        (from.to_owned(), to.to_owned(), leans)
    }

    const GRAPH: (&str, &str) = (
        "graph/mod.rs",
        "mod client; mod error; pub use client::Client;",
    );
    const CLIENT: (&str, &str) = ("graph/client.rs", "pub struct Client;");
    const ERROR: (&str, &str) = ("graph/error.rs", "");
    const ROOT: (&str, &str) = ("lib.rs", "mod graph; mod ui;");

    #[test]
    fn every_way_to_name_a_file_is_seen() {
        for (text, to) in [
            ("use crate::graph::client::Client;", "graph/client.rs"),
            (
                "use crate::{ids, graph::{error::{self, Kind as K}}};",
                "graph/error.rs",
            ),
            (
                "fn f() -> crate::graph::error::Kind { todo() }",
                "graph/error.rs",
            ),
            (
                "fn f() { assert_eq!(1, crate::graph::error::X) }",
                "graph/error.rs",
            ),
            (
                "fn f(x: Vec::<super::graph::error::X>) {}",
                "graph/error.rs",
            ),
            ("use super::graph::error::Kind;", "graph/error.rs"),
            ("use crate::graph::Client;", "graph/client.rs"),
            (
                "mod tests { use super::super::graph::error::Kind; }",
                "graph/error.rs",
            ),
            (
                "macro_rules! m { () => { $crate::graph::error::X } }",
                "graph/error.rs",
            ),
            (
                "#[arg(value_parser = crate::graph::error::parse)] struct A;",
                "graph/error.rs",
            ),
        ] {
            let found = arrows(&[ROOT, GRAPH, CLIENT, ERROR, ("ui.rs", text)]);
            assert!(
                found.contains(&arrow("ui.rs", to, true)),
                "{text}: {found:?}"
            );
        }
    }

    #[test]
    fn a_module_by_name_is_followed_to_what_is_used_of_it() {
        let found = arrows(&[
            ROOT,
            GRAPH,
            CLIENT,
            ERROR,
            ("ui.rs", "use crate::graph;\nfn f(c: graph::Client) {}"),
        ]);
        assert_eq!(
            found[1..],
            [
                arrow("ui.rs", "graph/client.rs", true),
                arrow("ui.rs", "graph/mod.rs", false)
            ]
        );
    }

    #[test]
    fn words_that_only_look_like_paths_are_none() {
        for text in [
            "// crate::graph::Client\nfn f() {}",
            "/// crate::graph::Client\nfn f() {}",
            "fn f() -> &'static str { \"crate::graph::Client\" }",
            "fn f() -> impl Sized + use<> { Own::graph::Client }",
            "use other::graph::Client;",
        ] {
            let found = arrows(&[ROOT, GRAPH, CLIENT, ERROR, ("ui.rs", text)]);
            assert!(
                found.iter().all(|(from, ..)| from != "ui.rs"),
                "{text}: {found:?}"
            );
        }
    }

    #[test]
    fn what_leads_out_is_known_from_what_stays() {
        let house = House::of([
            ("lib.rs", "mod a;"),
            (
                "a/mod.rs",
                "mod open; fn f() { open::that(); std::env::args(); tiny_http::Server::http() }",
            ),
            ("a/open.rs", "use std::{env, fs};\nfn f() { open::that() }"),
        ]);
        let found: Vec<_> = house
            .outside()
            .into_iter()
            .map(|out| format!("{}:{} {}", out.file, out.line, out.path))
            .collect();
        assert_eq!(
            found,
            [
                "a/mod.rs:1 std::env::args",
                "a/mod.rs:1 tiny_http::Server::http",
                "a/open.rs:1 std::env",
                "a/open.rs:1 std::fs",
                "a/open.rs:2 open::that"
            ]
        );
    }

    #[test]
    fn circles_are_found_and_facades_are_none() {
        let lean =
            |files: &[(&'static str, &'static str)]| House::of(files.iter().copied()).circles();
        assert_eq!(
            lean(&[
                ("lib.rs", "mod a; mod b;"),
                ("a.rs", "use crate::b::B;"),
                ("b.rs", "fn f(a: crate::a::A) {}")
            ]),
            [["a.rs", "b.rs"]]
        );
        assert!(
            lean(&[
                ROOT,
                GRAPH,
                ERROR,
                ("graph/client.rs", "use crate::graph::{self, error::E};")
            ])
            .is_empty()
        );
        assert!(
            lean(&[
                ("lib.rs", "mod a; mod b;"),
                ("a.rs", "use crate::b::B;"),
                ("b.rs", "#[cfg(test)]\nmod tests { use crate::a::A; }"),
            ])
            .is_empty()
        );
        assert!(
            lean(&[
                ("lib.rs", "mod a;"),
                ("a/mod.rs", "use b::B;\nmod b; #[cfg(test)] mod tests;"),
                ("a/b.rs", ""),
                ("a/tests.rs", "use crate::a::A;"),
            ])
            .is_empty()
        );
    }

    #[test]
    fn a_file_that_no_mod_names_is_forgotten() {
        let house = House::of([
            ("lib.rs", "mod a;"),
            ("a/mod.rs", "#[cfg(test)]\nmod b;"),
            ("a/b.rs", ""),
            ("a/c.rs", ""),
        ]);
        assert_eq!(house.forgotten(), ["a/c.rs"]);
    }
}
