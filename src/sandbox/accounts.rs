//! Clients' WhatsApp Business accounts, as those who onboarded them see them (graph-api.md, 7.8).
//!
//! The one decision: none is stored. Each ACTIVE solution with our app has onboarded one account, whose id follows from the
//! solution's place; beside them is one that was shared with us without a solution.

use serde_json::{Value, json};

use super::{
    error::{Error, Result},
    fields, page,
    records::{OWNER_BUSINESS_ID, PARTNER_APP_ID, PARTNER_BUSINESS_ID, StoredSolution},
    store::SandboxState,
    wire::Request,
};

/// The account without a solution; those of solutions stand behind it.
const FIRST: u64 = 102_290_129_340_398;
const STEP: u64 = 7_013;

/// The solution that onboarded an account, by their places.
fn onboarded_with<'a>(id: &str, solutions: &'a [StoredSolution]) -> Option<&'a StoredSolution> {
    let distance = id.parse::<u64>().ok()?.checked_sub(FIRST)?;
    let place = usize::try_from(distance / STEP).ok()?.checked_sub(1)?;
    let solution = solutions.get(place).filter(|it| onboards(it))?;
    distance.is_multiple_of(STEP).then_some(solution)
}

fn onboards(solution: &StoredSolution) -> bool {
    solution.now.status == "ACTIVE" && solution.partner == PARTNER_APP_ID
}

impl SandboxState {
    /// `GET /<BUSINESS>/client_whatsapp_business_accounts`
    pub(super) fn client_accounts(&self, request: &Request, business: &str) -> Result<Value> {
        let token = self.manager(request)?;
        if business != PARTNER_BUSINESS_ID || !token.acts_for(PARTNER_APP_ID) {
            return Err(Error::not_found("GET", business));
        }
        let asked = fields::parse(request.query("fields").unwrap_or_default())?;
        let wanted = request.query("filtering").map(partners_in).transpose()?;
        let through_owner =
            |wanted: &[String]| wanted.iter().all(|business| business == OWNER_BUSINESS_ID);
        let account = |place: usize, name: String| {
            json!({"id": (FIRST + STEP * place as u64).to_string(), "name": name, "timezone_id": "1",
                "message_template_namespace": format!("sandbox_{place}")})
        };
        let mut all: Vec<(String, Value)> = Vec::new();
        let mut put =
            |node: Value| all.push((node["id"].as_str().unwrap_or_default().into(), node));
        if wanted.is_none() {
            put(account(0, "Old Number".to_owned()));
        }
        if wanted.as_deref().is_none_or(through_owner) {
            for (place, solution) in self.solutions.iter().enumerate() {
                if onboards(solution) {
                    put(account(place + 1, format!("Client of {}", solution.name)));
                }
            }
        }
        let (page, paging) = page::cut(&all, |(id, _)| id, request)?;
        let data = page
            .iter()
            .map(|(_, node)| fields::select(&fields::ACCOUNT, node, &asked));
        let mut answer = json!({ "data": data.collect::<Result<Vec<_>>>()? });
        if let Some(paging) = paging {
            answer["paging"] = paging;
        }
        Ok(answer)
    }

    /// `GET /<WABA>/solutions`
    pub(super) fn account_solutions(&self, request: &Request, account: &str) -> Result<Value> {
        self.manager(request)?;
        let asked = fields::parse(request.query("fields").unwrap_or_default())?;
        let solution = onboarded_with(account, &self.solutions);
        if solution.is_none() && account != FIRST.to_string() {
            return Err(Error::not_found("GET", account));
        }
        let data = solution.iter().map(|solution| {
            let node = self.node(solution, &solution.now);
            fields::select(&fields::SOLUTION, &node, &asked)
        });
        Ok(json!({ "data": data.collect::<Result<Vec<_>>>()? }))
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
