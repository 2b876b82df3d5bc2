//! Questions to the operator.
//!
//! The one decision: a question is asked only where [`super::Ui::can_ask`] said so; who calls must have an
//! answer for the other case. The thread that asks is not one of the runtime's, so the page and the
//! network go on while a person thinks; and a stop ends the question, whatever that thread waits for.

use std::sync::atomic::Ordering;

use dialoguer::{
    Confirm, Input, MultiSelect, Password, Select, theme::ColorfulTheme, theme::SimpleTheme,
    theme::Theme,
};

use super::{Ui, sanitize};
use crate::secret::{Secret, SecretError};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    /// Ctrl-C, or the terminal is gone.
    #[error("the question was not answered")]
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

/// Runs a question on a thread of its own, until it is answered or a stop is asked for.
async fn ask<T: Send + 'static>(
    ui: &Ui,
    question: impl FnOnce(&dyn Theme) -> dialoguer::Result<T> + Send + 'static,
) -> Result<T, NoAnswer> {
    let color = ui.color_err();
    let modes = TerminalModes::of_stdin();
    ui.asking.store(true, Ordering::Relaxed);
    let mut asked = tokio::task::spawn_blocking(move || {
        if color {
            question(&ColorfulTheme::default())
        } else {
            question(&SimpleTheme)
        }
    });
    let answer = tokio::select! {
        answer = &mut asked => Some(answer),
        () = stopped(ui) => None,
    };
    if answer.is_none() {
        // The thread waits for a key, in a mode that no shell could use, or is about to.
        modes.taken_back_from(&asked).await;
    }
    // dialoguer hides the cursor; a question that ended badly must not leave it so.
    let _ = console::Term::stderr().show_cursor();
    let answer = answer.ok_or(NoAnswer::Interrupted)?;
    let answer = answer.map_err(|error| NoAnswer::Terminal(std::io::Error::other(error)))??;
    // Only an answer ends the question's line.
    ui.asking.store(false, Ordering::Relaxed);
    Ok(answer)
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

/// How the terminal was before a question.
struct TerminalModes {
    #[cfg(unix)]
    before: Option<rustix::termios::Termios>,
}

#[cfg(unix)]
impl TerminalModes {
    fn of_stdin() -> Self {
        let before = rustix::termios::tcgetattr(std::io::stdin()).ok();
        Self { before }
    }

    /// Sets the terminal as it was, once the thread that asks has set it its own way: what it sets later
    /// would stay. It does that right after its words are on the screen, so the wait is short and bounded.
    async fn taken_back_from<T>(&self, asked: &tokio::task::JoinHandle<T>) {
        use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
        let Some(before) = &self.before else { return };
        for _ in 0..LOOKS_AT_MODES {
            let now = tcgetattr(std::io::stdin()).map(|now| now.local_modes);
            if asked.is_finished() || now.is_ok_and(|now| now != before.local_modes) {
                break;
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, before);
    }
}

/// Nothing is taken back on Windows, where mps was never run.
#[cfg(not(unix))]
impl TerminalModes {
    fn of_stdin() -> Self {
        Self {}
    }

    async fn taken_back_from<T>(&self, _: &tokio::task::JoinHandle<T>) {}
}

/// How often, and how far apart, [`Modes::taken_back_from`] looks: a second in all, for a busy machine.
#[cfg(unix)]
const LOOKS_AT_MODES: u32 = 200;
#[cfg(unix)]
const BETWEEN_LOOKS: std::time::Duration = std::time::Duration::from_millis(5);

/// A yes or a no; no is the default.
pub async fn confirm(ui: &Ui, question: &str) -> Result<bool, NoAnswer> {
    let question = sanitize::escape(question).into_owned();
    ask(ui, move |theme| {
        Confirm::with_theme(theme)
            .with_prompt(question)
            .default(false)
            .interact()
    })
    .await
}

/// Which of several; the indexes chosen.
pub async fn choose(
    ui: &Ui,
    question: &str,
    items: Vec<(String, bool)>,
) -> Result<Vec<usize>, NoAnswer> {
    let question = question.to_owned();
    let items: Vec<(String, bool)> = items
        .into_iter()
        .map(|(text, ticked)| (sanitize::escape(&text).into_owned(), ticked))
        .collect();
    ask(ui, move |theme| {
        MultiSelect::with_theme(theme)
            .with_prompt(question)
            .items_checked(items)
            .interact()
    })
    .await
}

/// One of several; its index.
pub async fn pick(ui: &Ui, question: &str, items: Vec<String>) -> Result<usize, NoAnswer> {
    let question = question.to_owned();
    ask(ui, move |theme| {
        Select::with_theme(theme)
            .with_prompt(question)
            .items(items)
            .default(0)
            .interact()
    })
    .await
}

/// A line of text.
pub async fn line(ui: &Ui, question: &str, default: Option<String>) -> Result<String, NoAnswer> {
    let question = question.to_owned();
    ask(ui, move |theme| {
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
    let question = question.to_owned();
    let text = ask(ui, move |theme| {
        Input::<String>::with_theme(theme)
            .with_prompt(question)
            .allow_empty(true)
            .interact_text()
    })
    .await?;
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// A secret, typed unseen.
pub async fn secret(ui: &Ui, question: &str) -> Result<Result<Secret, SecretError>, NoAnswer> {
    let question = question.to_owned();
    let typed = ask(ui, move |theme| {
        Password::with_theme(theme)
            .with_prompt(question)
            .allow_empty_password(true)
            .interact()
    })
    .await?;
    Ok(Secret::parse(&zeroize::Zeroizing::new(typed)))
}
