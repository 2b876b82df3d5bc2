//! What every command is handed: the streams, the settings, and lazy makers of the client and the journal.
//!
//! The one decision: a command gets makers, not made things, so that `--help`, `completions` or `snippet`
//! touch neither the network nor the disk; and what is missing is found when it is asked for, which is
//! before anything is sent.

pub mod closing;
pub mod dirs;
pub mod ending;
pub mod failure;
pub mod global_args;
pub mod item_talk;
mod journal_place;
mod journal_tools;
pub mod narration;
mod opening;
mod operator;
pub mod pacing;
pub mod probe;
pub mod profile_source;
pub mod request_narration;
mod run_limits;
pub mod run_log;
pub mod settings;
mod stdin_claim;
pub mod tilde;

pub use self::profile_source::Sourced;
use self::{
    probe::{Probe, Probed},
    run_limits::RunLimits,
};

use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use self::{
    closing::Closing,
    dirs::Dirs,
    failure::Failure,
    global_args::GlobalArgs,
    journal_tools::JournalTools,
    profile_source::{FoundSecret, ProfileSource, SecretListener},
    request_narration::RequestNarrator,
    run_log::RunLog,
    settings::{Settings, Source},
    stdin_claim::StdinClaim,
};
use crate::{
    engine::{Pauses, Stop},
    env::Env,
    exit::Kind,
    graph::{self, ApiVersion, BaseUrl, Graph},
    ids::AppId,
    profile::Keyring,
    redact::Redactor,
    secret::{AppSecret, SystemToken, UserToken},
    ui::Ui,
    waiting::Waiter,
};

/// The tools of a run.
pub struct Context {
    /// The two streams.
    pub ui: Ui,
    /// The global options.
    pub globals: GlobalArgs,
    /// Environment and profile.
    pub settings: Settings,
    /// The profile, and where secrets come from.
    pub profile: ProfileSource,
    /// Takes secrets out of text.
    pub redactor: Redactor,
    /// The log of this run.
    pub log: RunLog,
    /// Ctrl-C.
    pub stop: Stop,
    dirs: Result<Dirs, Failure>,
    stdin: StdinClaim,
    graph: OnceLock<Graph>,
    journal: JournalTools,
    app_secret: OnceLock<Option<AppSecret>>,
    /// What is written down of a first contact.
    pub probe: Probe,
    /// What the command took from its options for those who work later.
    pub limits: RunLimits,
    announced: OnceLock<()>,
    warned: OnceLock<()>,
    /// The built-in stand-in's host, once a run is turned to it; shared with the tools it was made from.
    stand_in: Arc<OnceLock<String>>,
    /// What still has to close when the run is over, shared likewise.
    pub closing: Closing,
}

impl Context {
    /// The tools for these options.
    pub fn new(
        globals: GlobalArgs,
        env: Env,
        profile: ProfileSource,
        ui: Ui,
        log: RunLog,
        redactor: Redactor,
        stop: Stop,
    ) -> Self {
        let dirs = Dirs::from_env(&env);
        let settings = profile.settings(env).warning_of_quotes(&ui);
        Self {
            ui,
            globals,
            settings,
            profile,
            redactor,
            log,
            stop,
            dirs,
            stdin: StdinClaim::default(),
            graph: OnceLock::new(),
            journal: JournalTools::default(),
            app_secret: OnceLock::new(),
            probe: Probe::default(),
            limits: RunLimits::default(),
            announced: OnceLock::new(),
            warned: OnceLock::new(),
            stand_in: Arc::default(),
            closing: Closing::default(),
        }
    }

    /// The same tools turned to a stand-in: its host, its app, a state directory of its own, and nothing
    /// of the operator's settings.
    #[must_use]
    pub fn for_sandbox(
        &self,
        url: &str,
        partner: &AppId,
        secret: AppSecret,
        state: PathBuf,
    ) -> Self {
        let globals = GlobalArgs {
            graph_url: Some(url.to_owned()),
            partner_app_id: Some(partner.to_string()),
            ca_file: None,
            app_secret_file: None,
            journal_file: None,
            ..self.globals.clone()
        };
        let stop = self.stop.clone();
        let context = Self::new(
            globals,
            self.settings.env.for_sandbox(),
            ProfileSource::default(),
            self.ui.clone(),
            self.log.clone(),
            self.redactor.clone(),
            stop,
        );
        self.redactor.know(secret.secret());
        let config = state.clone();
        if let Some(host) = context.foreign_host() {
            let _ = self.stand_in.set(host);
        }
        Self {
            app_secret: OnceLock::from(Some(secret)),
            dirs: Ok(Dirs { state, config }),
            closing: self.closing.clone(),
            probe: self.probe.clone(),
            ..context
        }
    }

