//! `mps wait`: waits until a solution is what somebody waits for.
//!
//! The one decision: what `listen` or `watch` heard leads to a look at once; without them Meta is asked so seldom that it
//! costs no quota worth speaking of.

use std::{sync::Arc, time::Duration};

use clap::{Args, ValueEnum};
use tokio::time::Instant;

use super::{
    Line, Output,
    args::{Span, SystemTokenArg, UserTokenArg},
    rows,
};
use crate::{
    context::{Context, failure::Failure, missing, settings},
    exit::Kind,
    graph::{Pending, Solution, Status},
    ids::SolutionId,
    journal::Reader,
    record::record,
    session::{AppNeed, Needs, Session},
    ui::emit::Card,
};

/// Between two questions to Meta where nothing is heard (graph-api.md, 3.3).
const ASK_EVERY: Duration = Duration::from_secs(60);
/// Between two looks at what was heard.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Wait until a solution is active, rejected, deactivated, or asked to be deactivated
///
/// Takes what `mps listen` or `mps watch` on this journal heard, else asks Meta once a minute. Ends with 1 when the time
/// is over, and as soon as the solution cannot come there any more.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps wait 795033096057724 --until active\n  mps wait 795033096057724 --until deactivated --timeout 2h"
)]
pub struct WaitArgs {
    /// The solution
    #[arg(value_name = "SOLUTION_ID")]
    id: SolutionId,
    /// What it is to become
    #[arg(long, value_name = "STATE", value_enum)]
    until: Until,
    /// How long to wait, like 90s, 10m or 2h
    #[arg(long, value_name = "SPAN", default_value = "30m")]
    timeout: Span,
    #[command(flatten)]
    system: SystemTokenArg,
    #[command(flatten)]
    user: UserTokenArg,
}

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Until {
    /// ACTIVE
    Active,
    /// REJECTED
    Rejected,
    /// DEACTIVATED
    Deactivated,
    /// ACTIVE, and its end was asked for
    PendingDeactivation,
}

/// How near a solution is to what is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nearness {
    Reached,
    Possible,
    Impossible,
}

impl Until {
    fn words(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Rejected => "REJECTED",
            Self::Deactivated => "DEACTIVATED",
            Self::PendingDeactivation => "asked to be deactivated",
        }
    }

    /// By the table of states (graph-api.md, 7.4): nothing leads back from REJECTED and DEACTIVATED, nor from ACTIVE to
    /// REJECTED.
    fn nearness(self, status: &Status, pending: &Pending) -> Nearness {
        use Nearness::{Impossible, Possible, Reached};
        let ending = *pending == Pending::Deactivation
            || matches!(status, Status::Other(word) if word == "PENDING_DEACTIVATION");
        match (self, status) {
            (Self::PendingDeactivation, _) if ending => Reached,
            (Self::Active, Status::Active)
            | (Self::Rejected, Status::Rejected)
            | (Self::Deactivated, Status::Deactivated) => Reached,
            (_, Status::Rejected | Status::Deactivated) | (Self::Rejected, Status::Active) => {
                Impossible
            }
            (Self::Active, _) if ending => Reached,
            (Self::Rejected, _) if ending => Impossible,
            _ => Possible,
        }
    }
}

record! {
    /// A solution that is what was waited for.
    #[derive(Debug, Clone)]
    pub struct WaitRecord {
        /// The solution
        pub solution_id: SolutionId,
        /// Its name
        pub solution_name: String,
        /// Its status
        pub status: Status,
        /// What is under way, NONE if nothing
        pub pending: Pending,
    }
}

