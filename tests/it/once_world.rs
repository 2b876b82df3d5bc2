//! A world for the tests of "exactly once": the sandbox, a home, and a gate between mps and the sandbox.
//!
//! The one decision: what counts is what the stand-in for Meta has seen (POSTs that reached it, live
//! solutions) and what the journal says, never what mps says of itself.

use std::net::SocketAddr;

use mps::testing::{
    journal::{self, Entry, HistoryRecord, JournalPlace},
    sandbox::{Faults, Sandbox, SandboxConfig},
};
use serde_json::{Value, json};

pub(crate) use crate::once_gate::Moment;
use crate::{
    once_gate::Gate,
    support::{API_VERSION, Home, Mps, PostgresServer, http},
};

/// A database for every world, where `MPS_TESTS_STORE=postgres` says so: the same tests over the other store.
pub(crate) fn database_for_all() -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment of the tests, not of mps"
    )]
    let store = std::env::var("MPS_TESTS_STORE").ok();
    if store.as_deref() != Some("postgres") {
        return None;
    }
    let server = PostgresServer::shared().expect("PostgreSQL is installed");
    Some(server.url(&server.database()))
}

/// Numbers that look random and are the same every time.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number below this one.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        // Marsaglia's xorshift64.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    /// One of these.
    pub(crate) fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// How the first line of a read by an id that begins so begins.
pub(crate) fn read_of(id: &str) -> String {
    format!("GET /{API_VERSION}/{id}")
}

/// The binary that was built with the tests, or the one that a long run is told.
#[expect(
    clippy::disallowed_methods,
    reason = "a variable of the tests, not of mps"
)]
fn binary(home: &Home) -> Mps {
    match std::env::var_os("MPS_TESTS_PROGRAM") {
        Some(program) => Mps::program(home, program),
        None => Mps::at(home),
    }
}

fn post(sandbox: SocketAddr, path: &str, body: &Value) -> Value {
    let headers = [("content-type", "application/json")];
    http::request(sandbox, "POST", path, &headers, &body.to_string()).json()
}

fn id_of(seeded: &Value) -> String {
    let id = seeded["solution_ids"][0].as_str();
    id.expect("an id").to_owned()
}

/// A stand-in for Meta with some apps of a Tech Provider, and a home for the runs against it.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) gate: Gate,
    pub(crate) home: Home,
    /// The database of the journal; none: a file of each state directory.
    pub(crate) database: Option<String>,
}

impl World {
    /// A fresh one; nothing goes wrong.
    pub(crate) fn of(apps: usize) -> Self {
        let config = SandboxConfig {
            apps,
            ..SandboxConfig::default()
        };
        let sandbox = Sandbox::start(config).expect("a free port");
        let gate = Gate::before(&sandbox);
        Self {
            sandbox,
            gate,
            home: Home::new(),
            database: database_for_all(),
        }
    }

    /// The same whose runs share a journal in this database.
    pub(crate) fn in_database(apps: usize, url: String) -> Self {
        Self {
            database: Some(url),
            ..Self::of(apps)
        }
    }

    /// The same whose journal is a file of each state directory, whatever the other tests have: for those that do something
    /// to the file, or let two journals meet.
    pub(crate) fn in_files(apps: usize) -> Self {
        Self {
            database: None,
            ..Self::of(apps)
        }
    }

    /// Where the journal of a home is.
    pub(crate) fn place(&self, home: &Home) -> JournalPlace {
        journal::place(&home.state(), self.database.as_deref()).expect("an address")
    }

    /// What goes wrong from here, as JSON.
    pub(crate) fn faults(&self, faults: Value) -> &Self {
        let faults: Faults =
            serde_json::from_value(faults).expect("faults as the sandbox reads them");
        self.sandbox.set_faults(faults);
        self
    }

    /// One rule about one kind of call.
    pub(crate) fn fault(&self, call: &str, fault: impl Into<Value>) -> &Self {
        self.faults(json!({"rules": [{"call": call, "fault": fault.into()}]}))
    }

    /// Puts a solution there, or sets the status of one; its id.
    pub(crate) fn seed(&self, seed: &Value) -> String {
        id_of(&self.post("/sandbox/solutions", seed))
    }

