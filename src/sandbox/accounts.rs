//! Clients' WhatsApp Business accounts, as those who onboarded them see them (graph-api.md, 7.8).
//!
//! The one decision: each ACTIVE solution with our app has one account from the start, whose id follows from the solution's
//! place, so that a fresh sandbox has clients without anybody's signing up; beside them is one that was shared with us without
//! a solution. Those who came by Embedded Signup are stored, and so is where an account has moved.

use serde_json::{Value, json};

use super::{
    error::{Error, Result},
    faults::TokenKind,
    fields, page,
    records::{
        BUSINESS_ID, ClientsAccount, OWNER_BUSINESS_ID, PARTNER_APP_ID, PARTNER_BUSINESS_ID,
        StoredSolution, StoredToken,
    },
    store::{ApiShape, SandboxState},
    wire::Request,
};

/// The account without a solution; those of solutions stand behind it.
const FIRST: u64 = 102_290_129_340_398;
const STEP: u64 = 7_013;
/// The first account, portfolio and number of a client who signed up.
const FIRST_SIGNED_UP: u64 = 143_580_120_004_811;
const FIRST_BUSINESS: u64 = 610_240_007_003_159;
const FIRST_NUMBER: u64 = 106_540_352_242_922;

fn onboards(solution: &StoredSolution) -> bool {
    solution.now.status == "ACTIVE" && solution.partner == PARTNER_APP_ID
}

impl SandboxState {
    /// All accounts, those from the start first.
    pub(super) fn accounts(&self) -> Vec<ClientsAccount> {
        let from_the_start = |place: usize, name: String, solution: Option<String>| {
            let place = place as u64;
            ClientsAccount {
                id: (FIRST + STEP * place).to_string(),
                name,
                business: BUSINESS_ID.to_owned(),
                number: (FIRST_NUMBER - 1 - place).to_string(),
                solution,
                code: None,
            }
        };
        let mut all = vec![from_the_start(0, "Old Number".to_owned(), None)];
        for (place, solution) in self.solutions.iter().enumerate() {
            if onboards(solution) {
                let name = format!("Client of {}", solution.name);
                all.push(from_the_start(place + 1, name, Some(solution.id.clone())));
            }
        }
        all.extend(self.signed_up.iter().cloned());
        for account in &mut all {
            if let Some(moved) = self.moved.get(&account.id) {
                account.solution.clone_from(moved);
            }
        }
        all
    }

    pub(super) fn account(&self, id: &str) -> Option<ClientsAccount> {
        self.accounts().into_iter().find(|account| account.id == id)
    }

    /// A new account, under a solution.
    pub(super) fn add_account(&mut self, name: &str, solution: &str) -> &mut ClientsAccount {
        let n = self.signed_up.len() as u64;
        self.signed_up.push(ClientsAccount {
            id: (FIRST_SIGNED_UP + n * STEP).to_string(),
            name: name.to_owned(),
            business: (FIRST_BUSINESS + n * STEP).to_string(),
            number: (FIRST_NUMBER + n * STEP).to_string(),
            solution: Some(solution.to_owned()),
            code: None,
        });
        let last = self.signed_up.len() - 1;
        &mut self.signed_up[last]
    }

    /// Whether a client's portfolio has shared an account with those of this solution.
    pub(super) fn has_shared(&self, business: &str, solution: &str) -> bool {
        let came = |account: &ClientsAccount| {
            account.business == business && account.solution.as_deref() == Some(solution)
        };
        business == BUSINESS_ID || self.accounts().iter().any(came)
    }

