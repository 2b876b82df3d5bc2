//! The rules themselves, on texts that break them.

use super::*;

fn house(from: &str, text: &str) -> House {
    let rooms = "mod ids; mod secret; mod graph; mod ui; mod journal; mod engine; mod session; mod context; mod commands;";
    let others = [
        ("lib.rs", rooms),
        ("ids.rs", ""),
        ("secret.rs", ""),
        ("graph/mod.rs", ""),
        ("ui/mod.rs", ""),
        ("journal/mod.rs", ""),
        ("engine/mod.rs", ""),
        ("session/mod.rs", ""),
        ("context/mod.rs", ""),
        ("commands/mod.rs", "mod args; mod accept; mod create;"),
        ("commands/args.rs", ""),
        ("commands/accept.rs", ""),
        ("commands/create.rs", ""),
    ];
    House::of(
        others
            .into_iter()
            .filter(|(file, _)| *file != from)
            .chain([(from, text)]),
    )
}

#[test]
fn arrows() {
    for (from, text, wrong) in [
        ("graph/mod.rs", "use crate::ids::AppId;", None),
        (
            "graph/mod.rs",
            "use crate::{ids::AppId, ui::Ui};",
            Some("graph may not use ui"),
        ),
        (
            "graph/send/client.rs",
            "fn f() { super::super::super::ui::show() }",
            Some("graph may not use ui"),
        ),
        (
            "ids.rs",
            "use crate::secret::Secret;",
            Some("ids may not use secret"),
        ),
        (
            "secret.rs",
            "use crate::graph::Client;",
            Some("secret may not use graph"),
        ),
        ("engine/mod.rs", "use crate::journal::Journal;", None),
        (
            "engine/mod.rs",
            "use crate::ui::Ui;",
            Some("engine may not use ui"),
        ),
        (
            "engine/mod.rs",
            "mod tests { use crate::ui::Ui; }",
            Some("engine may not use ui"),
        ),
        ("context/mod.rs", "use crate::{ui::Ui, engine::Plan};", None),
        (
            "context/mod.rs",
            "use crate::session::Session;",
            Some("context may not use session"),
        ),
        ("session/mod.rs", "use crate::context::Context;", None),
        (
            "context/mod.rs",
            "use crate::commands::args::Apps;",
            Some("context may not use commands/args"),
        ),
        (
            "commands/accept.rs",
            "use crate::{commands::args::Apps, context::Context};",
            None,
        ),
        (
            "commands/accept.rs",
            "use super::create;\nfn f() { create::run() }",
            Some("commands/accept may not use commands/create"),
        ),
        (
            "commands/mod.rs",
            "mod args; mod accept; mod create; use accept::Accept;",
            None,
        ),
        (
            "cli.rs",
            "use crate::{commands::accept::Accept, ui::Ui};",
            None,
        ),
        (
            "cellar.rs",
            "",
            Some("the table in floors.rs has no room cellar"),
        ),
    ] {
        let found = forbidden_arrows(&house(from, text));
        match wrong {
            None => none(&found),
            Some(wrong) => assert!(
                found.iter().any(|line| line.contains(wrong)),
                "{text}: {found:?}"
            ),
        }
    }
}

#[test]
fn doors() {
    for (file, text, is_wrong) in [
        ("graph/send/client.rs", "use reqwest::Client;", false),
        ("graph/mod.rs", "use reqwest::Client;", true),
        ("ui/mod.rs", "fn f() { open::that(1) }", true),
        ("ui/mod.rs", "mod open; fn f() { open::that(1) }", false),
        ("journal/open.rs", "use rusqlite::Connection;", false),
        ("context/mod.rs", "use std::{env, fs};", true),
        ("context/mod.rs", "fn f() { std::env::var(1) }", true),
        (
            "context/mod.rs",
            "fn f() { std::env::current_exe(); env!(\"X\"); option_env!(\"X\") }",
            false,
        ),
    ] {
        assert_eq!(
            !past_the_door(&house(file, text)).is_empty(),
            is_wrong,
            "{file}: {text}"
        );
    }
}

#[test]
fn forms() {
    let long = format!("//! x\n{}", "\n".repeat(MOST_LINES));
    let tested = ["mod", "pub(super) mod"].map(|opening| {
        let tests = "\n".repeat(MOST_LINES);
        format!("//! x\n#[cfg(test)]\n{opening} tests {{\n{tests}}}")
    });
    for (text, wrong) in [
        ("//! x", 0),
        ("use a;\n//! x", 1),
        ("", 1),
        (&long, 1),
        (&tested[0], 0),
        (&tested[1], 0),
    ] {
        assert_eq!(wrong_form("a.rs", text).len(), wrong);
    }
}

#[test]
fn machines() {
    let path = OF_ONE_MACHINE[0];
    for (text, wrong) in [
        (format!("in {path}x"), 1),
        (format!("a\n({path})\n"), 1),
        (format!("docs{path}x"), 0),
        ("working".to_owned(), 0),
    ] {
        assert_eq!(machine_names("a", &text).len(), wrong, "{text}");
    }
}