    /// The same for somebody who does it while a run is under way.
    pub(crate) fn seeding(&self, seed: Value) -> impl FnOnce() -> String + Send + 'static {
        let address = self.gate.sandbox;
        move || id_of(&post(address, "/sandbox/solutions", &seed))
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        post(self.gate.sandbox, path, body)
    }

    /// `mps` with everything that it needs to work here, and no pauses between looks.
    pub(crate) fn mps(&self, command: &str) -> Mps {
        self.at(&self.home, command)
    }

    /// The same in another home.
    pub(crate) fn at(&self, home: &Home, command: &str) -> Mps {
        self.told(binary(home)).args(command.split(' '))
    }

    /// Tells a run where Meta is, and which tokens there are.
    pub(crate) fn told(&self, mps: Mps) -> Mps {
        let sandbox = &self.sandbox;
        let mps = match &self.database {
            Some(url) => mps.env("MPS_JOURNAL", url),
            None => mps,
        };
        mps.env("MPS_GRAPH_URL", self.gate.url())
            .env("MPS_PARTNER_APP_ID", sandbox.partner_app_id().as_str())
            .env("MPS_USER_TOKEN", sandbox.user_token().secret().expose())
            .env("MPS_SYSTEM_TOKEN", sandbox.system_token().secret().expose())
            .env("MPS_LOOK_PAUSES", "0,0,0")
    }

    /// A user token for these apps only.
    pub(crate) fn grant(&self, apps: &[&str]) -> String {
        let answer = self.post("/sandbox/grant", &json!({ "apps": apps }));
        let token = answer.get("access_token").and_then(Value::as_str);
        token
            .unwrap_or_else(|| panic!("no token: {answer}"))
            .to_owned()
    }

    /// The host, as the journal knows it.
    pub(crate) fn host(&self) -> String {
        self.gate.address.to_string()
    }

    /// The ids of the Tech Provider's apps.
    pub(crate) fn apps(&self) -> Vec<String> {
        let state = self.sandbox.state();
        let apps = state["apps"].as_array().expect("apps");
        apps.iter()
            .map(|app| app["id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// What a run calls the solution of the n-th app where nobody says how.
    pub(crate) fn default_name(&self, app: usize) -> String {
        let app = &self.sandbox.state()["apps"][app]["name"];
        let partner = SandboxConfig::default().partner_name;
        format!("{} + {partner}", app.as_str().expect("a name"))
    }

    /// How often a call reached the sandbox.
    pub(crate) fn calls(&self, call: &str) -> u64 {
        self.sandbox.state()["calls"][call].as_u64().unwrap_or(0)
    }

    /// All solutions as `(owner app, status)`, the oldest first.
    pub(crate) fn solutions(&self) -> Vec<(String, String)> {
        let state = self.sandbox.state();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let all = state["solutions"].as_array().unwrap().iter();
        all.map(|solution| (text(&solution["owner_app_id"]), text(&solution["status"])))
            .collect()
    }

    /// The id of the n-th solution.
    pub(crate) fn id(&self, n: usize) -> String {
        let state = self.sandbox.state();
        state["solutions"][n]["solution_id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// The journal's rows.
    pub(crate) fn rows(&self) -> Vec<Entry> {
        journal::rows(self.place(&self.home)).expect("a journal that can be read")
    }

    /// The rows of another journal.
    pub(crate) fn rows_of(&self, home: &Home) -> Vec<Entry> {
        journal::rows(self.place(home)).expect("a journal that can be read")
    }

    /// The one row of the journal, its state as text.
    #[track_caller]
    pub(crate) fn row(&self) -> Entry {
        let mut rows = self.rows();
        assert_eq!(rows.len(), 1, "one row: {rows:?}");
        rows.remove(0)
    }

    /// The events as `call outcome`, the oldest first.
    pub(crate) fn events(&self) -> Vec<String> {
        let word =
            |record: HistoryRecord| format!("{} {}", record.event.call, record.event.outcome);
        self.records().into_iter().map(word).collect()
    }

    /// The events, the oldest first.
    pub(crate) fn records(&self) -> Vec<HistoryRecord> {
        let mut records =
            journal::records(self.place(&self.home)).expect("a journal that can be read");
        records.reverse();
        records
    }

    /// A quarter of an hour passes: what was sent without an answer is old enough to be decided on.
    pub(crate) fn age(&self) {
        self.age_of(&self.home);
    }

    /// The same for another journal.
    pub(crate) fn age_of(&self, home: &Home) {
        let now = jiff::Timestamp::now();
        self.shift(
            home,
            |at| at.min(now) - jiff::SignedDuration::from_mins(15),
            true,
        );
    }

    /// Our clock was a day ahead when the POSTs of the journal were sent. Meta's was not.
    pub(crate) fn clock_was_ahead(&self) {
        self.shift(
            &self.home,
            |at| at + jiff::SignedDuration::from_hours(24),
            false,
        );
    }

    /// From here our clock is a day ahead of what it was when the POSTs of the journal were sent. Meta's is not.
    pub(crate) fn clock_is_ahead(&self) {
        self.shift(
            &self.home,
            |at| at - jiff::SignedDuration::from_hours(24),
            false,
        );
    }

    fn shift(
        &self,
        home: &Home,
        shifted: impl Fn(jiff::Timestamp) -> jiff::Timestamp,
        metas: bool,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        for mut row in journal::rows(self.place(home)).expect("a journal that can be read") {
            for post in &mut row.posts {
                post.sent_at = shifted(post.sent_at);
                post.ended_at = post.ended_at.map(&shifted);
                if metas {
                    post.sent_at_meta = post.sent_at_meta.map(&shifted);
                    post.ended_at_meta = post.ended_at_meta.map(&shifted);
                }
            }
            let host = self.gate.address.to_string();
            let put = journal::put(self.place(home), host, row);
            runtime.block_on(put).unwrap();
        }
    }

    /// The promise: for every app exactly one solution, ACTIVE, and one row of the journal that is done.
    #[track_caller]
    pub(crate) fn is_whole(&self) {
        let apps = self.apps();
        let mut solutions = self.solutions();
        solutions.sort();
        let mut expected: Vec<_> = apps
            .iter()
            .map(|app| (app.clone(), "ACTIVE".to_owned()))
            .collect();
        expected.sort();
        assert_eq!(solutions, expected, "one ACTIVE solution per app");
        let mut rows: Vec<_> = self
            .rows()
            .into_iter()
            .map(|row| (row.key.owner.to_string(), row.state.to_string()))
            .collect();
        rows.sort();
        let mut expected: Vec<_> = apps
            .iter()
            .map(|app| (app.clone(), "accepted".to_owned()))
            .collect();
        expected.sort();
        assert_eq!(rows, expected, "one row per app");
    }
}
