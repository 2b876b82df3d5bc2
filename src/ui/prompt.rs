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
    sanitize, wrap,
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
            std::io::ErrorKind::Interrupted
            | std::io::ErrorKind::NotConnected
            | std::io::ErrorKind::UnexpectedEof => Self::Interrupted,
            _ => Self::Terminal(error),
        }
    }
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
    let answer = answer.map_err(|error| NoAnswer::Terminal(std::io::Error::other(error)))??;
    // Only an answer ends the question's line.
    ui.asking.store(false, Ordering::Relaxed);
    Ok(answer)
}

/// For the last of several lines, below the first, which has the mark.
fn without_a_mark(theme: ColorfulTheme) -> ColorfulTheme {
    ColorfulTheme {
        prompt_prefix: console::style(" ".to_owned()),
        success_prefix: console::style(" ".to_owned()),
        ..theme
    }
}

/// Empties the terminal's queue of keys, right before a question is drawn: they were typed to something else.
/// Nothing of them is in a buffer of ours: until the question the terminal hands out whole lines, and nobody
/// here has read one. What the terminal showed of them goes too, or it would look like an answer.
fn throw_away_what_was_typed() {
    #[cfg(unix)]
    let _ = rustix::termios::tcflush(std::io::stdin(), rustix::termios::QueueSelector::IFlush);
    let _ = console::Term::stderr().clear_line();
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

/// How a question reads its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reads {
    /// Key by key; dialoguer edits the line.
    Keys,
    /// A whole line, which the terminal edits: a secret.
    Lines,
}

/// The terminal's modes around a question.
struct TerminalModes {
    #[cfg(unix)]
    before: Option<rustix::termios::Termios>,
    #[cfg(unix)]
    during: Option<rustix::termios::Termios>,
}

#[cfg(unix)]
impl TerminalModes {
    /// For a question that reads keys the terminal gives them as they are typed, all along: dialoguer asks for
    /// that anew with each key, and one that came in between would be edited by the terminal instead.
    fn set_for(reads: Reads) -> Self {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(std::io::stdin()).ok();
        let mut during = before.clone();
        if let (Reads::Keys, Some(during)) = (reads, &mut during) {
            during.local_modes -= LocalModes::ICANON | LocalModes::ECHO;
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, during);
        }
        Self { before, during }
    }

    /// Waits until the thread that asks has set the terminal its own way: what it sets later would stay. It
    /// does that right after its words are on the screen, so the wait is short and bounded.
    async fn settled<T>(&self, asked: &tokio::task::JoinHandle<T>) {
        let Some(during) = &self.during else { return };
        for _ in 0..LOOKS_AT_MODES {
            let now = rustix::termios::tcgetattr(std::io::stdin()).map(|now| now.local_modes);
            if asked.is_finished() || now.is_ok_and(|now| now != during.local_modes) {
                break;
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }

    /// Sets the terminal as it was.
    fn restore(&self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        if let Some(before) = &self.before {
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, before);
        }
    }
}

/// Nothing is set on Windows, where mps was never run.
#[cfg(not(unix))]
impl TerminalModes {
    fn set_for(_: Reads) -> Self {
        Self {}
    }

    async fn settled<T>(&self, _: &tokio::task::JoinHandle<T>) {}

    fn restore(&self) {}
}

/// How often, and how far apart, [`TerminalModes::settled`] looks: a second in all, for a busy machine.
#[cfg(unix)]
const LOOKS_AT_MODES: u32 = 200;
#[cfg(unix)]
const BETWEEN_LOOKS: std::time::Duration = std::time::Duration::from_millis(5);

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
        let line = ask(ui, Reads::Keys, &question, move |theme, question| {
            line_or(theme, &question, alone)
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
fn line_or(theme: &dyn Theme, question: &str, nothing: &str) -> dialoguer::Result<String> {
    let typed: String = Input::with_theme(theme)
        .with_prompt(question)
        .allow_empty(true)
        .report(false)
        .interact_text()?;
    let is_empty = typed.trim().is_empty();
    tell(theme, question, if is_empty { nothing } else { &typed })?;
    Ok(typed)
}

/// Leaves the question with its answer on the screen.
fn tell(theme: &dyn Theme, question: &str, answer: &str) -> std::io::Result<()> {
    let mut line = String::new();
    let _ = theme.format_input_prompt_selection(&mut line, question, answer);
    console::Term::stderr().write_line(&line)
}

/// A line of text.
pub async fn line(ui: &Ui, question: &str, default: Option<String>) -> Result<String, NoAnswer> {
    ask(ui, Reads::Keys, question, move |theme, question| {
        let input = Input::<String>::with_theme(theme).with_prompt(question);
        match default {
            Some(default) => input.default(default).interact_text(),
            None => input.interact_text(),
        }
    })
    .await
}

/// A line of text; nothing typed is an answer too.
pub async fn line_or_nothing(ui: &Ui, question: &str) -> Result<Option<String>, NoAnswer> {
    let text = ask(ui, Reads::Keys, question, move |theme, question| {
        line_or(theme, &question, EMPTY)
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
