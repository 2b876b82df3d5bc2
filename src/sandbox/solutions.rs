//! Solutions: made, listed, read, and moved from state to state (graph-api.md, 7.1 and 7.4).
//!
//! The one decision: like Meta, create protects from nothing. Two POSTs make two solutions, whatever
//! their names; that is what mps must be safe against.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{
    error::{Error, Result},
    fields::{self, RequestedField},
    page,
    records::{SolutionState, StoredSolution},
    store::{SandboxState, place},
    wire::Request,
};

/// What both sides may do in any case, as the guide's sample answer shows.
const DEFAULT_PERMISSIONS: [&str; 9] = [
    "DEVELOP",
    "MANAGE",
    "MANAGE_EXTENSIONS",
    "MANAGE_PHONE",
    "MANAGE_PHONE_ASSETS",
    "MANAGE_TEMPLATES",
    "VIEW_COST",
    "VIEW_PHONE_ASSETS",
    "VIEW_TEMPLATES",
];

impl SandboxState {
    /// `POST /<APP_ID>/whatsapp_business_solution`
    pub(super) fn create(&mut self, request: &Request, owner: &str) -> Result<Value> {
        let token = self.manager(request)?;
        if !token.acts_for(owner) {
            return Err(Error::not_found("POST", owner));
        }
        let name = request
            .param("solution_name")
            .ok_or_else(|| Error::parameter("(#100) The parameter solution_name is required"))?;
        if !(2..=75).contains(&name.chars().count()) {
            return Err(Error::parameter(
                "(#100) Param solution_name must be between 2 and 75 characters long.",
            )
            .user(
                "Invalid solution name",
                "Choose a name of 2 to 75 characters.",
            ));
        }
        let partner = request
            .param("partner_app_id")
            .ok_or_else(|| Error::parameter("(#100) The parameter partner_app_id is required"))?;
        if self.app(&partner).is_none() || partner == owner {
            return Err(Error::parameter(
                "Invalid parameter value for partner_app_id",
            ));
        }
        let owner_permissions = permissions(request, "owner_permissions")?;
        let partner_permissions = permissions(request, "partner_permissions")?;
        let sides = [&owner_permissions, &partner_permissions];
        let sending = sides.iter().filter(|side| sends(side)).count();
        if sending == 0 || (sending == 2 && self.faults.one_side_messaging) {
            return Err(Error::messaging_refused());
        }
        let faults = &self.faults;
        let reads = faults.read_lag;
        let lags = [faults.listing_lag, faults.owner_lag, faults.partner_lag];
        // Every listing counts down before it shows, so one more than the listings that pass it over.
        let [listings, owner_s, partner_s] = lags.map(|lag| if lag == 0 { 0 } else { lag + 1 });
        let solution = self.push(owner, &partner, &name, "INITIATED");
        solution.owner_permissions = owner_permissions;
        solution.partner_permissions = partner_permissions;
        solution.stale_reads = reads;
        solution.stale_listings = listings;
        solution.stale_sides = [owner_s, partner_s];
        Ok(json!({"solution_id": solution.id}))
    }

