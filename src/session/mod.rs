//! A session: what a command that acts needs of Meta and of us. The client, our app, and the tokens, each checked
//! before it is used; from them the plan, the consent and the engine.
//!
//! The one decision: it is opened in one place and in one order: first what can be missing, then what Meta must be
//! asked.

pub mod consent;
pub mod plan;
pub mod progress_page;
pub mod run;
pub mod select;
pub mod shown;
pub mod token_check;
pub mod token_checker;

use self::token_checker::{CheckedSystem, CheckedUser, Purpose, TokenChecker, learn_app};
use crate::{
    context::{Context, Sourced, failure::Failure, missing, settings},
    exit::Kind,
    graph::{App, Graph, Solution, Token},
    ids::{AppId, SolutionId, UserId},
    secret::{AppSecret, SystemToken, UserToken},
};

pub use self::consent::{Consent, confirm};

/// What a command needs of a session; the tokens were read before.
#[derive(Debug, Clone, Default)]
pub struct Needs {
    /// The Tech Provider's token, where it is given and does not come from the page.
    pub user: Option<Sourced<UserToken>>,
    /// Our system token.
    pub system: Option<Sourced<SystemToken>>,
    /// What the system token is for.
    pub purpose: Purpose,
    /// Our app's id.
    pub app: AppNeed,
}

/// Where our app's id may come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AppNeed {
    /// A setting.
    #[default]
    Set,
    /// A setting, else Meta's word about the system token.
    Learnable,
    /// The same, and where neither tells it, the command does without.
    Optional,
}

/// Our app.
#[derive(Debug, Clone)]
pub struct PartnerApp {
    /// Its id.
    pub id: AppId,
    /// Our name in names of solutions and in messages.
    pub name: String,
}

/// The Tech Provider's token, which passed its check.
#[derive(Debug, Clone)]
pub struct UserSession {
    /// The token.
    pub token: UserToken,
    /// Where it came from, for the plan.
    pub source: String,
    /// What Meta said of it.
    pub checked: CheckedUser,
    /// The apps that it lists, where that was asked already.
    pub apps: Option<Vec<App>>,
}

/// Our system token, which passed its check.
#[derive(Debug, Clone)]
pub struct SystemSession {
    /// The token.
    pub token: SystemToken,
    /// Where it came from, for the plan.
    pub source: String,
    /// Who the system user is, where Meta said so.
    pub user_id: Option<UserId>,
}

/// Whichever token is used.
pub enum AnyToken {
    /// Ours.
    System(SystemToken),
    /// The Tech Provider's.
    User(UserToken),
}

impl AnyToken {
    /// For a call.
    pub fn as_token(&self) -> Token<'_> {
        match self {
            Self::System(token) => Token::System(token),
            Self::User(token) => Token::User(token),
        }
    }
}

/// The client, our app and the tokens of a run.
pub struct Session {
    /// The client.
    pub graph: Graph,
    /// The Tech Provider.
    pub user: Option<UserSession>,
    /// We.
    pub system: Option<SystemSession>,
    app: Option<PartnerApp>,
    app_secret: Option<AppSecret>,
}

impl Session {
    /// Opens it: what can be missing first, then each token's check.
    pub async fn open(ctx: &Context, needs: Needs) -> Result<Self, Failure> {
        let set = match needs.app {
            AppNeed::Set => Some(ctx.partner()?),
            AppNeed::Learnable | AppNeed::Optional => ctx.partner_if_known()?,
        };
        ctx.pauses()?;
        let mut session = Self {
            graph: ctx.graph()?,
            user: None,
            system: None,
            app: set.map(|id| PartnerApp {
                name: set_partner_name(ctx).unwrap_or_else(|| id.to_string()),
                id,
            }),
            app_secret: ctx.app_secret()?.cloned(),
        };
        if let Some(system) = needs.system {
            session.add_system(ctx, system, needs.purpose).await?;
        }
        if session.app.is_none() {
            app_is_unknown(ctx, needs.app)?;
        }
        if let Some(user) = needs.user {
            session.add_user(ctx, user).await?;
        }
        Ok(session)
    }

    /// Takes our system token in, after its check; where no setting tells our app's id, it is learnt here.
    async fn add_system(
        &mut self,
        ctx: &Context,
        system: Sourced<SystemToken>,
        purpose: Purpose,
    ) -> Result<(), Failure> {
        let checked = if self.app.is_some() {
            let checked = self.checker()?.system(&system.token, purpose).await?;
            let token = Token::System(&system.token);
            let read = checked.app_name.clone();
            self.name_our_app(ctx, token, read).await;
            checked
        } else if let Some((id, checked)) = learn_app(&self.graph, &system.token).await? {
            let name = id.to_string();
            self.app = Some(PartnerApp { id, name });
            checked
        } else {
            CheckedSystem::default()
        };
        if let Some(warning) = checked.warning() {
            ctx.ui.warning(&warning);
        }
        self.system = Some(SystemSession {
            user_id: checked.user_id().cloned(),
            token: system.token,
            source: system.source,
        });
        Ok(())
    }

