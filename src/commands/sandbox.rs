//! `mps sandbox`: the stand-in for Meta as a server that several mps share.
//!
//! The one decision: a terminal shows how another window is pointed at the sandbox, by a file; only a pipe gets the
//! variables themselves.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use clap::{
    Args, ValueEnum,
    builder::{PossibleValue, PossibleValuesParser},
};
use serde::Deserialize;
use serde_json::Value;

use super::{Line, Output};
use crate::{
    context::{Context, failure::Failure},
    exit::Kind,
    private_file,
    record::{Record as _, RecordField, record},
    sandbox::{ApiShape, FaultSwitch, Faults, Sandbox, SandboxConfig, StartError},
    secret::Secret,
    shell,
    ui::emit::{self, Card, Written},
};

/// Run a stand-in for Meta on this machine
///
/// Serves the calls that mps makes, Meta's consent dialog and its JavaScript SDK on the loopback, with
/// apps of an imaginary Tech Provider, and prints the variables that point mps at it; on a terminal, where
/// tokens are masked, the line to type in another window. Its state is fresh at every start, unless --state keeps it.
/// At /sandbox it has a page on which a person plays the Tech Provider in Meta's dashboard, and says what goes wrong.
/// Ctrl-C ends it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps sandbox --port 4010 --apps 5\n  eval \"$(mps sandbox --shell)\"; mps list-apps\n  mps sandbox --state sandbox.json --fault partner-lag --shapes openapi"
)]
pub struct SandboxArgs {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 4010)]
    port: u16,
    /// How many apps the Tech Provider has
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(0..=50_000))]
    apps: u16,
    /// How long every answer takes, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=60_000))]
    latency: u64,
    /// How many calls a second are answered; those above it are refused as Meta refuses without quota
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    rate_limit: Option<u32>,
    /// Which of Meta's documents the answers follow where they differ
    #[arg(long, value_enum, default_value_t = Shapes::Guide)]
    shapes: Shapes,
    /// Keep what there is in this file, and go on with what is in it
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// What goes wrong from the start (can be repeated); the sandbox's page turns it off again
    #[arg(long = "fault", value_name = "NAME", value_parser = fault_names())]
    faults: Vec<String>,
    /// Print the variables for a shell to evaluate, leave the server running in the background, and end
    #[arg(long)]
    shell: bool,
    /// A shell evaluates what this one's parent prints
    #[arg(long, hide = true)]
    for_shell: bool,
}

/// Meta's documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shapes {
    /// The guide to Multi-Partner Solutions
    Guide,
    /// The OpenAPI file: rich answers, required bodies, no /me/application_details
    Openapi,
}

impl From<Shapes> for ApiShape {
    fn from(shapes: Shapes) -> Self {
        match shapes {
            Shapes::Guide => Self::Guide,
            Shapes::Openapi => Self::OpenApi,
        }
    }
}

/// The names of what can go wrong, each with what it does.
fn fault_names() -> PossibleValuesParser {
    let known =
        FaultSwitch::ALL.map(|switch| PossibleValue::new(switch.name()).help(switch.text()));
    PossibleValuesParser::new(known)
}

impl SandboxArgs {
    /// What goes wrong from the start.
    fn faults(&self) -> Faults {
        let mut faults = Faults::default();
        for switch in self
            .faults
            .iter()
            .filter_map(|name| FaultSwitch::named(name))
        {
            switch.set(&mut faults, true);
        }
        faults
    }

    /// Why it does not start.
    fn why_not(&self, error: &StartError) -> Failure {
        match error {
            StartError::Listen(error) => Failure::io(
                format!("could not listen on 127.0.0.1:{}", self.port),
                error,
            )
            .hint(if self.for_shell {
                "choose another port: eval \"$(mps sandbox --shell --port 0)\""
            } else {
                "choose another port: mps sandbox --port 0"
            }),
            StartError::State(error) => {
                let file = self.state.as_deref().unwrap_or(Path::new("")).display();
                Failure::io(
                    format!("could not keep the sandbox's state in {file}"),
                    error,
                )
                .hint("name another file, or one that is not there yet: mps sandbox --state FILE")
            }
        }
    }

