//! The binary on a pseudo-terminal, and the person in front of it.
//!
//! The one decision: the screen is what a terminal would show (a vt100 in memory draws it), because what a person sees
//! after cursor movements is not what was written. Waiting looks at the screen each time something was drawn.

use std::{
    cell::RefCell,
    fmt,
    io::{self, Read, Write},
    num::NonZeroU16,
    process::{Command, Stdio},
    sync::Arc,
    thread,
    time::Instant,
};

use pty_process::{
    Size,
    blocking::{self, Pty},
};
use rustix::process::Signal;

use super::{Home, heard::Heard, judge::Judge, outcome::Outcome, watched::Watched};

/// A key that is not a letter.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Key {
    Enter,
    Space,
    Up,
    Down,
    Escape,
    Backspace,
    CtrlC,
    CtrlD,
}

impl Key {
    fn bytes(self) -> &'static str {
        match self {
            Self::Enter => "\r",
            Self::Space => " ",
            Self::Up => "\x1b[A",
            Self::Down => "\x1b[B",
            Self::Escape => "\x1b",
            Self::Backspace => "\x7f",
            Self::CtrlC => "\x03",
            Self::CtrlD => "\x04",
        }
    }
}

/// A run on a terminal. It is killed, with its session, when the test lets go of it.
#[must_use = "a run ends with `finish`"]
pub(crate) struct MpsTerminal {
    child: Watched,
    pty: Arc<Pty>,
    size: (u16, u16),
    drawn: Heard,
    seen: RefCell<Seen>,
    stdout: Heard,
    deadline: Instant,
    home: Home,
    judge: Judge,
}

/// How far the test has watched.
struct Seen {
    screen: vt100::Parser,
    bytes: usize,
}

/// Lets the reading thread share the pseudo-terminal with the typing test.
struct Shared(Arc<Pty>);

impl Read for Shared {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        (&*self.0).read(buffer)
    }
}

impl MpsTerminal {
    #[track_caller]
    pub(super) fn start(
        command: Command,
        size: (u16, u16),
        input: Option<Vec<u8>>,
        stdout_piped: bool,
        deadline: Instant,
        (home, judge): (Home, Judge),
    ) -> Self {
        let (pty, pts) = blocking::open().expect("a pseudo-terminal");
        pty.resize(Size::new(size.1, size.0))
            .expect("a terminal of this size");
        let mut command = blocking::Command::from(command);
        if input.is_some() {
            command = command.stdin(Stdio::piped());
        }
        if stdout_piped {
            command = command.stdout(Stdio::piped());
        }
        let mut child = command.spawn(pts).expect("the program starts");
        if let (Some(mut pipe), Some(text)) = (child.stdin.take(), input) {
            thread::spawn(move || {
                // A child that has ended does not read; the outcome tells.
                let _ = pipe.write_all(&text);
            });
        }
        let pty = Arc::new(pty);
        Self {
            stdout: child
                .stdout
                .take()
                .map_or_else(Heard::silence, Heard::listen),
            drawn: Heard::listen(Shared(Arc::clone(&pty))),
            child: Watched::new(child),
            pty,
            size,
            seen: RefCell::new(Seen {
                screen: parser(size),
                bytes: 0,
            }),
            deadline,
            home,
            judge,
        }
    }

    /// Types text, without an Enter.
    #[track_caller]
    pub(crate) fn types(&self, text: &str) -> &Self {
        (&*self.pty)
            .write_all(text.as_bytes())
            .expect("the terminal takes keys");
        self
    }

    /// Presses a key.
    #[track_caller]
    pub(crate) fn press(&self, key: Key) -> &Self {
        self.types(key.bytes())
    }

    /// Types text and Enter, as soon as a question stands: what is typed before is thrown away, and a question that is asked
    /// again has the words of the one that was answered.
    #[track_caller]
    pub(crate) fn answers(&self, text: &str) -> &Self {
        self.is_asked().types(text).press(Key::Enter)
    }

    /// Waits until a question stands, which an answer has not marked yet; without colours nothing marks it, and its end
    /// stands at the cursor.
    #[track_caller]
    fn is_asked(&self) -> &Self {
        self.waits_for("a question", None, |screen| {
            let (row, column) = screen.cursor_position();
            let before = screen.contents_between(row, 0, row, column);
            before.trim_end().ends_with([':', ']', '?'])
                || screen.contents().lines().any(|row| row.starts_with("? "))
        })
    }

