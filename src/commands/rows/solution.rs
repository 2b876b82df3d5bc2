//! The rows of solutions: what `accept` says of each.

use super::{
    failed,
    records::{FAILED, outcome_cell, status_cell, text},
    tell_ended,
};
use crate::{
    commands::Line,
    context::{
        Context,
        failure::{FailedItem, Failure},
        item_talk,
    },
    graph::{Solution, Status},
    ids::SolutionId,
    record::record,
    ui::{emit::TableRow, table::Cell},
};

record! {
    /// What a solution came to, for `accept`.
    #[derive(Debug, Clone)]
    pub struct AcceptRecord {
        /// The solution; null for an item that came without one
        pub solution_id: Option<SolutionId>,
        /// Its name
        pub solution_name: Option<String>,
        /// The status that was seen
        pub status: Option<Status>,
        /// `accepted`, `already_active`, `failed`; of a dry run `would_accept`
        pub outcome: &'static str,
        /// Whether Meta showed it ACTIVE afterwards
        pub verified: bool,
    }
}

impl TableRow for AcceptRecord {
    const HEADER: &[&str] = &["SOLUTION", "SOLUTION NAME", "STATUS", "OUTCOME"];
    const NOUN: &str = "solution";

    fn outcome(&self) -> Option<&'static str> {
        Some(self.outcome)
    }

    fn cells(&self) -> Vec<Cell> {
        let unshown = if self.outcome == FAILED {
            ""
        } else {
            "not shown by Meta"
        };
        vec![
            text(self.solution_id.as_ref().map(SolutionId::as_str)),
            text(self.solution_name.as_deref()),
            self.status
                .as_ref()
                .map_or_else(|| unshown.into(), status_cell),
            outcome_cell(self.outcome),
        ]
    }

    fn plain(&self) -> Option<String> {
        let id = self.solution_id.as_ref();
        id.filter(|_| self.outcome != FAILED)
            .map(ToString::to_string)
    }
}

/// What one solution came to, for `accept`. `seen`: whether Meta showed its status after the write, or
/// before one that was not made.
pub fn solution_line(
    ctx: &Context,
    solution: &Solution,
    outcome: &'static str,
    verified: bool,
    seen: bool,
) -> Line {
    tell_ended(ctx, &format!("solution {}", solution.id), outcome, None);
    Line::of(&AcceptRecord {
        solution_id: Some(solution.id.clone()),
        solution_name: Some(solution.name.clone()).filter(|name| !name.is_empty()),
        status: seen.then(|| solution.status.clone()),
        outcome,
        verified,
    })
}

/// A solution that failed; none for an item that came broken from upstream.
pub fn solution_failed(
    ctx: &Context,
    id: Option<&SolutionId>,
    failure: Failure,
    several: bool,
) -> Line {
    let failure = match id {
        Some(id) => of_solution(ctx, id, failure, several),
        None => told(ctx, "an item", "an item", failure, several),
    };
    let record = AcceptRecord {
        solution_id: id.cloned(),
        solution_name: None,
        status: None,
        outcome: FAILED,
        verified: false,
    };
    failed(ctx, Line::of(&record), failure)
}

/// The failure of a solution; where there are several it is told which one failed.
pub fn of_solution(ctx: &Context, id: &SolutionId, failure: Failure, several: bool) -> Failure {
    told(
        ctx,
        id.as_str(),
        &format!("solution {id}"),
        failure,
        several,
    )
}

fn told(ctx: &Context, id: &str, name: &str, failure: Failure, several: bool) -> Failure {
    if several {
        item_talk::print_item(&ctx.ui, name, &failure, &ctx.log);
    }
    failure.of_item(FailedItem {
        id: id.to_owned(),
        name: name.to_owned(),
        solution: None,
        told: false,
    })
}