    /// Serves until it is stopped.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        if self.shell {
            return self.in_background(ctx).await;
        }
        let config = SandboxConfig {
            port: self.port,
            apps: self.apps.into(),
            latency: Duration::from_millis(self.latency),
            rate_limit: self.rate_limit,
            shape: self.shapes.into(),
            faults: self.faults(),
            state_file: self.state.clone(),
            ..SandboxConfig::default()
        };
        let sandbox = Sandbox::start(config).map_err(|error| self.why_not(&error))?;
        let state = ctx.state_dir()?.join("sandbox").join(ctx.log.run_id());
        private_file::make_dir(&state).map_err(|error| {
            Failure::io("could not make a state directory for the sandbox", &error)
        })?;
        let variables = SandboxRecord::of(&sandbox, &state);
        let file = variables.keep(&state)?;
        if !variables.show(ctx).await? {
            return Ok(Output::Nothing);
        }
        ctx.ui.status(&format!(
            "The sandbox listens on {}; Ctrl-C ends it.",
            sandbox.url()
        ));
        ctx.ui.status(&other_side(sandbox.url()));
        if ctx.ui.streams().stdout {
            point_at(ctx, "another window", &file);
        }
        ctx.stop.wait().await;
        sandbox.stop();
        Ok(Output::Nothing)
    }

    /// Starts another mps that serves, and hands its variables on.
    async fn in_background(&self, ctx: &Context) -> Result<Output, Failure> {
        let failed = |error: std::io::Error| {
            Failure::io("could not start the sandbox in the background", &error)
        };
        let mut command = Command::new(std::env::current_exe().map_err(failed)?);
        command.args(["--quiet", "--json", "sandbox", "--for-shell"]);
        command.args(["--port", &self.port.to_string()]);
        command.args(["--apps", &self.apps.to_string()]);
        command.args(["--latency", &self.latency.to_string()]);
        if let Some(limit) = self.rate_limit {
            command.args(["--rate-limit", &limit.to_string()]);
        }
        if self.shapes == Shapes::Openapi {
            command.args(["--shapes", "openapi"]);
        }
        if let Some(file) = &self.state {
            command.arg("--state").arg(file);
        }
        for name in &self.faults {
            command.args(["--fault", name]);
        }
        // None of the caller's streams: whoever reads one to its end would wait for the server's.
        command.stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        for name in crate::env::secret_names() {
            command.env_remove(name);
        }
        // A group of its own: Ctrl-C in the shell that asked must not end it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().map_err(failed)?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line).map_err(failed)?;
        }
        let Ok(mut variables) = serde_json::from_str::<SandboxRecord>(&line) else {
            let mut said = String::new();
            if let Some(mut err) = child.stderr.take() {
                err.read_to_string(&mut said).map_err(failed)?;
            }
            if !ctx.ui.streams().stdout && !ctx.ui.json() {
                // What a shell evaluates fails too; nothing at all would count as done.
                let _ = ctx.ui.data("false\n");
            }
            return Err(why_not(&said));
        };
        let pid = child.id().to_string();
        variables.pid = Some(pid.clone());
        let shown = variables.show(ctx).await;
        if !matches!(shown, Ok(true)) {
            // Nobody knows of this server, so nobody would end it.
            child.kill().and_then(|()| child.wait()).map_err(failed)?;
            return shown.map(|_| Output::Nothing);
        }
        let on_terminal = ctx.ui.streams().stdout;
        let ended = if on_terminal {
            pid
        } else {
            "$MPS_SANDBOX_PID".to_owned()
        };
        ctx.ui.status(&format!(
            "The sandbox runs in the background; end it with: kill {ended}"
        ));
        ctx.ui.status(&other_side(&variables.graph_url));
        if on_terminal {
            let file = Path::new(&variables.state_dir).join(FILE);
            point_at(ctx, "this shell", &file);
        }
        Ok(Output::Nothing)
    }
}

/// Where a person plays the other side.
fn other_side(url: &str) -> String {
    format!("Play the other side, and say what goes wrong: {url}/sandbox")
}

/// The file in the sandbox's state directory that a shell reads to point mps at it.
const FILE: &str = "env";

record! {
    /// The variables that point mps at a sandbox. Its tokens are worth nothing elsewhere, and are masked on a terminal
    /// all the same: whoever looks over a shoulder cannot know that.
    #[derive(Clone, Deserialize)]
    pub struct SandboxRecord {
        /// The variables that point mps at it
        #[serde(rename = "MPS_GRAPH_URL")]
        pub graph_url: String,
        /// Our app there
        #[serde(rename = "MPS_PARTNER_APP_ID")]
        pub partner_app_id: String,
        /// The Tech Provider's
        #[serde(rename = "MPS_USER_TOKEN")]
        pub user_token: String,
        /// Ours
        #[serde(rename = "MPS_SYSTEM_TOKEN")]
        pub system_token: String,
        /// Ours
        #[serde(rename = "MPS_APP_SECRET")]
        pub app_secret: String,
        /// A journal of its own
        #[serde(rename = "MPS_STATE_DIR")]
        pub state_dir: String,
        /// What ends it, with `--shell`; missing otherwise
        #[serde(rename = "MPS_SANDBOX_PID", skip_serializing_if = "Option::is_none")]
        pub pid: Option<String>,
    }
}

