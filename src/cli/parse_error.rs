//! What is said when the command line cannot be read; help and version, which clap calls errors too, are data.
//!
//! The one decision: it goes out by the same door as every failure, so it obeys `--color` and `--json` and shows no
//! token that somebody typed where a word belongs.

use std::ffi::OsString;

use clap::{ValueEnum as _, error::ErrorKind};

use super::{Cli, complaint};
use crate::{
    context::{
        failure::{self, Failure},
        run_log::RunLog,
    },
    env::Env,
    exit::Exit,
    redact::Redactor,
    ui::{ColorChoice, Ui, UiOptions},
};

/// Says it, and gives the code.
pub(crate) fn tell(env: &Env, redactor: Redactor, args: &[OsString], error: &clap::Error) -> Exit {
    let words: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let wishes = UiOptions {
        json: words.contains(&"--json"),
        color: color(&words),
        ..UiOptions::default()
    };
    let ui = Ui::new(env, wishes, redactor);
    // `mps` alone is a question, not a mistake.
    let alone = args.len() <= 1;
    if !alone
        && !matches!(
            error.kind(),
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
        )
    {
        failure::print(
            &ui,
            &complaint::of(&Cli::grammar(), error, &words),
            &RunLog::nowhere("-"),
        );
        return Exit::Usage;
    }
    let rendered = error.render();
    let text = if ui.color_out() {
        rendered.ansi().to_string()
    } else {
        rendered.to_string()
    };
    match ui.prose(&text) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            let failure = Failure::io("could not write to stdout", &error);
            failure::print(&ui, &failure, &RunLog::nowhere("-"));
            Exit::Failed
        }
        _ => Exit::Done,
    }
}

/// `--color`, as far as it can be read from words that do not make a command line.
fn color(words: &[&str]) -> ColorChoice {
    let behind = words.windows(2).filter(|pair| pair[0] == "--color");
    let joined = words
        .iter()
        .filter_map(|word| word.strip_prefix("--color="));
    let mut chosen = behind.map(|pair| pair[1]).chain(joined);
    let last = chosen.next_back();
    last.and_then(|word| ColorChoice::from_str(word, true).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colour_is_read_from_words_that_make_no_command() {
        for (words, expected) in [
            (&["mps"][..], ColorChoice::Auto),
            (&["mps", "--color", "never", "x"], ColorChoice::Never),
            (&["mps", "x", "--color=always"], ColorChoice::Always),
            (
                &["mps", "--color=always", "--color", "never"],
                ColorChoice::Always,
            ),
            (&["mps", "--color", "blue"], ColorChoice::Auto),
            (&["mps", "--color"], ColorChoice::Auto),
        ] {
            assert_eq!(color(words), expected, "{words:?}");
        }
    }
}
