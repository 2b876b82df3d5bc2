//! What the tests of `tests/it` need of the program's inside; no interface of the crate.
//!
//! The one decision: data is re-exported, work is done by functions here. A type with methods that is exported whole
//! would make all of them count as called.

/// The page's known errors, and a page of many links.
pub mod button {
    use std::{collections::HashMap, path::Path, sync::Arc, time::Duration};

    use tokio::sync::oneshot;

    use crate::button::{
        Catcher, KnownLink, LinkBook, Links, ListenMode, PageConfig, PageEvent, PagePurpose,
        Progress, ProgressRow, RowState, Sdk, Verdict,
    };
    pub use crate::button::{LinkStanding, trouble};

    /// Links that stay as they are, by path, with whom each is for.
    struct FixedBook(HashMap<String, (String, LinkStanding)>);

    impl LinkBook for FixedBook {
        fn find(&self, path: &str, _: jiff::Timestamp) -> Option<KnownLink> {
            let (label, standing) = self.0.get(path)?;
            Some(KnownLink {
                label: Some(label.as_str().into()),
                standing: *standing,
                lang: None,
            })
        }
    }

    /// Serves these links (path, label, standing) behind a public address until `stop`, takes every token, and tells each visitor whom their
    /// link is for. Gives what happened, with its label.
    pub fn serve_links(
        dir: &Path,
        port: u16,
        public: &str,
        links: Vec<(String, String, LinkStanding)>,
        ready: impl FnOnce(),
        mut stop: oneshot::Receiver<()>,
    ) -> Vec<(Option<String>, &'static str)> {
        let config = PageConfig {
            partner_app_id: "634974688087057".parse().expect("an id"),
            partner_name: "Acme".to_owned(),
            api_version: "v26.0".to_owned(),
            login_config_id: None,
            mode: ListenMode::Behind {
                public: public.parse().expect("an address"),
            },
            listen: None,
            port,
            state_dir: dir.to_owned(),
            links: Links::Book(Arc::new(FixedBook(
                links
                    .into_iter()
                    .map(|(path, label, standing)| (path, (label, standing)))
                    .collect(),
            ))),
            sdk: Sdk::Meta,
            story: PagePurpose::Onboard,
            app_secret: None,
            side: None,
            lang: crate::lang::Lang::default(),
            brand: crate::button::brand::Brand::default(),
        };
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let catcher = Catcher::bind(config).await.expect("a free port");
            ready();
            let mut heard = Vec::new();
            loop {
                let happening = tokio::select! {
                    happening = catcher.next() => happening,
                    _ = &mut stop => break,
                };
                let label = happening.label.map(|label| label.to_string());
                heard.push((label.clone(), happening.event.kind()));
                if let (PageEvent::Grant(_), Some(visitor)) = (happening.event, happening.visitor) {
                    catcher.judged(visitor, Verdict::Accepted);
                    catcher.page_of(visitor).show(Progress {
                        rows: vec![ProgressRow {
                            app_id: "1".parse().expect("an id"),
                            app_name: label.unwrap_or_default(),
                            state: RowState::Active,
                            solution_id: None,
                            solution_name: None,
                            note: None,
                        }],
                        finished: true,
                        ..Progress::default()
                    });
                }
            }
            catcher.close(Duration::ZERO).await;
            heard
        })
    }
}

/// The command line and what is generated from it.
pub mod cli {
    use clap::{Command, CommandFactory as _};

    use crate::cli::Cli;
    pub use crate::cli::{completions, reference};

    /// All commands.
    pub fn command() -> Command {
        Cli::command()
    }

    /// All commands, with what is hidden.
    pub fn tree() -> Command {
        Cli::tree()
    }
}

/// The settings.
pub mod settings {
    pub use crate::context::settings::{ALL, APP_SECRET, SYSTEM_TOKEN, USER_TOKEN};
}

/// The engine with other time-outs than the program's.
pub mod engine {
    use std::{sync::Arc, time::Duration};

    pub use crate::engine::{Outcome, Pauses};
    use crate::{
        engine::{Actor, Engine, Job, Planned, Policy, RowStore, Tools, look::Survey, stop},
        exit::Kind,
        graph::{ApiVersion, App, CallEvent, ClientConfig, Graph, Observer, Pace, Proxies},
        journal::{Journal, JournalPlace, RunIdentity},
        redact::Redactor,
        sandbox::Sandbox,
    };

    struct Silent;

    impl Observer for Silent {
        fn observe(&self, _: &CallEvent) {}
    }

    /// Onboards one app against a sandbox, where a request may take so long: what came of it, and whether it was
    /// read back.
    pub async fn onboard(
        sandbox: &Sandbox,
        place: JournalPlace,
        app: &str,
        request: Duration,
        pauses: Pauses,
    ) -> Result<(Outcome, bool), Kind> {
        let redactor = Redactor::default();
        let who = RunIdentity {
            run_id: "run".into(),
            operator: "tester".into(),
            version: "0".into(),
            profile: "default".into(),
            host: "sandbox".into(),
        };
        let (journal, _) = Journal::open(place, who, redactor.clone()).map_err(|_| Kind::Io)?;
        let store = RowStore::Journal(journal);
        let engine = against(sandbox, store, redactor, request, pauses)?;
        match engine.one(&job(app)?).await {
            Ok(made) => Ok((made.outcome, made.verified)),
            Err(error) => Err(error.kind()),
        }
    }

