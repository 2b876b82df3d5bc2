//! One name, one thing: no two types of the crate share a name.
//!
//! The one decision: a reader meets a type by its last name alone, in a signature, in an error of the compiler, in a
//! search, so a path in front of it does not tell two of one name apart.

use std::{collections::BTreeMap, path::Path};

use crate::support::arrows::House;

/// Rust's own words for "the error, the arguments, the result of this module", always read with their module.
const SHARED: &[&str] = &["Error", "Args", "Result"];

/// Names that mean more than one type, each with its places.
fn shared_names(house: &House) -> BTreeMap<String, Vec<String>> {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (file, items) in house.items() {
        for (name, line) in &items.types {
            let place = format!("{file}:{line}");
            places.entry(name.clone()).or_default().push(place);
        }
    }
    places.retain(|name, places| places.len() > 1 && !SHARED.contains(&name.as_str()));
    places
}

#[test]
fn no_two_types_share_a_name() {
    let shared = shared_names(&House::read(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
    ));
    assert!(shared.is_empty(), "rename all but one: {shared:#?}");
}

#[test]
fn the_rule_itself() {
    let house = House::of([
        ("lib.rs", "mod a; mod b; #[cfg(test)] mod tests;"),
        (
            "a.rs",
            "pub struct Event; pub enum Error {} type Result = (); type Held = u8;",
        ),
        (
            "b.rs",
            "words! { enum Event { A = 1 } } enum Error {} type Result = ();
             #[cfg(test)] mod tests { struct Held; }",
        ),
        ("tests.rs", "struct Held;"),
    ]);
    let shared: Vec<_> = shared_names(&house).into_iter().collect();
    let places = vec!["a.rs:1".to_owned(), "b.rs:1".to_owned()];
    assert_eq!(shared, [("Event".to_owned(), places)]);
}
