//! `mps sandbox`: the stand-in for Meta as a server that several mps share.

use std::time::Duration;

use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::Output;
use crate::{
    context::Context,
    report::Failure,
    runlog::private_dir,
    sandbox::{Config, Sandbox},
    ui::emit::Tally,
};

/// Run a stand-in for Meta on this machine
///
/// Serves the calls that mps makes, Meta's consent dialog and its JavaScript SDK on the loopback, with
/// apps of an imaginary Tech Provider, and prints the variables that point mps at it. Its state is fresh
/// at every start. Ctrl-C ends it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps sandbox --port 4010 --apps 5\n  eval \"$(mps sandbox --shell)\"; mps list-apps"
)]
pub struct SandboxArgs {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 4010)]
    port: u16,
    /// How many apps the Tech Provider has
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(0..=1000))]
    apps: u16,
    /// How long every answer takes, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=60_000))]
    latency: u64,
    /// Print the variables, leave the server running in the background, and end
    #[arg(long)]
    shell: bool,
}

impl SandboxArgs {
    /// Serves until it is stopped.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        if self.shell {
            return self.in_background(ctx);
        }
        let config = Config {
            port: self.port,
            apps: self.apps.into(),
            latency: Duration::from_millis(self.latency),
            ..Config::default()
        };
        let sandbox = Sandbox::start(config).map_err(|error| {
            Failure::io(
                format!("could not listen on 127.0.0.1:{}", self.port),
                &error,
            )
            .hint("choose another port: mps sandbox --port 0")
        })?;
        let state = ctx.state_dir()?.join("sandbox").join(ctx.log.run_id());
        private_dir(&state).map_err(|error| {
            Failure::io("could not make a state directory for the sandbox", &error)
        })?;
        let variables = [
            ("MPS_GRAPH_URL", sandbox.url().to_owned()),
            ("MPS_PARTNER_APP_ID", sandbox.partner_app_id().to_string()),
            (
                "MPS_USER_TOKEN",
                sandbox.user_token().secret().expose().to_owned(),
            ),
            (
                "MPS_SYSTEM_TOKEN",
                sandbox.system_token().secret().expose().to_owned(),
            ),
            (
                "MPS_APP_SECRET",
                sandbox.app_secret().secret().expose().to_owned(),
            ),
            ("MPS_STATE_DIR", state.display().to_string()),
        ];
        let mut text = String::new();
        for (name, value) in &variables {
            text += &format!("export {name}={}\n", quoted(value));
        }
        let object: serde_json::Map<_, _> = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect();
        // The variables are needed while the server runs, so they leave now and not as the result.
        let shown = if ctx.ui.json() {
            format!("{}\n", serde_json::Value::from(object))
        } else {
            text
        };
        ctx.ui
            .data(&shown)
            .map_err(|error| Failure::io("could not write the variables", &error))?;
        ctx.ui.status(&format!(
            "The sandbox listens on {}; Ctrl-C ends it.",
            sandbox.url()
        ));
        ctx.stop.wait().await;
        sandbox.stop();
        Ok(Output::Nothing)
    }

    /// Starts another mps that serves, and hands its variables on.
    fn in_background(&self, ctx: &Context) -> Result<Output, Failure> {
        use std::{
            io::{BufRead, BufReader},
            process::{Command, Stdio},
        };
        let failed = |error: std::io::Error| {
            Failure::io("could not start the sandbox in the background", &error)
        };
        let mut command = Command::new(std::env::current_exe().map_err(failed)?);
        command.args(["--quiet", "sandbox", "--port", &self.port.to_string()]);
        command.args([
            "--apps",
            &self.apps.to_string(),
            "--latency",
            &self.latency.to_string(),
        ]);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        for name in crate::env::secret_names() {
            command.env_remove(name);
        }
        // A group of its own: Ctrl-C in the shell that asked must not end it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().map_err(failed)?;
        let mut text = String::new();
        if let Some(out) = child.stdout.take() {
            let mut lines = BufReader::new(out).lines();
            for line in lines.by_ref().take(6) {
                text += &line.map_err(failed)?;
                text.push('\n');
            }
        }
        if text.is_empty() {
            return Err(Failure::new(
                crate::exit::Kind::Io,
                "the sandbox did not start; its reason stands above",
            ));
        }
        text += &format!("export MPS_SANDBOX_PID={}\n", child.id());
        ctx.ui
            .status("The sandbox runs in the background; end it with: kill $MPS_SANDBOX_PID");
        Ok(Output::Text {
            text,
            json: None,
            tally: Tally::default(),
        })
    }
}

/// A value as a POSIX shell reads it back.
fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting() {
        for (value, expected) in [
            ("http://127.0.0.1:1", "'http://127.0.0.1:1'"),
            ("it's", r"'it'\''s'"),
            ("$(x)", "'$(x)'"),
        ] {
            assert_eq!(quoted(value), expected);
        }
    }
}
