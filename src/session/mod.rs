//! A session: what a command that acts needs of Meta and of us. The client, our app, and the tokens, each checked
//! before it is used; from them the plan, the consent and the engine.
//!
//! The one decision: it is opened in one place and in one order: first what can be missing, then what Meta must be
//! asked.

pub mod ahead;
pub mod any_token;
pub mod checked_token;
pub mod consent;
pub mod inbox;
pub mod invitation_book;
pub mod invitations;
pub mod left;
pub mod outbox;
pub mod plan;
pub mod plan_warnings;
pub mod prelude;
pub mod progress_page;
pub mod row_run;
pub mod run;
pub mod select;
pub mod shown;
pub mod token_check;
pub mod token_checker;
pub mod token_proof;
mod token_viewer;

use self::{
    checked_token::{CheckedSystem, CheckedUser},
    prelude::{Asker, ListingReads, NameAhead},
    token_checker::{Purpose, TokenChecker, learn_app},
};
use crate::{
    context::{Context, Sourced, failure::Failure, missing, settings},
    engine::look::Survey,
    exit::Kind,
    graph::{self, App, Graph, Solution, Token},
    ids::{AppId, SolutionId},
    secret::{AppSecret, SystemToken, UserToken},
};

pub use self::{
    any_token::AnyToken,
    checked_token::{SystemSession, UserSession},
    consent::{Consent, confirm},
    prelude::{Listings, rows, rows_and_clock},
};

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
    /// What will be listed, so that it is read beside the checks.
    pub listings: Listings,
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
    any_scope: bool,
    /// What was listed beside the checks.
    survey: Survey,
    reading: ListingReads,
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
            any_scope: ctx.limits.takes_any_scope(),
            survey: Survey::default(),
            reading: ListingReads::default(),
        };
        if session.app.is_none()
            && let Some(system) = &needs.system
        {
            session.learn(ctx, system).await?;
        }
        // From here on nothing waits for the answer of another call, but for the words about it.
        let asker = session.asker(&needs);
        let name = asker
            .clone()
            .filter(|_| session.system.is_none() && session.wants_name(ctx))
            .and_then(Asker::our_app);
        let check = asker.clone().and_then(Asker::check);
        let apps = asker
            .clone()
            .filter(|_| needs.listings.apps)
            .and_then(Asker::apps);
        if let Some(asker) = asker {
            session.reading = asker.sides(&needs.listings, &session.survey);
        }
        let mut name = name;
        if let Some(system) = needs.system.filter(|_| session.system.is_none()) {
            session
                .add_system(ctx, system, needs.purpose, &mut name)
                .await?;
        }
        if session.app.is_none() {
            app_is_unknown(ctx, needs.app)?;
        }
        if let Some(user) = needs.user {
            let checked = match check {
                Some(check) => check.answer().await?,
                None => session.checker()?.user(&user.token, None).await?,
            };
            session.take_user(ctx, user, checked, name).await;
        }
        if let (Some(user), Some(apps)) = (&mut session.user, apps) {
            user.apps = Some(apps.answer().await?);
        }
        Ok(session)
    }

    /// Who asks, where it is known whom to ask about.
    fn asker(&self, needs: &Needs) -> Option<Asker> {
        let system = needs.system.as_ref().map(|system| system.token.clone());
        Some(Asker {
            graph: self.graph.clone(),
            partner: self.app_id()?.clone(),
            secret: self.app_secret.clone(),
            user: needs.user.as_ref().map(|user| user.token.clone()),
            system,
            any_scope: self.any_scope,
        })
    }

    /// Waits for what was listed beside the checks.
    pub async fn listed(&self) {
        self.reading.done().await;
    }

    /// Takes our system token in where no setting tells our app's id, which is learnt from it.
    async fn learn(&mut self, ctx: &Context, system: &Sourced<SystemToken>) -> Result<(), Failure> {
        let learnt = learn_app(&self.graph, &system.token).await?;
        let checked = learnt.map(|(id, checked)| {
            let name = id.to_string();
            self.app = Some(PartnerApp { id, name });
            checked
        });
        self.take_system(ctx, system.clone(), &checked.unwrap_or_default());
        Ok(())
    }

    /// Takes our system token in, after its check.
    async fn add_system(
        &mut self,
        ctx: &Context,
        system: Sourced<SystemToken>,
        purpose: Purpose,
        name: &mut Option<NameAhead>,
    ) -> Result<(), Failure> {
        let checked = self.checker()?.system(&system.token, purpose, name).await?;
        let read = checked.app_name.clone();
        let token = Token::System(&system.token);
        self.name_our_app(ctx, token, read, name.take()).await;
        self.take_system(ctx, system, &checked);
        Ok(())
    }

    fn take_system(
        &mut self,
        ctx: &Context,
        system: Sourced<SystemToken>,
        checked: &CheckedSystem,
    ) {
        if let Some(warning) = checked.warning() {
            ctx.ui.warning(&warning);
        }
        self.system = Some(SystemSession {
            user_id: checked.user_id().cloned(),
            proof: checked.proof(),
            token: system.token,
            source: system.source,
        });
    }

    /// Takes a user token in, after its check.
    pub async fn add_user(
        &mut self,
        ctx: &Context,
        user: Sourced<UserToken>,
    ) -> Result<(), Failure> {
        let checked = self.checker()?.user(&user.token, None).await?;
        self.take_user(ctx, user, checked, None).await;
        Ok(())
    }

    async fn take_user(
        &mut self,
        ctx: &Context,
        user: Sourced<UserToken>,
        checked: CheckedUser,
        name: Option<NameAhead>,
    ) {
        checked.tell(&ctx.ui);
        self.name_our_app(ctx, Token::User(&user.token), None, name)
            .await;
        self.user = Some(UserSession {
            token: user.token,
            source: user.source,
            checked,
            apps: None,
        });
    }

    /// Gives our app its name, unless it has one: as Meta told it already (`read`), else as it tells it now, with
    /// `token` where it was not asked before.
    async fn name_our_app(
        &mut self,
        ctx: &Context,
        token: Token<'_>,
        read: Option<String>,
        asked: Option<NameAhead>,
    ) {
        if !self.wants_name(ctx) {
            return;
        }
        let Some(app) = &mut self.app else { return };
        let read = read.filter(|name| !name.trim().is_empty());
        let name = match (read, asked) {
            (Some(name), _) => Some(name),
            (None, Some(asked)) => name_of(asked.answer().await),
            (None, None) => app_name(&self.graph, token, &app.id).await,
        };
        if let Some(name) = name {
            app.name = name;
        }
    }

    /// Whether our app has no name but its id.
    fn wants_name(&self, ctx: &Context) -> bool {
        let unnamed = |app: &PartnerApp| app.name == app.id.as_str();
        self.app.as_ref().is_some_and(unnamed) && set_partner_name(ctx).is_none()
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
            any_scope: self.any_scope,
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
    name_of(graph.app(token, id).await)
}

fn name_of(read: Result<App, graph::Error>) -> Option<String> {
    Some(read.ok()?.name).filter(|name| !name.trim().is_empty())
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
