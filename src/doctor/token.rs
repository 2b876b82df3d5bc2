//! What Meta says of a token, judged.
//!
//! The one decision: pure. What forbids to use a token is the rule of every command, with the exit code that the
//! work would have; what is only odd is a warning.

use jiff::Timestamp;
use serde_json::json;

use super::check::{CheckRow, Mark};
use crate::{
    exit::Kind,
    graph::{Permission, TokenInfo},
    ids::AppId,
    secret::Secret,
    session::token_check::{self, DAYS_LEFT, PERMISSION, Whose},
};

/// Needed for the accounts that a solution shares, not for making and accepting one.
const MANAGEMENT: &str = "whatsapp_business_management";

/// Seconds of a day.
const DAY: i64 = 86_400;

fn check(whose: Whose) -> &'static str {
    match whose {
        Whose::User => "user_token_scopes",
        Whose::System => "system_token_scopes",
    }
}

/// The row of a token that `debug_token` told about.
pub(crate) fn of_info(
    whose: Whose,
    info: &TokenInfo,
    token: &Secret,
    partner: &AppId,
    now: i64,
) -> CheckRow {
    let details = json!({
        "app_id": info.app_id, "type": info.kind, "is_valid": info.is_valid,
        "expires_at": info.expires_at.map(Timestamp::as_second),
        "data_access_expires_at": info.data_access_expires_at.map(Timestamp::as_second),
        "scopes": info.scopes, "granular_scopes": info.granular, "user_id": info.user_id,
    });
    let row = match token_check::flaw(whose, info, Some(partner), now) {
        Some(flaw) => {
            let remedy = flaw.remedy(whose, token);
            let why = flaw.meta.map(|error| format!(": {}", error.message));
            let seen = flaw.what + &why.unwrap_or_default();
            CheckRow::bad(check(whose), flaw.kind, seen).remedy(remedy)
        }
        None => living(whose, info, now),
    };
    row.details(details)
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
    let mut row = CheckRow::good(check(whose), parts.join(", "));
    let left = info.expires_at.map(|at| (at.as_second() - now) / DAY);
    if whose == Whose::System && !info.has_scope(MANAGEMENT) {
        row.mark = Mark::Warning;
        row.seen += &format!("; without {MANAGEMENT}");
        row.remedy = Some(format!(
            "add {MANAGEMENT} if you work with the accounts that solutions share"
        ));
    }
    if let (Whose::System, Some(days)) = (whose, left.filter(|days| *days < DAYS_LEFT)) {
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
        CheckRow::warning(check(whose), seen)
            .remedy("with the app secret Meta tells whose token it is and when it ends: mps init")
    } else {
        let why = format!("without the permission {PERMISSION}");
        CheckRow::bad(check(whose), Kind::Permission, why).remedy(whose.remedy())
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
        let token = Secret::parse("EAAx").unwrap();
        of_info(Whose::System, &info, &token, &"7".parse().unwrap(), NOW)
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
                info(|info| info.scopes = vec!["public_profile".to_owned()]),
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
