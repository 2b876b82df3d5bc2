//! mps creates and accepts WhatsApp Multi-Partner Solutions, each exactly once.
//!
//! This is the map of the house. Lower floors know nothing of higher ones; `tests/it/floors.rs` holds
//! the arrows, CONTRIBUTING.md tells why.
//!
//! | floor | rooms |
//! | --- | --- |
//! | 0 words | [`ids`], [`io_words`], [`secret`], [`redact`], [`mod@env`], [`exit`], [`from_outside`], [`record`], [`private_file`], [`lang`], [`mail`], [`shell`], [`waiting`] |
//! | 1 door to the network | [`http_server`] |
//! | 2 workshops | [`graph`], [`button`], [`webhooks`], [`journal`], [`profile`], [`ui`], [`sandbox`] |
//! | 3 engine | [`engine`] |
//! | 4 context, session | [`context`], then [`session`], then [`sign_in`], then [`doctor`] |
//! | 5 commands | [`commands`] |
//! | 6 door | [`cli`], this file; [`testing`] for the tests |

pub(crate) mod button;
pub(crate) mod cli;
pub(crate) mod commands;
pub(crate) mod context;
pub(crate) mod doctor;
pub(crate) mod engine;
pub(crate) mod env;
pub(crate) mod exit;
pub(crate) mod from_outside;
pub(crate) mod graph;
pub(crate) mod http_server;
pub(crate) mod ids;
pub(crate) mod io_words;
pub(crate) mod journal;
pub(crate) mod lang;
pub(crate) mod mail;
pub(crate) mod private_file;
pub(crate) mod profile;
pub(crate) mod record;
pub(crate) mod redact;
pub(crate) mod sandbox;
pub(crate) mod secret;
pub(crate) mod session;
pub(crate) mod shell;
pub(crate) mod sign_in;
#[doc(hidden)]
pub mod testing;
pub(crate) mod ui;
pub(crate) mod waiting;
pub(crate) mod webhooks;

use std::{ffi::OsString, process::ExitCode, sync::Arc};

use crate::{
    cli::{Cli, Nature, parse_error, signals::Signals},
    context::{
        Context,
        dirs::Dirs,
        ending,
        failure::{self, Failure},
        profile_source::ProfileSource,
        run_log::{LogTarget, RunLog},
        settings::{self, OverrideNotice, Settings},
    },
    engine::{Stop, Stopper, stop},
    env::Env,
    exit::{Exit, Kind},
    profile::Profile,
    redact::Redactor,
    ui::{Ui, emit},
};

/// Parses the process's arguments, makes the context, dispatches, reports. Never panics on any input; the code is one
/// of [`Exit`].
pub fn run() -> ExitCode {
    no_core_dumps();
    // First of all: a signal that comes before it is caught ends the process without a code of the table.
    let signals = Signals::catch();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        // Each has a pool of memory of its own, and the work of all jobs is less than one can do.
        .worker_threads(1)
        .enable_all()
        .build();
    let env = Env::from_process();
    let args: Vec<OsString> = env::args().collect();
    let cli = match Cli::read(&args) {
        Ok(cli) => cli,
        Err(error) => {
            return ExitCode::from(parse_error::tell(&env, knowing(&env), &args, &error).code());
        }
    };
    let exit = match runtime {
        Ok(runtime) => {
            let exit = runtime.block_on(whole_run(cli, env, signals, &args));
            // A thread that waits on stdin or on a prompt must not hold up the end.
            runtime.shutdown_background();
            exit
        }
        Err(error) => {
            let ui = Ui::new(&env, cli.globals.wishes(), Redactor::default());
            failure::print(
                &ui,
                &Failure::io("could not start", &error),
                &RunLog::nowhere("-"),
            );
            Exit::Failed
        }
    };
    ExitCode::from(exit.code())
}

/// A file with all that is in memory would hold the tokens. What mps starts may ask for its own again.
#[cfg(unix)]
fn no_core_dumps() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let none = Rlimit {
        current: Some(0),
        ..getrlimit(Resource::Core)
    };
    // Lowering one's own limit is never refused.
    let _ = setrlimit(Resource::Core, none);
}

#[cfg(not(unix))]
fn no_core_dumps() {}

/// Whatever the command uses: no secret of the environment may come back to a person or a file.
fn knowing(env: &Env) -> Redactor {
    let redactor = Redactor::default();
    for secret in env::secrets(env) {
        redactor.know(&secret);
    }
    redactor
}

