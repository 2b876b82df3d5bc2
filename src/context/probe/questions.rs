//! What nobody outside Meta knows yet, and what the answers of one run say to it.
//!
//! The one decision: pure, over what was exchanged; where a run did not ask, that is what the report says.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::reading::{
    asked, both_in, came, code, fields_of, is_well, items, keys, role_of, versioned,
};
use crate::{
    graph::{Bearer, Exchange},
    ids::AppId,
};

/// One of them, answered as far as it was.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OpenQuestion {
    pub(super) number: u8,
    pub(super) title: &'static str,
    /// What was asked, and what came.
    pub(super) seen: Vec<String>,
    /// What that means for whoever uses mps.
    pub(super) means: String,
}

/// All questions, in their order.
pub(super) fn answers(kept: &[Exchange], ours: Option<&AppId>) -> Vec<OpenQuestion> {
    let looked = Looked { kept, ours };
    vec![
        looked.who_may_list(),
        looked.both_message(),
        looked.body_of_accept(),
        looked.same_name(),
        looked.deactivation_of_initiated(),
        looked.lists_of_apps(),
        looked.target_ids(),
        looked.usage_headers(),
        looked.versions(),
        looked.not_a_party(),
    ]
}

struct Looked<'a> {
    kept: &'a [Exchange],
    ours: Option<&'a AppId>,
}

