//! Who and what lives in the sandbox when it starts: our app, the Tech Provider's apps, the tokens.
//!
//! The one decision: nothing is random. A sandbox that is restarted has the same ids and the same tokens,
//! so a script keeps working; every token says SANDBOX, so none is ever taken for a real one.

use std::{collections::BTreeSet, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use super::faults::TokenKind;

/// Our app, the Solution Partner's.
pub(super) const PARTNER_APP_ID: &str = "634974688087057";
/// Its name where the configuration gives none.
pub(super) const PARTNER_NAME: &str = "Brightline Messaging";
/// An app of a third company: solutions with it are none of ours.
pub(super) const OTHER_APP_ID: &str = "587310249976318";
/// Its secret; 32 hexadecimal digits like a real one.
pub(super) const APP_SECRET: &str = "5a4db0c55a4db0c55a4db0c55a4db0c5";
/// The Tech Provider's user token with every app granted.
pub(super) const USER_TOKEN: &str = "EAASANDBOXuserTOKENallAPPS0000000000000000ZD";
/// Our system user's token.
pub(super) const SYSTEM_TOKEN: &str = "EAASANDBOXsystemUSERtoken00000000000000000ZD";
/// The person who clicks.
pub(super) const USER_ID: &str = "10229876543210987";
/// Our system user.
pub(super) const SYSTEM_USER_ID: &str = "104169029247128";
/// A client's portfolio that has shared a WhatsApp account: `access_token?business_id=` knows it.
pub(super) const BUSINESS_ID: &str = "506914307656634";
/// Our own portfolio.
pub(super) const PARTNER_BUSINESS_ID: &str = "104996122399160";
/// The Tech Provider's portfolio.
pub(super) const OWNER_BUSINESS_ID: &str = "318120947766005";
/// The permission that all this is about.
pub(super) const MANAGE: &str = "manage_app_solution";

/// The Tech Provider's apps, in order; more than these are numbered on.
const NAMES: [&str; 12] = [
    "Lucky Shrub",
    "Jasper's Market",
    "Wind & Wool",
    "Café Jardín",
    "Little Lemon",
    "Harbor Dental",
    "Sol y Luna Travel",
    "Northside Cycles",
    "Paper Crane Books",
    "Old Mill Bakery",
    "Blue Kite Courier",
    "Tall Pines Realty",
];

/// An app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StoredApp {
    /// 15 to 17 digits.
    pub(super) id: String,
    /// Its name as its owner wrote it.
    pub(super) name: String,
    /// Its page; Meta's samples have it with and without a scheme.
    pub(super) link: String,
}

impl StoredApp {
    /// As Graph shows it.
    pub(super) fn json(&self) -> Value {
        json!({"link": self.link, "name": self.name, "id": self.id, "category": "Business and pages"})
    }
}

/// The first of the Tech Provider's apps, and how far the next one's id is.
const FIRST_APP: u64 = 212_022_489_970_390;
const APP_STEP: u64 = 13_370_408_117;

/// Which of the Tech Provider's apps would have this id, from 0.
pub(super) fn place_of_app(id: &str) -> Option<usize> {
    let distance = id.parse::<u64>().ok()?.checked_sub(FIRST_APP)?;
    let place = usize::try_from(distance / APP_STEP).ok()?;
    distance.is_multiple_of(APP_STEP).then_some(place)
}

/// The `n`-th of the Tech Provider's apps, from 0.
pub(super) fn owner_app(n: usize) -> StoredApp {
    let round = n / NAMES.len();
    let base = NAMES[n % NAMES.len()];
    let name = if round == 0 {
        base.to_owned()
    } else {
        format!("{base} {}", round + 1)
    };
    let word: String = base
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_lowercase();
    let scheme = if n % 3 == 2 { "" } else { "https://" };
    StoredApp {
        id: (FIRST_APP + APP_STEP * n as u64).to_string(),
        name,
        link: format!("{scheme}{word}.example/"),
    }
}

/// A token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredToken {
    pub(super) text: String,
    /// Whose it is.
    pub(super) kind: TokenKind,
    /// The app that it was made for.
    pub(super) app_id: String,
    /// The apps that it may act for; shared, since each call looks at a copy of its token.
    #[serde(serialize_with = "as_set", deserialize_with = "from_set")]
    pub(super) apps: Arc<BTreeSet<String>>,
    /// The permissions in it.
    pub(super) scopes: Vec<String>,
    /// The person or the system user behind it.
    pub(super) user_id: String,
    /// Whether its time is over.
    pub(super) expired: bool,
    /// When it ends, in Unix seconds, where that is soon.
    pub(super) ends_at: Option<u64>,
    /// Whether a fault has ended it.
    pub(super) killed: bool,
}

