//! Questions to the operator.
//!
//! The one decision: a question is asked only where [`super::Ui::can_ask`] said so; who calls must have an
//! answer for the other case. The thread that asks is not one of the runtime's, so the page and the
//! network go on while a person thinks; and a stop ends the question, whatever that thread waits for. Only
//! what was typed when the question stood there answers it, and a yes wants Enter: what follows cannot be undone.

use std::sync::atomic::Ordering;

use dialoguer::{Input, Password, Select, theme::ColorfulTheme, theme::SimpleTheme, theme::Theme};
use serde_json::json;

use super::{
    Label, Ui,
    choice::{Choice, Room},
    sanitize,
    terminal_modes::{Reads, TerminalModes, throw_away_what_was_typed},
    wrap,
};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    /// Ctrl-C, or the terminal is gone.
    #[error("interrupted")]
    Interrupted,
    /// The terminal failed.
    #[error("the terminal could not be asked")]
    Terminal(#[source] std::io::Error),
}

impl From<dialoguer::Error> for NoAnswer {
    fn from(error: dialoguer::Error) -> Self {
        let dialoguer::Error::IO(error) = error;
        match error.kind() {
            _ if is_gone(&error) => Self::Interrupted,
            std::io::ErrorKind::Interrupted
            | std::io::ErrorKind::NotConnected
            | std::io::ErrorKind::UnexpectedEof => Self::Interrupted,
            _ => Self::Terminal(error),
        }
    }
}

/// Whether the terminal was closed: its window, or the connection that it came by. `std` has no kind for that.
fn is_gone(error: &std::io::Error) -> bool {
    #[cfg(unix)]
    return error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error());
    #[cfg(not(unix))]
    return false;
}

/// Runs a question on a thread of its own, until it is answered or a stop is asked for. `draw` gets its last line, the one
/// that is drawn anew with each key and so has to fit one of the terminal's.
async fn ask<T: Send + 'static>(
    ui: &Ui,
    reads: Reads,
    question: &str,
    draw: impl FnOnce(&dyn Theme, String) -> dialoguer::Result<T> + Send + 'static,
) -> Result<T, NoAnswer> {
    let color = ui.color_err();
    let modes = TerminalModes::set_for(reads);
    let mut lines = lines(ui, question);
    let words = ui.clone();
    let mut asked = tokio::task::spawn_blocking(move || {
        // Before its first word: who has read that has begun to answer.
        throw_away_what_was_typed();
        let last = lines.pop().unwrap_or_default();
        let theme = ColorfulTheme::default();
        for (at, line) in lines.iter().enumerate() {
            let line = words.clean(line);
            words.raw_talk(&match (color, at) {
                (true, 0) => format!(
                    "{} {}\n",
                    theme.prompt_prefix,
                    theme.prompt_style.apply_to(line)
                ),
                (true, _) => format!("  {}\n", theme.prompt_style.apply_to(line)),
                (false, _) => format!("{line}\n"),
            });
        }
        words.asking.store(true, Ordering::Relaxed);
        match (color, lines.is_empty()) {
            (true, true) => draw(&theme, last),
            (true, false) => draw(&without_a_mark(theme), last),
            (false, _) => draw(&SimpleTheme, last),
        }
    });
    let answer = tokio::select! {
        answer = &mut asked => Some(answer),
        () = stopped(ui) => None,
    };
    if answer.is_none() {
        // The thread waits for a key, in a mode that no shell could use, or is about to.
        modes.settled(&asked).await;
    }
    modes.restore();
    // dialoguer hides the cursor; a question that ended badly must not leave it so.
    let _ = console::Term::stderr().show_cursor();
    let answer = answer.ok_or(NoAnswer::Interrupted)?;
    let answer = answer.map_err(|error| NoAnswer::Terminal(std::io::Error::other(error)))?;
    if let Err(dialoguer::Error::IO(_)) = &answer {
        // The key or the closed window is a signal too, whose words would come behind those of the error.
        let _ = tokio::time::timeout(SIGNAL_IS_HEARD, stopped(ui)).await;
    }
    let answer = answer?;
    // Only an answer ends the question's line.
    ui.asking.store(false, Ordering::Relaxed);
    Ok(answer)
}

/// How long a signal may take from the terminal to us; none comes where the terminal only failed.
const SIGNAL_IS_HEARD: std::time::Duration = std::time::Duration::from_secs(1);

/// For the last of several lines, below the first, which has the mark.
fn without_a_mark(theme: ColorfulTheme) -> ColorfulTheme {
    ColorfulTheme {
        prompt_prefix: console::style(" ".to_owned()),
        success_prefix: console::style(" ".to_owned()),
        ..theme
    }
}

