//! What is known of the tokens before they are used.
//!
//! The one decision: a user token is believed only after Meta said whose it is, for which app, and with
//! which permission; once per run. Three ways, the best that the tokens at hand allow: `debug_token` with
//! the app's own token, with the system token, or `/me/permissions`, which does not prove the app.

use crate::{
    context::failure::Failure,
    exit::Kind,
    graph::{self, Graph, Token, TokenInfo},
    ids::{AppId, UserId},
    secret::{AppSecret, SystemToken, UserToken},
};

/// The permission that both tokens need (Meta's page on embedded creation).
pub const PERMISSION: &str = "manage_app_solution";

/// A system token with less left is warned about, in days.
const DAYS_LEFT: i64 = 14;

/// How a token was checked; the words are those of `checked_by`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckedBy {
    /// `debug_token` with the app's own token.
    AppToken,
    /// `debug_token` with the system token.
    SystemToken,
    /// `/me/permissions` with the token itself.
    Permissions,
}

impl CheckedBy {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::AppToken => "debug_token_app",
            Self::SystemToken => "debug_token_system",
            Self::Permissions => "me_permissions",
        }
    }
}

/// A user token that may be used.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Whose it is, where Meta said so.
    pub user_id: Option<UserId>,
    /// What it was granted.
    pub scopes: Vec<String>,
    /// When it ends, seconds since 1970; `None`: never, or not said.
    pub expires_at: Option<i64>,
    /// When the access to data ends, likewise.
    pub data_access_expires_at: Option<i64>,
    /// The way.
    pub by: CheckedBy,
}

/// Who can check.
#[derive(Clone, Copy)]
pub struct Checker<'a> {
    /// The client.
    pub graph: &'a Graph,
    /// Our app.
    pub partner: &'a AppId,
    /// Our app's secret.
    pub secret: Option<&'a AppSecret>,
    /// Our system token.
    pub system: Option<&'a SystemToken>,
}

/// Whether Meta would not answer about this token, so that the next way may be tried.
fn cannot_tell(error: &graph::Error) -> bool {
    matches!(error.kind(), Kind::Permission | Kind::Input | Kind::Auth)
}

