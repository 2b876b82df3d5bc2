//! From a session to the engine: what a run asks of it, and how it begins.

use std::sync::Arc;

use futures_util::{Stream, StreamExt};

use super::{Session, consent::Consent, stopped};
use crate::{
    context::{
        Context,
        failure::Failure,
        narration::{self, EventListener},
    },
    engine::{Actor, Engine, Messaging, Policy, create::Job, look::Survey, run::Ended},
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
    /// What the look found on our side.
    pub survey: Survey,
}

/// What an app comes to where no option says otherwise.
pub fn policy(ctx: &Context, goal: Goal) -> Result<Policy, Failure> {
    Ok(Policy {
        goal,
        messaging: Messaging::default(),
        look: true,
        check: true,
        allow_duplicate: false,
        pass_over_dead: false,
        attended: false,
        resuming: false,
        pauses: ctx.pauses()?,
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

    /// The same for solutions to be accepted, which our app's id is not needed for.
    pub fn accepting_engine(
        &self,
        ctx: &Context,
        policy: Policy,
        run: RunOptions,
    ) -> Result<Engine<Option<AppId>>, Failure> {
        self.engine_for(ctx, self.app_id().cloned(), policy, run)
    }

    fn engine_for<P>(
        &self,
        ctx: &Context,
        partner: P,
        policy: Policy,
        run: RunOptions,
    ) -> Result<Engine<P>, Failure> {
        let user = self.user.as_ref();
        let system = self.system.as_ref();
        Ok(Engine {
            graph: self.graph.clone(),
            journal: ctx.journal()?,
            partner,
            user: user.map(|user| user.token.clone()),
            system: system.map(|system| system.token.clone()),
            policy,
            actor: Actor {
                user_id: user.and_then(|user| user.checked.user_id.clone()),
                system_user_id: system.and_then(|system| system.user_id.clone()),
                scopes: user.map_or_else(Vec::new, |user| user.checked.scopes.clone()),
                consent: run.consent.word().to_owned(),
                link_label: run.link_label,
            },
            stop: ctx.stop.clone(),
            halt: Arc::default(),
            tell: narration::listener(&ctx.ui, &ctx.log, run.apps, run.listener),
            survey: run.survey,
        })
    }
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
