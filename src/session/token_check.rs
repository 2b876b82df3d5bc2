//! What is known of the tokens before they are used.
//!
//! The one decision: a user token is believed only after Meta said whose it is, for which app, and with
//! which permission; once per run. Three ways, the best that the tokens at hand allow: `debug_token` with
//! the app's own token, with the system token, or `/me/permissions`, which does not prove the app. A system
//! token is believed unless Meta says otherwise; who creates first and accepts later proves it before.

use futures_util::StreamExt as _;

use super::token_flaw::seconds;
pub use super::token_flaw::{Flaw, PERMISSION, Whose, flaw};
use crate::{
    context::failure::Failure,
    exit::Kind,
    graph::{self, Graph, SolutionRole, Token, TokenInfo},
    ids::{AppId, UserId},
    secret::{AppSecret, Secret, SystemToken, UserToken},
};

/// A system token with less left is warned about, in days.
pub const DAYS_LEFT: i64 = 14;

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

/// What a run does with our system token, which says how sure it has to be of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// It reads, or accepts what exists and was read first: what the app's own token tells is enough, and one that
    /// Meta refuses leaves nothing behind.
    Step,
    /// It creates first and accepts later: a token that cannot accept would leave solutions behind.
    Onboard,
}

/// What is known of our system token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct System {
    /// Who the system user is, where Meta said so.
    pub user_id: Option<UserId>,
    /// Said when it ends soon.
    pub warning: Option<String>,
    /// Our app's name, where that was read to prove the token.
    pub app_name: Option<String>,
}

/// Whether Meta would not answer about this token, so that the next way may be tried.
fn cannot_tell(error: &graph::Error) -> bool {
    matches!(
        error.kind(),
        Kind::Permission | Kind::Input | Kind::Auth | Kind::UnreadableResponse
    )
}