    /// Where mps keeps its things.
    pub fn dirs(&self) -> Result<&Dirs, Failure> {
        self.dirs.as_ref().map_err(Clone::clone)
    }

    /// The state directory.
    pub fn state_dir(&self) -> Result<&Path, Failure> {
        self.dirs
            .as_ref()
            .map(|dirs| dirs.state.as_path())
            .map_err(Clone::clone)
    }

    /// Takes stdin for one use. A second one, or a terminal that nobody was asked to type at, is wrong usage.
    pub fn claim_stdin(&self, what: &str) -> Result<(), Failure> {
        self.stdin.claim(what)
    }

    /// Whether what the command did hangs on what stdin held.
    pub fn stdin_was_read(&self) -> bool {
        self.stdin.is_taken()
    }

    /// The host of the Graph API.
    pub fn base_url(&self) -> Result<BaseUrl, Failure> {
        let given = self.globals.graph_url.as_deref();
        let Some(picked) = self.settings.parse::<BaseUrl>(settings::GRAPH_URL, given)? else {
            return Ok(BaseUrl::default());
        };
        let elsewhere = !picked.value.is_loopback() && !picked.value.is_meta();
        if elsewhere && picked.source == Source::Environment {
            return Err(
                Failure::usage("MPS_GRAPH_URL names a host that is not this machine").hint(
                    "a hostile environment must not catch tokens: use --graph-url, or a profile",
                ),
            );
        }
        Ok(picked.value)
    }

    /// The name of the host for JSON lines and journal; `None` for Meta's own.
    pub fn foreign_host(&self) -> Option<String> {
        if let Some(host) = self.stand_in.get() {
            return Some(host.clone());
        }
        let base = self.base_url().ok()?;
        (!base.is_meta()).then(|| base.host_label().to_owned())
    }

    /// Says once that this is not Meta.
    pub fn announce_host(&self) -> Result<(), Failure> {
        let base = self.base_url()?;
        if !base.is_meta() && self.announced.set(()).is_ok() {
            let word = if base.is_loopback() {
                "SANDBOX"
            } else {
                "host"
            };
            self.ui.banner(&format!("{word} {}", base.host_label()));
        }
        Ok(())
    }

    /// Our app's secret, if one is set.
    pub fn app_secret(&self) -> Result<Option<&AppSecret>, Failure> {
        if self.app_secret.get().is_none() {
            let file = self.globals.app_secret_file.as_deref();
            let held = self.secret(settings::APP_SECRET, file)?;
            let _ = self.app_secret.set(held.map(|found| found.secret.into()));
        }
        Ok(self.app_secret.get().and_then(Option::as_ref))
    }

    /// The Graph client, made at the first call.
    pub fn graph(&self) -> Result<Graph, Failure> {
        if let Some(graph) = self.graph.get() {
            return Ok(graph.clone());
        }
        let graph = self.graph_signed(self.app_secret()?.cloned())?;
        Ok(self.graph.get_or_init(|| graph).clone())
    }

    /// The version of the Graph API that the client asks for, and that our pages name.
    pub fn api_version(&self) -> Result<ApiVersion, Failure> {
        let given = self.globals.api_version.as_deref();
        let picked = self
            .settings
            .parse::<ApiVersion>(settings::API_VERSION, given)?;
        Ok(picked.map(|picked| picked.value).unwrap_or_default())
    }

