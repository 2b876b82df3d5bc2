//! One Graph request in, one answer out: the version, the faults, the call, the headers.
//!
//! The one decision: this is pure. A fault spoils the finished answer, or stands in for a call that is not
//! carried out; the call itself never knows of faults, so what it does is what Meta is documented to do.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    error::{Error, Result},
    fault_response::{business_usage, spoil},
    faults::{Fault, Operation, Rule, TokenKind},
    records::SolutionState,
    route::{TO_COME, VERSIONS, major, no_such_version, route, unknown_path},
    store::SandboxState,
    wire::{Request, Response},
};

impl SandboxState {
    /// Answers a request to the Graph API.
    pub(super) fn answer(&mut self, request: &Request) -> Response {
        let trace = self.trace();
        if request.query("access_token").is_some() {
            self.tokens_in_query += 1;
        }
        let (served, parts) = self.version(request);
        let (call, id) = route(
            &request.method,
            &parts,
            self.shape,
            self.faults.hide_partners,
        );
        // All these nodes are `GET /<ID>`; only the memory knows which of them an id is.
        let call = match (call, id) {
            (Operation::Solution, Some(id)) if self.app(id).is_some() => Operation::App,
            (Operation::Solution, Some(id)) if self.intents.iter().any(|it| it.id == id) => {
                Operation::MigrationIntent
            }
            (call, _) => call,
        };
        *self.calls.entry(call).or_default() += 1;
        let id = id.map(str::to_owned);
        let rule = self.due(call, id.as_deref(), request);
        let mut response = self.carry_out(call, id.as_deref(), request, rule.as_ref(), &trace);
        let no_usage = matches!(
            rule,
            Some(Rule {
                fault: Fault::Quota { code: 4, .. },
                ..
            })
        );
        self.sign(&mut response, served, trace);
        if !no_usage {
            let usage = self.faults.usage.max(1);
            let usage = json!({"call_count": usage, "total_time": usage, "total_cputime": usage});
            response.headers.push(("x-app-usage", usage.to_string()));
        }
        let business = self.faults.business_usage;
        let told = |name: &str| response.headers.iter().any(|(known, _)| *known == name);
        if business > 0 && !told("x-business-use-case-usage") {
            response.headers.push(business_usage(business, 0));
        }
        response
    }

    /// The trace id of one more request.
    pub(super) fn trace(&mut self) -> String {
        self.requests += 1;
        format!("ASandbox{:0>15}", self.requests)
    }

    /// The headers by which Meta says which request this was, and who served it.
    pub(super) fn sign(&self, response: &mut Response, served: String, trace: String) {
        let served = self.faults.served_version.clone().unwrap_or(served);
        response.headers.extend([
            ("facebook-api-version", served),
            ("x-fb-request-id", trace.clone()),
            ("x-fb-trace-id", trace),
            ("x-fb-rev", "1029384756".to_owned()),
        ]);
    }

    /// The refusal of a call that came too soon, with the seconds after which to try again.
    pub(super) fn over_the_limit(&mut self, wait: Duration) -> Response {
        self.over_the_limit += 1;
        let mut response = Error::quota(4).response(&self.trace());
        let seconds = wait.as_millis().div_ceil(1000).max(1);
        response.headers.push(("Retry-After", seconds.to_string()));
        response
    }

