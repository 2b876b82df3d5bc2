//! The sentence that runs the binary.
//!
//! The one decision: the environment is cleared and then set, so a test means the same on every machine; only what the
//! sentence says differs from run to run. A run is a child process with a deadline, never a call into the library.

use std::{
    ffi::{OsStr, OsString},
    fs,
    io::{self, Write as _},
    os::unix::process::CommandExt as _,
    path::Path,
    process::{ChildStdin, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{
    Home, MpsTerminal, Outcome, PATIENCE, Running, Served, heard::Heard, judge::Judge,
    watched::Watched,
};

/// What goes into stdin.
enum Input {
    Nothing,
    Text(Vec<u8>),
    Open,
}

/// Where stdout goes.
enum Sink {
    Kept,
    Closed,
    File(fs::File),
}

/// A run of mps, told in a sentence: `Mps::new().args(["accept", "795"]).run().code(0)`.
#[must_use = "a sentence ends with `run`, `start` or `on_terminal`"]
pub(crate) struct Mps {
    program: OsString,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    home: Home,
    input: Input,
    sink: Sink,
    patience: Duration,
    judge: Judge,
}

impl Mps {
    /// The real binary in a fresh home.
    pub(crate) fn new() -> Self {
        Self::at(&Home::new())
    }

    /// The real binary in a home that other runs use too.
    pub(crate) fn at(home: &Home) -> Self {
        Self::program(home, env!("CARGO_BIN_EXE_mps"))
    }

    /// Another program under the same rules: an example script, or a stand-in in the kit's own tests.
    pub(crate) fn program(home: &Home, program: impl AsRef<OsStr>) -> Self {
        Self {
            program: program.as_ref().to_owned(),
            args: Vec::new(),
            env: base_environment(home),
            home: home.clone(),
            input: Input::Nothing,
            sink: Sink::Kept,
            patience: PATIENCE,
            judge: Judge::default(),
        }
    }

    /// One more argument.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// More arguments.
    pub(crate) fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.args
            .extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Sets a variable. The value of one that holds a secret may not appear on stderr.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        let value = value.as_ref();
        if let Some(text) = value.to_str()
            && mps::testing::env::secret_names().any(|secret| secret == name)
        {
            self.judge.know(text);
        }
        self.env.push((name.into(), value.to_owned()));
        self
    }

    /// Sets several variables.
    pub(crate) fn envs<'a>(self, vars: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        vars.into_iter()
            .fold(self, |mps, (name, value)| mps.env(name, value))
    }

    /// Points mps at a scripted service, whose tokens may not appear on stderr.
    pub(crate) fn against(mut self, served: &Served) -> Self {
        for token in served.tokens() {
            self.judge.know(&token);
        }
        self.envs(served.vars())
    }

    /// One more text that may not appear on stderr.
    pub(crate) fn secret(mut self, secret: &str) -> Self {
        self.judge.know(secret);
        self
    }

    /// Lets stdout hold a secret, as that of `serve-button` does.
    pub(crate) fn stdout_may_hold_token(mut self) -> Self {
        self.judge.stdout_too = false;
        self
    }

    /// What stdin holds; without this it is empty.
    pub(crate) fn stdin(mut self, text: impl AsRef<[u8]>) -> Self {
        self.input = Input::Text(text.as_ref().to_owned());
        self
    }

    /// Keeps stdin open, for [`Running::write`].
    pub(crate) fn stdin_open(mut self) -> Self {
        self.input = Input::Open;
        self
    }

    /// Makes stdout a pipe that nobody reads any more.
    pub(crate) fn stdout_closed(mut self) -> Self {
        self.sink = Sink::Closed;
        self
    }

    /// Makes stdout a file; `/dev/full` is a full disk.
    pub(crate) fn stdout_to(mut self, path: impl AsRef<Path>) -> Self {
        let file = fs::OpenOptions::new().append(true).create(true).open(path);
        self.sink = Sink::File(file.expect("the file for stdout"));
        self
    }

    /// How long the run may take, in place of [`PATIENCE`].
    pub(crate) fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The home of this run.
    pub(crate) fn home(&self) -> &Home {
        &self.home
    }

    /// Runs to the end.
    #[track_caller]
    pub(crate) fn run(self) -> Outcome {
        self.start().finish()
    }

    /// Starts the run and leaves it going.
    #[track_caller]
    pub(crate) fn start(self) -> Running {
        let mut command = self.command();
        let stdin = match self.input {
            Input::Nothing => Stdio::null(),
            Input::Text(_) | Input::Open => Stdio::piped(),
        };
        let stdout = match self.sink {
            Sink::Kept => Stdio::piped(),
            Sink::Closed => io::pipe().expect("a pipe").1.into(),
            Sink::File(file) => file.into(),
        };
        let mut child = command
            .stdin(stdin)
            .stdout(stdout)
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", self.program.display()));
        let mut input = child.stdin.take();
        if let Input::Text(text) = self.input {
            feed(input.take(), text);
        }
        Running {
            stdout: child
                .stdout
                .take()
                .map_or_else(Heard::silence, Heard::listen),
            stderr: child
                .stderr
                .take()
                .map_or_else(Heard::silence, Heard::listen),
            child: Watched::new(child),
            input,
            deadline: Instant::now() + self.patience,
            home: self.home,
            judge: self.judge,
        }
    }

    /// Starts the run on a pseudo-terminal of 100 columns and 30 rows. What the sentence says of stdin holds there too
    /// (piped text in place of the keyboard); stdout and stderr are the screen.
    #[track_caller]
    pub(crate) fn on_terminal(self) -> MpsTerminal {
        self.on_terminal_of(100, 30)
    }

    /// The same on a terminal of another size.
    #[track_caller]
    pub(crate) fn on_terminal_of(self, columns: u16, rows: u16) -> MpsTerminal {
        self.terminal(columns, rows, false)
    }

    /// The same with stdout in a pipe, as in `mps create | …` typed by a person.
    #[track_caller]
    pub(crate) fn on_terminal_with_stdout_piped(self) -> MpsTerminal {
        self.terminal(100, 30, true)
    }

    #[track_caller]
    fn terminal(self, columns: u16, rows: u16, stdout_piped: bool) -> MpsTerminal {
        let command = self.command();
        let input = match self.input {
            Input::Nothing | Input::Open => None,
            Input::Text(text) => Some(text),
        };
        let deadline = Instant::now() + self.patience;
        MpsTerminal::start(
            command,
            (columns, rows),
            input,
            stdout_piped,
            deadline,
            (self.home, self.judge),
        )
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.args)
            .env_clear()
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .current_dir(self.home.path());
        command
    }
}