/// Makes the tools, lets the command work until it ends or is stopped, and reports how it ended.
async fn whole_run(cli: Cli, env: Env, signals: Option<Signals>, typed: &[OsString]) -> Exit {
    let (stopper, stop) = stop::pair();
    let ctx = Arc::new(tools(&cli, env, stop));
    let (ui, log) = (ctx.ui.clone(), ctx.log.clone());
    let stopper = Arc::new(stopper);
    let nature = cli.command.traits().nature;
    if let Some(signals) = signals {
        let writes = nature == Nature::Writes;
        signals.ask_for(Arc::clone(&stopper), ui.clone(), writes);
    }
    log.add(
        "run",
        serde_json::json!({"version": env!("CARGO_PKG_VERSION")}),
    );
    if let Some(trouble) = log.trouble() {
        ui.warning(&trouble);
    }
    let failure = tokio::select! {
        biased;
        failure = work(cli, &ctx, &stopper, typed) => {
            ctx.closing.wait().await;
            failure
        }
        // What has begun to change something hears of the stop by itself and ends in good order.
        () = ctx.stop.wait(), if nature == Nature::Reads => {
            Some(Failure::new(Kind::Interrupted, "interrupted; nothing was changed"))
        }
    };
    let failure = match (failure, first_contact(&ctx)) {
        (Some(failure), _) => Some(failure),
        (None, written) => written.err(),
    };
    // What was used wrongly has a help, where nothing nearer mends it.
    let failure = failure.map(|failure| match (&failure.hint, failure.kind) {
        (None, Kind::Usage) => failure.hint(cli::help_of(typed)),
        (None, Kind::Interrupted) if nature != Nature::Reads && !ctx.stdin_was_read() => {
            failure.hint(format!("to begin again: {}", ending::again(typed)))
        }
        _ => failure,
    });
    let exit = failure.as_ref().map_or(Exit::Done, Failure::exit);
    // The disk may have filled meanwhile.
    if let Some(trouble) = log.trouble() {
        ui.warning(&trouble);
    }
    if let Some(failure) = &failure {
        failure::print(&ui, failure, &log);
    }
    log.add("end", serde_json::json!({"exit_code": exit.code()}));
    exit
}

/// Writes down what a first contact showed, where that was asked for.
fn first_contact(ctx: &Context) -> Result<(), Failure> {
    if !ctx.probe.is_on() {
        return Ok(());
    }
    let base = ctx.base_url()?;
    let partner = ctx.partner_if_known()?;
    ctx.probe
        .finish(&ctx.ui, base.host_label(), partner.as_ref())
}

/// The tools of this run: what must speak of trouble first, then what may find some.
fn tools(cli: &Cli, env: Env, stop: Stop) -> Context {
    let redactor = knowing(&env);
    let ui = Ui::new(&env, cli.globals.wishes(), redactor.clone()).stopped_by(stop.receiver());
    let (log, warning) = RunLog::open(log_place(cli, &env), &run_id(), redactor.clone());
    if let Some(warning) = &warning {
        ui.warning(warning);
    }
    for name in env.unreadable() {
        ui.warning(&format!("{name} is not Unicode and counts as unset"));
    }
    end_on_panic(ui.clone(), log.clone());
    // Those who look at the profile itself say in their own words what comes from where.
    let override_notice = if cli.command.traits().profile {
        let ui = ui.clone();
        OverrideNotice::new(move |text| ui.status(text))
    } else {
        OverrideNotice::default()
    };
    let sources = ProfileSource::load(cli.globals.profile.as_deref(), &env, override_notice);
    Context::new(cli.globals.clone(), env, sources, ui, log, redactor, stop)
}

/// The command itself, and its output to the last line. What is returned is still to be reported.
async fn work(
    cli: Cli,
    ctx: &Arc<Context>,
    stopper: &Stopper,
    typed: &[OsString],
) -> Option<Failure> {
    if let Some(failure) = profile_trouble(&cli, ctx) {
        return Some(failure);
    }
    if cli.command.traits().host {
        // A host that cannot be read is the command's to complain about.
        let _ = ctx.announce_host();
    }
    let nature = cli.command.traits().nature;
    let ends_itself = nature.ends_itself();
    let output = match cli.command.run(ctx).await {
        Ok(output) => output,
        Err(failure) => return Some(failure),
    };
    let unheard = || {
        ctx.ui.hush();
        if ends_itself {
            stopper.stop();
        }
        ends_itself
    };
    let host = ctx.foreign_host();
    let emitted = emit::emit(&ctx.ui, host.as_deref(), output, unheard).await;
    let run = ending::RunFacts {
        acts: nature == Nature::Writes,
        ends_itself,
        typed,
    };
    ending::of_run(ctx, emitted, &run)
}