/// Waits until a stop is asked for; for ever, where nobody can ask.
async fn stopped(ui: &Ui) {
    let heard = match ui.stop.clone() {
        Some(mut stop) => stop.wait_for(|set| *set).await.is_ok(),
        None => false,
    };
    if !heard {
        std::future::pending::<()>().await;
    }
}

/// What Enter alone answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enter {
    /// Yes, where nothing is lost by it.
    Yes,
    /// No, where something is sent or deleted.
    No,
}

impl Enter {
    /// What stands behind the question.
    fn sign(self) -> &'static str {
        match self {
            Self::Yes => "[Y/n]",
            Self::No => "[y/N]",
        }
    }

    /// What a line means; `None`: neither yes nor no.
    fn read(self, line: &str) -> Option<bool> {
        match line.trim().to_ascii_lowercase().as_str() {
            "" => Some(self == Self::Yes),
            "y" | "yes" => Some(true),
            "n" | "no" => Some(false),
            _ => None,
        }
    }
}

/// The lines of a question.
fn lines(ui: &Ui, question: &str) -> Vec<String> {
    let room = usize::from(ui.streams().width).saturating_sub(ROOM_TO_ANSWER);
    wrap::words(question, room)
}

/// What stands around a question, and what a person types behind it.
const ROOM_TO_ANSWER: usize = 8;

/// A yes or a no, and Enter; anything else is asked again.
pub async fn confirm(ui: &Ui, question: &str, enter: Enter) -> Result<bool, NoAnswer> {
    let mut question = format!("{} {}", sanitize::escape(question), enter.sign());
    loop {
        let alone = match enter {
            Enter::Yes => "yes",
            Enter::No => "no",
        };
        let words = ui.clone();
        let line = ask(ui, Reads::Keys, &question, move |theme, question| {
            line_or(&words, theme, &question, alone)
        })
        .await?;
        if let Some(answer) = enter.read(&line) {
            return Ok(answer);
        }
        // Under --quiet too: without it nobody knows why the question is there again.
        ui.banner_as(Label::Hint, "Type y or n, and Enter.", json!({}));
        question = lines(ui, &question).pop().unwrap_or_default();
    }
}

/// Which of several; the indexes chosen.
pub async fn choose(
    ui: &Ui,
    question: &str,
    items: Vec<(String, bool)>,
) -> Result<Vec<usize>, NoAnswer> {
    let question = sanitize::escape(question).into_owned();
    let items: Vec<(String, bool)> = items
        .into_iter()
        .map(|(text, ticked)| (sanitize::escape(&text).into_owned(), ticked))
        .collect();
    let color = ui.color_err();
    ask(ui, Reads::Keys, "", move |_, _| {
        Ok(chosen(&question, Choice::of(items), color)?)
    })
    .await
}

/// Draws a choice and reads keys until it is made; the answer stays on the screen as a count.
fn chosen(question: &str, mut choice: Choice, color: bool) -> std::io::Result<Vec<usize>> {
    let terminal = console::Term::stderr();
    terminal.hide_cursor()?;
    let mut drawn = 0;
    loop {
        // The window may have another size by now.
        let (rows, columns) = terminal.size();
        let room = Room {
            rows: rows.into(),
            columns: columns.into(),
            color,
        };
        terminal.clear_last_lines(drawn)?;
        let lines = choice.rows(question, room);
        drawn = lines.len();
        terminal.write_str(&(lines.join("\n") + "\n"))?;
        if choice.press(&terminal.read_key()?) {
            break;
        }
    }
    terminal.clear_last_lines(drawn)?;
    terminal.write_line(&format!("? {question} {}", choice.count()))?;
    Ok(choice.ticked())
}

/// One of several; its index.
pub async fn pick(ui: &Ui, question: &str, items: Vec<String>) -> Result<usize, NoAnswer> {
    // An item that the terminal breaks leaves its end behind when it is drawn anew.
    let room = usize::from(ui.streams().width).saturating_sub(ROOM_TO_ANSWER);
    let cut = |item: &String| console::truncate_str(item, room, "…").into_owned();
    let items: Vec<String> = items.iter().map(cut).collect();
    ask(ui, Reads::Keys, question, move |theme, question| {
        Select::with_theme(theme)
            .with_prompt(question)
            .items(items)
            .default(0)
            .interact()
    })
    .await
}

/// Said of an answer that nobody typed.
const EMPTY: &str = "(left empty)";

/// A line; `nothing` is what is shown of an empty one.
fn line_or(
    words: &Ui,
    theme: &dyn Theme,
    question: &str,
    nothing: &str,
) -> dialoguer::Result<String> {
    let typed: String = Input::with_theme(theme)
        .with_prompt(question)
        .allow_empty(true)
        .report(false)
        .interact_text()?;
    wipe(theme, question, None, &typed)?;
    let is_empty = typed.trim().is_empty();
    let shown = words.clean(if is_empty { nothing } else { &typed });
    tell(theme, question, &shown)?;
    Ok(typed)
}