    /// `GET /<SOLUTION_ID>/access_token`
    pub(super) fn business_token(&mut self, request: &Request, id: &str) -> Result<Value> {
        let token = self.manager(request)?;
        let solution = self
            .solution(id)
            .ok_or_else(|| Error::not_found("GET", id))?;
        if !token.acts_for(&solution.partner) && !token.acts_for(&solution.owner) {
            return Err(Error::not_found("GET", id));
        }
        let business = request
            .query("business_id")
            .ok_or_else(|| Error::parameter("(#100) The parameter business_id is required"))?;
        if solution.now.status != "ACTIVE" {
            return Err(Error::parameter(format!(
                "(#100) Solution is not ACTIVE. Current status: {}",
                solution.now.status
            )));
        }
        if !self.has_shared(business, id) {
            return match self.shape {
                ApiShape::Guide => Ok(json!({"data": []})),
                ApiShape::OpenApi => Err(Error::parameter(
                    "The specified business has not shared a WABA with this Multi-Partner Solution",
                )),
            };
        }
        let app = if token.acts_for(&solution.partner) {
            solution.partner.clone()
        } else {
            solution.owner.clone()
        };
        let text = self.business_token_of(business, id, &app);
        Ok(match self.shape {
            ApiShape::Guide => json!({"data": [{"access_token": text}]}),
            ApiShape::OpenApi => {
                json!({"access_token": text, "expires_at": request.now + 60 * 24 * 3600})
            }
        })
    }

    /// `GET /<BUSINESS>/client_whatsapp_business_accounts`
    pub(super) fn client_accounts(&self, request: &Request, business: &str) -> Result<Value> {
        let token = self.manager(request)?;
        if business != PARTNER_BUSINESS_ID || !token.acts_for(PARTNER_APP_ID) {
            return Err(Error::not_found("GET", business));
        }
        let asked = fields::parse(request.query("fields").unwrap_or_default())?;
        let wanted = request.query("filtering").map(partners_in).transpose()?;
        let through = |account: &ClientsAccount, wanted: &[String]| {
            account.solution.is_some() && wanted.iter().all(|other| other == OWNER_BUSINESS_ID)
        };
        let mut all = self.accounts();
        all.retain(|account| {
            wanted
                .as_deref()
                .is_none_or(|wanted| through(account, wanted))
        });
        let (page, paging) = page::cut(&all, |account| &account.id, request)?;
        let data = page.iter().map(|account| {
            let node = json!({"id": account.id, "name": account.name, "timezone_id": "1",
                "business_type": "", "message_template_namespace": format!("sandbox_{}", account.id)});
            fields::select(&fields::ACCOUNT, &node, &asked)
        });
        let mut answer = json!({ "data": data.collect::<Result<Vec<_>>>()? });
        if let Some(paging) = paging {
            answer["paging"] = paging;
        }
        Ok(answer)
    }

    /// `GET /<WABA>/solutions`
    pub(super) fn account_solutions(&self, request: &Request, id: &str) -> Result<Value> {
        let token = self.holder(request)?;
        let asked = fields::parse(request.query("fields").unwrap_or_default())?;
        let account = self.account(id);
        let account = account.filter(|account| Self::sees(&token, account));
        let account = account.ok_or_else(|| Error::not_found("GET", id))?;
        let solution = account.solution.and_then(|id| self.solution(&id).cloned());
        let all: Vec<StoredSolution> = solution.into_iter().collect();
        let (page, paging) = page::cut(&all, |solution| &solution.id, request)?;
        let data = page.iter().map(|solution| {
            let node = self.node(solution, &solution.now);
            fields::select(&fields::SOLUTION, &node, &asked)
        });
        let mut answer = json!({ "data": data.collect::<Result<Vec<_>>>()? });
        if let Some(paging) = paging {
            answer["paging"] = paging;
        }
        Ok(answer)
    }

    /// Whether a token may look at an account: a business token at its own client's, any other with the permission.
    fn sees(token: &StoredToken, account: &ClientsAccount) -> bool {
        match token.kind {
            TokenKind::Business => token.user_id == account.business,
            _ => token.manages(),
        }
    }
}

/// The companies of `[{"field":"partners","operator":"ALL","value":[…]}]`.
fn partners_in(filtering: &str) -> Result<Vec<String>> {
    let wrong = || Error::parameter("(#100) Param filtering must be an array of filters");
    let filters: Value = serde_json::from_str(filtering).map_err(|_| wrong())?;
    let filter = &filters[0];
    if filter["field"] != "partners" || filter["operator"] != "ALL" {
        return Err(wrong());
    }
    serde_json::from_value(filter["value"].clone()).map_err(|_| wrong())
}
