//! Progress on stderr: a spinner with a line of text, or a bar for things that come in numbers.
//!
//! The one decision: nothing is drawn in the first 250 ms, so a fast run stays silent, and nothing at
//! all off a terminal. What is drawn clears itself and steps aside while a line is written.

use std::{io, time::Duration};

use console::Term;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

/// How long a run may take before anything is drawn.
const PATIENCE: Duration = Duration::from_millis(250);

/// The bars of a run, or none.
#[derive(Debug, Clone)]
pub struct Bars {
    all: Option<MultiProgress>,
}

/// One thing under way; gone from the screen when it is dropped.
#[derive(Debug)]
pub struct Task {
    bar: ProgressBar,
    shower: Option<tokio::task::JoinHandle<()>>,
}

/// The terminal, but for its last columns. What is drawn is filled up to its end, and a `^C` behind it that the terminal
/// echoes would go on in the next line, so that this one would be left behind.
#[derive(Debug)]
struct Narrower(Term);

/// As wide as an echo, and the column in which the cursor waits.
const ECHO: u16 = 3;

impl TermLike for Narrower {
    fn width(&self) -> u16 {
        self.0.size().1.saturating_sub(ECHO)
    }

    fn height(&self) -> u16 {
        self.0.size().0
    }

    fn move_cursor_up(&self, lines: usize) -> io::Result<()> {
        self.0.move_cursor_up(lines)
    }

    fn move_cursor_down(&self, lines: usize) -> io::Result<()> {
        self.0.move_cursor_down(lines)
    }

    fn move_cursor_right(&self, columns: usize) -> io::Result<()> {
        self.0.move_cursor_right(columns)
    }

    fn move_cursor_left(&self, columns: usize) -> io::Result<()> {
        self.0.move_cursor_left(columns)
    }

    fn write_line(&self, line: &str) -> io::Result<()> {
        self.0.write_line(line)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.0.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Bars {
    /// Bars that draw on stderr, or that draw nothing.
    pub fn new(visible: bool) -> Self {
        let target = || {
            let screen = Box::new(Narrower(Term::buffered_stderr()));
            ProgressDrawTarget::term_like_with_hz(screen, 20)
        };
        Self {
            all: visible.then(|| MultiProgress::with_draw_target(target())),
        }
    }

    /// Whether nothing is ever drawn.
    pub fn is_hidden(&self) -> bool {
        self.all.is_none()
    }

    /// Does something with the bars off the screen.
    pub fn suspend<T>(&self, act: impl FnOnce() -> T) -> T {
        match &self.all {
            Some(all) => all.suspend(act),
            None => act(),
        }
    }

    /// Something whose length is not known.
    pub fn spinner(&self, text: &str) -> Task {
        self.task(ProgressBar::hidden(), "{spinner:.cyan} {msg}", text)
    }

    /// Something of `length` steps.
    pub fn bar(&self, length: u64, text: &str) -> Task {
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::hidden());
        self.task(
            bar,
            "{spinner:.cyan} {msg} {wide_bar:.cyan/dim} {pos}/{len} {per_sec:.dim} {eta} left",
            text,
        )
    }

    /// Several lines that stay below what is written; none where nothing is drawn.
    pub fn board(&self) -> Option<Task> {
        let all = self.all.as_ref()?;
        let bar = ProgressBar::hidden();
        if let Ok(style) = ProgressStyle::with_template("{msg}") {
            bar.set_style(style);
        }
        Some(Task {
            bar: all.add(bar),
            shower: None,
        })
    }

    fn task(&self, bar: ProgressBar, template: &str, text: &str) -> Task {
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(text.to_owned());
        let runtime = tokio::runtime::Handle::try_current().ok();
        let shower = self.all.clone().zip(runtime).map(|(all, runtime)| {
            let bar = bar.clone();
            runtime.spawn(async move {
                tokio::time::sleep(PATIENCE).await;
                let bar = all.add(bar);
                bar.enable_steady_tick(Duration::from_millis(80));
            })
        });
        Task { bar, shower }
    }
}

impl Task {
    /// Changes the words. They are ours or escaped already.
    pub fn say(&self, text: impl Into<String>) {
        let text = text.into();
        if self.bar.message() != text {
            self.bar.set_message(text);
        }
    }

    /// One step is done.
    pub fn step(&self) {
        self.bar.inc(1);
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        if let Some(shower) = self.shower.take() {
            shower.abort();
        }
        self.bar.finish_and_clear();
    }
}
