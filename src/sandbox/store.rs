//! Everything the sandbox remembers while it runs, and what it can be asked about it.
//!
//! The one decision: one plain value behind one lock. It lives in memory and is fresh at every start;
//! what happened is in `report`, so a test asserts on it and not on logs.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde::Deserialize;

use super::{
    error::{Error, Result},
    faults::{Faults, Operation, TokenKind},
    records::{
        self, APP_SECRET, ClientsAccount, MANAGE, MigrationIntent, OTHER_APP_ID, OutgoingWebhook,
        PARTNER_APP_ID, SYSTEM_TOKEN, SYSTEM_USER_ID, SolutionState, StoredApp, StoredSolution,
        StoredSubscription, StoredToken, USER_ID, USER_TOKEN,
    },
    stored_solutions::StoredSolutions,
};

/// Which of Meta's documents the answers follow where the two differ (graph-api.md, 7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ApiShape {
    /// The Multi-Partner Solutions guide: `{"success":true}`, `data[0].access_token`.
    #[default]
    Guide,
    /// The OpenAPI file: rich objects, required bodies, no `/me/application_details`.
    OpenApi,
}

/// The first solution's id and its partner node's. Their distance is no multiple of [`STEP`], so no id is
/// ever both.
const FIRST_ID: u64 = 795_033_096_057_724;
const FIRST_NODE: u64 = 795_033_099_391_057;
/// From one solution to the next.
const STEP: u64 = 1_009;

/// Where a solution with this id stands, if there is one.
pub(super) fn place(id: &str) -> Option<usize> {
    let distance = id.parse::<u64>().ok()?.checked_sub(FIRST_ID)?;
    let place = usize::try_from(distance / STEP).ok()?;
    (distance % STEP == 0).then_some(place)
}

/// The sandbox's memory.
#[derive(Debug)]
pub(super) struct SandboxState {
    /// Our app first, then the Tech Provider's, then a third company's.
    pub(super) apps: Vec<StoredApp>,
    /// Every token ever made here.
    pub(super) tokens: Vec<StoredToken>,
    /// Every solution, oldest first.
    pub(super) solutions: StoredSolutions,
    /// What goes wrong.
    pub(super) faults: Faults,
    /// How many matching calls each rule has seen.
    pub(super) seen: Vec<u64>,
    /// How often each call was made.
    pub(super) calls: BTreeMap<Operation, u64>,
    /// Requests that carried a token in the query (`input_token` apart).
    pub(super) tokens_in_query: u64,
    /// Calls that were refused because they came too soon.
    pub(super) over_the_limit: u64,
    /// Requests without a version in the path.
    pub(super) unversioned: u64,
    /// Dialogs that were shown.
    pub(super) dialogs: u64,
    /// The answers' form.
    pub(super) shape: ApiShape,
    /// All requests so far; makes the trace ids.
    pub(super) requests: u64,
    /// Who is told of what changes.
    pub(super) subscription: Option<StoredSubscription>,
    /// How each solution stood when that was told.
    pub(super) told: Vec<String>,
    /// Webhooks that wait for the next one to go before them.
    pub(super) held: Vec<OutgoingWebhook>,
    /// Clients who came by Embedded Signup.
    pub(super) signed_up: Vec<ClientsAccount>,
    /// Where accounts have moved, each to a solution or out of all.
    pub(super) moved: BTreeMap<String, Option<String>>,
    /// What clients were asked.
    pub(super) intents: Vec<MigrationIntent>,
}

/// Solutions put there by a test, or a solution set to another status.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Seed {
    /// Set the status of this one instead of making any.
    solution_id: Option<String>,
    /// The owner; the Tech Provider's first app where it is not said.
    owner_app_id: Option<String>,
    /// The partner; ours where it is not said.
    partner_app_id: Option<String>,
    name: Option<String>,
    /// The status, any text.
    status: Option<String>,
    /// How many; their names are numbered.
    count: Option<usize>,
}

impl SandboxState {
    /// A fresh sandbox with `apps` apps of the Tech Provider.
    pub(super) fn new(apps: usize, partner_name: &str, shape: ApiShape, faults: Faults) -> Self {
        let app = |id: &str, name: &str, link: &str| StoredApp {
            id: id.to_owned(),
            name: name.to_owned(),
            link: link.to_owned(),
        };
        let mut all = vec![app(
            PARTNER_APP_ID,
            partner_name,
            "https://partner.example/",
        )];
        all.extend((0..apps).map(records::owner_app));
        all.push(app(
            OTHER_APP_ID,
            "Another Partner",
            "https://other.example/",
        ));
        let mut state = Self {
            apps: all,
            tokens: Vec::new(),
            solutions: StoredSolutions::default(),
            seen: Vec::new(),
            faults: Faults::default(),
            calls: BTreeMap::new(),
            tokens_in_query: 0,
            over_the_limit: 0,
            unversioned: 0,
            dialogs: 0,
            shape,
            requests: 0,
            subscription: None,
            told: Vec::new(),
            held: Vec::new(),
            signed_up: Vec::new(),
            moved: BTreeMap::new(),
            intents: Vec::new(),
        };
        state.set_faults(faults);
        let granted = state.owner_apps().map(|app| app.id.clone()).collect();
        state.add_token(USER_TOKEN, TokenKind::User, USER_ID, granted);
        let ours = BTreeSet::from([PARTNER_APP_ID.to_owned()]);
        state.add_token(SYSTEM_TOKEN, TokenKind::System, SYSTEM_USER_ID, ours);
        state
    }