impl Looked<'_> {
    /// Those that went to an edge, by its name: `accept`, `whatsapp_business_solutions`.
    fn to(&self, method: &str, edge: &str) -> Vec<&Exchange> {
        let all = self.kept.iter();
        all.filter(|one| one.method == method && one.path.ends_with(&format!("/{edge}")))
            .collect()
    }

    fn line(&self, exchange: &Exchange) -> String {
        format!("{}: {}", asked(exchange, self.ours), came(exchange))
    }

    fn lines<'b>(&self, exchanges: impl IntoIterator<Item = &'b Exchange>) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for line in exchanges.into_iter().map(|one| self.line(one)) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    }

    fn who_may_list(&self) -> OpenQuestion {
        let listings = self.to("GET", "whatsapp_business_solutions");
        let of = |with: Bearer, role: &str| {
            let mut those = listings
                .iter()
                .filter(|one| one.with == with && role_of(one) == role);
            let first = those.next()?;
            Some(is_well(first) || those.any(|one| is_well(one)))
        };
        let ours = of(Bearer::System, "PARTNER");
        let theirs = of(Bearer::User, "OWNER");
        let means = match (ours, theirs) {
            (Some(true), Some(true)) => "mps looks on both sides. Nothing is to be set.",
            (Some(true), Some(false)) => {
                "The owner's side is refused to the Tech Provider's token; mps looks on our side, with the system token."
            }
            (Some(false), Some(true)) => {
                "Our side is refused to the system token; mps looks on the owner's side, with the Tech Provider's token."
            }
            (Some(false), Some(false)) => {
                "Neither side can be listed: `mps create` and `mps onboard` need `--no-look`, and an unknown outcome has to be looked up in Meta's App Dashboard."
            }
            (Some(true), None) => {
                "Our side can be listed with the system token. The owner's needs a user token: run it again with one."
            }
            _ => "It needs both tokens: run it again with a user token and a system token.",
        };
        question(
            1,
            "Which token may list a Tech Provider's solutions?",
            self.lines(listings),
            means,
        )
    }

    fn both_message(&self) -> OpenQuestion {
        let creates = self.to("POST", "whatsapp_business_solution");
        let both: Vec<&Exchange> = creates
            .into_iter()
            .filter(|one| one.sent.as_ref().is_some_and(both_in))
            .collect();
        let listed = self.solutions();
        let listed = listed.into_iter().filter(|item| both_in(item)).count();
        let mut seen = self.lines(both.iter().copied());
        if listed > 0 {
            seen.push(format!(
                "{listed} listed solutions have MESSAGING on both sides"
            ));
        }
        let refused = both.iter().any(|one| code(one) == Some(100));
        let means = if both.iter().any(|one| is_well(one)) || listed > 0 {
            "Both sides may have MESSAGING: `--messaging both`, the default, works."
        } else if refused {
            "Meta refuses MESSAGING on both sides with code 100: set `--messaging partner` or `--messaging tech-provider` (MPS_MESSAGING)."
        } else {
            "Only a create tells: `mps onboard --probe FILE` notes what its own create is answered."
        };
        question(2, "May both sides have MESSAGING?", seen, means)
    }

    fn body_of_accept(&self) -> OpenQuestion {
        let accepts = self.to("POST", "accept");
        let with = |body: bool| {
            let mut those = accepts.iter().filter(|one| one.sent.is_some() == body);
            those.any(|one| is_well(one))
        };
        let means = match (with(true), with(false)) {
            (true, _) => "Accept takes a body that names the partner app, as mps sends it.",
            (false, true) => {
                "Accept works without a body; mps sends it again without one where the body is refused."
            }
            (false, false) => "Only an accept tells: `mps onboard --probe FILE` notes it.",
        };
        question(3, "Does accept want a body?", self.lines(accepts), means)
    }

    fn same_name(&self) -> OpenQuestion {
        let listed = self.solutions();
        let mut names = BTreeSet::new();
        let text = |item: &Value, field: &str| item.pointer(field).map(Value::to_string);
        let doubled = listed.iter().filter(|item| {
            let name = text(item, "/name");
            name.is_some() && !names.insert((text(item, "/owner_app/id"), name))
        });
        let doubled = doubled.count();
        let seen = if listed.is_empty() {
            Vec::new()
        } else {
            vec![format!(
                "{} solutions were listed, {doubled} with the name of another of the same app",
                listed.len()
            )]
        };
        let means = if doubled > 0 {
            "Meta keeps several solutions of one name: a second create makes a second solution, as mps takes for granted."
        } else {
            "Nothing shows it. mps never sends a second create to find out."
        };
        question(4, "Do two creates with one name make two?", seen, means)
    }

    fn deactivation_of_initiated(&self) -> OpenQuestion {
        let asked = self.to("POST", "send_deactivation_request");
        question(
            5,
            "May a deactivation be asked for while a solution is INITIATED?",
            self.lines(asked),
            "mps asks for one only where it is told to: `mps deactivate request`.",
        )
    }

    fn lists_of_apps(&self) -> OpenQuestion {
        let details = self.to("GET", "application_details");
        let assigned = self.to("GET", "assigned_applications");
        let ids = |those: &[&Exchange]| {
            let items = those
                .iter()
                .filter(|one| is_well(one))
                .flat_map(|one| items(one));
            items
                .map(|item| item["id"].to_string())
                .collect::<BTreeSet<_>>()
        };
        let both = !details.is_empty() && !assigned.is_empty();
        let well = |those: &[&Exchange]| those.iter().any(|one| is_well(one));
        let means = match (well(&details), well(&assigned)) {
            _ if !both => "It needs a user token: run it again with one.",
            (true, true) if ids(&details) == ids(&assigned) => "Both lists show the same apps.",
            (true, true) => "The two lists differ; mps goes by application_details.",
            (true, false) => "application_details works, which mps asks first.",
            (false, true) => "application_details is refused; mps goes by assigned_applications.",
            (false, false) => "Neither list can be read with this token.",
        };
        let seen = self.lines(details.into_iter().chain(assigned));
        question(
            6,
            "Do application_details and assigned_applications show the same?",
            seen,
            means,
        )
    }

    fn target_ids(&self) -> OpenQuestion {
        let mut seen = Vec::new();
        for one in self.to("GET", "debug_token") {
            let granular = one
                .body
                .as_ref()
                .and_then(|body| body.pointer("/data/granular_scopes"));
            let mut granular = granular.and_then(Value::as_array).into_iter().flatten();
            let ours = granular.find(|scope| scope["scope"] == "manage_app_solution");
            seen.push(
                match ours.map(|scope| scope["target_ids"].as_array().map(Vec::len)) {
                    Some(Some(many)) => format!(
                        "{}: manage_app_solution is limited to {many} ids",
                        asked(one, self.ours)
                    ),
                    Some(None) => format!(
                        "{}: manage_app_solution has no target_ids",
                        asked(one, self.ours)
                    ),
                    None => format!(
                        "{}: {}, granular_scopes does not name manage_app_solution",
                        asked(one, self.ours),
                        came(one)
                    ),
                },
            );
        }
        let means = if seen.is_empty() {
            "It needs the app secret, or a system token that may look: run it again with one."
        } else {
            "mps goes by the scope; which apps it is limited to shows when they are listed."
        };
        seen.dedup();
        question(
            7,
            "Which target_ids has manage_app_solution in debug_token?",
            seen,
            means,
        )
    }

    fn usage_headers(&self) -> OpenQuestion {
        let mut seen = Vec::new();
        for one in self.kept {
            let edge = one.path.rsplit('/').next().unwrap_or("");
            let edge = if edge.bytes().all(|byte| byte.is_ascii_digit()) {
                "<id>"
            } else {
                edge
            };
            for (name, value) in &one.headers {
                if name.starts_with("x-") && name.ends_with("-usage") {
                    let line = format!("{} {edge}: {name}: {}", one.method, fields_of(value));
                    if !seen.contains(&line) {
                        seen.push(line);
                    }
                }
            }
        }
        let means = if seen.is_empty() {
            "No answer had a usage header: mps learns the quota from refusals."
        } else {
            "mps spreads its calls by these headers."
        };
        question(8, "Which usage headers come with the answers?", seen, means)
    }

    fn versions(&self) -> OpenQuestion {
        let mut seen = Vec::new();
        let mut differ = false;
        for one in self.kept {
            let Some((version, rest)) = versioned(&one.path) else {
                continue;
            };
            let alike = |other: &&Exchange| {
                other.method == "GET"
                    && (other.with, &other.query) == (one.with, &one.query)
                    && versioned(&other.path)
                        .is_some_and(|(theirs, path)| path == rest && theirs > version)
            };
            for other in self.kept.iter().filter(alike) {
                let same = one.status == other.status
                    && keys(one.body.as_ref()) == keys(other.body.as_ref());
                differ |= !same;
                let said = if same {
                    "the same fields"
                } else {
                    "not the same"
                };
                let line = format!("{} and {}: {said}", self.line(one), self.line(other));
                if !seen.contains(&line) {
                    seen.push(line);
                }
            }
        }
        let means = match (seen.is_empty(), differ) {
            (true, _) => {
                "`mps doctor --probe FILE` asks the newest version that mps knows beside its own."
            }
            (false, true) => {
                "The newer version answers otherwise: stay with the default, and send this report."
            }
            (false, false) => "The newer version answers alike.",
        };
        question(9, "What did the newest version change?", seen, means)
    }

    fn not_a_party(&self) -> OpenQuestion {
        let nodes = self.kept.iter().filter(|one| {
            let last = one.path.rsplit('/').next().unwrap_or("");
            let ours = self.ours.is_some_and(|app| app.as_str() == last);
            one.method == "GET"
                && !ours
                && !last.is_empty()
                && last.bytes().all(|byte| byte.is_ascii_digit())
        });
        let refused: Vec<&Exchange> = nodes.filter(|one| !is_well(one)).collect();
        let means = if refused.is_empty() {
            "No solution was read by a token that is no party to it."
        } else {
            "mps takes 100 with subcode 33 for “not there, or not shown”, 10 and 200 for a refusal."
        };
        question(
            10,
            "What does a token get that is no party to a solution?",
            self.lines(refused),
            means,
        )
    }

    /// Every solution that was listed, once, as the listing with the most fields shows it.
    fn solutions(&self) -> Vec<&Value> {
        let all = self.kept.iter().filter(|one| is_well(one));
        let listings = all.filter(|one| one.path.ends_with("/whatsapp_business_solutions"));
        let mut by_id: BTreeMap<String, &Value> = BTreeMap::new();
        let fields = |item: &Value| item.as_object().map_or(0, serde_json::Map::len);
        for item in listings.flat_map(items) {
            let kept = by_id.entry(item["id"].to_string()).or_insert(item);
            if fields(item) > fields(kept) {
                *kept = item;
            }
        }
        by_id.into_values().collect()
    }
}

fn question(number: u8, title: &'static str, seen: Vec<String>, means: &str) -> OpenQuestion {
    OpenQuestion {
        number,
        title,
        seen,
        means: means.to_owned(),
    }
}