/// What Meta says of a token, asked with another or with itself; `None`: nothing.
async fn ask(graph: &Graph, with: Token<'_>, token: &Secret) -> Result<Option<TokenInfo>, Failure> {
    match graph.debug_token(with, token).await {
        Ok(info) => Ok(Some(info).filter(|info| !info.says_nothing())),
        Err(error) if cannot_tell(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

impl Checker<'_> {
    fn app_token(&self) -> Option<Token<'_>> {
        self.secret.map(|secret| Token::App(self.partner, secret))
    }

    /// Checks a user token; `signed_by` is the user of a verified signed request.
    pub async fn user(
        &self,
        token: &UserToken,
        signed_by: Option<&UserId>,
    ) -> Result<Checked, Failure> {
        let app_token = self.app_token().map(|token| (token, CheckedBy::AppToken));
        let system = self
            .system
            .map(|system| (Token::System(system), CheckedBy::SystemToken));
        for (with, by) in app_token.into_iter().chain(system) {
            if let Some(info) = ask(self.graph, with, token.secret()).await? {
                let judged = judge(&info, self.partner, signed_by, now(), by);
                return judged.map_err(|flaw| flaw.failure(Whose::User, token.secret()));
            }
        }
        let permissions = self.graph.permissions(Token::User(token)).await?;
        let scopes: Vec<String> = permissions
            .into_iter()
            .filter(|permission| permission.status == "granted")
            .map(|permission| permission.permission)
            .collect();
        if !scopes.iter().any(|scope| scope == PERMISSION) {
            return Err(Flaw::permission().failure(Whose::User, token.secret()));
        }
        Ok(Checked {
            user_id: signed_by.cloned(),
            scopes,
            expires_at: None,
            data_access_expires_at: None,
            by: CheckedBy::Permissions,
        })
    }

    /// What is known of the system token, as far as the purpose needs it. Only the app's own token tells for
    /// sure; a token that is asked about itself may be told nothing (graph-api.md, 6.3).
    pub async fn system(&self, token: &SystemToken, purpose: Purpose) -> Result<System, Failure> {
        let itself = (purpose == Purpose::Onboard).then_some(Token::System(token));
        for with in self.app_token().into_iter().chain(itself) {
            if let Some(info) = ask(self.graph, with, token.secret()).await? {
                let judged = judge_system(&info, Some(self.partner), now());
                return judged.map_err(|flaw| flaw.failure(Whose::System, token.secret()));
            }
        }
        let app_name = match purpose {
            Purpose::Onboard => self.read_with(token).await?,
            Purpose::Step => None,
        };
        Ok(System {
            app_name,
            ..System::default()
        })
    }

    /// Proves by a read that a system token lives: our app, whose name is needed anyway, else its solutions.
    async fn read_with(&self, token: &SystemToken) -> Result<Option<String>, Failure> {
        match self.graph.app(Token::System(token), self.partner).await {
            Ok(app) => return Ok(Some(app.name)),
            Err(error) if error.refused_to_look() => {}
            Err(error) => return Err(unproven(error)),
        }
        let mut listing =
            self.graph
                .solutions(Token::System(token), self.partner, SolutionRole::Partner);
        match listing.next().await {
            None | Some(Ok(_)) => Ok(None),
            Some(Err(error)) => Err(unproven(error)),
        }
    }
}

/// One token in both places: theirs cannot accept, ours is not theirs. For that Meta need not be asked.
pub fn must_differ(user: &UserToken, system: &SystemToken) -> Result<(), Failure> {
    let same = user.secret().expose() == system.secret().expose();
    let flaw = || Flaw::auth("is the same as the user token");
    if same {
        Err(flaw().failure(Whose::System, system.secret()))
    } else {
        Ok(())
    }
}

/// No read with the system token succeeded.
fn unproven(error: graph::Error) -> Failure {
    let refused = error.refused_to_look();
    let mut failure = Failure::from(error);
    let cause = std::mem::replace(
        &mut failure.message,
        "the system token could not be proven; nothing was created".to_owned(),
    );
    failure.causes.insert(0, cause);
    if refused {
        failure.kind = Kind::Permission;
        failure.hint = Some(Whose::System.remedy().to_owned());
    }
    failure
}

/// What Meta says of the system token when it asks about itself, and for which app it was made. `None`: Meta
/// does not answer that (graph-api.md, 6.3).
pub async fn of_itself(
    graph: &Graph,
    token: &SystemToken,
) -> Result<Option<(AppId, System)>, Failure> {
    let Some(info) = ask(graph, Token::System(token), token.secret()).await? else {
        return Ok(None);
    };
    let judged = judge_system(&info, None, now());
    let system = judged.map_err(|flaw| flaw.failure(Whose::System, token.secret()))?;
    Ok(info.app_id.map(|app| (app, system)))
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// What `debug_token` said about a user token.
fn judge(
    info: &TokenInfo,
    partner: &AppId,
    signed_by: Option<&UserId>,
    now: i64,
    by: CheckedBy,
) -> Result<Checked, Flaw> {
    let mut flaw = flaw(Whose::User, info, Some(partner), now);
    if let (None, Some(signed), Some(user)) = (&flaw, signed_by, &info.user_id)
        && signed != user
    {
        let what = "belongs to somebody else than the signed request that came with it";
        flaw = Some(Flaw::auth(what));
    }
    if let Some(flaw) = flaw {
        return Err(flaw);
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
fn judge_system(info: &TokenInfo, partner: Option<&AppId>, now: i64) -> Result<System, Flaw> {
    if let Some(flaw) = flaw(Whose::System, info, partner, now) {
        return Err(flaw);
    }
    let days = seconds(info.expires_at).map(|at| (at - now) / 86_400);
    let warning = days.filter(|days| *days < DAYS_LEFT).map(|days| {
        let remedy = Whose::System.remedy();
        format!("the system token ends in {days} days; {remedy}")
    });
    Ok(System {
        user_id: info.user_id.clone(),
        warning,
        app_name: None,
    })
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

    fn system() -> TokenInfo {
        TokenInfo {
            kind: Some("SYSTEM_USER".to_owned()),
            scopes: vec![PERMISSION.to_owned()],
            ..info()
        }
    }

    fn granular(scope: &str) -> graph::GranularScope {
        graph::GranularScope {
            scope: scope.to_owned(),
            target_ids: None,
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
        .map_err(|flaw| (flaw.kind, flaw.what))
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
                ..system()
            };
            assert_eq!(
                judge_system(&info, Some(&partner), NOW)
                    .unwrap()
                    .warning
                    .is_some(),
                warned
            );
        }
        let never = TokenInfo {
            expires_at: None,
            ..system()
        };
        let judged = judge_system(&never, Some(&partner), NOW);
        assert!(judged.unwrap().warning.is_none());
    }

    #[test]
    fn system_tokens() {
        type Case = (
            &'static str,
            fn(&mut TokenInfo),
            Option<(Kind, &'static str)>,
        );
        let cases: [Case; 15] = [
            ("ours", |_| (), None),
            ("its type is optional", |info| info.kind = None, None),
            ("its app is optional", |info| info.app_id = None, None),
            ("0 means never", |info| info.expires_at = None, None),
            ("permissions left unsaid", |info| info.scopes.clear(), None),
            (
                "dead",
                |info| info.is_valid = false,
                Some((Kind::Auth, "is not valid any more")),
            ),
            (
                "expired this second",
                |info| info.expires_at = at(NOW),
                Some((Kind::Auth, "has expired")),
            ),
            (
                "the Tech Provider's own",
                |info| info.kind = Some("USER".into()),
                Some((Kind::Auth, "is not a system user's: Meta calls it USER")),
            ),
            (
                "a page's",
                |info| info.kind = Some("PAGE".into()),
                Some((Kind::Auth, "is not a system user's: Meta calls it PAGE")),
            ),
            (
                "the app's",
                |info| info.kind = Some("APP".into()),
                Some((Kind::Auth, "is not a system user's: Meta calls it APP")),
            ),
            (
                "of another app",
                |info| info.app_id = Some("8".parse().unwrap()),
                Some((Kind::Auth, "was made for app 8, not for our app 7")),
            ),
            (
                "with other permissions",
                |info| info.scopes = vec!["public_profile".into()],
                Some((
                    Kind::Permission,
                    "has not the permission manage_app_solution",
                )),
            ),
            (
                "permission for some objects only",
                |info| {
                    info.scopes.clear();
                    info.granular = vec![granular(PERMISSION)];
                },
                None,
            ),
            (
                "other permissions for some objects",
                |info| {
                    info.scopes.clear();
                    info.granular = vec![granular("business_management")];
                },
                Some((
                    Kind::Permission,
                    "has not the permission manage_app_solution",
                )),
            ),
            (
                "dead before anything else",
                |info| {
                    info.is_valid = false;
                    info.kind = Some("USER".into());
                },
                Some((Kind::Auth, "is not valid any more")),
            ),
        ];
        let partner: AppId = "7".parse().unwrap();
        for (name, change, expected) in cases {
            let mut info = system();
            change(&mut info);
            let flaw = flaw(Whose::System, &info, Some(&partner), NOW);
            let seen = flaw.as_ref().map(|flaw| (flaw.kind, flaw.what.as_str()));
            assert_eq!(seen, expected, "{name}");
        }
        let mut other = system();
        other.app_id = Some("8".parse().unwrap());
        assert_eq!(
            flaw(Whose::System, &other, None, NOW),
            None,
            "our app is not known"
        );
    }
}
