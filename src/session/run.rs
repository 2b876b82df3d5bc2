//! From a session to the engine: what a run asks of it, and how it begins.

use std::sync::Arc;

use futures_util::{Stream, StreamExt};

use super::{Session, consent::Consent, prelude::read_rows, stopped};
use crate::{
    context::{
        Context,
        failure::Failure,
        narration::{self, EventListener},
    },
    engine::{Actor, Engine, Job, Policy, RowStore, Tools, look::Survey, run::Ended},
    ids::AppId,
    journal::Goal,
};

/// What one run brings to the engine, beside the session and the policy.
pub struct RunOptions {
    /// How the operator consented.
    pub consent: Consent,
    /// The label of the link that the token came by.
    pub link_label: Option<String>,
    /// How many apps, for the progress.
    pub apps: usize,
    /// Who else hears the engine.
    pub listener: Option<EventListener>,
    /// What the plan has read.
    pub survey: Survey,
    /// How many calls may be under way at once.
    pub at_once: usize,
}

/// What an app comes to where no option says otherwise.
pub fn policy(ctx: &Context, goal: Goal) -> Result<Policy, Failure> {
    Ok(Policy {
        goal,
        pauses: ctx.pauses()?,
        ..Policy::default()
    })
}

impl Session {
    /// The engine of this session, for apps.
    pub fn engine(
        &self,
        ctx: &Context,
        policy: Policy,
        run: RunOptions,
    ) -> Result<Engine, Failure> {
        self.engine_for(ctx, self.app()?.id.clone(), policy, run)
    }

    /// The engine that says what would be done: it reads the journal as it is and writes nothing.
    pub fn planning_engine(&self, ctx: &Context, policy: Policy) -> Result<Engine, Failure> {
        let id = match self.app_id() {
            Some(id) => id.clone(),
            None => unknown_id()?,
        };
        let rows = read_rows(ctx, self.graph.base().host_label())?;
        let store = RowStore::Rows(Arc::new(rows));
        let mut tools = self.tools(ctx, id, policy, store);
        tools.tell = narration::listener(&ctx.ui, &ctx.log, 0, None, None);
        Ok(Engine::new(tools, ctx.limits.calls_at_once()))
    }

    /// The same for solutions to be accepted, which our app's id is not needed for.
    pub fn accepting_engine(
        &self,
        ctx: &Context,
        policy: Policy,
        run: RunOptions,
    ) -> Result<Engine, Failure> {
        let id = match self.app_id() {
            Some(id) => id.clone(),
            None => unknown_id()?,
        };
        let mut engine = self.engine_for(ctx, id, policy, run)?;
        engine.names_partner = self.app.is_some();
        Ok(engine)
    }

    fn engine_for(
        &self,
        ctx: &Context,
        partner: AppId,
        policy: Policy,
        run: RunOptions,
    ) -> Result<Engine, Failure> {
        let mut tools = self.tools(ctx, partner, policy, RowStore::Journal(ctx.journal()?));
        run.consent.word().clone_into(&mut tools.actor.consent);
        if self.user.as_ref().is_some_and(|user| user.checked.unscoped) {
            // Whoever reads the history has to know that the permission was not proven.
            tools.actor.consent += " --no-scope-check";
        }
        tools.actor.link_label = run.link_label;
        tools.tell = narration::listener(&ctx.ui, &ctx.log, run.apps, None, run.listener);
        tools.survey = run.survey;
        Ok(Engine::new(tools, run.at_once))
    }

    fn tools(&self, ctx: &Context, partner: AppId, policy: Policy, store: RowStore) -> Tools {
        let user = self.user.as_ref();
        let system = self.system.as_ref();
        Tools {
            graph: self.graph.clone(),
            store,
            partner,
            user: user.map(|user| user.token.clone()),
            system: system.map(|system| system.token.clone()),
            policy,
            actor: Actor {
                user_id: user.and_then(|user| user.checked.user_id.clone()),
                system_user_id: system.and_then(|system| system.user_id.clone()),
                scopes: user.map_or_else(Vec::new, |user| user.checked.scopes.clone()),
                consent: String::new(),
                link_label: None,
            },
            stop: ctx.stop.clone(),
            tell: Arc::new(|_| {}),
            survey: self.survey.clone(),
        }
    }
}

/// Stands for our app where nobody knows its id (`--no-check`): nothing is sent with it.
fn unknown_id() -> Result<AppId, Failure> {
    "1".parse().map_err(|error| {
        Failure::io(
            "could not do without our app's id",
            &std::io::Error::other(format!("{error}")),
        )
    })
}

/// Writes the plan down and works on it.
pub async fn start(
    engine: Engine,
    jobs: Vec<Job>,
) -> Result<impl Stream<Item = Ended> + Send + 'static, Failure> {
    // What was written down would be taken up by `mps resume`, which nobody who stopped here wants.
    if engine.stop.is_set() {
        return Err(stopped());
    }
    let jobs = engine.intend(jobs).await?;
    Ok(engine.run(jobs).boxed())
}
