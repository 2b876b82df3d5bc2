//! The hands of a run: the client, our app, and the tokens, each checked before it is used.
//!
//! The one decision: what `create`, `onboard` and `resume` need before they can plan is gathered in one
//! place and in one order: first what can be missing, then what Meta must be asked.

pub mod naming;
pub mod plan;
pub mod progress_page;
pub mod token_check;
pub mod token_flaw;

use std::sync::Arc;

use futures_util::{Stream, StreamExt};

use self::{
    plan::Head,
    token_check::{Checked, Checker, Purpose},
};
use crate::{
    context::{
        Context, Held,
        failure::Failure,
        missing,
        narration::{self, Also},
        settings,
    },
    engine::{
        Actor, Engine, Messaging, OurApp, Policy,
        create::Job,
        look::{Looker, Survey},
        run::Ended,
    },
    exit::Kind,
    graph::{App, Graph, Solution, Token},
    ids::{AppId, SolutionId, UserId},
    journal::Goal,
    secret::{SystemToken, UserToken},
    ui::prompt::{self, Enter},
};

/// A user token and what Meta said of it.
#[derive(Debug, Clone)]
pub struct UserHand {
    /// The token.
    pub token: UserToken,
    /// Its place, for the plan.
    pub source: String,
    /// What is known of it.
    pub checked: Checked,
    /// The apps that it lists, where that was asked already.
    pub apps: Option<Vec<App>>,
}

/// The client and the tokens of a run.
pub struct Hands {
    /// The client.
    pub graph: Graph,
    /// Our app.
    pub partner: AppId,
    /// Our name.
    pub partner_name: String,
    /// The Tech Provider's token.
    pub user: Option<UserHand>,
    /// Our system token.
    pub system: Option<Held<SystemToken>>,
    /// Who the system user is, where Meta said so.
    pub system_user: Option<UserId>,
}

/// What the operator asked of the engine, in the words of the options.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// How far.
    pub goal: Goal,
    /// Who may send messages.
    pub messaging: Messaging,
    /// Off with `--no-look`.
    pub look: bool,
    /// `--allow-duplicate`.
    pub allow_duplicate: bool,
    /// `--all`.
    pub pass_over_dead: bool,
    /// Off with `--no-check`.
    pub check: bool,
}

impl Hands {
    /// Gathers them without a user token; the system token is checked as far as the purpose needs it.
    pub async fn gather(
        ctx: &Context,
        system: Option<Held<SystemToken>>,
        purpose: Purpose,
    ) -> Result<Self, Failure> {
        let partner = ctx.partner()?;
        ctx.pauses()?;
        let graph = ctx.graph()?;
        let mut known = token_check::System::default();
        if let Some(held) = &system {
            let checker = Checker {
                graph: &graph,
                partner: &partner,
                secret: ctx.app_secret()?,
                system: None,
            };
            known = checker.system(&held.token, purpose).await?;
            if let Some(warning) = &known.warning {
                ctx.ui.warning(warning);
            }
        }
        let set = ctx
            .places
            .pick(settings::PARTNER_NAME, ctx.globals.partner_name.as_deref())
            .map(|picked| picked.value)
            .or(known.app_name.filter(|name| !name.trim().is_empty()));
        let token = system.as_ref().map(|held| &held.token);
        let partner_name = plan::partner_name(set, &graph, &partner, token, None).await;
        Ok(Self {
            graph,
            partner,
            partner_name,
            user: None,
            system,
            system_user: known.user_id,
        })
    }

    /// Who checks tokens here.
    pub fn checker<'a>(&'a self, ctx: &'a Context) -> Result<Checker<'a>, Failure> {
        let system = self.system.as_ref().map(|held| &held.token);
        Ok(Checker {
            graph: &self.graph,
            partner: &self.partner,
            secret: ctx.app_secret()?,
            system,
        })
    }

    /// Takes a user token in, after its check.
    pub async fn take_user(&mut self, ctx: &Context, held: Held<UserToken>) -> Result<(), Failure> {
        let checked = self.checker(ctx)?.user(&held.token, None).await?;
        self.user = Some(UserHand {
            token: held.token,
            source: held.source,
            checked,
            apps: None,
        });
        self.name_by_user(ctx).await;
        Ok(())
    }

    /// Without a system token our app's name may still be read with the Tech Provider's.
    async fn name_by_user(&mut self, ctx: &Context) {
        let set = ctx
            .places
            .pick(settings::PARTNER_NAME, ctx.globals.partner_name.as_deref());
        if set.is_none() && self.partner_name == self.partner.as_str() {
            let user = self.user.as_ref().map(|user| &user.token);
            self.partner_name =
                plan::partner_name(None, &self.graph, &self.partner, None, user).await;
        }
    }

    /// Reads one solution with our system token.
    pub async fn read(&self, id: &SolutionId) -> Result<Solution, Failure> {
        let token = match (&self.system, &self.user) {
            (Some(held), _) => Token::System(&held.token),
            (None, Some(user)) => Token::User(&user.token),
            (None, None) => {
                let remedy = "then type the same command again";
                return Err(missing(settings::SYSTEM_TOKEN, remedy));
            }
        };
        Ok(self.graph.solution(token, id).await?)
    }

