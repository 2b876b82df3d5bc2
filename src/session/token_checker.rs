//! Asks Meta about the tokens, by the best way that is at hand.
//!
//! The one decision: a user token is believed only after Meta said whose it is, for which app, and with which
//! permission; three ways, the best that the tokens at hand allow: `debug_token` with the app's own token, with
//! the system token, or `/me/permissions`, which does not prove the app. A system token is believed unless Meta
//! says otherwise; who creates first and accepts later proves it before.

use futures_util::StreamExt as _;
use jiff::Timestamp;

use super::{
    ahead::Ahead,
    checked_token::{CheckedSystem, CheckedUser},
    token_check::{
        PERMISSION, RefusalReason, TokenRefusal, TokenRole, judge, judge_permissions, judge_signer,
    },
    token_proof::{CheckedBy, TokenProof},
    token_viewer::{DebugAnswer, Viewer, ask},
};
use crate::{
    context::failure::Failure,
    exit::Kind,
    graph::{self, App, Graph, Permission, SolutionRole, Token, TokenInfo},
    ids::{AppId, UserId},
    secret::{AppSecret, Secret, SystemToken, UserToken},
};

/// Why a token did not pass its check.
#[derive(Debug, Clone)]
pub enum CheckError {
    /// The token may not be used.
    Refused(TokenRefusal),
    /// Meta could not be asked.
    Failed(graph::Error),
    /// A system token that no read could prove.
    Unproven(graph::Error),
}

impl From<TokenRefusal> for CheckError {
    fn from(refusal: TokenRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<graph::Error> for CheckError {
    fn from(error: graph::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<CheckError> for Failure {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::Refused(refusal) => refusal.into(),
            CheckError::Failed(error) => error.into(),
            CheckError::Unproven(error) => {
                let refused = error.refused_to_look();
                let mut failure = Self::from(error);
                let message =
                    "the system token could not be proven; nothing was created".to_owned();
                let cause = std::mem::replace(&mut failure.message, message);
                failure.causes.insert(0, cause);
                if refused {
                    failure.kind = Kind::Permission;
                    failure.hint = Some(TokenRole::System.remedy().to_owned());
                }
                failure
            }
        }
    }
}

/// What a command does with our system token, which says how sure it has to be of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Purpose {
    /// It reads, or accepts what exists and was read first: what the app's own token tells is enough, and one that
    /// Meta refuses leaves nothing behind.
    #[default]
    Step,
    /// It creates first and accepts later: a token that cannot accept would leave solutions behind.
    Onboard,
}

/// What Meta said of a user token.
#[derive(Debug, Clone)]
pub enum UserAnswer {
    /// All that it knows.
    Info(Box<TokenInfo>, CheckedBy),
    /// What it may do, asked with the token itself.
    Permissions(Vec<Permission>),
}

/// What was said of a token by whoever answered, and what was said against it before.
#[derive(Debug, Clone)]
pub struct Answered<T> {
    /// What was said.
    pub said: T,
    /// That it and the one that asked first are not of one app, which names both.
    pub doubt: Option<String>,
}

fn without_permission() -> String {
    format!(
        "Meta does not report {PERMISSION} of the user token; it is taken, since its app list is served (--no-scope-check)"
    )
}

/// Who can check.
#[derive(Clone, Copy)]
pub struct TokenChecker<'a> {
    /// The client.
    pub graph: &'a Graph,
    /// Our app.
    pub partner: &'a AppId,
    /// Our app's secret.
    pub secret: Option<&'a AppSecret>,
    /// Our system token.
    pub system: Option<&'a SystemToken>,
    /// A user token without the permission is taken where it lists its apps (`--no-scope-check`).
    pub any_scope: bool,
}