    /// The version that serves the request, and the path behind it.
    pub(super) fn version<'a>(&mut self, request: &'a Request) -> (String, Vec<&'a str>) {
        let mut parts = request.parts();
        let asked = parts.first().and_then(|part| major(part));
        match asked {
            Some(major) if VERSIONS.contains(&major) => (parts.remove(0).to_owned(), parts),
            // An expired version is served by the oldest live one, without a word.
            Some(major) if major < *VERSIONS.start() => {
                parts.remove(0);
                (format!("v{}.0", VERSIONS.start()), parts)
            }
            // One a little newer is served by the newest.
            Some(major) if major <= TO_COME => {
                parts.remove(0);
                (format!("v{}.0", VERSIONS.end()), parts)
            }
            Some(_) => (format!("v{}.0", VERSIONS.end()), parts),
            None => {
                self.unversioned += 1;
                (format!("v{}.0", VERSIONS.start()), parts)
            }
        }
    }

    /// The rule whose turn it is. Every rule that matches counts the call.
    fn due(&mut self, call: Operation, id: Option<&str>, request: &Request) -> Option<Rule> {
        let token = request
            .token()
            .and_then(|text| self.tokens.iter().find(|token| token.text == text))
            .map(|token| token.kind);
        let app = id.map(|id| match self.solution(id) {
            Some(solution) => solution.owner.clone(),
            None => id.to_owned(),
        });
        let mut due = None;
        for (rule, seen) in self.faults.rules.iter().zip(&mut self.seen) {
            if matches(rule, call, app.as_deref(), request.query("role"), token) {
                *seen += 1;
                if due.is_none() && rule.fires(*seen) {
                    due = Some(rule.clone());
                }
            }
        }
        due
    }

    fn carry_out(
        &mut self,
        call: Operation,
        id: Option<&str>,
        request: &Request,
        rule: Option<&Rule>,
        trace: &str,
    ) -> Response {
        let Some(rule) = rule else {
            return shown(self.call(call, id, request), trace);
        };
        self.befall(&rule.fault, id, request);
        let done = if rule.commits() {
            shown(self.call(call, id, request), trace)
        } else {
            Response::json(200, &json!({}))
        };
        spoil(&rule.fault, done, request, trace)
    }

    /// What a fault does to the world, not only to the answer.
    fn befall(&mut self, fault: &Fault, id: Option<&str>, request: &Request) {
        match (fault, id) {
            (Fault::Meanwhile { status }, Some(id)) => {
                for solution in self.solutions.iter_mut() {
                    if solution.id == id || solution.owner == id {
                        solution.now = SolutionState::of(status);
                    }
                }
            }
            (Fault::Expired, _) => {
                let text = request.token().unwrap_or_default();
                if let Some(token) = self.tokens.iter_mut().find(|token| token.text == text) {
                    token.killed = true;
                }
            }
            _ => {}
        }
    }

    /// The call itself.
    fn call(&mut self, call: Operation, id: Option<&str>, request: &Request) -> Result<Value> {
        let id = id.unwrap_or_default();
        match call {
            Operation::Me => self.me(request),
            Operation::ApplicationDetails | Operation::AssignedApplications => {
                self.my_apps(request)
            }
            Operation::Permissions => self.permissions(request),
            Operation::DebugToken => self.debug_token(request),
            Operation::App => self.read_app(request, id),
            Operation::Solution => self.read(request, id),
            Operation::List => self.list(request, id),
            Operation::Create => self.create(request, id),
            Operation::Partners => self.partners(request, id),
            Operation::Accept
            | Operation::Reject
            | Operation::SendDeactivationRequest
            | Operation::AcceptDeactivationRequest
            | Operation::RejectDeactivationRequest => self.advance(call, request, id),
            Operation::AccessToken => self.business_token(request, id),
            Operation::Subscriptions => self.subscriptions(request, id),
            Operation::ClientAccounts => self.client_accounts(request, id),
            Operation::AccountSolutions => self.account_solutions(request, id),
            Operation::SetMigrationIntent => self.set_migration_intent(request, id),
            Operation::MigrationIntent => self.read_intent(request, id),
            Operation::CodeExchange => self.exchange(request),
            Operation::Any | Operation::Unknown => {
                // Which version it is, is looked at before who asks.
                if !no_such_version(request) {
                    self.who(request)?;
                }
                Err(unknown_path(request))
            }
        }
    }
}

/// Whether a rule is about this call.
fn matches(
    rule: &Rule,
    call: Operation,
    app: Option<&str>,
    listed_as: Option<&str>,
    token: Option<TokenKind>,
) -> bool {
    (rule.call == Operation::Any || rule.call == call)
        && (rule.app_id.is_none() || rule.app_id.as_deref() == app)
        && (rule.role.is_none() || rule.role.as_deref() == listed_as)
        && (rule.token.is_none() || rule.token == token)
}

/// A result as an answer.
fn shown(result: Result<Value>, trace: &str) -> Response {
    match result {
        Ok(value) => Response::json(200, &value),
        Err(error) => error.response(trace),
    }
}