fn as_set<S: Serializer>(apps: &Arc<BTreeSet<String>>, out: S) -> Result<S::Ok, S::Error> {
    apps.as_ref().serialize(out)
}

fn from_set<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<BTreeSet<String>>, D::Error> {
    BTreeSet::deserialize(from).map(Arc::new)
}

impl StoredToken {
    /// Whether it has the permission to manage solutions.
    pub(super) fn manages(&self) -> bool {
        self.scopes.iter().any(|scope| scope == MANAGE)
    }

    /// Whether it is no good any more.
    pub(super) fn is_over(&self, now: u64) -> bool {
        self.expired || self.killed || self.ends_at.is_some_and(|end| end <= now)
    }

    /// Whether it may act for this app.
    pub(super) fn acts_for(&self, app: &str) -> bool {
        self.apps.contains(app)
    }
}

/// What a token is asked for: by the dialog, by a test, by the start.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct TokenRequest {
    /// The apps that were ticked.
    pub(super) apps: Vec<String>,
    /// What the dialog does with it, instead of what the faults say.
    pub(super) dialog: Option<super::faults::Dialog>,
}

/// What a side did with an invitation, and what is shown of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SolutionState {
    /// DRAFT, INITIATED, ACTIVE, REJECTED, DEACTIVATED, or whatever a test has seeded.
    pub(super) status: String,
    /// `status_for_pending_request`.
    pub(super) pending: String,
    /// The partner's side.
    pub(super) partner_status: String,
}

impl SolutionState {
    /// The standing that goes with a status.
    pub(super) fn of(status: &str) -> Self {
        let (pending, partner) = match status {
            "DRAFT" => ("NONE", "DRAFT"),
            "INITIATED" => ("PENDING_ACTIVATION", "NOTIFICATION_SENT"),
            "ACTIVE" => ("NONE", "ACCEPTED"),
            "REJECTED" => ("NONE", "REJECTED"),
            "DEACTIVATED" => ("NONE", "DEACTIVATED"),
            other => ("NONE", other),
        };
        Self {
            status: status.to_owned(),
            pending: pending.to_owned(),
            partner_status: partner.to_owned(),
        }
    }
}

/// A solution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredSolution {
    /// `795…`.
    pub(super) id: String,
    /// The id of its partner node.
    pub(super) partner_node: String,
    pub(super) name: String,
    /// The app that made it.
    pub(super) owner: String,
    /// The app that was invited.
    pub(super) partner: String,
    /// What the owner may do.
    pub(super) owner_permissions: Vec<String>,
    /// What the partner may do.
    pub(super) partner_permissions: Vec<String>,
    /// How it stands.
    pub(super) now: SolutionState,
    /// How reads still show it: `None` in here is "not there yet".
    pub(super) before: Option<SolutionState>,
    /// How many reads show `before`.
    pub(super) stale_reads: u32,
    /// How many listings pass it over.
    pub(super) stale_listings: u32,
    /// The same for the owner's side and for the partner's.
    pub(super) stale_sides: [u32; 2],
}

impl StoredSolution {
    /// Whether it is INITIATED or ACTIVE.
    pub(super) fn is_live(&self) -> bool {
        matches!(self.now.status.as_str(), "INITIATED" | "ACTIVE")
    }
}

/// What an app is subscribed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredSubscription {
    pub(super) callback: String,
    pub(super) fields: Vec<String>,
}

/// A webhook on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OutgoingWebhook {
    pub(super) callback: String,
    pub(super) body: String,
    pub(super) signature: String,
    /// How long it is held back, in milliseconds.
    pub(super) late: u64,
}

/// A client's account as it stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ClientsAccount {
    pub(super) id: String,
    pub(super) name: String,
    /// The client's portfolio.
    pub(super) business: String,
    /// Its number's id.
    pub(super) number: String,
    /// The solution that it is under.
    pub(super) solution: Option<String>,
    /// What Embedded Signup handed over, until it is exchanged, and when.
    pub(super) code: Option<(String, u64)>,
}

impl ClientsAccount {
    /// As the sandbox's own page shows it: without the code.
    pub(super) fn json(&self) -> Value {
        json!({"account_id": self.id, "account_name": self.name, "business_id": self.business,
            "phone_number_id": self.number, "solution_id": self.solution})
    }
}

/// What a client is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MigrationIntent {
    pub(super) id: String,
    /// The account that shall move.
    pub(super) account: String,
    /// Where to; none: out of all.
    pub(super) solution: Option<String>,
    /// Who asks: an app.
    pub(super) asked_by: String,
    /// PENDING, ACCEPTED or DECLINED.
    pub(super) status: String,
    /// The account there, once the client has agreed.
    pub(super) arrived: Option<String>,
}