    /// Who looks.
    pub fn looker(&self) -> Looker<'_> {
        Looker {
            graph: &self.graph,
            partner: &self.partner,
            user: self.user.as_ref().map(|user| &user.token),
            system: self.system.as_ref().map(|held| &held.token),
        }
    }

    /// The head of the plan.
    pub fn head(&self, ctx: &Context, asked: &Asked, reads: &'static str) -> Head {
        let mut tokens = Vec::new();
        if let Some(user) = &self.user {
            let who = user.checked.user_id.as_ref().map_or_else(
                || "somebody (Meta does not say who)".to_owned(),
                |id| format!("user {id}"),
            );
            tokens.push((
                "user token".to_owned(),
                format!("from {}, {who}", user.source),
            ));
        }
        if let Some(held) = &self.system {
            let who = self.system_user.as_ref().map_or_else(
                || "a system user".to_owned(),
                |id| format!("system user {id}"),
            );
            tokens.push((
                "system token".to_owned(),
                format!("from {}, {who}", held.source),
            ));
        }
        Head {
            profile: ctx.profile_name(),
            host: self.graph.base().host_label().to_owned(),
            partner: self.partner.clone(),
            partner_name: self.partner_name.clone(),
            tokens,
            messaging: asked.messaging,
            reads,
            goal: match asked.goal {
                Goal::Active => "created and accepted (ACTIVE)",
                Goal::Initiated => "created, not accepted (INITIATED)",
            },
        }
    }

    /// The engine with these hands.
    pub fn engine(&self, ctx: &Context, asked: &Asked, run: RunFacts) -> Result<Engine, Failure> {
        let parts = Parts {
            graph: self.graph.clone(),
            partner: self.partner.clone(),
            user: self.user.clone(),
            system: self.system.clone().map(|held| held.token),
            system_user: self.system_user.clone(),
        };
        parts.engine(ctx, asked, run)
    }
}

/// What an engine is made of, beside what was asked of it.
pub struct Parts<P> {
    /// The client.
    pub graph: Graph,
    /// Our app, as far as it is known.
    pub partner: P,
    /// The Tech Provider's token.
    pub user: Option<UserHand>,
    /// Our system token.
    pub system: Option<SystemToken>,
    /// Who the system user is, where Meta said so.
    pub system_user: Option<UserId>,
}

impl<P: OurApp> Parts<P> {
    /// The engine.
    pub fn engine(self, ctx: &Context, asked: &Asked, run: RunFacts) -> Result<Engine<P>, Failure> {
        let (token, checked) = self.user.map(|user| (user.token, user.checked)).unzip();
        let (user_id, scopes) = checked
            .map(|checked| (checked.user_id, checked.scopes))
            .unwrap_or_default();
        Ok(Engine {
            graph: self.graph,
            journal: ctx.journal()?,
            partner: self.partner,
            user: token,
            system: self.system,
            policy: Policy {
                goal: asked.goal,
                messaging: asked.messaging,
                look: asked.look,
                check: asked.check,
                allow_duplicate: asked.allow_duplicate,
                pass_over_dead: asked.pass_over_dead,
                attended: false,
                resuming: false,
                pauses: ctx.pauses()?,
            },
            actor: Actor {
                user_id,
                system_user_id: self.system_user,
                scopes,
                consent: run.consent.word().to_owned(),
                link_label: run.link_label,
            },
            stop: ctx.stop.clone(),
            halt: Arc::default(),
            tell: narration::listener(&ctx.ui, &ctx.log, run.apps, run.also),
            survey: run.survey,
        })
    }
}

/// What one run brings to the engine.
pub struct RunFacts {
    /// How the operator consented.
    pub consent: Consent,
    /// The label of the link that the token came by.
    pub link_label: Option<String>,
    /// How many apps, for the progress.
    pub apps: usize,
    /// Who else hears the engine.
    pub also: Option<Also>,
    /// What the look found on our side.
    pub survey: Survey,
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

/// Writes the plan down and works on it.
pub async fn start(
    engine: Engine,
    jobs: Vec<Job>,
    at_once: usize,
) -> Result<impl Stream<Item = Ended> + Send + 'static, Failure> {
    // What was written down would be taken up by `mps resume`, which nobody who stopped here wants.
    if engine.stop.is_set() {
        return Err(stopped());
    }
    engine.intend(&jobs).await?;
    Ok(Arc::new(engine).run(jobs, at_once).boxed())
}

/// How the operator's consent to a write was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// By naming what is to be done.
    Arguments,
    /// By what stdin names.
    Stdin,
    /// By a yes to the question.
    Prompt,
    /// By `--yes`.
    Yes,
}

impl Consent {
    /// The journal's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Arguments => "arguments",
            Self::Stdin => "stdin",
            Self::Prompt => "prompt",
            Self::Yes => "--yes",
        }
    }
}

/// Asks, where the operator can be asked; else what must be given instead.
pub async fn confirm(
    ctx: &Context,
    question: &str,
    yes: bool,
    needed: bool,
) -> Result<Consent, Failure> {
    if yes {
        return Ok(Consent::Yes);
    }
    if ctx.ui.can_ask() {
        let answer = prompt::confirm(&ctx.ui, question, Enter::No).await?;
        return if answer {
            Ok(Consent::Prompt)
        } else {
            Err(Failure::new(
                Kind::Declined,
                "you said no; nothing was sent",
            ))
        };
    }
    if ctx.ui.json_hides_the_question() {
        return Err(
            Failure::usage("this needs a yes, and --json leaves no room for the question")
                .hint("add --yes"),
        );
    }
    if needed {
        return Err(
            Failure::usage("this needs a yes, and there is nobody to ask")
                .hint("read the plan above, then add --yes"),
        );
    }
    Ok(Consent::Arguments)
}