    /// A plan of these apps that asks no owner's side any more: whether each would be created, and what was looked at.
    pub async fn late_plan(
        sandbox: &Sandbox,
        apps: &[String],
    ) -> Result<(Vec<bool>, String), Kind> {
        let store = RowStore::Rows(Arc::default());
        let request = Pace::default().request;
        let engine = against(
            sandbox,
            store,
            Redactor::default(),
            request,
            Pauses::default(),
        )?;
        let jobs: Vec<Job> = apps.iter().map(|app| job(app)).collect::<Result<_, _>>()?;
        engine.look_for_all(&jobs).await;
        let mut creates = Vec::new();
        for job in &jobs {
            let planned = engine.plan(job, Duration::ZERO).await;
            let planned = planned.map_err(|error| error.kind())?;
            creates.push(matches!(planned, Planned::Create));
        }
        Ok((creates, engine.survey.in_words()))
    }

    fn job(app: &str) -> Result<Job, Kind> {
        Ok(Job {
            app: App {
                id: app.parse().map_err(|_| Kind::Usage)?,
                name: "Lucky Shrub".into(),
                link: None,
            },
            name: "Lucky Shrub + us".into(),
        })
    }

    fn against(
        sandbox: &Sandbox,
        store: RowStore,
        redactor: Redactor,
        request: Duration,
        pauses: Pauses,
    ) -> Result<Engine, Kind> {
        let graph = Graph::new(ClientConfig {
            stop: None,
            base: sandbox.url().parse().map_err(|_| Kind::Usage)?,
            version: ApiVersion::default(),
            ca_file: None,
            proxies: Proxies::default(),
            app_secret: None,
            redactor,
            wait_quota: None,
            observer: Arc::new(Silent),
            pace: Pace {
                request,
                ..Pace::default()
            },
        });
        let (_stopper, stop) = stop::pair();
        let tools = Tools {
            graph: graph.map_err(|error| error.kind())?,
            store,
            partner: sandbox.partner_app_id().clone(),
            user: Some(sandbox.user_token().clone()),
            system: Some(sandbox.system_token().clone()),
            policy: Policy {
                pauses,
                ..Policy::default()
            },
            actor: Actor::default(),
            stop,
            tell: Arc::new(|_| {}),
            survey: Survey::default(),
        };
        Ok(Engine::new(tools, 8))
    }
}

/// The variables.
pub mod env {
    pub use crate::env::{ALL, secret_names};
}

/// The codes.
pub mod exit {
    pub use crate::exit::{Exit, Kind};
}

/// The version that is asked for where nobody chooses one.
pub const API_VERSION: &str = crate::graph::default_version!();

/// What a journal holds, and what another day would have written into it.
pub mod journal {
    use std::path::Path;

    pub use crate::journal::{Entry, HistoryRecord, JournalPlace, State};
    use crate::{
        journal::{DatabaseAddress, Error, HistoryFilter, Journal, RunIdentity},
        redact::Redactor,
        secret::Secret,
    };

    /// The journal of a state directory, or of a database where one is named; none for what is no address.
    pub fn place(state_dir: &Path, database: Option<&str>) -> Option<JournalPlace> {
        let address = database.map(|url| DatabaseAddress::parse(&Secret::parse(url).ok()?).ok());
        Some(match address {
            Some(address) => JournalPlace::in_database(state_dir, Some(address?)),
            None => state_dir.into(),
        })
    }

    /// The rows of a journal; none where there is no journal.
    pub fn rows(place: impl Into<JournalPlace>) -> Result<Vec<Entry>, Error> {
        let Some(reader) = Journal::open_read_only(place)? else {
            return Ok(Vec::new());
        };
        let rows = reader.entries(None)?;
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    /// Its events, the newest first.
    pub fn records(place: impl Into<JournalPlace>) -> Result<Vec<HistoryRecord>, Error> {
        match Journal::open_read_only(place)? {
            Some(reader) => reader.history(HistoryFilter::default()).collect(),
            None => Ok(Vec::new()),
        }
    }

    /// Writes a row, in the name of a run against this host.
    pub async fn put(
        place: impl Into<JournalPlace>,
        host: String,
        row: Entry,
    ) -> Result<(), Error> {
        let who = RunIdentity {
            run_id: "test".into(),
            operator: "test".into(),
            version: "0".into(),
            profile: "default".into(),
            host,
        };
        let (journal, _) = Journal::open(place, who, Redactor::default())?;
        journal.put(row, None).await
    }
}

/// The sandbox.
pub mod sandbox {
    pub use crate::sandbox::{
        ApiShape, Dialog, Fault, Faults, Operation, Rule, Sandbox, SandboxConfig, TokenKind,
    };
}

/// Secrets.
pub mod secret {
    pub use crate::secret::Secret;
}