    /// Types what must not be shown and Enter, as soon as the terminal has stopped showing what is typed: the question
    /// stands there a moment earlier, and keys of that moment are echoed or lost. No message tells of a terminal's mode,
    /// so this is the one place that looks again.
    #[track_caller]
    pub(crate) fn answers_unseen(&self, secret: &str) -> &Self {
        use rustix::termios::{LocalModes, tcgetattr};
        let echoes = || {
            let modes = tcgetattr(&*self.pty).expect("the terminal's modes");
            modes.local_modes.contains(LocalModes::ECHO)
        };
        while echoes() {
            assert!(
                Instant::now() < self.deadline,
                "the terminal shows what is typed\n{}",
                self.screen()
            );
            thread::yield_now();
        }
        self.answers(secret)
    }

    /// Waits until the screen shows `text`.
    #[track_caller]
    pub(crate) fn sees(&self, text: &str) -> &Self {
        let last = text.bytes().last();
        self.waits_for(&format!("{text:?} on the screen"), last, |screen| {
            screen.contents().contains(text)
        })
    }

    /// Waits until the screen no longer shows `text`.
    #[track_caller]
    pub(crate) fn sees_no_more(&self, text: &str) -> &Self {
        self.waits_for(&format!("a screen without {text:?}"), None, |screen| {
            !screen.contents().contains(text)
        })
    }

    /// Draws on from where the last wait stopped, up to the first moment when the screen fits: a text that the next
    /// bytes wipe out is seen too. `last` is the byte that can make it fit.
    #[track_caller]
    fn waits_for(
        &self,
        what: &str,
        last: Option<u8>,
        fits: impl Fn(&vt100::Screen) -> bool,
    ) -> &Self {
        let mut seen = self.seen.borrow_mut();
        let Seen {
            screen,
            bytes: done,
        } = &mut *seen;
        if fits(screen.screen()) {
            return self;
        }
        let found = self.drawn.wait_for(self.deadline, |bytes| {
            while let Some(&byte) = bytes.get(*done) {
                screen.process(&[byte]);
                *done += 1;
                let worth_a_look = last == Some(byte) || *done == bytes.len();
                if worth_a_look && fits(screen.screen()) {
                    return Some(());
                }
            }
            None
        });
        if let Err(vain) = found {
            panic!("waited for {what}: {vain:?}\n{}", self.screen());
        }
        self
    }

    /// What the screen shows now: its rows without trailing blanks.
    pub(crate) fn screen(&self) -> String {
        draw(&self.drawn.so_far(), self.size)
    }

    /// Changes the size of the terminal, as a person who drags the window does.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.size = (columns, rows);
        self.seen
            .get_mut()
            .screen
            .screen_mut()
            .set_size(lines(rows), lines(columns));
        self.pty.resize(Size::new(rows, columns)).expect("resized");
    }

    /// Sends a signal to the program; Ctrl-C as a key is [`Key::CtrlC`].
    pub(crate) fn signal(&self, signal: Signal) {
        self.child.signal(signal);
    }

    /// Whether the cursor is to be seen where it is.
    pub(crate) fn shows_the_cursor(&self) -> bool {
        let mut screen = parser(self.size);
        screen.process(&self.drawn.so_far());
        !screen.screen().hide_cursor()
    }

    /// Whether the terminal takes lines and echoes them, as a shell wants it back.
    pub(crate) fn is_as_a_shell_wants_it(&self) -> bool {
        use rustix::termios::{LocalModes, tcgetattr};
        let modes = tcgetattr(&*self.pty)
            .expect("the terminal's modes")
            .local_modes;
        modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG)
    }

    /// Waits for the end, which has this code, and gives all that was drawn, the terminal's own codes among it.
    #[track_caller]
    pub(crate) fn drawn_to_the_end(self, code: i32) -> Vec<u8> {
        let drawn = self
            .drawn
            .to_end(self.deadline)
            .expect("the terminal closes");
        self.finish().code(code);
        drawn
    }

    /// Waits for the end, which has this code, and gives the lines as they were written: on a terminal so wide and high
    /// that it breaks none and forgets none.
    #[track_caller]
    pub(crate) fn lines_to_the_end(self, code: i32) -> String {
        draw(&self.drawn_to_the_end(code), (1000, 1000))
    }

    /// Waits for the end. The outcome's stderr is all that was drawn, without the terminal's own codes; its stdout is what
    /// came out of the pipe, empty when stdout was the screen too.
    #[track_caller]
    pub(crate) fn finish(mut self) -> Outcome {
        let status = self.child.wait(self.deadline);
        let stdout = self.stdout.to_end(self.deadline);
        let drawn = self.drawn.to_end(self.deadline);
        match (status, stdout, drawn) {
            (Some(status), Ok(stdout), Ok(drawn)) => Outcome::judged(
                status,
                stdout,
                plain(&drawn).into_bytes(),
                self.home.clone(),
                &self.judge,
            ),
            (None, _, _) => panic!("the run did not end; it was killed\n{}", self.screen()),
            _ => panic!(
                "the run ended, but the terminal stayed open\n{}",
                self.screen()
            ),
        }
    }
}

