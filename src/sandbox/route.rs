//! Which call a path is.
//!
//! The one decision: one table from method and path to an [`Operation`], the same names that rules and counts
//! use; what is not in it gets Graph's own words for a path that it does not know.

use super::{error::Error, faults::Operation, store::ApiShape, wire::Request};

/// The oldest version that is still served, and the newest (graph-api.md, 1.1).
pub(super) const VERSIONS: std::ops::RangeInclusive<u32> = 21..=27;

/// The last number that is taken for a version that is to come; a greater one is no version.
pub(super) const TO_COME: u32 = 30;

/// The major number of `vNN.N`.
pub(super) fn major(part: &str) -> Option<u32> {
    let (major, minor) = part.strip_prefix('v')?.split_once('.')?;
    let minor_is_number = !minor.is_empty() && minor.bytes().all(|byte| byte.is_ascii_digit());
    minor_is_number.then(|| major.parse().ok()).flatten()
}

/// Which call a path is, and the id in it.
pub(super) fn route<'a>(
    method: &str,
    parts: &[&'a str],
    shape: ApiShape,
    hide_partners: bool,
) -> (Operation, Option<&'a str>) {
    let call = match (method, parts) {
        ("GET", ["me"]) => Operation::Me,
        ("GET", ["me", "application_details"]) if shape == ApiShape::Guide => {
            Operation::ApplicationDetails
        }
        ("GET", ["me", "assigned_applications"]) => Operation::AssignedApplications,
        ("GET", ["me", "permissions"]) => Operation::Permissions,
        ("GET", ["debug_token"]) => Operation::DebugToken,
        ("GET", ["app"]) => Operation::App,
        ("GET" | "POST", ["oauth", "access_token"]) => Operation::CodeExchange,
        ("GET", [id]) if is_id(id) => Operation::Solution,
        ("GET", [id, "whatsapp_business_solutions"]) if is_id(id) => Operation::List,
        ("GET", [id, "partners"]) if is_id(id) && !hide_partners => Operation::Partners,
        ("GET", [id, "access_token"]) if is_id(id) => Operation::AccessToken,
        ("GET" | "POST" | "DELETE", [id, "subscriptions"]) if is_id(id) => Operation::Subscriptions,
        ("GET", [id, "client_whatsapp_business_accounts"]) if is_id(id) => {
            Operation::ClientAccounts
        }
        ("GET", [id, "solutions"]) if is_id(id) => Operation::AccountSolutions,
        ("POST", [id, "whatsapp_business_solution"]) if is_id(id) => Operation::Create,
        ("POST", [id, edge]) if is_id(id) => match *edge {
            "accept" => Operation::Accept,
            "reject" => Operation::Reject,
            "send_deactivation_request" => Operation::SendDeactivationRequest,
            "accept_deactivation_request" => Operation::AcceptDeactivationRequest,
            "reject_deactivation_request" => Operation::RejectDeactivationRequest,
            "set_solution_migration_intent" => Operation::SetMigrationIntent,
            _ => Operation::Unknown,
        },
        _ => Operation::Unknown,
    };
    (
        call,
        parts
            .first()
            .copied()
            .filter(|_| call != Operation::Unknown),
    )
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the path begins with a version that there is not.
pub(super) fn no_such_version(request: &Request) -> bool {
    let first = request.parts().first().copied().and_then(major);
    first.is_some_and(|major| major > TO_COME)
}

/// What Graph says to a path it does not know: of one under a version that there is not, the path without it.
pub(super) fn unknown_path(request: &Request) -> Error {
    let parts = request.parts();
    if no_such_version(request) {
        return Error::new(
            2500,
            format!("Unknown path components: /{}", parts[1..].join("/")),
        );
    }
    let (node, edge) = match parts.as_slice() {
        [.., node, edge] => (*node, *edge),
        _ => ("", ""),
    };
    if node == "me" {
        Error::parameter(format!(
            "(#100) Tried accessing nonexisting field ({edge}) on node type (User)"
        ))
    } else if is_id(node) {
        Error::not_found(&request.method, node)
    } else {
        Error::new(
            2500,
            format!("Unknown path components: /{}", parts.join("/")),
        )
    }
}