/// What every run finds in its environment: no proxy, no locale, nobody's settings.
fn base_environment(home: &Home) -> Vec<(OsString, OsString)> {
    [
        ("HOME", home.path().to_owned()),
        ("TMPDIR", home.path().join("tmp")),
        ("MPS_STATE_DIR", home.state()),
        ("MPS_CONFIG_DIR", home.config()),
        ("MPS_OPERATOR", "tester@test".into()),
        ("PATH", "/usr/bin:/bin".into()),
        ("TERM", "xterm-256color".into()),
        // Who tries the pager names one.
        ("PAGER", "cat".into()),
    ]
    .map(|(name, value)| (name.into(), value.into()))
    .into()
}

/// Writes stdin on a thread, since a child that does not read must not hold the test.
fn feed(input: Option<ChildStdin>, text: Vec<u8>) {
    thread::spawn(move || {
        // A child that has ended does not read; what that means is for the outcome to say.
        let _ = input.map(|mut input| input.write_all(&text));
    });
}

#[cfg(test)]
mod tests {
    use std::{io::Read as _, os::fd::AsRawFd as _};

    use rustix::process::Signal;

    use super::{super::must_fail, *};

    fn sh(script: &str) -> Mps {
        Mps::program(&Home::new(), "/bin/sh").args(["-c", script])
    }

    #[test]
    fn a_sentence_is_run_and_asked() {
        let outcome = sh("cat; echo said >&2; exit 3").stdin("1\n2\n").run();
        outcome
            .code(3)
            .stdout("1\n2\n")
            .stderr("said\n")
            .stdout_has("2")
            .stdout_lacks("3")
            .stderr_has("sai")
            .stderr_lacks("x");
        assert_eq!(outcome.lines(), ["1", "2"]);
        assert_eq!(
            outcome.to_string(),
            "1\n2\n----- stderr\nsaid\n----- exit status: 3\n"
        );
    }

    #[test]
    fn the_environment_is_ours_alone() {
        let outcome = sh("env | sed 's/=.*//' | sort").env("MPS_JOBS", "1").run();
        outcome.code(0);
        let names: Vec<_> = outcome
            .lines()
            .into_iter()
            .filter(|name| !["PWD", "OLDPWD", "SHLVL", "_"].contains(name))
            .collect();
        assert_eq!(
            names,
            [
                "HOME",
                "MPS_CONFIG_DIR",
                "MPS_JOBS",
                "MPS_OPERATOR",
                "MPS_STATE_DIR",
                "PAGER",
                "PATH",
                "TERM",
                "TMPDIR"
            ]
        );
    }

