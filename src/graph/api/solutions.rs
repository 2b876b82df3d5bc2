//! Solutions: listing, reading, and the writes that change them.
//!
//! The one decision: every write here is exactly one request. What may be sent again, and after which
//! look, is the engine's to decide; what is known about a failed one is in [`Error::sent`].

use futures_util::{StreamExt as _, TryStreamExt as _};
use serde_json::{Map, Value, json};

use super::{
    models::{Partner, Solution, SolutionNode, SolutionRole},
    page::{FallbackCall, LIMIT, RowStream},
};
use crate::{
    graph::{
        error::{Error, ErrorCause, failed},
        send::{
            call::{ApiCall, LeaveBy, OwnedToken, Token},
            perform::Graph,
        },
    },
    ids::{AccountId, AppId, SolutionId},
    secret::{SystemToken, UserToken},
};

/// All that we want to know of a solution.
const FIELDS: &str = "id,name,status,status_for_pending_request,owner_app,owner_permissions,\
                      partners{partner_app,partner_permissions,status}";

/// The same without what Meta's OpenAPI file does not know (graph-api.md, 7.1).
const FEWER_FIELDS: &str = "id,name,status,status_for_pending_request,owner_app,owner_permissions";

/// What a partner is.
const PARTNER_FIELDS: &str = "partner_app,partner_permissions,status";

/// What create sends, exactly the guide's fields.
#[derive(Debug, Clone, Copy)]
pub struct NewSolution<'a> {
    /// 2 to 75 characters.
    pub name: &'a str,
    /// Our app.
    pub partner: &'a AppId,
    /// What the Tech Provider's app may do: `["MESSAGING"]` or nothing.
    pub owner_permissions: &'a [&'a str],
    /// What our app may do.
    pub partner_permissions: &'a [&'a str],
}

/// A solution that Meta made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    pub id: SolutionId,
    /// Meta's id of the request, for the journal.
    pub fbtrace: Option<String>,
}

/// A write that Meta confirmed. The object is to be read again all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Meta's id of the request, for the journal.
    pub fbtrace: Option<String>,
}

/// Whether Meta refused the list of fields.
fn fields_refused(error: &Error) -> bool {
    error.code() == Some(100) && !error.is_about_proof() && !error.is_not_visible()
}

/// The call with all fields, and the one with fewer.
fn with_fields(call: &ApiCall) -> (ApiCall, FallbackCall) {
    let otherwise = FallbackCall {
        when: fields_refused,
        call: call.clone().param("fields", FEWER_FIELDS),
    };
    (call.clone().param("fields", FIELDS), otherwise)
}

impl Graph {
    /// The solutions in which `app` has this role, all pages. Where Meta refuses our list of fields,
    /// partners are unknown.
    pub fn solutions(
        &self,
        token: Token<'_>,
        app: &AppId,
        role: SolutionRole,
    ) -> RowStream<Solution> {
        let held = OwnedToken::from(token);
        let doing = format!("list the solutions of app {app} as {}", role.as_str());
        let call = ApiCall::get(doing, &[app.as_str(), "whatsapp_business_solutions"])
            .param("role", role.as_param())
            .param("limit", LIMIT);
        let (call, otherwise) = with_fields(&call);
        let graph = self.clone();
        self.rows::<SolutionNode>(held.clone(), call, Some(otherwise))
            .and_then(move |read| {
                let (graph, held) = (graph.clone(), held.clone());
                async move { graph.with_all_partners(&held, read).await }
            })
            .boxed()
    }

    /// The solutions with which a client's account was onboarded, all pages.
    pub fn solutions_of_account(
        &self,
        token: Token<'_>,
        account: &AccountId,
    ) -> RowStream<Solution> {
        let doing = format!("list the solutions of account {account}");
        let call = ApiCall::get(doing, &[account.as_str(), "solutions"]).param("limit", LIMIT);
        let otherwise = FallbackCall {
            when: fields_refused,
            call: call.clone(),
        };
        let call = call.param("fields", FEWER_FIELDS);
        self.rows::<SolutionNode>(OwnedToken::from(token), call, Some(otherwise))
            .map_ok(|read| read.solution)
            .boxed()
    }

