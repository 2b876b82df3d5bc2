//! `mps handoff`: the message to the Tech Provider about solutions that are there.

use std::sync::Arc;

use clap::Args;

use super::{
    Output,
    args::{MAKE_A_SYSTEM_TOKEN, SystemTokenArg},
};
use crate::{
    context::{Context, failure::Failure},
    engine::handoff::{self, HandoffFormat, HandoffSolution},
    ids::SolutionId,
    record::Record as _,
    session::{Needs, Session},
    ui::emit::Tally,
};

/// Write the message to the Tech Provider about solutions
///
/// Says which solutions exist, their ids, and what the Tech Provider does with them next. Nothing in it
/// is secret; send it as it is.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps handoff 795033096057724\n  mps handoff --format markdown 795033096057724 > message.md"
)]
pub struct HandoffArgs {
    /// The solutions
    #[arg(value_name = "SOLUTION_ID", required = true)]
    ids: Vec<SolutionId>,
    /// The form of the message
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: HandoffFormat,
    #[command(flatten)]
    system: SystemTokenArg,
}

impl HandoffArgs {
    /// Writes it.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        let needs = Needs {
            system: Some(self.system.required(ctx, MAKE_A_SYSTEM_TOKEN)?),
            ..Needs::default()
        };
        let session = Session::open(ctx, needs).await?;
        let our_name = &session.app()?.name;
        let mut solutions = Vec::new();
        for id in &self.ids {
            let solution = session.read(id).await?;
            let app = solution.owner_app.as_ref();
            let name = app.map_or_else(String::new, |app| {
                if app.name.is_empty() {
                    app.id.to_string()
                } else {
                    app.name.clone()
                }
            });
            solutions.push(HandoffSolution::of(&name, &solution));
        }
        let text = handoff::message(&solutions, our_name, self.format);
        let record = handoff::record_of(&solutions, our_name);
        Ok(Output::Text {
            text,
            json: Some(record.object()),
            tally: Tally::default(),
        })
    }
}
