//! Which call a path is.
//!
//! The one decision: one table from method and path to a [`Call`], the same names that rules and counts
//! use; what is not in it gets Graph's own words for a path that it does not know.

use super::{error::Error, faults::Call, store::Shape, wire::Request};

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
    shape: Shape,
    hide_partners: bool,
) -> (Call, Option<&'a str>) {
    let call = match (method, parts) {
        ("GET", ["me"]) => Call::Me,
        ("GET", ["me", "application_details"]) if shape == Shape::Guide => Call::ApplicationDetails,
        ("GET", ["me", "assigned_applications"]) => Call::AssignedApplications,
        ("GET", ["me", "permissions"]) => Call::Permissions,
        ("GET", ["debug_token"]) => Call::DebugToken,
        ("GET", ["app"]) => Call::App,
        ("GET", [id]) if is_id(id) => Call::Solution,
        ("GET", [id, "whatsapp_business_solutions"]) if is_id(id) => Call::List,
        ("GET", [id, "partners"]) if is_id(id) && !hide_partners => Call::Partners,
        ("GET", [id, "access_token"]) if is_id(id) => Call::AccessToken,
        ("POST", [id, "whatsapp_business_solution"]) if is_id(id) => Call::Create,
        ("POST", [id, edge]) if is_id(id) => match *edge {
            "accept" => Call::Accept,
            "reject" => Call::Reject,
            "send_deactivation_request" => Call::SendDeactivationRequest,
            "accept_deactivation_request" => Call::AcceptDeactivationRequest,
            "reject_deactivation_request" => Call::RejectDeactivationRequest,
            _ => Call::Unknown,
        },
        _ => Call::Unknown,
    };
    (
        call,
        parts.first().copied().filter(|_| call != Call::Unknown),
    )
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What Graph says to a path it does not know.
pub(super) fn unknown_path(request: &Request) -> Error {
    let parts = request.parts();
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