/// Why a command that needs the profile cannot begin; what is odd about the profile is said here.
fn profile_trouble(cli: &Cli, ctx: &Context) -> Option<Failure> {
    if !cli.command.traits().profile {
        return None;
    }
    for warning in ctx.profile.profile().map_or(&[][..], Profile::warnings) {
        ctx.ui.warning(warning);
    }
    ctx.profile.trouble().cloned()
}

/// Where the log goes: the option, else the environment, else the state directory.
fn log_place(cli: &Cli, env: &Env) -> LogTarget {
    let settings = Settings {
        env: env.clone(),
        ..Settings::default()
    };
    match settings.pick(settings::LOG_FILE, cli.globals.log_file.as_deref()) {
        Some(picked) if picked.value == "none" => LogTarget::Nowhere,
        Some(picked) => LogTarget::File(picked.value.into()),
        None if cli.command.traits().nature == Nature::Offline => LogTarget::Nowhere,
        None => {
            Dirs::from_env(env).map_or(LogTarget::Nowhere, |dirs| LogTarget::StateDir(dirs.state))
        }
    }
}

/// Ten characters that tell this run from others.
fn run_id() -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; 10];
    if getrandom::fill(&mut bytes).is_err() {
        return format!("p{}", std::process::id());
    }
    bytes
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect()
}

/// A panic is a defect of ours. It must not print a token on its way out, and it ends the whole process, on whichever
/// thread it is: what went on beside a step that was left in the middle could do it twice, and a process that ends at
/// any moment is what the journal is made for.
#[expect(
    clippy::disallowed_methods,
    reason = "nothing that is under way can be trusted any more"
)]
fn end_on_panic(ui: Ui, log: RunLog) {
    std::panic::set_hook(Box::new(move |info| {
        failure::print(&ui, &defect(info.to_string()), &log);
        std::process::exit(Exit::Failed.code().into());
    }));
}

/// What a panic says, as the operator gets it.
fn defect(said: String) -> Failure {
    Failure::new(
        Kind::Io,
        "mps has a defect and stopped; what was done is in the journal",
    )
    .because(said)
    .hint("`mps history` shows what was done; please report this with the log")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        secret::Secret,
        ui::{Streams, UiOptions},
    };

    #[test]
    fn a_panic_is_an_error_without_a_token() {
        let streams = Streams {
            stdin: false,
            stdout: false,
            stderr: false,
            width: 80,
            height: 24,
            dumb: false,
        };
        let dir = tempfile::tempdir().unwrap();
        let redactor = Redactor::default();
        redactor.know(&Secret::parse("odd-token-of-this-run").unwrap());
        let place = LogTarget::StateDir(dir.path().into());
        let (log, _) = RunLog::open(place, "run1", redactor);
        let (ui, _, talk) = Ui::in_memory(streams, UiOptions::default());
        let said = "panicked at src/x.rs:1:2:\nEAATESTTOKEN0123456789abc odd-token-of-this-run";
        failure::print(&ui, &defect(said.to_owned()), &log);
        let talk = String::from_utf8(talk.lock().unwrap().clone()).unwrap();
        let log = std::fs::read_to_string(log.path().unwrap()).unwrap();
        assert!(
            talk.contains("mps has a defect") && talk.contains("src/x.rs:1:2"),
            "{talk}"
        );
        assert!(
            !talk.contains("EAATEST") && !log.contains("EAATEST"),
            "{talk}{log}"
        );
        assert!(!log.contains("odd-token"), "{log}");
    }

    #[test]
    #[ignore = "the next test runs it in a process of its own"]
    fn a_thread_that_panics() {
        let ui = Ui::new(
            &Env::from_pairs(&[]),
            UiOptions::default(),
            Redactor::default(),
        );
        end_on_panic(
            ui,
            RunLog::open(LogTarget::Nowhere, "run1", Redactor::default()).0,
        );
        let _ = std::thread::spawn(|| panic!("on purpose")).join();
        panic!("it went on");
    }

    #[test]
    fn a_panic_of_any_thread_ends_the_process_with_a_code_of_the_table() {
        let itself = std::env::current_exe().unwrap();
        let run = std::process::Command::new(itself)
            .args(["--exact", "tests::a_thread_that_panics"])
            .args(["--ignored", "--nocapture"])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(1), "{said}");
        assert!(
            said.contains("mps has a defect") && said.contains("on purpose"),
            "{said}"
        );
        assert!(!said.contains("it went on"), "{said}");
    }
}