impl TokenChecker<'_> {
    fn app_token(&self) -> Option<Viewer<'_>> {
        let secret = self.secret?;
        Some(Viewer {
            token: Token::App(self.partner, secret),
            name: "the app secret",
            place: secret.secret().place(),
        })
    }

    /// What Meta says of a user token, by the best way that answers.
    pub async fn ask_user(&self, token: &UserToken) -> Result<Answered<UserAnswer>, CheckError> {
        let app_token = self.app_token().map(|viewer| (viewer, CheckedBy::AppToken));
        let system = self
            .system
            .map(|system| (Viewer::system(system), CheckedBy::SystemToken));
        let mut doubt = None;
        for (viewer, by) in app_token.into_iter().chain(system) {
            match ask(self.graph, viewer.token, token.secret()).await? {
                DebugAnswer::Info(info) => {
                    let said = UserAnswer::Info(info, by);
                    return Ok(Answered { said, doubt });
                }
                DebugAnswer::OtherApp(error) => {
                    doubt.get_or_insert_with(|| {
                        viewer.doubts(TokenRole::User, token.secret(), &error)
                    });
                }
                DebugAnswer::Nothing => {}
            }
        }
        match self.graph.permissions(Token::User(token)).await {
            Ok(permissions) => Ok(Answered {
                said: UserAnswer::Permissions(permissions),
                doubt,
            }),
            // Asked with itself, a dead token is refused as one.
            Err(error) if error.kind() == Kind::Auth && !error.is_about_proof() => {
                let reason = RefusalReason::Invalid(error.meta().cloned().map(Box::new));
                let refusal = TokenRefusal::new(TokenRole::User, reason);
                Err(refusal.of(token.secret()).beside(doubt).into())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Checks a user token; `signed_by` is the user of a verified signed request.
    pub async fn user(
        &self,
        token: &UserToken,
        signed_by: Option<&UserId>,
    ) -> Result<CheckedUser, CheckError> {
        let Answered { said, doubt } = self.ask_user(token).await?;
        match said {
            UserAnswer::Info(info, by) => {
                let judged = judge(TokenRole::User, &info, Some(self.partner), self.graph.now());
                let judged = self.scoped(token, judged).await;
                let unscoped = judged
                    .and_then(|unscoped| {
                        judge_signer(signed_by, info.user_id.as_ref()).map(|()| unscoped)
                    })
                    .map_err(|refusal| refusal.of(token.secret()).beside(doubt.clone()))?;
                Ok(CheckedUser {
                    proof: TokenProof::debugged(TokenRole::User, &info, by).doubted(doubt),
                    doubt: unscoped.then(without_permission),
                    unscoped,
                    user_id: info.user_id.or_else(|| signed_by.cloned()),
                    scopes: info.scopes,
                    expires_at: info.expires_at.map(Timestamp::as_second),
                    data_access_expires_at: info.data_access_expires_at.map(Timestamp::as_second),
                    by,
                })
            }
            UserAnswer::Permissions(permissions) => {
                let judged = judge_permissions(&permissions);
                let judged = self.scoped(token, judged).await;
                let unscoped =
                    judged.map_err(|refusal| refusal.of(token.secret()).beside(doubt.clone()))?;
                let granted = permissions.into_iter().filter(Permission::is_granted);
                let scopes: Vec<String> = granted.map(|line| line.permission).collect();
                Ok(CheckedUser {
                    user_id: signed_by.cloned(),
                    proof: TokenProof::permitted(scopes.iter()).doubted(doubt.clone()),
                    scopes,
                    expires_at: None,
                    data_access_expires_at: None,
                    by: CheckedBy::Permissions,
                    doubt: doubt.or_else(|| unscoped.then(without_permission)),
                    unscoped,
                })
            }
        }
    }

    /// What was judged, but for a missing permission where the app list is served: `true`.
    async fn scoped(
        &self,
        token: &UserToken,
        judged: Result<(), TokenRefusal>,
    ) -> Result<bool, TokenRefusal> {
        match judged {
            Ok(()) => Ok(false),
            Err(refusal) if self.any_scope && refusal.reason == RefusalReason::NoPermission => {
                match self.graph.granted_apps(token).next().await {
                    Some(Err(error)) => Err(refusal.beside(Some(error.to_string()))),
                    Some(Ok(_)) | None => Ok(true),
                }
            }
            Err(refusal) => Err(refusal),
        }
    }

    /// Checks the system token, as far as the purpose needs it; `our_app` is taken where that was asked already and
    /// proves it. Only the app's own token tells for sure; a token
    /// that is asked about itself may be told nothing (graph-api.md, 6.3).
    pub async fn system(
        &self,
        token: &SystemToken,
        purpose: Purpose,
        our_app: &mut Option<Ahead<Result<App, graph::Error>>>,
    ) -> Result<CheckedSystem, CheckError> {
        let Answered { said, doubt } = self.ask_system(token, purpose).await?;
        let (info, by) = said.unzip();
        if let Some(info) = &info {
            let now = self.graph.now();
            let judged = judge(TokenRole::System, info, Some(self.partner), now);
            judged.map_err(|refusal| refusal.of(token.secret()))?;
        }
        let app_name = match (&info, purpose) {
            (None, Purpose::Onboard) => {
                let read = match our_app.take() {
                    Some(asked) => asked.answer().await,
                    None => self.graph.app(Token::System(token), self.partner).await,
                };
                let proven = self.proven(token, read).await;
                proven.map_err(CheckError::Unproven)?
            }
            (Some(_), _) | (None, Purpose::Step) => None,
        };
        let doubt = doubt.filter(|_| info.is_none());
        Ok(CheckedSystem {
            read: info.is_none() && purpose == Purpose::Onboard,
            info,
            by,
            app_name,
            doubt,
        })
    }

    /// What Meta says of a system token, and asked how; `None`: nothing.
    pub async fn ask_system(
        &self,
        token: &SystemToken,
        purpose: Purpose,
    ) -> Result<Answered<Option<(TokenInfo, CheckedBy)>>, graph::Error> {
        let app_token = self.app_token().map(|viewer| (viewer, CheckedBy::AppToken));
        let itself =
            (purpose == Purpose::Onboard).then(|| (Viewer::system(token), CheckedBy::SystemToken));
        let mut doubt = None;
        for (viewer, by) in app_token.into_iter().chain(itself) {
            match ask(self.graph, viewer.token, token.secret()).await? {
                DebugAnswer::Info(info) => {
                    let said = Some((*info, by));
                    return Ok(Answered { said, doubt });
                }
                DebugAnswer::OtherApp(error) => {
                    doubt.get_or_insert_with(|| {
                        viewer.doubts(TokenRole::System, token.secret(), &error)
                    });
                }
                DebugAnswer::Nothing => {}
            }
        }
        Ok(Answered { said: None, doubt })
    }

    /// Whose a token is, where the app's own token may ask and Meta tells; for the history, which does without.
    pub async fn whose(&self, token: &Secret) -> Option<UserId> {
        let viewer = self.app_token()?;
        match ask(self.graph, viewer.token, token).await.ok()? {
            DebugAnswer::Info(info) => info.user_id,
            DebugAnswer::OtherApp(_) | DebugAnswer::Nothing => None,
        }
    }

    /// Proves by a read that a system token lives: our app, whose name is needed anyway, else its solutions.
    pub async fn prove(&self, token: &SystemToken) -> Result<Option<String>, graph::Error> {
        let read = self.graph.app(Token::System(token), self.partner).await;
        self.proven(token, read).await
    }

    async fn proven(
        &self,
        token: &SystemToken,
        read: Result<App, graph::Error>,
    ) -> Result<Option<String>, graph::Error> {
        let token = Token::System(token);
        match read {
            Ok(app) => return Ok(Some(app.name)),
            Err(error) if error.refused_to_look() => {}
            Err(error) => return Err(error),
        }
        let mut listing = self
            .graph
            .solutions(token, self.partner, SolutionRole::Partner);
        listing.next().await.transpose().map(|_| None)
    }
}

/// What Meta says of the system token when it asks about itself, and for which app it was made. `None`: Meta
/// does not answer that (graph-api.md, 6.3).
pub async fn learn_app(
    graph: &Graph,
    token: &SystemToken,
) -> Result<Option<(AppId, CheckedSystem)>, CheckError> {
    let DebugAnswer::Info(info) = ask(graph, Token::System(token), token.secret()).await? else {
        return Ok(None);
    };
    let judged = judge(TokenRole::System, &info, None, graph.now());
    judged.map_err(|refusal| refusal.of(token.secret()))?;
    let Some(app) = info.app_id.clone() else {
        return Ok(None);
    };
    let checked = CheckedSystem {
        info: Some(*info),
        by: Some(CheckedBy::SystemToken),
        read: false,
        app_name: None,
        doubt: None,
    };
    Ok(Some((app, checked)))
}