impl fmt::Debug for MpsTerminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.screen())
    }
}

fn lines(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a terminal has room")
}

fn parser((columns, rows): (u16, u16)) -> vt100::Parser {
    vt100::Parser::new(lines(rows), lines(columns), 0)
}

fn draw(bytes: &[u8], size: (u16, u16)) -> String {
    let mut parser = parser(size);
    parser.process(bytes);
    parser.screen().contents()
}

/// The text without escape sequences and carriage returns.
fn plain(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut plain = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\x1b' => match chars.next() {
                // A control sequence ends with a letter, a title with a bell or an escape and a backslash.
                Some('[') => while chars.next_if(|c| !('@'..='~').contains(c)).is_some() {},
                Some(']') => while chars.next_if(|c| !matches!(c, '\x07' | '\\')).is_some() {},
                Some(_) | None => continue,
            },
            '\r' => continue,
            c => {
                plain.push(c);
                continue;
            }
        }
        chars.next();
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Mps, must_fail},
        *,
    };

    fn sh(script: &str) -> Mps {
        Mps::program(&Home::new(), "/bin/sh").args(["-c", script])
    }

    #[test]
    fn a_person_answers() {
        let terminal = sh("printf 'Sure? '; read a; echo \"you said $a\"; exit 7").on_terminal();
        terminal.sees("Sure?").answers("yes").sees("you said yes");
        terminal.finish().code(7).stdout("");
    }

    #[test]
    fn it_is_a_terminal_of_the_size_asked_for() {
        let terminal =
            sh("test -t 0 && test -t 1 && test -t 2 && stty size").on_terminal_of(40, 12);
        terminal.finish().code(0).stderr("12 40\n");
    }

    #[test]
    fn stdout_or_stdin_can_be_a_pipe() {
        let terminal = sh("test -t 1 && exit 1; read a </dev/tty; echo \"data $a\"; echo talk >&2")
            .on_terminal_with_stdout_piped();
        terminal.types("x").press(Key::Enter).sees("talk");
        terminal.finish().code(0).stdout("data x\n");
        sh("test -t 0 && exit 1; cat")
            .stdin("piped")
            .on_terminal()
            .finish()
            .code(0)
            .stderr("piped");
    }

    #[test]
    fn the_screen_is_what_a_person_sees() {
        let terminal = sh("printf 'wrong\\r\\033[2Kright'; read a").on_terminal();
        terminal.sees("right").sees_no_more("wrong");
        assert_eq!(terminal.screen(), "right");
        terminal.press(Key::Enter);
        terminal.finish().code(0);
    }

    #[test]
    fn control_c_is_a_signal() {
        // A shell cannot trap what it was born to ignore, and a background job's tests are.
        let terminal = sh("exec env --default-signal=INT sh -c \"$0\" 2>&1")
            .args(["trap 'exit 130' INT; echo ready; read a; exit 1"])
            .on_terminal();
        terminal.sees("ready").press(Key::CtrlC);
        terminal.finish().code(130);
    }

    #[test]
    fn what_never_shows_fails() {
        let terminal = sh("echo other").on_terminal();
        assert!(must_fail(|| terminal.sees("this").screen()).contains("other"));
        terminal.finish().code(0);
    }

    #[test]
    fn a_secret_is_typed_when_it_is_not_shown() {
        let terminal =
            sh("printf 'Secret: '; sleep 0.1; stty -echo; read a; stty echo; echo \"$a\" | wc -c")
                .secret("tok-1")
                .on_terminal();
        terminal.sees("Secret:").answers_unseen("tok-1").sees("6");
        terminal.finish().code(0);
    }

    #[test]
    fn a_secret_on_the_screen_fails() {
        let terminal = sh("echo tok-1").secret("tok-1").on_terminal();
        assert!(
            must_fail(|| terminal.finish().code(0).lines().len()).contains("a secret on stderr")
        );
    }

    #[test]
    fn codes_are_taken_out() {
        assert_eq!(
            plain(b"\x1b[1;31mred\x1b[0m\r\n\x1b]0;title\x07x"),
            "red\nx"
        );
    }
}
