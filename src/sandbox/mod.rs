//! A stand-in for Meta on this machine: for learning, demonstrations and tests.
//!
//! The one decision: it is as strict as Meta and no kinder. Every call needs the right token, every error
//! has Meta's body and status, and create protects from nothing; so what works here is worth something.
//! It knows nothing of the rest of mps: two readings of the same documents check each other.
//!
//! | file | holds |
//! | --- | --- |
//! | `server`, `forwarder`, `webhook_wire` | the wire |
//! | `state`, `route`, `batch`, `solutions`, `transitions`, `accounts`, `migrations`, `subscriptions`, `tokens` | pure: a request in, an answer out |
//! | `control`, `dialog`, `signup`, `play` | the same for what is no call of the Graph API |
//! | `store`, `records`, `kept`, `report` | what there is, how it is kept, and what it tells of itself |
//! | `faults`, `switches`, `fault_response` | what shall go wrong, by names, and how it looks |
//! | `wire`, `error`, `fields`, `page`, `rate_limit` | Graph's manners |

mod accounts;
mod batch;
mod control;
mod dialog;
mod error;
mod fault_response;
mod faults;
mod fields;
mod forwarder;
mod kept;
mod migrations;
mod page;
mod play;
mod rate_limit;
mod records;
mod report;
mod route;
mod server;
mod signup;
mod solutions;
mod state;
mod store;
mod stored_solutions;
mod subscriptions;
mod switches;
#[cfg(test)]
mod tests;
mod tokens;
mod transitions;
mod webhook_wire;
mod wire;

use std::{io, path::PathBuf, time::Duration};

use serde_json::Value;

pub use self::{
    faults::{Dialog, Fault, Faults, Operation, Rule, TokenKind},
    store::ApiShape,
    switches::FaultSwitch,
};
use crate::{
    ids::AppId,
    secret::{AppSecret, SystemToken, UserToken},
};

/// How a sandbox shall be.
#[derive(Debug, Clone)]
pub struct SandboxConfig {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// How many apps the Tech Provider has.
    pub apps: usize,
    /// How long every answer of the Graph API takes.
    pub latency: Duration,
    /// How many calls of the Graph API are answered in a second; the others are refused for want of quota.
    pub rate_limit: Option<u32>,
    /// Which of Meta's documents the answers follow.
    pub shape: ApiShape,
    /// What goes wrong from the start.
    pub faults: Faults,
    /// The name of our app.
    pub partner_name: String,
    /// Where what there is is kept for the next sandbox; none: it ends with this one.
    pub state_file: Option<PathBuf>,
}

/// Why a sandbox did not start.
#[derive(Debug)]
pub enum StartError {
    /// What was kept cannot be read, or not be kept.
    State(io::Error),
    /// Nobody can come in.
    Listen(io::Error),
}

impl From<StartError> for io::Error {
    fn from(error: StartError) -> Self {
        match error {
            StartError::State(error) | StartError::Listen(error) => error,
        }
    }
}

impl Default for SandboxConfig {
    fn default() -> Self {
        Self {
            port: 0,
            apps: 3,
            latency: Duration::ZERO,
            rate_limit: None,
            shape: ApiShape::Guide,
            faults: Faults::default(),
            partner_name: records::PARTNER_NAME.to_owned(),
            state_file: None,
        }
    }
}

/// A running sandbox. Dropping it closes its port and every connection.
pub struct Sandbox {
    server: server::SandboxServer,
    partner_app_id: AppId,
    partner_name: String,
    user_token: UserToken,
    system_token: SystemToken,
    app_secret: AppSecret,
}

impl Sandbox {
    /// Starts one, with a fresh state or with what was kept.
    pub fn start(config: SandboxConfig) -> Result<Self, StartError> {
        let SandboxConfig {
            port,
            apps,
            latency,
            rate_limit,
            shape,
            faults,
            partner_name,
            state_file,
        } = config;
        let mut state = store::SandboxState::new(apps, &partner_name, shape, faults);
        let kept = state_file.as_deref().map(kept::StateFile::at);
        if let Some(file) = &kept {
            // What cannot be kept is found before anybody relies on it.
            file.restore(&mut state)
                .and_then(|()| file.write(&kept::StateFile::content(&state)))
                .map_err(StartError::State)?;
        }
        let server = server::SandboxServer::start(port, latency, rate_limit, state, kept);
        let server = server.map_err(StartError::Listen)?;
        Self::with(server, partner_name).map_err(StartError::Listen)
    }

    fn with(server: server::SandboxServer, partner_name: String) -> io::Result<Self> {
        Ok(Self {
            server,
            partner_app_id: records::PARTNER_APP_ID.parse().map_err(io::Error::other)?,
            partner_name,
            user_token: UserToken::parse(records::USER_TOKEN).map_err(io::Error::other)?,
            system_token: SystemToken::parse(records::SYSTEM_TOKEN).map_err(io::Error::other)?,
            app_secret: AppSecret::parse(records::APP_SECRET).map_err(io::Error::other)?,
        })
    }

    /// `http://127.0.0.1:PORT`: the Graph API's base URL, and the dialog's origin.
    pub fn url(&self) -> &str {
        self.server.base()
    }

    /// The id of our app.
    pub fn partner_app_id(&self) -> &AppId {
        &self.partner_app_id
    }

    /// The name of our app.
    pub fn partner_app_name(&self) -> &str {
        &self.partner_name
    }

    /// A user token as if the Tech Provider had ticked every app.
    pub fn user_token(&self) -> &UserToken {
        &self.user_token
    }

    /// Our system user's token.
    pub fn system_token(&self) -> &SystemToken {
        &self.system_token
    }

    /// Our app's secret.
    pub fn app_secret(&self) -> &AppSecret {
        &self.app_secret
    }

    /// The stand-in of Meta's SDK with this sandbox's dialog in it, to be served by the button's page.
    pub fn sdk_js(&self) -> String {
        dialog::sdk(self.url())
    }

    /// What there is and what was called, as `GET /sandbox/state` shows it.
    pub fn state(&self) -> Value {
        self.server.with_state(|state| state.report())
    }

    /// Replaces everything that goes wrong; the rules begin to count from here.
    pub fn set_faults(&self, faults: Faults) {
        self.server.with_state(|state| state.set_faults(faults));
    }

    /// Blocks until the sandbox stops, which without [`Self::stop`] is for ever.
    pub fn wait(&self) {
        self.server.wait();
    }

    /// Stops it: the port is free, every connection closed.
    pub fn stop(&self) {
        self.server.stop();
    }
}
