//! `mps handoff`: the message to the Tech Provider about solutions that are there.

use std::sync::Arc;

use clap::Args;
use jiff::Timestamp;

use super::{
    Output,
    args::{MAKE_A_SYSTEM_TOKEN, SystemTokenArg},
};
use crate::{
    context::{Context, failure::Failure},
    engine::handoff::{Handoff, HandoffFormat, HandoffSolution},
    ids::SolutionId,
    record::Record as _,
    session::{Needs, Session, shown},
    ui::emit::Tally,
};

/// Write the message to the Tech Provider about solutions
///
/// Says which solutions exist, their ids, and what the Tech Provider does with them next. Nothing in it
/// is secret; send it as it is.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps handoff 795033096057724\n  mps handoff --format markdown 795033096057724 > message.md\n  mps handoff --format eml --lang es 795033096057724 > message.eml"
)]
pub struct HandoffArgs {
    /// The solutions
    #[arg(value_name = "SOLUTION_ID", required = true)]
    ids: Vec<SolutionId>,
    /// The form of the message
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: HandoffFormat,
    /// The language of the message: en, es, pt-BR, fr, id or hi
    #[arg(long, value_name = "TAG")]
    lang: Option<String>,
    #[command(flatten)]
    system: SystemTokenArg,
}

impl HandoffArgs {
    /// Writes it.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        let lang = shown::lang(ctx, self.lang.as_deref())?;
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
        let handoff = Handoff {
            solutions: &solutions,
            partner_name: our_name,
            lang,
        };
        Ok(Output::Text {
            text: handoff.message(self.format, Timestamp::now()),
            json: Some(handoff.record().object()),
            tally: Tally::default(),
        })
    }
}
