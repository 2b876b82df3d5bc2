//! A sandbox and the operator in front of it, for walks that need Meta's conduct and not its exact requests.
//!
//! The one decision: each test has a sandbox and a home of its own, and asks the sandbox afterwards what was written;
//! what mps says about itself is never the proof.

use mps::testing::{
    journal::{self, JournalPlace},
    sandbox::{Faults, Rule, Sandbox, SandboxConfig},
};
use serde_json::{Value, json};

use crate::{
    once_world::database_for_all,
    support::{Home, Mps, Script, http},
};

/// The Tech Provider's apps in the sandbox, in the order of the listing.
pub(crate) const APPS: [&str; 3] = ["212022489970390", "212035860378507", "212049230786624"];
/// The first solutions that a sandbox makes.
pub(crate) const SOLUTIONS: [&str; 3] = ["795033096057724", "795033096058733", "795033096059742"];
/// Our app there.
pub(crate) const PARTNER: &str = "634974688087057";

/// The sandbox, and the operator's home.
pub(crate) struct Stage {
    pub(crate) sandbox: Sandbox,
    pub(crate) home: Home,
    database: Option<String>,
}

impl Stage {
    /// Three apps, no solution.
    pub(crate) fn new() -> Self {
        Self::with(SandboxConfig::default())
    }

    /// A sandbox of another kind.
    pub(crate) fn with(config: SandboxConfig) -> Self {
        Self {
            sandbox: Sandbox::start(config).expect("a free port"),
            home: Home::new(),
            database: database_for_all(),
        }
    }

    /// One solution of each of the first apps, in these statuses.
    pub(crate) fn of(statuses: &[&str]) -> Self {
        let stage = Self::new();
        for (app, status) in statuses.iter().enumerate() {
            stage.seed_status(app, status);
        }
        stage
    }

    /// Where the journal is.
    pub(crate) fn place(&self) -> JournalPlace {
        journal::place(&self.home.state(), self.database.as_deref()).expect("an address")
    }

    /// The variables that `mps sandbox` prints.
    pub(crate) fn vars(&self) -> Vec<(&'static str, String)> {
        let text = |secret: &mps::testing::secret::Secret| secret.expose().to_owned();
        let database = self.database.iter().cloned();
        let mut vars: Vec<_> = database.map(|url| ("MPS_JOURNAL", url)).collect();
        vars.extend([
            ("MPS_GRAPH_URL", self.sandbox.url().to_owned()),
            ("MPS_LOOK_PAUSES", "0,0,0".to_owned()),
            ("MPS_PARTNER_APP_ID", PARTNER.to_owned()),
            ("MPS_USER_TOKEN", text(self.sandbox.user_token().secret())),
            (
                "MPS_SYSTEM_TOKEN",
                text(self.sandbox.system_token().secret()),
            ),
            ("MPS_APP_SECRET", text(self.sandbox.app_secret().secret())),
        ]);
        vars
    }

    /// mps with all that it needs.
    pub(crate) fn mps<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Mps {
        Mps::at(&self.home).args(args).envs(self.vars())
    }

    /// mps without these variables.
    pub(crate) fn mps_without<'a>(
        &self,
        names: &[&str],
        args: impl IntoIterator<Item = &'a str>,
    ) -> Mps {
        let vars = self.vars().into_iter();
        Mps::at(&self.home)
            .args(args)
            .envs(vars.filter(|(name, _)| !names.contains(name)))
    }

    /// A script under the same variables.
    pub(crate) fn shell(&self, script: &str) -> Mps {
        let path = std::path::Path::new(env!("CARGO_BIN_EXE_mps"));
        let dir = path.parent().expect("its directory").display();
        Mps::program(&self.home, "/bin/sh")
            .args(["-c", script])
            .envs(self.vars())
            .env("PATH", format!("{dir}:/usr/bin:/bin"))
    }

    /// How often a call was made.
    pub(crate) fn calls(&self, name: &str) -> u64 {
        self.sandbox.state()["calls"][name].as_u64().unwrap_or(0)
    }

    /// How often anything was written.
    pub(crate) fn writes(&self) -> u64 {
        self.calls("create") + self.calls("accept")
    }

    /// How many requests came in all.
    pub(crate) fn requests(&self) -> u64 {
        self.sandbox.state()["requests"].as_u64().unwrap_or(0)
    }

    /// The status of every solution, oldest first.
    pub(crate) fn statuses(&self) -> Vec<String> {
        let state = self.sandbox.state();
        let solutions = state["solutions"].as_array().expect("solutions").iter();
        solutions
            .map(|solution| solution["status"].as_str().expect("a status").to_owned())
            .collect()
    }

    /// Puts a solution there, as the sandbox's own page tells it; gives its id.
    pub(crate) fn seed(&self, seed: &Value) -> String {
        let address = self.sandbox.url().trim_start_matches("http://").parse();
        let answer = http::request(
            address.expect("an address"),
            "POST",
            "/sandbox/solutions",
            &[("content-type", "application/json")],
            &seed.to_string(),
        );
        let id = answer.json()["solution_ids"][0].as_str().map(str::to_owned);
        id.unwrap_or_else(|| panic!("no solution was made: {}", answer.text()))
    }

    /// A solution of the n-th app with us, in this status.
    pub(crate) fn seed_status(&self, app: usize, status: &str) -> String {
        self.seed(&json!({"owner_app_id": APPS[app], "name": "From before", "status": status}))
    }

    /// What goes wrong from now on.
    pub(crate) fn rules(&self, rules: impl IntoIterator<Item = Rule>) {
        self.sandbox.set_faults(Faults {
            rules: rules.into_iter().collect(),
            ..Faults::default()
        });
    }
}

/// One app as Meta lists it.
pub(crate) fn app(id: &str, name: &str) -> Value {
    json!({"link": "https://lucky.example/", "name": name, "id": id})
}

/// A script that has answered what comes before any look: the permission, and the apps granted.
pub(crate) fn granted(token: &str, apps: &Value) -> Script {
    let permission = json!({"data": [{"permission": "manage_app_solution", "status": "granted"}]});
    Script::new()
        .on("GET", "/me/permissions")
        .token(token)
        .reply(200, permission)
        .on("GET", "/me/application_details")
        .token(token)
        .reply(200, json!({"data": apps}))
}

/// A solution as Meta shows it when all fields are asked for.
pub(crate) fn solution(id: &str, owner: &str, partner: &str, status: &str) -> Value {
    let pending = match status {
        "INITIATED" => "PENDING_ACTIVATION",
        _ => "NONE",
    };
    json!({
        "id": id, "name": "Lucky Shrub + Acme", "status": status, "status_for_pending_request": pending,
        "owner_app": app(owner, "Lucky Shrub"), "owner_permissions": ["MESSAGING"],
        "partners": {"data": [{
            "partner_app": app(partner, "Acme"), "partner_permissions": ["MESSAGING"], "status": "ACCEPTED", "id": "9",
        }]},
    })
}
