//! What Meta says of a token, judged.
//!
//! The one decision: whether it may be used is the rule of every command, with the exit code that the work would
//! have; what is only odd is a warning.

use jiff::Timestamp;
use serde_json::json;

use super::check::{CheckRow, Mark};
use crate::{
    context::failure::Failure,
    graph::{Permission, TokenInfo},
    ids::AppId,
    secret::{Secret, SystemToken, UserToken},
    session::{
        token_check::{self, TokenRefusal, TokenRole},
        token_checker::{CheckError, Purpose, TokenChecker, UserAnswer},
    },
};

/// Needed for the accounts that a solution shares, not for making and accepting one.
const MANAGEMENT: &str = "whatsapp_business_management";

/// Granted apps that are named; more are counted, and `details` has them all.
const NAMED: usize = 3;

/// What mends a token of which Meta says little.
const WITH_THE_SECRET: &str =
    "with the app secret Meta tells whose token it is and when it ends: mps init";

fn check(token: TokenRole) -> &'static str {
    match token {
        TokenRole::User => "user_token_scopes",
        TokenRole::System => "system_token_scopes",
    }
}

/// The Tech Provider's token, looked at as every command does.
pub(crate) async fn user(checker: &TokenChecker<'_>, token: &UserToken) -> CheckRow {
    let answered = checker.ask_user(token).await;
    match answered.map(|answered| answered.said) {
        Ok(UserAnswer::Info(info, _)) => of_info(
            TokenRole::User,
            &info,
            token.secret(),
            checker.partner,
            checker.graph.now(),
        ),
        Ok(UserAnswer::Permissions(permissions)) => of_permissions(&permissions),
        Err(CheckError::Refused(refusal)) => refused(&refusal),
        Err(CheckError::Failed(error) | CheckError::Unproven(error)) => {
            CheckRow::failed(check(TokenRole::User), error.into())
        }
    }
}

/// Our token, looked at as `onboard` does before it creates anything.
pub(crate) async fn system(checker: &TokenChecker<'_>, token: &SystemToken) -> CheckRow {
    let check = check(TokenRole::System);
    let answered = checker.ask_system(token, Purpose::Onboard).await;
    let proven = match answered.map(|answered| answered.said) {
        Ok(Some((info, _))) => {
            return of_info(
                TokenRole::System,
                &info,
                token.secret(),
                checker.partner,
                checker.graph.now(),
            );
        }
        Ok(None) => checker.prove(token).await,
        Err(error) => Err(error),
    };
    match proven {
        Ok(_) => CheckRow::warning(check, "it works; what it may do and until when is not said")
            .remedy(WITH_THE_SECRET),
        Err(error) => {
            let refused = error.refused_to_look();
            let row = CheckRow::failed(check, Failure::from(error));
            if refused {
                row.remedy(TokenRole::System.remedy())
            } else {
                row
            }
        }
    }
}

/// The row of a token that `debug_token` told about.
fn of_info(
    token: TokenRole,
    info: &TokenInfo,
    secret: &Secret,
    partner: &AppId,
    now: Timestamp,
) -> CheckRow {
    let details = json!({
        "app_id": info.app_id, "type": info.kind, "is_valid": info.is_valid,
        "expires_at": info.expires_at.map(Timestamp::as_second),
        "data_access_expires_at": info.data_access_expires_at.map(Timestamp::as_second),
        "scopes": info.scopes, "granular_scopes": info.granular, "user_id": info.user_id,
    });
    let row = match token_check::judge(token, info, Some(partner), now) {
        Err(refusal) => refused(&refusal.of(secret)),
        Ok(()) => living(token, info, now),
    };
    row.details(details)
}

fn refused(refusal: &TokenRefusal) -> CheckRow {
    let why = refusal.meta().map(|error| format!(": {}", error.message));
    let name = refusal.token.name();
    let seen = format!("{name} {}{}", refusal.predicate(), why.unwrap_or_default());
    CheckRow::bad(check(refusal.token), refusal.kind(), seen).remedy(refusal.hint())
}

fn living(token: TokenRole, info: &TokenInfo, now: Timestamp) -> CheckRow {
    let mut parts = vec![info.kind.clone().unwrap_or_else(|| "valid".to_owned())];
    parts.extend(info.user_id.as_ref().map(|id| format!("of user {id}")));
    parts.push(match info.expires_at {
        Some(at) => format!("until {at:.0}"),
        None => "does not expire".to_owned(),
    });
    parts.push(info.scopes.join(" "));
    for granular in &info.granular {
        let targets = granular.target_ids.as_deref().unwrap_or_default();
        match targets.len() {
            0 => {}
            1..=NAMED => parts.push(format!("{} for {}", granular.scope, targets.join(" "))),
            count => parts.push(format!("{} for {count} apps", granular.scope)),
        }
    }
    let mut row = CheckRow::good(check(token), parts.join(", "));
    if token == TokenRole::System && !info.has_scope(MANAGEMENT) {
        row.mark = Mark::Warning;
        row.seen += &format!("; without {MANAGEMENT}");
        row.remedy = Some(format!(
            "add {MANAGEMENT} if you work with the accounts that solutions share"
        ));
    }
    if let (TokenRole::System, Some(days)) = (token, token_check::ends_soon(info, now)) {
        row.mark = Mark::Warning;
        row.seen += &format!("; ends in {days} days");
        row.remedy = Some(token.remedy().to_owned());
    }
    row
}

/// The row of a user token that could only be asked what it may do.
fn of_permissions(permissions: &[Permission]) -> CheckRow {
    let granted: Vec<&str> = permissions
        .iter()
        .filter(|permission| permission.is_granted())
        .map(|permission| permission.permission.as_str())
        .collect();
    let row = match token_check::judge_permissions(permissions) {
        Ok(()) => {
            let seen = format!("{}; for which app is not proven", granted.join(" "));
            CheckRow::warning(check(TokenRole::User), seen).remedy(WITH_THE_SECRET)
        }
        Err(refusal) => refused(&refusal),
    };
    row.details(json!({ "scopes": granted }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{exit::Kind, session::token_check::PERMISSION};

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
        let now = Timestamp::from_second(NOW).unwrap();
        let secret = Secret::parse("EAAx").unwrap();
        of_info(
            TokenRole::System,
            &info,
            &secret,
            &"7".parse().unwrap(),
            now,
        )
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
                info(|info| info.expires_at = at(3 * 86_400 + 5)),
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
        let row = of_permissions(&[granted(PERMISSION, "granted")]);
        assert_eq!(row.mark, Mark::Warning);
        let row = of_permissions(&[granted(PERMISSION, "declined")]);
        assert_eq!(row.mark, Mark::Bad(Kind::Permission));
    }
}
