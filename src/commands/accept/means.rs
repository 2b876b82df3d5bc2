//! What accepting needs: the client, our system token, and our app's id where it is known.
//!
//! The one decision: our id is a setting, or Meta's own word about the system token; it is never guessed.
//! Where neither tells it, accepts go out without it, and the operator hears once what that leaves unchecked.

use crate::{
    context::{Context, Held, failure::Failure},
    engine::{Engine, accept},
    graph::{Graph, Solution, Token},
    ids::{AppId, SolutionId, UserId},
    secret::SystemToken,
    session::{
        Asked, Hands, Parts, RunFacts,
        token_check::{self, Purpose},
    },
};

/// The means of `mps accept`.
pub(super) struct Means {
    graph: Graph,
    system: SystemToken,
    partner: Option<AppId>,
    system_user: Option<UserId>,
}

impl Means {
    /// Gathers them; the system token is checked as far as that is possible.
    pub(super) async fn gather(ctx: &Context, system: Held<SystemToken>) -> Result<Self, Failure> {
        if ctx.partner_if_known()?.is_some() {
            let hands = Hands::gather(ctx, Some(system.clone()), Purpose::Step).await?;
            return Ok(Self {
                graph: hands.graph,
                system: system.token,
                partner: Some(hands.partner),
                system_user: hands.system_user,
            });
        }
        ctx.pauses()?;
        let graph = ctx.graph()?;
        let asked = token_check::of_itself(&graph, &system.token).await?;
        let Some((app, known)) = asked else {
            ctx.ui.warning(
                "our app's id is not known, so mps cannot check that a solution is meant for our app: it is \
                 accepted for whichever app the system token belongs to; set MPS_PARTNER_APP_ID or \
                 --partner-app-id, and mps checks it",
            );
            return Ok(Self {
                graph,
                system: system.token,
                partner: None,
                system_user: None,
            });
        };
        if let Some(warning) = known.warning {
            ctx.ui.warning(&warning);
        }
        Ok(Self {
            graph,
            system: system.token,
            partner: Some(app),
            system_user: known.user_id,
        })
    }

    /// Reads one solution.
    pub(super) async fn read(&self, id: &SolutionId) -> Result<Solution, Failure> {
        Ok(self.graph.solution(Token::System(&self.system), id).await?)
    }

    /// Our app must be the solution's partner; where it is not known, nobody can tell.
    pub(super) async fn check_partner(&self, solution: &Solution) -> Result<(), Failure> {
        let Some(partner) = &self.partner else {
            return Ok(());
        };
        let system = Some(&self.system);
        Ok(accept::check_partner(&self.graph, system, partner, solution).await?)
    }

    /// The engine with these means.
    pub(super) fn engine(
        self,
        ctx: &Context,
        asked: Asked,
        run: RunFacts,
    ) -> Result<Engine<Option<AppId>>, Failure> {
        let parts = Parts {
            graph: self.graph,
            partner: self.partner,
            user: None,
            system: Some(self.system),
            system_user: self.system_user,
        };
        parts.engine(ctx, &asked, run)
    }
}