    /// One solution.
    pub async fn solution(&self, token: Token<'_>, id: &SolutionId) -> Result<Solution, Error> {
        let held = OwnedToken::from(token);
        let call = ApiCall::get(format!("read solution {id}"), &[id.as_str()]).on_solution();
        let (call, otherwise) = with_fields(&call);
        let done = match self.perform(&held, &call).await {
            Err(error) if (otherwise.when)(&error) => self.perform(&held, &otherwise.call).await?,
            other => other?,
        };
        let (read, _) = self.decode(done)?;
        self.with_all_partners(&held, read).await
    }

    /// Reads the partners on their own edge where the solution shows only the first of them.
    async fn with_all_partners(
        &self,
        held: &OwnedToken,
        read: SolutionNode,
    ) -> Result<Solution, Error> {
        let SolutionNode {
            mut solution,
            more_partners,
        } = read;
        if more_partners {
            solution.partners = match self.all(held.clone(), partners_call(&solution.id)).await {
                Ok(partners) => Some(partners),
                Err(error) if error.refused_to_look() || error.is_odd_shape() => None,
                Err(error) => return Err(error),
            };
        }
        Ok(solution)
    }

    /// The partners of a solution, all pages.
    pub async fn partners(&self, token: Token<'_>, id: &SolutionId) -> Result<Vec<Partner>, Error> {
        self.all(OwnedToken::from(token), partners_call(id)).await
    }

    /// Creates a solution with one request, if it can leave by then. On an error see [`Error::sent`] before
    /// anything else.
    pub async fn create_solution(
        &self,
        user: &UserToken,
        owner: &AppId,
        new: &NewSolution<'_>,
        leave_by: Option<LeaveBy>,
    ) -> Result<Created, Error> {
        let doing = format!("create a solution for app {owner}");
        let mut call = ApiCall::post(doing, &[owner.as_str(), "whatsapp_business_solution"]).body(
            object(json!({
                "owner_permissions": new.owner_permissions,
                "partner_app_id": new.partner,
                "partner_permissions": new.partner_permissions,
                "solution_name": new.name,
            })),
        );
        call.leave_by = leave_by;
        let held = OwnedToken::from(Token::User(user));
        let done = match self.perform(&held, &call).await {
            // No page of Meta's tells what `success: false` means here, so it proves nothing.
            Err(mut error) if error.0.cause == ErrorCause::NotDone => {
                error.0.cause = ErrorCause::NoSolutionId;
                return Err(error);
            }
            other => other?,
        };
        let id = done.value.get("solution_id").cloned().unwrap_or_default();
        match serde_json::from_value(id) {
            Ok(id) => Ok(Created {
                id,
                fbtrace: done.facts.request_id,
            }),
            Err(_) => Err(failed(done.facts, ErrorCause::NoSolutionId)),
        }
    }

    /// Accepts an invitation, if that can leave by then. `partner` is our app; without it no body is sent, as in
    /// Meta's guide.
    pub async fn accept(
        &self,
        system: &SystemToken,
        id: &SolutionId,
        partner: Option<&AppId>,
        leave_by: Option<LeaveBy>,
    ) -> Result<Receipt, Error> {
        let mut call =
            ApiCall::post(format!("accept solution {id}"), &[id.as_str(), "accept"]).on_solution();
        call.leave_by = leave_by;
        call.body = partner.map(|partner| object(json!({ "partner_app_id": partner })));
        self.send(system, &call).await
    }

    async fn send(&self, system: &SystemToken, call: &ApiCall) -> Result<Receipt, Error> {
        let done = self
            .perform(&OwnedToken::from(Token::System(system)), call)
            .await?;
        Ok(Receipt {
            fbtrace: done.facts.request_id,
        })
    }
}

fn partners_call(id: &SolutionId) -> ApiCall {
    ApiCall::get(
        format!("read the partners of solution {id}"),
        &[id.as_str(), "partners"],
    )
    .param("fields", PARTNER_FIELDS)
    .param("limit", LIMIT)
    .on_solution()
}

/// The fields of a JSON object.
fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
