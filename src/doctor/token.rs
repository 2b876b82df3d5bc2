//! What Meta says of a token, judged.
//!
//! The one decision: pure. What a token lacks that the work needs is a failure with the exit code that the
//! work would have; what is only odd is a warning.

use jiff::Timestamp;
use serde_json::json;

use super::check::{CheckRow, Mark};
use crate::{
    exit::Kind,
    graph::{Permission, TokenInfo},
    ids::AppId,
    session::token_check::PERMISSION,
};

/// Needed for the accounts that a solution shares, not for making and accepting one.
const MANAGEMENT: &str = "whatsapp_business_management";

/// Seconds of a day.
const DAY: i64 = 86_400;

/// From how many days on a system token's end is warned about.
const SOON: i64 = 14;

/// Whose token is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The Tech Provider's.
    User,
    /// Our system user's.
    System,
}

impl Whose {
    fn check(self) -> &'static str {
        match self {
            Self::User => "user_token_scopes",
            Self::System => "system_token_scopes",
        }
    }

    fn kinds(self) -> &'static [&'static str] {
        match self {
            Self::User => &["USER"],
            Self::System => &["SYSTEM_USER", "USER"],
        }
    }

    fn remedy(self) -> &'static str {
        match self {
            Self::User => "get a new one from the Tech Provider: mps serve-button",
            Self::System => {
                "make a new one in Business Settings, System users, with manage_app_solution"
            }
        }
    }
}

/// The row of a token that `debug_token` told about.
pub(crate) fn of_info(whose: Whose, info: &TokenInfo, partner: &AppId, now: i64) -> CheckRow {
    let details = json!({
        "app_id": info.app_id, "type": info.kind, "is_valid": info.is_valid,
        "expires_at": info.expires_at.map(Timestamp::as_second),
        "data_access_expires_at": info.data_access_expires_at.map(Timestamp::as_second),
        "scopes": info.scopes, "granular_scopes": info.granular, "user_id": info.user_id,
    });
    let row = match dead(whose, info, partner, now) {
        Some((kind, why)) => CheckRow::bad(whose.check(), kind, why).remedy(whose.remedy()),
        None => living(whose, info, now),
    };
    row.details(details)
}

/// Why a token cannot be used.
fn dead(whose: Whose, info: &TokenInfo, partner: &AppId, now: i64) -> Option<(Kind, String)> {
    let auth = |why: String| Some((Kind::Auth, why));
    if let Some(error) = &info.error {
        return auth(format!("not valid: {}", error.message));
    }
    if !info.is_valid {
        return auth("not valid".to_owned());
    }
    if let Some(app) = info.app_id.as_ref().filter(|app| *app != partner) {
        return auth(format!("made for app {app}, not for our app {partner}"));
    }
    if info.expires_at.is_some_and(|at| at.as_second() <= now) {
        return auth("expired".to_owned());
    }
    if let Some(kind) = info
        .kind
        .as_deref()
        .filter(|kind| !whose.kinds().contains(kind))
    {
        return auth(format!(
            "Meta calls it {kind}, which is another sort of token"
        ));
    }
    if !info.has_scope(PERMISSION) {
        return Some((
            Kind::Permission,
            format!("without the permission {PERMISSION}"),
        ));
    }
    None
}

fn living(whose: Whose, info: &TokenInfo, now: i64) -> CheckRow {
    let mut parts = vec![info.kind.clone().unwrap_or_else(|| "valid".to_owned())];
    parts.extend(info.user_id.as_ref().map(|id| format!("of user {id}")));
    parts.push(match info.expires_at {
        Some(at) => format!("until {at:.0}"),
        None => "does not expire".to_owned(),
    });
    parts.push(info.scopes.join(" "));
    for granular in &info.granular {
        let targets = granular.target_ids.as_deref().unwrap_or_default();
        if !targets.is_empty() {
            parts.push(format!("{} for {}", granular.scope, targets.join(" ")));
        }
    }
    let mut row = CheckRow::good(whose.check(), parts.join(", "));
    let left = info.expires_at.map(|at| (at.as_second() - now) / DAY);
    if whose == Whose::System && !info.has_scope(MANAGEMENT) {
        row.mark = Mark::Warning;
        row.seen += &format!("; without {MANAGEMENT}");
        row.remedy = Some(format!(
            "add {MANAGEMENT} if you work with the accounts that solutions share"
        ));
    }
    if let (Whose::System, Some(days)) = (whose, left.filter(|days| *days < SOON)) {
        row.mark = Mark::Warning;
        row.seen += &format!("; ends in {days} days");
        row.remedy = Some(whose.remedy().to_owned());
    }
    row
}