/// Wipes out the rows that a long answer took above the one where its end stood, which is gone already: it is shown
/// once more, or was a token that nobody should see.
fn wipe(
    theme: &dyn Theme,
    question: &str,
    default: Option<&str>,
    typed: &str,
) -> std::io::Result<()> {
    let mut asked = String::new();
    let _ = theme.format_input_prompt(&mut asked, question, default);
    let terminal = console::Term::stderr();
    let columns = usize::from(terminal.size().1);
    let taken = console::measure_text_width(&asked) + console::measure_text_width(typed);
    terminal.clear_last_lines(rows_above(taken, columns))
}

/// How many rows stand above the last one of a text so wide; one that fills its row does not begin the next.
fn rows_above(width: usize, columns: usize) -> usize {
    width.saturating_sub(1).checked_div(columns).unwrap_or(0)
}

/// Leaves the question with its answer on the screen.
fn tell(theme: &dyn Theme, question: &str, answer: &str) -> std::io::Result<()> {
    let mut line = String::new();
    let _ = theme.format_input_prompt_selection(&mut line, question, answer);
    console::Term::stderr().write_line(&line)
}

/// A line of text.
pub async fn line(ui: &Ui, question: &str, default: Option<String>) -> Result<String, NoAnswer> {
    let words = ui.clone();
    ask(ui, Reads::Keys, question, move |theme, question| {
        let input = Input::<String>::with_theme(theme)
            .with_prompt(&question)
            .report(false);
        let typed = match &default {
            Some(default) => input.default(default.clone()).interact_text(),
            None => input.interact_text(),
        }?;
        // Enter alone gives the default, which nobody typed.
        if default.as_ref() != Some(&typed) {
            wipe(theme, &question, default.as_deref(), &typed)?;
        }
        tell(theme, &question, &words.clean(&typed))?;
        Ok(typed)
    })
    .await
}

/// A line of text; nothing typed is an answer too.
pub async fn line_or_nothing(ui: &Ui, question: &str) -> Result<Option<String>, NoAnswer> {
    let words = ui.clone();
    let text = ask(ui, Reads::Keys, question, move |theme, question| {
        line_or(&words, theme, &question, EMPTY)
    })
    .await?;
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// A secret, typed unseen; `read` says what it is.
pub async fn secret<T>(
    ui: &Ui,
    question: &str,
    read: impl FnOnce(&str) -> T,
) -> Result<T, NoAnswer> {
    let typed = ask(ui, Reads::Lines, question, move |theme, question| {
        let typed = Password::with_theme(theme)
            .with_prompt(&question)
            .allow_empty_password(true)
            .report(false)
            .interact()?;
        tell(
            theme,
            &question,
            if typed.is_empty() { EMPTY } else { "********" },
        )?;
        Ok(typed)
    })
    .await?;
    Ok(read(&zeroize::Zeroizing::new(typed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_terminal_is_an_interruption_and_a_broken_one_is_not() {
        let judged = |error: std::io::Error| NoAnswer::from(dialoguer::Error::IO(error));
        #[cfg(unix)]
        for gone in [rustix::io::Errno::IO, rustix::io::Errno::INTR] {
            let answer = judged(gone.into());
            assert!(matches!(answer, NoAnswer::Interrupted), "{gone:?}");
        }
        let broken = judged(std::io::ErrorKind::PermissionDenied.into());
        assert!(matches!(broken, NoAnswer::Terminal(_)));
    }

    #[test]
    fn rows_that_a_long_answer_took() {
        for (width, columns, rows) in [
            (0, 80, 0),
            (79, 80, 0),
            (80, 80, 0),
            (81, 80, 1),
            (160, 80, 1),
            (161, 80, 2),
            (10, 0, 0),
        ] {
            assert_eq!(rows_above(width, columns), rows, "{width} of {columns}");
        }
    }

    #[test]
    fn what_a_line_answers() {
        for (line, answer) in [
            ("y", Some(true)),
            ("Y", Some(true)),
            ("yes", Some(true)),
            (" YES ", Some(true)),
            ("n", Some(false)),
            ("No", Some(false)),
            ("yy", None),
            ("ye", None),
            ("ja", None),
            ("0", None),
        ] {
            for enter in [Enter::Yes, Enter::No] {
                assert_eq!(enter.read(line), answer, "{line:?} {enter:?}");
            }
        }
        for line in ["", " "] {
            assert_eq!(Enter::Yes.read(line), Some(true));
            assert_eq!(Enter::No.read(line), Some(false));
        }
    }
}
