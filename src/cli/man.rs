//! The man pages, made from the clap tree and from the tables that REFERENCE.md is made from.
//!
//! The one decision: what a page needs that clap does not know (exit status, environment, files) is taken
//! from the same constants as everywhere else, so that no page can say something of its own.

use std::io;

use clap::Command;
use clap_mangen::{
    Man,
    roff::{Inline, Roff, bold, italic, roman},
};

use super::reference::{EVERYWHERE, JsonOutput};
use crate::{env, exit::Exit};

/// Where mps keeps its things, by the directories' variables.
const FILES: [(&str, &str); 3] = [
    (
        "~/.config/mps/profiles/NAME.toml",
        "a profile; MPS_CONFIG_DIR names another directory",
    ),
    (
        "~/.local/state/mps/journal.db",
        "what was promised, sent and answered; MPS_STATE_DIR names another directory",
    ),
    (
        "~/.local/state/mps/logs/",
        "a redacted log of each run, kept for 14 days",
    ),
];

/// The man pages of this tree: name of the file, text. The one of the whole program comes first.
pub fn man_pages(root: Command) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut root = without_help(root);
    root.build();
    let mut pages = Vec::new();
    write(&root, &["mps".to_owned()], &mut pages)?;
    Ok(pages)
}

/// The tree without `help`, which is no page, and with the options that only the long help shows: clap_mangen
/// would leave their descriptions out.
fn without_help(command: Command) -> Command {
    command
        .disable_help_subcommand(true)
        .mut_args(|arg| arg.hide_short_help(false))
        .mut_subcommands(without_help)
}

/// The page of a command, and after it those of its commands.
fn write(command: &Command, path: &[String], pages: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    let name = path.join("-");
    pages.push((format!("{name}.1"), page(command, path)?));
    for below in command
        .get_subcommands()
        .filter(|below| !below.is_hide_set())
    {
        let path = [path, &[below.get_name().to_owned()]].concat();
        write(below, &path, pages)?;
    }
    Ok(())
}

fn page(command: &Command, path: &[String]) -> io::Result<Vec<u8>> {
    let version = concat!("mps ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone().version(env!("CARGO_PKG_VERSION")))
        .title(path.join("-").to_uppercase())
        .source(version);
    let mut out = Vec::new();
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    man.render_synopsis_section(&mut out)?;
    man.render_description_section(&mut out)?;
    man.render_options_section(&mut out)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut out)?;
    }
    let mut rest = Roff::default();
    examples(&mut rest, command);
    if let Some(output) = JsonOutput::by(&path[1..].join(" ")) {
        fields(&mut rest, output);
    }
    if path.len() == 1 {
        tables(&mut rest);
    } else {
        see_also(&mut rest, path);
    }
    rest.to_writer(&mut out)?;
    Ok(out)
}

/// What stands at the end of the help, as it is typed.
fn examples(roff: &mut Roff, command: &Command) {
    let after = command.get_after_long_help().or(command.get_after_help());
    let Some(after) = after.map(ToString::to_string) else {
        return;
    };
    roff.control("SH", ["EXAMPLES"]);
    roff.control("nf", []);
    for line in after.lines().filter(|line| !line.starts_with("Example")) {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
}

/// What `--json` writes.
fn fields(roff: &mut Roff, output: &JsonOutput) {
    roff.control("SH", ["JSON"]);
    let how_many = if output.lines {
        "An object a line."
    } else {
        "One object."
    };
    roff.text([roman(format!("{how_many} {EVERYWHERE}"))]);
    for field in output.fields() {
        roff.control("TP", []);
        roff.text([bold(field.path), roman(" "), italic(field.kind)]);
        roff.text([roman(field.doc)]);
    }
}

fn tables(roff: &mut Roff) {
    let entry = |roff: &mut Roff, name: Inline, text: &str| {
        roff.control("TP", []);
        roff.text([name]);
        roff.text([roman(text)]);
    };
    roff.control("SH", ["EXIT STATUS"]);
    for exit in Exit::ALL {
        entry(roff, bold(exit.code().to_string()), exit.meaning());
    }
    roff.control("SH", ["ENVIRONMENT"]);
    roff.text([roman(
        "An option comes before the variable, the variable before the profile; an empty variable counts as unset.",
    )]);
    for var in env::ALL {
        entry(roff, bold(var.name), var.what);
    }
    roff.control("SH", ["FILES"]);
    for (file, what) in FILES {
        entry(roff, italic(file), what);
    }
}

/// The page above; the first one names them all.
fn see_also(roff: &mut Roff, path: &[String]) {
    let above = path[..path.len() - 1].join("-");
    roff.control("SH", ["SEE ALSO"]);
    let mut line = vec![bold(above.as_str()), roman("(1)")];
    if above != "mps" {
        line.extend([roman(", "), bold("mps"), roman("(1)")]);
    }
    roff.text(line);
}

#[cfg(test)]
mod tests {
    use clap::{Arg, CommandFactory as _};

    use super::*;

    fn pages() -> Vec<(String, String)> {
        let pages = man_pages(crate::cli::Cli::command()).unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        pages
            .into_iter()
            .map(|(name, page)| (name, text(page)))
            .collect()
    }

    #[test]
    fn a_page_that_is_named_is_there() {
        let pages = pages();
        let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
        assert!(names.contains(&"mps-profile-delete.1"), "{names:?}");
        for (page, text) in &pages {
            let text = text
                .replace("\\-", "-")
                .replace("\\fB", "")
                .replace("\\fR", "");
            for word in text.split_whitespace().filter(|word| word.contains("(1)")) {
                let named = word.trim_end_matches(',').replace("(1)", ".1");
                assert!(names.contains(&named.as_str()), "{page} names {named}");
            }
        }
    }

    #[test]
    fn no_option_is_without_its_description() {
        for (page, text) in pages() {
            let lines: Vec<&str> = text.lines().collect();
            for three in lines.windows(3).filter(|three| three[0] == ".TP") {
                assert!(!three[2].starts_with('.'), "{page}: {three:?}");
            }
        }
    }

    #[test]
    fn the_first_page_has_the_tables_and_each_one_its_examples() {
        let pages = pages();
        let (name, text) = &pages[0];
        assert_eq!(name, "mps.1");
        for heading in ["\"EXIT STATUS\"", "ENVIRONMENT", "FILES", "EXAMPLES"] {
            assert!(text.contains(&format!(".SH {heading}")), "{heading}");
        }
        assert!(text.contains("MPS_SYSTEM_TOKEN") && text.contains("130"));
        for (name, text) in &pages[1..] {
            assert!(
                text.contains(".SH EXAMPLES") && text.contains("SEE ALSO"),
                "{name}"
            );
        }
        let accept = pages.iter().find(|(name, _)| name == "mps-accept.1");
        let (_, accept) = accept.expect("its page");
        assert!(
            accept.contains(".SH JSON") && accept.contains("\\fBverified\\fR"),
            "{accept}"
        );
    }

    #[test]
    fn a_hidden_option_stays_hidden() {
        let tree = Command::new("mps").arg(Arg::new("x").long("secret-door").hide(true));
        let pages = man_pages(tree).unwrap();
        let text = String::from_utf8_lossy(&pages[0].1).replace("\\-", "-");
        assert!(!text.contains("secret-door"), "{text}");
    }
}