    /// `GET /<APP_ID>/whatsapp_business_solutions`
    pub(super) fn list(&mut self, request: &Request, app: &str) -> Result<Value> {
        let token = self.manager(request)?;
        if self.app(app).is_none() {
            return Err(Error::not_found("GET", app));
        }
        if !token.acts_for(app) {
            return Err(Error::new(
                10,
                "(#10) Application does not have permission for this action",
            ));
        }
        let role = request.query("role");
        if let Some(odd) = role.filter(|role| !matches!(*role, "OWNER" | "PARTNER")) {
            return Err(Error::parameter(format!(
                "(#100) Param role must be one of {{OWNER, PARTNER}} - got \"{odd}\""
            )));
        }
        let asked = self.asked(request)?;
        let first_page = request.query("after").or(request.query("before")).is_none();
        if first_page {
            self.list_once_more(app, role);
        }
        let mine = self.around(app, role, request);
        let (page, paging) = page::cut(&mine, |solution| &solution.id, request)?;
        let data = page
            .iter()
            .map(|solution| {
                let shown = solution
                    .before
                    .as_ref()
                    .filter(|_| solution.stale_reads > 0);
                let node = self.node(solution, shown.unwrap_or(&solution.now));
                fields::select(&fields::SOLUTION, &node, &asked)
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(match paging {
            Some(paging) => json!({"data": data, "paging": paging}),
            None => json!({ "data": data }),
        })
    }

    /// Counts down the listings that pass a solution over.
    fn list_once_more(&mut self, app: &str, role: Option<&str>) {
        for place in self.solutions.places_of(app).to_vec() {
            let solution = &mut self.solutions[place];
            if plays(solution, app, role) {
                let side = side_of(solution, app);
                solution.stale_listings = solution.stale_listings.saturating_sub(1);
                solution.stale_sides[side] = solution.stale_sides[side].saturating_sub(1);
            }
        }
    }

    /// What of an app's side, the newest first, decides on the page that is asked for.
    fn around(&self, app: &str, role: Option<&str>, request: &Request) -> Vec<&StoredSolution> {
        let places = self.solutions.places_of(app);
        let from_behind = |at: usize| places.len() - 1 - at;
        let at = |id: &str| places.binary_search(&place(id)?).ok().map(from_behind);
        let shown = |at: usize| {
            let solution = &self.solutions[places[from_behind(at)]];
            let listed = solution.stale_listings == 0
                && solution.stale_sides[side_of(solution, app)] == 0
                && plays(solution, app, role);
            listed.then_some(solution)
        };
        page::around(places.len(), at, shown, request)
    }

    /// `GET /<SOLUTION_ID>`
    pub(super) fn read(&mut self, request: &Request, id: &str) -> Result<Value> {
        let asked = self.asked(request)?;
        let standing = self.shown(request, id)?;
        let solution = self
            .solution(id)
            .ok_or_else(|| Error::not_found("GET", id))?;
        fields::select(&fields::SOLUTION, &self.node(solution, &standing), &asked)
    }

    /// `GET /<SOLUTION_ID>/partners`
    pub(super) fn partners(&mut self, request: &Request, id: &str) -> Result<Value> {
        let asked = fields::parse(request.query("fields").unwrap_or_default())?;
        let standing = self.shown(request, id)?;
        let solution = self
            .solution(id)
            .ok_or_else(|| Error::not_found("GET", id))?;
        let mut edge = self.node(solution, &standing)["partners"].take();
        edge["data"][0] = fields::select(&fields::PARTNER, &edge["data"][0], &asked)?;
        Ok(edge)
    }

    /// The fields that were asked for; `partners` may be hidden.
    fn asked(&self, request: &Request) -> Result<Vec<RequestedField>> {
        let asked = fields::parse(request.query("fields").unwrap_or_default())?;
        if self.faults.hide_partners && asked.iter().any(|field| field.is("partners")) {
            return Err(Error::parameter(
                "(#100) Tried accessing nonexisting field (partners) on node type \
                 (WhatsAppBusinessSolution)",
            ));
        }
        Ok(asked)
    }

    /// How a read shows a solution; counts the reads that lag.
    fn shown(&mut self, request: &Request, id: &str) -> Result<SolutionState> {
        let token = self.manager(request)?;
        let unseen = || Error::not_found("GET", id);
        let solution = self.solution_mut(id).ok_or_else(unseen)?;
        if !token.acts_for(&solution.owner) && !token.acts_for(&solution.partner) {
            return Err(unseen());
        }
        if solution.stale_reads == 0 {
            return Ok(solution.now.clone());
        }
        solution.stale_reads -= 1;
        solution.before.clone().ok_or_else(unseen)
    }

    /// The whole node.
    pub(super) fn node(&self, solution: &StoredSolution, standing: &SolutionState) -> Value {
        let app = |id: &str| {
            self.app(id)
                .map_or_else(|| json!({"id": id}), super::records::StoredApp::json)
        };
        let cursor = STANDARD.encode(&solution.partner_node);
        json!({
            "id": solution.id, "name": solution.name,
            "status": standing.status, "status_for_pending_request": standing.pending,
            "owner_app": app(&solution.owner),
            "owner_permissions": all_permissions(&solution.owner_permissions),
            "partners": {
                "data": [{
                    "id": solution.partner_node, "status": standing.partner_status,
                    "partner_app": app(&solution.partner),
                    "partner_permissions": all_permissions(&solution.partner_permissions),
                }],
                "paging": {"cursors": {"before": cursor, "after": cursor}},
            },
        })
    }
}

/// The place of an app's side: the owner's, then the partner's.
fn side_of(solution: &StoredSolution, app: &str) -> usize {
    usize::from(solution.owner != app)
}

/// Whether an app has this role in a solution; no role means either.
fn plays(solution: &StoredSolution, app: &str, role: Option<&str>) -> bool {
    (solution.owner == app && role != Some("PARTNER"))
        || (solution.partner == app && role != Some("OWNER"))
}

/// A list of permissions from the body: JSON array, or an array as text in a form.
fn permissions(request: &Request, name: &str) -> Result<Vec<String>> {
    let wrong = || Error::parameter(format!("(#100) Param {name} must be an array."));
    let value = match request.body.get(name) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::String(text)) => serde_json::from_str(text).map_err(|_| wrong())?,
        Some(value) => value.clone(),
    };
    let items: Vec<String> = serde_json::from_value(value).map_err(|_| wrong())?;
    match items
        .iter()
        .find(|item| *item != "MESSAGING" && !DEFAULT_PERMISSIONS.contains(&item.as_str()))
    {
        None => Ok(items),
        Some(odd) => Err(Error::parameter(format!(
            "(#100) Param {name}[0] must be one of {{{}, MESSAGING}} - got \"{odd}\".",
            DEFAULT_PERMISSIONS.join(", ")
        ))),
    }
}

/// Whether a side may send messages.
fn sends(side: &[String]) -> bool {
    side.iter().any(|permission| permission == "MESSAGING")
}

/// What a side reads back: the default permissions, and MESSAGING where it was asked for.
fn all_permissions(asked: &[String]) -> Vec<&str> {
    let mut all = DEFAULT_PERMISSIONS.to_vec();
    if sends(asked) {
        all.push("MESSAGING");
    }
    all
}