impl Checker<'_> {
    /// Checks a user token; `signed_by` is the user of a verified signed request.
    pub async fn user(
        &self,
        token: &UserToken,
        signed_by: Option<&UserId>,
    ) -> Result<Checked, Failure> {
        let app_token = self
            .secret
            .map(|secret| (Token::App(self.partner, secret), CheckedBy::AppToken));
        let system = self
            .system
            .map(|system| (Token::System(system), CheckedBy::SystemToken));
        for (with, by) in app_token.into_iter().chain(system) {
            match self.graph.debug_token(with, token.secret()).await {
                Ok(info) => return judge(&info, self.partner, signed_by, now(), by),
                Err(error) if cannot_tell(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let permissions = self.graph.permissions(Token::User(token)).await?;
        let scopes: Vec<String> = permissions
            .into_iter()
            .filter(|permission| permission.status == "granted")
            .map(|permission| permission.permission)
            .collect();
        if !scopes.iter().any(|scope| scope == PERMISSION) {
            return Err(no_permission());
        }
        Ok(Checked {
            user_id: signed_by.cloned(),
            scopes,
            expires_at: None,
            data_access_expires_at: None,
            by: CheckedBy::Permissions,
        })
    }

    /// What is known of the system token: who it is, and a warning when it ends soon. Only the app's own
    /// token can tell; without the secret nothing is said.
    pub async fn system(
        &self,
        token: &SystemToken,
    ) -> Result<(Option<UserId>, Option<String>), Failure> {
        let Some(secret) = self.secret else {
            return Ok((None, None));
        };
        match self
            .graph
            .debug_token(Token::App(self.partner, secret), token.secret())
            .await
        {
            Ok(info) => judge_system(&info, self.partner, now()),
            Err(error) if cannot_tell(&error) => Ok((None, None)),
            Err(error) => Err(error.into()),
        }
    }
}

/// What Meta says of the system token when it asks about itself: its app, whose it is, and a warning when it
/// ends soon. `None`: Meta does not answer that (graph-api.md, 6.3).
pub async fn of_itself(
    graph: &Graph,
    token: &SystemToken,
) -> Result<Option<(AppId, Option<UserId>, Option<String>)>, Failure> {
    let info = match graph
        .debug_token(Token::System(token), token.secret())
        .await
    {
        Ok(info) => info,
        Err(error) if cannot_tell(&error) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let Some(app) = info.app_id.clone() else {
        return Ok(None);
    };
    let (user, warning) = judge_system(&info, &app, now())?;
    Ok(Some((app, user, warning)))
}

fn seconds(at: Option<jiff::Timestamp>) -> Option<i64> {
    at.map(jiff::Timestamp::as_second)
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

fn no_permission() -> Failure {
    Failure::new(Kind::Permission, format!("the user token has not the permission {PERMISSION}"))
        .hint("the Tech Provider clicks the button again and leaves the permission ticked: mps serve-button")
}

/// Meta's own error inside the answer about a token.
fn dead(info: &TokenInfo, what: &str, remedy: &str) -> Option<Failure> {
    if info.is_valid && info.error.is_none() {
        return None;
    }
    let mut failure =
        Failure::new(Kind::Auth, format!("{what} is not valid any more")).hint(remedy);
    if let Some(error) = &info.error {
        failure.causes.push(error.message.clone());
        failure.code = error.code;
        failure.subcode = error.subcode;
    }
    Some(failure)
}

/// What `debug_token` said about a user token.
fn judge(
    info: &TokenInfo,
    partner: &AppId,
    signed_by: Option<&UserId>,
    now: i64,
    by: CheckedBy,
) -> Result<Checked, Failure> {
    let again = "get a new one from the Tech Provider: mps serve-button";
    if let Some(failure) = dead(info, "the user token", again) {
        return Err(failure);
    }
    let auth = |message: String| Err(Failure::new(Kind::Auth, message).hint(again));
    if let Some(app) = info.app_id.as_ref().filter(|app| *app != partner) {
        return auth(format!(
            "the user token was made for app {app}, not for our app {partner}"
        ));
    }
    if seconds(info.expires_at).is_some_and(|at| at <= now) {
        return auth("the user token has expired".to_owned());
    }
    if let Some(kind) = info.kind.as_deref().filter(|kind| *kind != "USER") {
        return auth(format!(
            "that is not a user token of a person: Meta calls it {kind}"
        ));
    }
    if !info.has_scope(PERMISSION) {
        return Err(no_permission());
    }
    if let (Some(signed), Some(user)) = (signed_by, &info.user_id)
        && signed != user
    {
        return auth(
            "the token belongs to somebody else than the signed request that came with it"
                .to_owned(),
        );
    }
    Ok(Checked {
        user_id: info.user_id.clone().or_else(|| signed_by.cloned()),
        scopes: info.scopes.clone(),
        expires_at: seconds(info.expires_at),
        data_access_expires_at: seconds(info.data_access_expires_at),
        by,
    })
}

/// What `debug_token` said about the system token.
fn judge_system(
    info: &TokenInfo,
    partner: &AppId,
    now: i64,
) -> Result<(Option<UserId>, Option<String>), Failure> {
    let remedy = "make a new one in Business Settings, System users, with manage_app_solution";
    if let Some(failure) = dead(info, "the system token", remedy) {
        return Err(failure);
    }
    if let Some(app) = info.app_id.as_ref().filter(|app| *app != partner) {
        return Err(Failure::new(
            Kind::Auth,
            format!("the system token was made for app {app}, not for our app {partner}"),
        )
        .hint(remedy));
    }
    if !info.scopes.is_empty() && !info.has_scope(PERMISSION) {
        return Err(Failure::new(
            Kind::Permission,
            format!("the system token has not the permission {PERMISSION}"),
        )
        .hint(remedy));
    }
    let days = seconds(info.expires_at).map(|at| (at - now) / 86_400);
    let warning = days
        .filter(|days| *days < DAYS_LEFT)
        .map(|days| format!("the system token ends in {days} days; {remedy}"));
    Ok((info.user_id.clone(), warning))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_300_000;

    fn at(second: i64) -> Option<jiff::Timestamp> {
        jiff::Timestamp::from_second(second).ok()
    }

    fn info() -> TokenInfo {
        TokenInfo {
            app_id: Some("7".parse().unwrap()),
            kind: Some("USER".to_owned()),
            is_valid: true,
            expires_at: at(NOW + 3600),
            data_access_expires_at: None,
            scopes: vec!["public_profile".to_owned(), PERMISSION.to_owned()],
            user_id: Some("998877".parse().unwrap()),
            issued_at: None,
            granular: Vec::new(),
            error: None,
        }
    }

    fn verdict(
        change: impl FnOnce(&mut TokenInfo),
        signed_by: Option<&str>,
    ) -> Result<(), (Kind, String)> {
        let mut info = info();
        change(&mut info);
        let signed = signed_by.map(|id| id.parse::<UserId>().unwrap());
        judge(
            &info,
            &"7".parse().unwrap(),
            signed.as_ref(),
            NOW,
            CheckedBy::AppToken,
        )
        .map(|_| ())
        .map_err(|failure| (failure.kind, failure.message))
    }

    #[test]
    fn user_tokens() {
        assert_eq!(verdict(|_| (), None), Ok(()));
        assert_eq!(verdict(|_| (), Some("998877")), Ok(()));
        assert_eq!(
            verdict(|info| info.expires_at = None, None),
            Ok(()),
            "0 means never"
        );
        assert_eq!(
            verdict(|info| info.kind = None, None),
            Ok(()),
            "the type is optional"
        );
        let kind = |verdict: Result<(), (Kind, String)>| verdict.unwrap_err().0;
        assert_eq!(
            kind(verdict(|info| info.is_valid = false, None)),
            Kind::Auth
        );
        assert_eq!(
            kind(verdict(
                |info| info.app_id = Some("8".parse().unwrap()),
                None
            )),
            Kind::Auth
        );
        assert_eq!(
            kind(verdict(|info| info.expires_at = at(NOW), None)),
            Kind::Auth
        );
        assert_eq!(
            kind(verdict(|info| info.kind = Some("SYSTEM_USER".into()), None)),
            Kind::Auth
        );
        assert_eq!(
            kind(verdict(|info| info.scopes.clear(), None)),
            Kind::Permission
        );
        assert_eq!(kind(verdict(|_| (), Some("1"))), Kind::Auth);
    }

    #[test]
    fn a_system_token_that_ends_soon_is_warned_about() {
        let partner = "7".parse().unwrap();
        for (seconds, warned) in [(13 * 86_400, true), (15 * 86_400, false)] {
            let info = TokenInfo {
                expires_at: at(NOW + seconds),
                ..info()
            };
            assert_eq!(
                judge_system(&info, &partner, NOW).unwrap().1.is_some(),
                warned
            );
        }
        assert!(
            judge_system(
                &TokenInfo {
                    expires_at: None,
                    ..info()
                },
                &partner,
                NOW
            )
            .unwrap()
            .1
            .is_none()
        );
        assert!(
            judge_system(
                &TokenInfo {
                    is_valid: false,
                    ..info()
                },
                &partner,
                NOW
            )
            .is_err()
        );
    }
}
