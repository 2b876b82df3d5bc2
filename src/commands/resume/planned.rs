//! `mps resume --dry-run`: what a run would do with each row, by the engine's decision after a look.
//!
//! The one decision: a row that no token can look at is told as the run would tell it, with why and what to type; it is
//! never guessed at.

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use futures_util::{StreamExt, stream};

use super::{
    look::look,
    row_run::{known, needs, rows_of},
};
use crate::{
    commands::{
        Line, Output,
        rows::{self, AppRow, KnownSolutions},
    },
    context::{Context, Sourced, failure::Failure},
    engine::{Error, Planned},
    exit::Kind,
    ids::AppId,
    journal::{Entry, Goal},
    secret::{SystemToken, UserToken},
    session::{
        self,
        plan::{Fate, PlannedApp},
        row_run::{RowRun, job},
        run,
    },
    ui::epilogue::Epilogue,
};

/// Most rows that are planned at once; calls are bounded by the engine.
const AT_ONCE: usize = 32;

/// The plan of every row, in their order.
pub(super) async fn plan(
    ctx: &Arc<Context>,
    partner: &AppId,
    (user, system): (Option<Sourced<UserToken>>, Option<Sourced<SystemToken>>),
    entries: Vec<Entry>,
) -> Result<Output, Failure> {
    let looking = look(ctx, needs(system), user);
    let (session, listed) = session::unless_stopped(ctx, looking).await?;
    let policy = run::policy(ctx, Goal::Active)?;
    let plans = Arc::new(RowPlans {
        several: entries.len() > 1,
        known: known(&entries),
        run: RowRun {
            engine: session.planning_engine(ctx, policy)?,
            has_system: session.system.is_some(),
            listed,
            terms_refused: AtomicBool::new(false),
        },
        partner: partner.clone(),
        ctx: Arc::clone(ctx),
    });
    let lines = stream::iter(entries).map(move |entry| {
        let plans = Arc::clone(&plans);
        async move { Ok(plans.one(entry).await) }
    });
    Ok(rows_of(
        lines.buffered(AT_ONCE).boxed(),
        Epilogue::default(),
    ))
}

/// What the plans of all rows share.
struct RowPlans {
    ctx: Arc<Context>,
    partner: AppId,
    run: RowRun,
    known: KnownSolutions,
    several: bool,
}

impl RowPlans {
    async fn one(&self, entry: Entry) -> Line {
        let job = job(&entry);
        let row = AppRow::Resume(entry.link_label.clone());
        let planned = self.run.engine(&entry).plan(&job, Duration::MAX).await;
        let looks = self.run.has_system || self.run.listed.contains(&entry.key.owner);
        let fate = match planned {
            Ok(Planned::Stops { error, .. }) if !is_looked_for(&error, looks) => Err(error),
            Ok(planned) => Ok(Fate::from(planned)),
            Err(error) => Err(error),
        };
        match fate {
            Ok(fate) => {
                let planned = PlannedApp {
                    found: &crate::engine::choose::Finding::Free,
                    job: &job,
                    fate: &fate,
                };
                rows::would_line(&self.ctx, &self.partner, planned, &row)
            }
            Err(error) => rows::app_line(
                &self.ctx,
                &self.known,
                &self.partner,
                &job.app,
                Err(self.run.left(entry, error).failure()),
                &row,
                self.several,
            ),
        }
    }
}

/// Whether a run would look on for what a POST made: a plan looks once.
fn is_looked_for(error: &Error, looks: bool) -> bool {
    error.kind() == Kind::UnknownOutcome && looks
}