impl SandboxRecord {
    fn of(sandbox: &Sandbox, state: &Path) -> Self {
        let text = |secret: &Secret| secret.expose().to_owned();
        Self {
            graph_url: sandbox.url().to_owned(),
            partner_app_id: sandbox.partner_app_id().to_string(),
            user_token: text(sandbox.user_token().secret()),
            system_token: text(sandbox.system_token().secret()),
            app_secret: text(sandbox.app_secret().secret()),
            state_dir: state.display().to_string(),
            pid: None,
        }
    }

    /// With the secrets masked.
    fn masked(&self) -> Self {
        let mask = |text: &String| match Secret::parse(text) {
            Ok(secret) => secret.masked(),
            Err(_) => text.clone(),
        };
        Self {
            user_token: mask(&self.user_token),
            system_token: mask(&self.system_token),
            app_secret: mask(&self.app_secret),
            ..self.clone()
        }
    }

    /// Names and values, in the order of their lines.
    fn variables(&self) -> Vec<(&'static str, String)> {
        let object = self.object();
        let value = |field: &RecordField| {
            Some((field.name(), object.get(field.name())?.as_str()?.to_owned()))
        };
        Self::FIELDS.iter().filter_map(value).collect()
    }

    /// The lines that a POSIX shell evaluates, the last one ended.
    fn shell(&self) -> String {
        let variables = self.variables().into_iter();
        let lines =
            variables.map(|(name, value)| format!("export {name}={}\n", shell::quoted(&value)));
        lines.collect()
    }

    /// Keeps the lines in a file, for a shell that did not start the sandbox.
    fn keep(&self, state: &Path) -> Result<PathBuf, Failure> {
        let file = state.join(FILE);
        private_file::write(&file, self.shell().as_bytes()).map_err(|error| {
            Failure::io(
                format!("could not write the variables to {}", file.display()),
                &error,
            )
        })?;
        Ok(file)
    }

    /// Writes them to stdout at once: they are needed while the server runs. `false`: nobody reads them.
    async fn show(&self, ctx: &Context) -> Result<bool, Failure> {
        let shown = Output::Card(self.card());
        match emit::emit(&ctx.ui, None, shown, || false).await {
            Written::All(_) | Written::Cut(..) => Ok(true),
            Written::Closed(_) => Ok(false),
            Written::Broken(_, error) => Err(Failure::io("could not write to stdout", &error)),
        }
    }

    fn card(&self) -> Card<Failure> {
        let masked = self.masked();
        let variables = masked.variables().into_iter();
        Card {
            fields: variables
                .map(|(name, value)| (name, value.into()))
                .collect(),
            line: Line {
                masked: Some(masked.object()),
                ..Line::untabled(self, Some(self.shell().trim_end().to_owned()))
            },
        }
    }
}

/// Why the mps in the background did not serve, in its own words.
fn why_not(said: &str) -> Failure {
    let told = said
        .lines()
        .rev()
        .find_map(|line| serde_json::from_str::<Value>(line).ok())
        .and_then(|mut object| object.get_mut("error").map(Value::take));
    let error = told.unwrap_or_default();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let message = text(&error["message"]);
    let mut failure = Failure::new(
        Kind::Io,
        message.unwrap_or_else(|| "the sandbox did not start".to_owned()),
    );
    failure.causes = error["causes"]
        .as_array()
        .map_or_else(Vec::new, |causes| causes.iter().filter_map(text).collect());
    failure.hint = text(&error["hint"]);
    failure
}

/// Says what to type there; on a line of its own, since it is copied whole.
fn point_at(ctx: &Context, place: &str, file: &Path) {
    let way = format!("In {place}, point mps at it with:\n  {}", sourced(file));
    ctx.ui.block(&way, serde_json::json!({}));
}

/// How a shell reads the file.
fn sourced(file: &Path) -> String {
    format!(". {}", shell::word(&file.display().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_named_as_a_shell_reads_it() {
        assert_eq!(sourced(Path::new("/a/b-1/env")), ". /a/b-1/env");
        assert_eq!(sourced(Path::new("/a b/env")), ". '/a b/env'");
    }
}
