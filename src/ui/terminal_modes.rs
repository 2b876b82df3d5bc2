//! The terminal around a question: which keys count, and in which mode they are read.
//!
//! The one decision: whatever ends a question, the terminal is left as a shell wants it.

/// Empties the terminal's queue of keys, right before a question is drawn: they were typed to something else.
/// Nothing of them is in a buffer of ours: until the question the terminal hands out whole lines, and nobody
/// here has read one. What the terminal showed of them goes too, or it would look like an answer.
pub(super) fn throw_away_what_was_typed() {
    #[cfg(unix)]
    let _ = rustix::termios::tcflush(std::io::stdin(), rustix::termios::QueueSelector::IFlush);
    let _ = console::Term::stderr().clear_line();
}

/// How a question reads its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reads {
    /// Key by key; dialoguer edits the line.
    Keys,
    /// A whole line, which the terminal edits: a secret.
    Lines,
}

/// The terminal's modes around a question.
pub(super) struct TerminalModes {
    #[cfg(unix)]
    before: Option<rustix::termios::Termios>,
    #[cfg(unix)]
    during: Option<rustix::termios::Termios>,
}

#[cfg(unix)]
impl TerminalModes {
    /// For a question that reads keys the terminal gives them as they are typed, all along: dialoguer asks for
    /// that anew with each key, and one that came in between would be edited by the terminal instead.
    pub(super) fn set_for(reads: Reads) -> Self {
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
    pub(super) async fn settled<T>(&self, asked: &tokio::task::JoinHandle<T>) {
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
    pub(super) fn restore(&self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        if let Some(before) = &self.before {
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, before);
        }
    }
}

/// Nothing is set on Windows, where mps was never run.
#[cfg(not(unix))]
impl TerminalModes {
    pub(super) fn set_for(_: Reads) -> Self {
        Self {}
    }

    pub(super) async fn settled<T>(&self, _: &tokio::task::JoinHandle<T>) {}

    pub(super) fn restore(&self) {}
}

/// How often, and how far apart, [`TerminalModes::settled`] looks: a second in all, for a busy machine.
#[cfg(unix)]
const LOOKS_AT_MODES: u32 = 200;
#[cfg(unix)]
const BETWEEN_LOOKS: std::time::Duration = std::time::Duration::from_millis(5);