impl WaitArgs {
    /// Waits.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        let begun = Instant::now();
        ctx.limits.wait_for_quota(Some(self.timeout.0));
        let needs = Needs {
            system: self.system.read(ctx)?,
            user: self.user.read(ctx)?,
            app: AppNeed::Optional,
            ..Needs::default()
        };
        if needs.system.is_none() && needs.user.is_none() {
            return Err(missing(settings::SYSTEM_TOKEN, "it reads the solution"));
        }
        let session = Session::open(ctx, needs).await?;
        let heard = Heard {
            reader: std::cell::RefCell::new(ctx.journal_reader()?),
            ctx,
            session: &session,
            solution: &self.id,
        };
        let last = std::cell::RefCell::new(None);
        let waiting = self.wait(ctx, &heard, &last);
        let left = self.timeout.0.saturating_sub(begun.elapsed());
        match tokio::time::timeout(left, waiting).await {
            Ok(reached) => Ok(Output::Card(card(reached?))),
            Err(_) => Err(self.too_late(last.into_inner())),
        }
    }

    async fn wait(
        &self,
        ctx: &Context,
        heard: &Heard<'_>,
        last: &std::cell::RefCell<Option<Solution>>,
    ) -> Result<Solution, Failure> {
        let mut told = None;
        loop {
            let news = heard.newest();
            let solution = heard.session.read(&self.id).await?;
            match self.until.nearness(&solution.status, &solution.pending) {
                Nearness::Reached => return Ok(solution),
                Nearness::Impossible => return Err(self.out_of_reach(&solution)),
                Nearness::Possible => {}
            }
            let standing = (solution.status.clone(), solution.pending.clone());
            if told.as_ref() != Some(&standing) {
                ctx.ui.status(&format!(
                    "Waiting until it is {}; solution {} is {}",
                    self.until.words(),
                    self.id,
                    standing_in_words(&solution)
                ));
                told = Some(standing);
            }
            last.replace(Some(solution));
            let asked = Instant::now();
            while asked.elapsed() < ASK_EVERY && heard.newest() == news {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
    }

    fn too_late(&self, last: Option<Solution>) -> Failure {
        let id = &self.id;
        let stands = last.map_or_else(String::new, |solution| {
            format!("; it is {}", standing_in_words(&solution))
        });
        Failure::new(
            Kind::Timeout,
            format!(
                "solution {id} did not become {} in time{stands}",
                self.until.words()
            ),
        )
        .hint(format!("who must act next: mps show {id}"))
    }

    fn out_of_reach(&self, solution: &Solution) -> Failure {
        let id = &self.id;
        Failure::new(
            Kind::State,
            format!(
                "solution {id} is {}, and becomes {} no more",
                solution.status,
                self.until.words()
            ),
        )
        .hint(format!("mps show {id}"))
    }
}

/// How it stands, with what is under way.
fn standing_in_words(solution: &Solution) -> String {
    match &solution.pending {
        Pending::None => solution.status.to_string(),
        pending => format!("{} ({})", solution.status, pending.as_str()),
    }
}

/// What webhooks told of the solution.
struct Heard<'a> {
    /// None where there is no journal yet, or where it can be read no more.
    reader: std::cell::RefCell<Option<Reader>>,
    ctx: &'a Context,
    session: &'a Session,
    solution: &'a SolutionId,
}

impl Heard<'_> {
    /// The number of the newest webhook about it. A journal that goes away ends no wait: Meta is asked all the same.
    fn newest(&self) -> Option<i64> {
        let app = self.session.app_id()?;
        let host = self.session.graph.base().host_label();
        let newest = {
            let reader = self.reader.borrow();
            reader.as_ref()?.newest_webhook(host, app, self.solution)
        };
        match newest {
            Ok(newest) => newest,
            Err(error) => {
                self.reader.take();
                self.ctx.ui.warning(&format!(
                    "what webhooks told cannot be read any more, so Meta is asked once a minute: {error}"
                ));
                None
            }
        }
    }
}

fn card(solution: Solution) -> Card<Failure> {
    let record = WaitRecord {
        solution_id: solution.id,
        solution_name: solution.name,
        status: solution.status,
        pending: solution.pending,
    };
    Card {
        fields: vec![
            ("solution", record.solution_id.as_str().into()),
            ("name", record.solution_name.as_str().into()),
            ("status", rows::status_cell(&record.status)),
            ("pending", record.pending.as_str().into()),
        ],
        line: Line::untabled(&record, Some(record.solution_id.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_still_come() {
        use Nearness::{Impossible, Possible, Reached};
        use Until::{Active, Deactivated, PendingDeactivation, Rejected};
        let all = [Active, Rejected, Deactivated, PendingDeactivation];
        for (status, pending, expected) in [
            ("DRAFT", "NONE", [Possible, Possible, Possible, Possible]),
            (
                "INITIATED",
                "PENDING_ACTIVATION",
                [Possible, Possible, Possible, Possible],
            ),
            ("ACTIVE", "NONE", [Reached, Impossible, Possible, Possible]),
            (
                "ACTIVE",
                "PENDING_DEACTIVATION",
                [Reached, Impossible, Possible, Reached],
            ),
            (
                "PENDING_DEACTIVATION",
                "NONE",
                [Reached, Impossible, Possible, Reached],
            ),
            (
                "REJECTED",
                "NONE",
                [Impossible, Reached, Impossible, Impossible],
            ),
            (
                "DEACTIVATED",
                "NONE",
                [Impossible, Impossible, Reached, Impossible],
            ),
            (
                "SOMETHING",
                "NONE",
                [Possible, Possible, Possible, Possible],
            ),
        ] {
            let found = all.map(|until| until.nearness(&status.into(), &pending.into()));
            assert_eq!(found, expected, "{status} {pending}");
        }
    }
}