    fn add_token(&mut self, text: &str, kind: TokenKind, user: &str, apps: BTreeSet<String>) {
        let extra = match kind {
            TokenKind::User => "public_profile",
            TokenKind::System | TokenKind::Business => "whatsapp_business_management",
        };
        self.tokens.push(StoredToken {
            text: text.to_owned(),
            kind,
            app_id: PARTNER_APP_ID.to_owned(),
            apps: Arc::new(apps),
            scopes: vec![MANAGE.to_owned(), extra.to_owned()],
            user_id: user.to_owned(),
            expired: false,
            ends_at: None,
            killed: false,
        });
    }

    /// The Tech Provider's apps.
    pub(super) fn owner_apps(&self) -> impl Iterator<Item = &StoredApp> {
        self.apps
            .iter()
            .filter(|app| app.id != PARTNER_APP_ID && app.id != OTHER_APP_ID)
    }

    /// Our app's name.
    pub(super) fn partner_name(&self) -> &str {
        &self.apps[0].name
    }

    /// An app by its id.
    pub(super) fn app(&self, id: &str) -> Option<&StoredApp> {
        self.apps.get(self.place_of(id)?)
    }

    /// Where an app stands.
    pub(super) fn place_of(&self, id: &str) -> Option<usize> {
        // Our own comes first, the third company's last.
        let numbered = records::place_of_app(id).map(|place| place + 1);
        let ends = [0, self.apps.len().saturating_sub(1)];
        let mut known = numbered.into_iter().chain(ends);
        known.find(|place| self.apps.get(*place).is_some_and(|app| app.id == id))
    }

    /// A solution by its id.
    pub(super) fn solution(&self, id: &str) -> Option<&StoredSolution> {
        self.solutions.get(place(id)?)
    }

    /// The same, to change it.
    pub(super) fn solution_mut(&mut self, id: &str) -> Option<&mut StoredSolution> {
        self.solutions.get_mut(place(id)?)
    }

    /// The secret of an app. Ours is known; the others' are as good as any.
    pub(super) fn secret_of(app: &str) -> String {
        if app == PARTNER_APP_ID {
            APP_SECRET.to_owned()
        } else {
            format!("{app:0>32}")
        }
    }

    /// New faults; the rules begin to count from here, and tokens that a rule has ended live again.
    pub(super) fn set_faults(&mut self, faults: Faults) {
        for token in &mut self.tokens {
            token.killed = false;
        }
        self.seen = vec![0; faults.rules.len()];
        self.faults = faults;
    }

    /// Puts a new solution at the end and says its id.
    pub(super) fn push(
        &mut self,
        owner: &str,
        partner: &str,
        name: &str,
        status: &str,
    ) -> &mut StoredSolution {
        let n = self.solutions.len() as u64;
        self.solutions.push(StoredSolution {
            id: (FIRST_ID + n * STEP).to_string(),
            partner_node: (FIRST_NODE + n * STEP).to_string(),
            name: name.to_owned(),
            owner: owner.to_owned(),
            partner: partner.to_owned(),
            owner_permissions: vec!["MESSAGING".to_owned()],
            partner_permissions: vec!["MESSAGING".to_owned()],
            now: SolutionState::of(status),
            before: None,
            stale_reads: 0,
            stale_listings: 0,
            stale_sides: [0, 0],
        });
        let last = self.solutions.len() - 1;
        &mut self.solutions[last]
    }

    /// Does what a test wishes; says the ids it touched.
    pub(super) fn seed(&mut self, seed: &Seed) -> Result<Vec<String>> {
        let status = seed.status.as_deref().unwrap_or("INITIATED");
        if let Some(id) = &seed.solution_id {
            let solution = self
                .solution_mut(id)
                .ok_or_else(|| Error::not_found("POST", id))?;
            solution.now = SolutionState::of(status);
            return Ok(vec![id.clone()]);
        }
        let first = self.owner_apps().next().map(|app| app.id.clone());
        let owner = seed
            .owner_app_id
            .clone()
            .or(first)
            .ok_or_else(|| Error::parameter("there is no app to own it"))?;
        let partner = seed.partner_app_id.as_deref().unwrap_or(PARTNER_APP_ID);
        let name = seed.name.as_deref().unwrap_or("A solution from before");
        Ok((0..seed.count.unwrap_or(1))
            .map(|n| {
                let name = match seed.count {
                    Some(_) => format!("{name} {}", n + 1),
                    None => name.to_owned(),
                };
                self.push(&owner, partner, &name, status).id.clone()
            })
            .collect())
    }
}
