//! A look now and then: what became of solutions that no webhook told of.
//!
//! The one decision: a change is said to be unheard when a whole pause has passed since a look found it, so one that is only
//! late is not called lost; and it is said once.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use futures_util::TryStreamExt as _;

use crate::{
    context::{Context, failure::Failure, pacing},
    graph::{Pending, SolutionRole, Status, Token},
    ids::SolutionId,
    session::{
        Session,
        inbox::{self, Inbox},
        unless_stopped,
    },
};

/// At most, after looks that failed.
const LOOK_SELDOM: Duration = Duration::from_secs(60 * 60);
/// Most changes that are read from the store at once.
const AT_ONCE: u32 = 1_000;

/// How a solution stood.
type Standing = (Status, Pending);

/// What was seen and heard so far.
#[derive(Debug, Default)]
struct Seen {
    /// How each stood at the last look; `None` before the first.
    last: Option<HashMap<SolutionId, Standing>>,
    /// What changed at the last look, and nothing told of it.
    doubtful: HashSet<SolutionId>,
}

impl Seen {
    /// Those that changed by the last look, and that nothing has told of until this one. `heard`: what webhooks told of
    /// since the look before.
    fn unheard(
        &mut self,
        now: HashMap<SolutionId, Standing>,
        heard: &HashSet<SolutionId>,
    ) -> Vec<SolutionId> {
        let doubtful = std::mem::take(&mut self.doubtful);
        let mut unheard: Vec<SolutionId> = doubtful
            .into_iter()
            .filter(|solution| !heard.contains(solution))
            .collect();
        unheard.sort();
        if let Some(last) = &self.last {
            self.doubtful = now
                .iter()
                .filter(|(solution, standing)| last.get(solution) != Some(standing))
                .map(|(solution, _)| solution.clone())
                .filter(|solution| !heard.contains(solution))
                .collect();
        }
        self.last = Some(now);
        unheard
    }
}

/// Looks at our side now, and every few minutes until the end.
pub(super) async fn look_now_and_then(ctx: Arc<Context>, session: Arc<Session>, inbox: Inbox) {
    let mut seen = Seen::default();
    let look_every = pacing::unheard_looks(session.graph.base());
    let mut pause = look_every;
    let mut after = inbox.store.newest().await.unwrap_or_default();
    let mut told = false;
    while !ctx.stop.is_set() {
        let look = unless_stopped(&ctx, look(&session)).await;
        pause = match (look, heard(&inbox, &mut after).await) {
            (Ok(now), Ok(heard)) => {
                let unheard = seen.unheard(now, &heard);
                if !unheard.is_empty() && !told {
                    told = true;
                    let ids: Vec<&str> = unheard.iter().map(SolutionId::as_str).collect();
                    ctx.ui.warning(&format!(
                        "no webhook told of what became of {}, which a look at our side found: see what Meta is told \
                         to send here with mps listen --subscribe; an app in development mode gets few webhooks",
                        ids.join(", ")
                    ));
                } else if unheard.is_empty() && !heard.is_empty() {
                    told = false;
                }
                look_every
            }
            _ => (pause * 2).min(LOOK_SELDOM),
        };
        ctx.stop.pause(pause).await;
    }
}

/// Our side, as far as it is listed.
async fn look(session: &Session) -> Result<HashMap<SolutionId, Standing>, Failure> {
    let Some(system) = &session.system else {
        return Ok(HashMap::new());
    };
    let (token, app) = (Token::System(&system.token), &session.app()?.id);
    let listing = session.graph.solutions(token, app, SolutionRole::Partner);
    let all = listing
        .map_ok(|solution| (solution.id, (solution.status, solution.pending)))
        .try_collect()
        .await?;
    Ok(all)
}

/// What webhooks told of after that number, which moves on.
async fn heard(inbox: &Inbox, after: &mut i64) -> Result<HashSet<SolutionId>, Failure> {
    let mut heard = HashSet::new();
    loop {
        let kept = inbox.store.after(*after, AT_ONCE).await?;
        let Some(last) = kept.last() else {
            return Ok(heard);
        };
        *after = last.id;
        heard.extend(inbox::solutions_of(&kept));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(all: &[(&str, Status)]) -> HashMap<SolutionId, Standing> {
        all.iter()
            .map(|(id, status)| (id.parse().unwrap(), (status.clone(), Pending::None)))
            .collect()
    }

    #[test]
    fn what_is_late_what_is_lost_and_what_was_there_before() {
        let initiated = [("1", Status::Initiated), ("2", Status::Initiated)];
        let one_active = [("1", Status::Active), ("2", Status::Initiated)];
        let with_new = [
            ("1", Status::Active),
            ("2", Status::Initiated),
            ("3", Status::Initiated),
        ];
        for (heard, expected) in [
            // Per look what webhooks told of since the one before, and what is unheard then.
            ([&[][..], &[], &[], &[], &[]], ["", "", "1", "3", ""]),
            ([&[], &["1"], &[], &[], &[]], ["", "", "", "3", ""]),
            ([&[], &[], &["1"], &["3"], &[]], ["", "", "", "", ""]),
        ] {
            let mut seen = Seen::default();
            let sides = [&initiated[..], &one_active, &with_new, &with_new, &with_new];
            for ((side_now, heard), expected) in sides.into_iter().zip(heard).zip(expected) {
                let heard = heard.iter().map(|id| id.parse().unwrap()).collect();
                let unheard = seen.unheard(side(side_now), &heard);
                let unheard: Vec<_> = unheard.iter().map(SolutionId::as_str).collect();
                assert_eq!(unheard.join(" "), expected);
            }
        }
    }
}