    #[test]
    fn json_is_read_line_by_line() {
        let outcome =
            sh(r#"echo '{"a":1}'; echo '{"status":"x"}' >&2; echo '{"error":{"code":4}}' >&2"#)
                .run();
        outcome.code(0);
        assert_eq!(outcome.json_lines(), [serde_json::json!({"a": 1})]);
        assert_eq!(outcome.json()["a"], 1);
        assert_eq!(outcome.error()["code"], 4);
        let plain = sh("echo 12").run();
        plain.code(0);
        assert!(must_fail(|| plain.json_lines()).contains("not a JSON object on stdout: 12"));
    }

    #[test]
    fn wrong_answers_show_everything() {
        let said = must_fail(|| {
            sh("echo out; echo err >&2; exit 1").run().code(0);
        });
        assert!(
            said.starts_with("expected exit code 0\nout\n----- stderr\nerr\n"),
            "{said}"
        );
    }

    #[test]
    fn nobody_asked_for_the_code() {
        let said = must_fail(|| {
            let _ = sh("exit 1").run().stdout("");
        });
        assert!(said.starts_with("nobody asked for the exit code"), "{said}");
    }

    #[test]
    fn a_secret_on_a_stream_fails() {
        for (mps, stream) in [
            (
                sh("echo $MPS_USER_TOKEN >&2").env("MPS_USER_TOKEN", "tok-1"),
                "stderr",
            ),
            (sh("echo tok-2 >&2").secret("tok-2"), "stderr"),
            (sh("echo tok-3").secret("tok-3"), "stdout"),
        ] {
            let said = must_fail(|| mps.run().code(0).stdout_text().to_owned());
            assert!(
                said.starts_with(&format!("a secret on {stream}: tok-")),
                "{said}"
            );
        }
        sh("echo tok-4")
            .secret("tok-4")
            .stdout_may_hold_token()
            .run()
            .code(0)
            .stdout("tok-4\n");
    }

    #[test]
    fn a_panic_fails() {
        let said = must_fail(|| {
            sh("echo \"thread 'main' panicked at x\" >&2")
                .run()
                .code(0)
                .lines()
                .len()
        });
        assert!(said.starts_with("a panic on stderr"), "{said}");
    }

    #[test]
    fn a_hung_run_is_killed_with_its_children() {
        let (mut held, holder) = io::pipe().unwrap();
        let run = sh("sleep 1000 & wait")
            .stdout_to(format!("/dev/fd/{}", holder.as_raw_fd()))
            .patience(Duration::from_millis(50))
            .start();
        drop(holder);
        let said = must_fail(|| run.finish().code(0).lines().len());
        assert!(
            said.starts_with("the run did not end; it was killed"),
            "{said}"
        );
        // The end comes when the last process that holds the pipe is dead.
        assert_eq!(held.read_to_end(&mut Vec::new()).unwrap(), 0);
    }

    #[test]
    fn a_run_under_way_can_be_talked_to() {
        let mut run = sh("read a; echo \"got $a\" >&2; echo first; read b; echo \"$b\"")
            .stdin_open()
            .start();
        run.write("one\n");
        assert_eq!(run.wait_for_line("got"), "got one");
        assert_eq!(run.wait_for_stdout_line("fir"), "first");
        run.write("two\n");
        run.finish().code(0).stdout("first\ntwo\n");
    }

    #[test]
    fn a_line_that_never_comes_fails() {
        let run = sh("echo other >&2").start();
        assert!(must_fail(|| run.wait_for_line("this")).contains("Ended"));
        run.finish().code(0);
    }

    #[test]
    fn signals_arrive() {
        let run =
            sh("trap 'exit 9' TERM; echo ready >&2; sleep 1000 >/dev/null 2>&1 & wait").start();
        run.wait_for_line("ready");
        run.signal(Signal::TERM);
        run.finish().code(9);
        let run = sh("echo ready >&2; exec sleep 1000").start();
        run.wait_for_line("ready");
        run.kill().killed_by(9);
    }

    #[test]
    fn stdout_can_be_shut_or_full() {
        sh("echo x").stdout_closed().run().killed_by(13);
        sh("echo x || exit 9").stdout_to("/dev/full").run().code(9);
    }
}