    /// A client of its own that signs with this secret, or not at all: for secrets that are only being tried.
    pub fn graph_signed(&self, app_secret: Option<AppSecret>) -> Result<Graph, Failure> {
        self.announce_host()?;
        let base = self.base_url()?;
        let version = self.api_version()?;
        if self.warned.set(()).is_ok() {
            self.warn_of_end(version);
        }
        let ca_file = self
            .settings
            .pick(settings::CA_FILE, self.globals.ca_file.as_deref());
        Ok(Graph::new(graph::ClientConfig {
            pace: pacing::pace(&base),
            base,
            version,
            ca_file: ca_file.map(|picked| picked.value.into()),
            proxies: self.settings.proxies(&self.redactor)?,
            app_secret,
            redactor: self.redactor.clone(),
            wait_quota: self.limits.longest_quota_wait(),
            observer: Arc::new(Probed {
                narrator: RequestNarrator::new(
                    self.ui.clone(),
                    self.log.clone(),
                    self.settings.override_notice.clone(),
                ),
                probe: self.probe.clone(),
            }),
            stop: Some(self.stop.receiver()),
        })?)
    }

    fn warn_of_end(&self, version: ApiVersion) {
        let today = jiff::Timestamp::now()
            .to_zoned_datetime(jiff::tz::TimeZone::UTC)
            .date();
        let life = version.life(today);
        if let Some(warning) = request_narration::end_of_version(version, life) {
            self.ui.warning(&warning);
        }
        if let Some(note) = request_narration::unchecked_version(version, life) {
            self.ui.status(&format!("{note}."));
        }
    }

    /// How this run waits for what is not its own.
    pub fn waiting(&self) -> Waiter {
        let (stop, ui) = (self.stop.clone(), self.ui.clone());
        let no_input = self.globals.no_input;
        Waiter::new(move || stop.is_set(), move |text| ui.status(text), no_input)
    }

    /// The keyring of this session, waited for likewise.
    pub fn keyring(&self) -> Keyring {
        Keyring::new(&self.settings.env).waited_for(self.waiting())
    }

    /// The name of the profile.
    pub fn profile_name(&self) -> String {
        self.profile.name().to_string()
    }

    /// Who acts, for the journal.
    pub fn operator(&self) -> String {
        operator::name(&self.settings.env)
    }

    /// Our app's id.
    pub fn partner(&self) -> Result<AppId, Failure> {
        self.partner_if_known()?.ok_or_else(|| {
            Failure::usage("our app's id is not known").hint(self.profile.hint_at_app())
        })
    }

    /// Our app's id, where the command can do without.
    pub fn partner_if_known(&self) -> Result<Option<AppId>, Failure> {
        let given = self.globals.partner_app_id.as_deref();
        Ok(self
            .settings
            .parse::<AppId>(settings::PARTNER_APP_ID, given)?
            .map(|picked| picked.value))
    }

    /// The Tech Provider's user token, if one is set.
    pub fn user_token(&self, file: Option<&Path>) -> Result<Option<Sourced<UserToken>>, Failure> {
        Ok(self.secret(settings::USER_TOKEN, file)?.map(Sourced::from))
    }

    /// Our system token, if one is set.
    pub fn system_token(
        &self,
        file: Option<&Path>,
    ) -> Result<Option<Sourced<SystemToken>>, Failure> {
        Ok(self
            .secret(settings::SYSTEM_TOKEN, file)?
            .map(Sourced::from))
    }

    /// A secret and where it came from, if it is set anywhere.
    pub fn secret(
        &self,
        setting: settings::SecretSetting,
        file: Option<&Path>,
    ) -> Result<Option<FoundSecret>, Failure> {
        if file == Some(Path::new("-")) {
            self.claim_stdin(&format!("--{}", setting.option))?;
        }
        let listener = SecretListener {
            secret: &|secret| self.redactor.know(secret),
            warning: &|text| self.ui.warning(text),
            status: &|text| self.ui.status(text),
            waiting: self.waiting(),
        };
        let found = self
            .profile
            .secret(setting, &self.settings.env, file, &listener)?;
        if let Some(found) = &found {
            self.redactor.know(&found.secret);
        }
        Ok(found)
    }

    /// The pauses of the engine; `MPS_LOOK_PAUSES` counts on the loopback only.
    pub fn pauses(&self) -> Result<Pauses, Failure> {
        let looks = pacing::looks(&self.settings.env, &self.base_url()?)?;
        Ok(looks.map_or_else(Pauses::default, Pauses::with_looks))
    }
}

/// A missing token, found before anything is sent.
pub fn missing(setting: settings::SecretSetting, remedy: &str) -> Failure {
    Failure::new(Kind::Auth, format!("{} is missing", setting.what)).hint(format!(
        "set {} or --{}, or keep it in a profile: mps init; {remedy}",
        setting.var.name, setting.option
    ))
}
