//! How a client's account moves from solution to solution (graph-api.md, 7.8, rows 8 to 11).
//!
//! The one decision: an intent changes nothing by itself. It waits until somebody plays the client, on the sandbox's own page,
//! and says yes or no.

use serde_json::{Value, json};

use super::{
    error::{Error, Result},
    faults::TokenKind,
    fields,
    records::{ClientsAccount, MigrationIntent, PARTNER_APP_ID, StoredToken},
    store::SandboxState,
    wire::Request,
};

const FIRST_INTENT: u64 = 871_206_543_210_077;
const STEP: u64 = 3_001;

/// The account is asked to move already.
fn moving() -> Error {
    Error::new(
        2_593_079,
        "(#2593079) This WhatsApp Business Account is already marked for migration to another solution.",
    )
}

/// The account cannot be asked.
fn not_eligible() -> Error {
    Error::new(
        2_593_085,
        "(#2593085) This WhatsApp Business Account is not eligible for migration.",
    )
}

impl SandboxState {
    /// `POST /<WABA>/set_solution_migration_intent`
    pub(super) fn set_migration_intent(&mut self, request: &Request, id: &str) -> Result<Value> {
        let token = self.business(request)?;
        let account = self.account(id);
        let account = account.filter(|account| account.business == token.user_id);
        let account = account.ok_or_else(|| Error::not_found("POST", id))?;
        let solution = match (request.param("solution_id"), request.param("app_id")) {
            (Some(solution), None) => {
                self.may_move(&token, &account, &solution)?;
                Some(solution)
            }
            (None, Some(app)) if app == token.app_id && account.solution.is_some() => None,
            (None, Some(_)) => return Err(not_eligible()),
            _ => {
                return Err(Error::parameter(
                    "(#100) One of the parameters solution_id and app_id is required",
                ));
            }
        };
        let open = |intent: &MigrationIntent| intent.account == id && intent.status == "PENDING";
        if self.intents.iter().any(open) {
            return Err(moving());
        }
        let intent = (FIRST_INTENT + self.intents.len() as u64 * STEP).to_string();
        self.intents.push(MigrationIntent {
            id: intent.clone(),
            account: id.to_owned(),
            solution,
            asked_by: token.app_id,
            status: "PENDING".to_owned(),
            arrived: None,
        });
        Ok(json!({ "id": intent }))
    }

    /// Whether the app of a business token may ask this account into that solution.
    fn may_move(&self, token: &StoredToken, account: &ClientsAccount, to: &str) -> Result<()> {
        let destination = self
            .solution(to)
            .ok_or_else(|| Error::not_found("POST", to))?;
        if ![&destination.partner, &destination.owner].contains(&&token.app_id) {
            return Err(Error::not_found("POST", to));
        }
        let ours = token.app_id == PARTNER_APP_ID;
        let now = account.solution.as_deref().and_then(|id| self.solution(id));
        // We take in a client who is in no other active solution; the Tech Provider takes one from solution to solution.
        let free = now.is_none_or(|now| now.now.status != "ACTIVE");
        let fits = if ours { free } else { now.is_some() };
        if destination.now.status != "ACTIVE" || !fits || account.solution.as_deref() == Some(to) {
            return Err(not_eligible());
        }
        Ok(())
    }

    /// `GET /<INTENT>`
    pub(super) fn read_intent(&self, request: &Request, id: &str) -> Result<Value> {
        let token = self.business(request)?;
        let intent = self.intents.iter().find(|intent| intent.id == id);
        let intent = intent.filter(|intent| {
            self.account(&intent.account)
                .is_some_and(|account| account.business == token.user_id)
        });
        let intent = intent.ok_or_else(|| Error::not_found("GET", id))?;
        let solution = intent.solution.as_deref().and_then(|id| self.solution(id));
        let mut node = json!({"id": intent.id, "status": intent.status});
        if let Some(solution) = solution {
            node["solution"] = self.node(solution, &solution.now);
        }
        if let Some(account) = &intent.arrived {
            node["destination_waba"] = json!({"id": account});
        }
        let asked = fields::parse(request.query("fields").unwrap_or_default())?;
        fields::select(&fields::INTENT, &node, &asked)
    }

    /// The client's answer.
    pub(super) fn answer_intent(&mut self, id: &str, yes: bool) -> Result<()> {
        let waiting = |intent: &&mut MigrationIntent| intent.id == id && intent.status == "PENDING";
        let intent = self.intents.iter_mut().find(waiting);
        let intent = intent.ok_or_else(|| Error::not_found("POST", id))?;
        let word = if yes { "ACCEPTED" } else { "DECLINED" };
        word.clone_into(&mut intent.status);
        if !yes {
            return Ok(());
        }
        let intent = intent.clone();
        let arrived = match &intent.solution {
            // From the Tech Provider's solution into another a new account comes, and the old one stays.
            Some(solution) if intent.asked_by != PARTNER_APP_ID => {
                let old = self.account(&intent.account);
                let (name, business) =
                    old.map_or_else(Default::default, |old| (old.name, old.business));
                let new = self.add_account(&name, solution);
                new.business = business;
                new.id.clone()
            }
            to => {
                self.moved.insert(intent.account.clone(), to.clone());
                intent.account.clone()
            }
        };
        if let Some(stored) = self.intents.iter_mut().find(|stored| stored.id == id) {
            stored.arrived = Some(arrived);
        }
        Ok(())
    }

    /// The holder of a client's business token.
    fn business(&self, request: &Request) -> Result<StoredToken> {
        let token = self.holder(request)?;
        match token.kind {
            TokenKind::Business => Ok(token),
            _ => Err(Error::new(
                10,
                "(#10) This call must be made with the business token of the client",
            )),
        }
    }
}