    /// Takes a user token in, after its check.
    pub async fn add_user(
        &mut self,
        ctx: &Context,
        user: Sourced<UserToken>,
    ) -> Result<(), Failure> {
        let checked = self.checker()?.user(&user.token, None).await?;
        self.name_our_app(ctx, Token::User(&user.token), None).await;
        self.user = Some(UserSession {
            token: user.token,
            source: user.source,
            checked,
            apps: None,
        });
        Ok(())
    }

    /// Gives our app its name, unless it has one: as Meta told it already (`read`), else as it tells `token` now.
    async fn name_our_app(&mut self, ctx: &Context, token: Token<'_>, read: Option<String>) {
        let Some(app) = &mut self.app else { return };
        if app.name != app.id.as_str() || set_partner_name(ctx).is_some() {
            return;
        }
        let read = read.filter(|name| !name.trim().is_empty());
        let name = match read {
            Some(name) => Some(name),
            None => app_name(&self.graph, token, &app.id).await,
        };
        if let Some(name) = name {
            app.name = name;
        }
    }

    /// The token that is likeliest to be allowed to read: the Tech Provider's only where there is none of ours.
    fn any_token(&self) -> Option<Token<'_>> {
        let system = self
            .system
            .as_ref()
            .map(|system| Token::System(&system.token));
        let user = self.user.as_ref().map(|user| Token::User(&user.token));
        system.or(user)
    }

    /// Our app; an error only where the command said that it can do without.
    pub fn app(&self) -> Result<&PartnerApp, Failure> {
        self.app.as_ref().ok_or_else(unknown_app)
    }

    /// Our app's id, where it is known.
    pub fn app_id(&self) -> Option<&AppId> {
        self.app.as_ref().map(|app| &app.id)
    }

    /// Who checks tokens here.
    pub fn checker(&self) -> Result<TokenChecker<'_>, Failure> {
        Ok(TokenChecker {
            graph: &self.graph,
            partner: &self.app()?.id,
            secret: self.app_secret.as_ref(),
            system: self.system.as_ref().map(|system| &system.token),
        })
    }

    /// Reads one solution.
    pub async fn read(&self, id: &SolutionId) -> Result<Solution, Failure> {
        let Some(token) = self.any_token() else {
            let remedy = "then type the same command again";
            return Err(missing(settings::SYSTEM_TOKEN, remedy));
        };
        Ok(self.graph.solution(token, id).await?)
    }
}

/// Our name, where a setting tells it.
pub fn set_partner_name(ctx: &Context) -> Option<String> {
    let given = ctx.globals.partner_name.as_deref();
    let picked = ctx.settings.pick(settings::PARTNER_NAME, given);
    picked.map(|picked| picked.value)
}

/// The name of our app, as Meta knows it.
pub async fn app_name(graph: &Graph, token: Token<'_>, id: &AppId) -> Option<String> {
    let app = graph.app(token, id).await.ok()?;
    Some(app.name).filter(|name| !name.trim().is_empty())
}

/// Neither a setting nor Meta tells our app's id: a command that can do without says so once, no other goes on.
fn app_is_unknown(ctx: &Context, need: AppNeed) -> Result<(), Failure> {
    if need != AppNeed::Optional {
        return Err(unknown_app());
    }
    ctx.ui.warning(
        "our app's id is not known, so mps cannot check that a solution is meant for our app: it is accepted for \
         whichever app the system token belongs to; set MPS_PARTNER_APP_ID or --partner-app-id, and mps checks it",
    );
    Ok(())
}

fn unknown_app() -> Failure {
    Failure::new(
        Kind::Permission,
        "our app's id is not known, and Meta does not say which app the system token is of",
    )
    .hint(
        "set MPS_PARTNER_APP_ID or --partner-app-id; with --no-check mps accepts unchecked, for whichever app the \
         token is of",
    )
}

/// Does what comes before the first write and can be left at any moment; a stop ends it.
pub async fn unless_stopped<T>(
    ctx: &Context,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::select! {
        biased;
        () = ctx.stop.wait() => Err(stopped()),
        done = work => done,
    }
}

/// The end of a run that was stopped before its first write.
fn stopped() -> Failure {
    Failure::new(Kind::Interrupted, "interrupted; nothing was changed")
}
