//! What the sandbox tells of itself: what there is, and what was called.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    records::{ClientsAccount, OTHER_APP_ID, PARTNER_APP_ID, StoredApp},
    store::SandboxState,
    switches,
};

/// The most that the page shows of anything.
const SHOWN: usize = 50;

impl SandboxState {
    /// All there is to know, for `GET /sandbox/state`.
    pub(super) fn report(&self) -> Value {
        let mut live: BTreeMap<&str, u64> =
            self.owner_apps().map(|app| (app.id.as_str(), 0)).collect();
        for solution in self.solutions.iter().filter(|solution| solution.is_live()) {
            if solution.partner == PARTNER_APP_ID {
                *live.entry(&solution.owner).or_default() += 1;
            }
        }
        let solutions: Vec<Value> = self
            .solutions
            .iter()
            .map(|solution| {
                json!({
                    "solution_id": solution.id, "solution_name": solution.name,
                    "status": solution.now.status, "pending": solution.now.pending,
                    "partner_status": solution.now.partner_status,
                    "owner_app_id": solution.owner, "partner_app_id": solution.partner,
                    "owner_permissions": solution.owner_permissions,
                    "partner_permissions": solution.partner_permissions,
                })
            })
            .collect();
        json!({
            "partner_app": self.apps[0].json(),
            "other_app": {"id": OTHER_APP_ID},
            "apps": self.owner_apps().map(StoredApp::json).collect::<Vec<_>>(),
            "solutions": solutions,
            "accounts": self.accounts().iter().map(ClientsAccount::json).collect::<Vec<_>>(),
            "intents": self.intents,
            "live": live,
            "calls": self.calls,
            "requests": self.requests,
            "tokens_in_query": self.tokens_in_query,
            "unversioned": self.unversioned,
            "over_the_limit": self.over_the_limit,
            "dialogs": self.dialogs,
        })
    }

    /// What the page of the other side shows: the newest of what can be many.
    pub(super) fn board(&self) -> Value {
        let name_of = |id: &str| self.app(id).map_or(id, |app| app.name.as_str()).to_owned();
        let newest = self.solutions.iter().rev().take(SHOWN);
        let solutions = newest.map(|solution| {
            json!({
                "solution_id": solution.id, "solution_name": solution.name,
                "status": solution.now.status, "pending": solution.now.pending,
                "owner": name_of(&solution.owner), "partner": name_of(&solution.partner),
                "moves": self.their_moves(solution),
            })
        });
        let accounts = self.accounts();
        let shown = accounts.iter().rev().take(SHOWN);
        let open = self
            .intents
            .iter()
            .filter(|intent| intent.status == "PENDING");
        let apps = self.owner_apps().take(SHOWN * 4);
        json!({
            "partner": self.partner_name(),
            "apps": apps.map(|app| json!({"id": app.id, "name": app.name})).collect::<Vec<_>>(),
            "solutions": solutions.collect::<Vec<_>>(),
            "more_solutions": self.solutions.len().saturating_sub(SHOWN),
            "accounts": shown.map(ClientsAccount::json).collect::<Vec<_>>(),
            "more_accounts": accounts.len().saturating_sub(SHOWN),
            "intents": open.collect::<Vec<_>>(),
            "switches": switches::shown(&self.faults),
            "rules": self.faults.rules.len(),
            "requests": self.requests,
            "over_the_limit": self.over_the_limit,
        })
    }
}