/// The row of a token that could only be asked what it may do.
pub(crate) fn of_permissions(whose: Whose, permissions: &[Permission]) -> CheckRow {
    let granted: Vec<&str> = permissions
        .iter()
        .filter(|permission| permission.is_granted())
        .map(|permission| permission.permission.as_str())
        .collect();
    let details = json!({ "scopes": granted });
    let row = if granted.contains(&PERMISSION) {
        let seen = format!("{}; for which app is not proven", granted.join(" "));
        CheckRow::warning(whose.check(), seen)
            .remedy("with the app secret Meta tells whose token it is and when it ends: mps init")
    } else {
        let why = format!("without the permission {PERMISSION}");
        CheckRow::bad(whose.check(), Kind::Permission, why).remedy(whose.remedy())
    };
    row.details(details)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_300_000;

    fn info(change: impl FnOnce(&mut TokenInfo)) -> CheckRow {
        let mut info = TokenInfo {
            app_id: Some("7".parse().unwrap()),
            kind: Some("SYSTEM_USER".to_owned()),
            is_valid: true,
            expires_at: None,
            data_access_expires_at: None,
            issued_at: None,
            scopes: vec![PERMISSION.to_owned(), MANAGEMENT.to_owned()],
            granular: Vec::new(),
            user_id: Some("9".parse().unwrap()),
            error: None,
        };
        change(&mut info);
        of_info(Whose::System, &info, &"7".parse().unwrap(), NOW)
    }

    #[test]
    fn system_tokens() {
        let at = |seconds| Timestamp::from_second(NOW + seconds).ok();
        let row = info(|_| ());
        assert_eq!(
            (row.mark, row.seen.as_str()),
            (
                Mark::Good,
                "SYSTEM_USER, of user 9, does not expire, manage_app_solution whatsapp_business_management"
            )
        );
        for (mark, word, row) in [
            (
                Mark::Warning,
                "without whatsapp",
                info(|info| {
                    info.scopes.pop();
                }),
            ),
            (
                Mark::Warning,
                "ends in 3 days",
                info(|info| info.expires_at = at(3 * DAY + 5)),
            ),
            (
                Mark::Bad(Kind::Auth),
                "expired",
                info(|info| info.expires_at = at(0)),
            ),
            (
                Mark::Bad(Kind::Auth),
                "not valid",
                info(|info| info.is_valid = false),
            ),
            (
                Mark::Bad(Kind::Auth),
                "made for app 8",
                info(|info| info.app_id = Some("8".parse().unwrap())),
            ),
            (
                Mark::Bad(Kind::Auth),
                "PAGE",
                info(|info| info.kind = Some("PAGE".into())),
            ),
            (
                Mark::Bad(Kind::Permission),
                PERMISSION,
                info(|info| info.scopes.clear()),
            ),
        ] {
            assert_eq!(row.mark, mark, "{word}");
            assert!(
                row.seen.contains(word) && row.remedy.is_some(),
                "{}",
                row.seen
            );
        }
    }

    #[test]
    fn permissions_alone() {
        let granted = |name: &str, status: &str| Permission {
            permission: name.to_owned(),
            status: status.to_owned(),
        };
        let row = of_permissions(Whose::User, &[granted(PERMISSION, "granted")]);
        assert_eq!(row.mark, Mark::Warning);
        let row = of_permissions(Whose::User, &[granted(PERMISSION, "declined")]);
        assert_eq!(row.mark, Mark::Bad(Kind::Permission));
    }
}
