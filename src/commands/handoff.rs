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
    exit::Kind,
    graph::App,
    ids::SolutionId,
    journal::LinkLabel,
    lang::Lang,
    record::Record as _,
    session::{Needs, Session, invitations, shown},
    ui::emit::Tally,
};

/// Write the message to the Tech Provider about solutions
///
/// Says which solutions exist, their ids, and what the Tech Provider does with them next. Nothing in it
/// is secret; send it as it is.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps handoff 795033096057724\n  mps handoff --format markdown 795033096057724 > message.md\n  mps handoff --format eml --lang es 795033096057724 > message.eml\n  mps handoff --for lucky-shrub"
)]
pub struct HandoffArgs {
    /// The solutions
    #[arg(value_name = "SOLUTION_ID", required_unless_present_any = ["label", "run"])]
    ids: Vec<SolutionId>,
    /// Those of this label (`mps invite --for LABEL`) that the journal knows
    #[arg(long = "for", value_name = "LABEL", conflicts_with_all = ["ids", "run"])]
    label: Option<LinkLabel>,
    /// Those that this run of mps made or accepted (`run_id` in `mps history --json`)
    #[arg(long, value_name = "RUN", conflicts_with = "ids")]
    run: Option<String>,
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
        let lang = self.lang(ctx)?;
        let needs = Needs {
            system: Some(self.system.required(ctx, MAKE_A_SYSTEM_TOKEN)?),
            ..Needs::default()
        };
        let (ids, whose) = self.wanted(ctx)?;
        let session = Session::open(ctx, needs).await?;
        let our_name = &session.app()?.name;
        let mut solutions = Vec::new();
        for id in &ids {
            let solution = session.read(id).await?;
            // Whoever names an id wants it; of what the journal names, only what is there is news.
            if whose.is_some() && !solution.status.is_live() {
                let status = &solution.status;
                ctx.ui
                    .status(&format!("Left out, since it is {status}: {id}"));
                continue;
            }
            let name = solution.owner_app.as_ref().map_or("", App::name_or_id);
            solutions.push(HandoffSolution::of(name, &solution));
        }
        if let (Some(whose), true) = (&whose, solutions.is_empty()) {
            return Err(nothing_live(whose));
        }
        let handoff = Handoff {
            solutions: &solutions,
            partner_name: our_name,
            lang,
        };
        Ok(Output::Text {
            text: handoff.message(self.format, Timestamp::now()),
            prose: matches!(self.format, HandoffFormat::Text),
            json: Some(handoff.record().object()),
            tally: Tally::default(),
        })
    }

    /// The language of the message: for a label that of its invitation, unless another is typed.
    fn lang(&self, ctx: &Context) -> Result<Lang, Failure> {
        let invited = match (&self.label, &self.lang) {
            (Some(label), None) => invitations::find(ctx, &ctx.partner()?, label)?,
            _ => None,
        };
        let invited = invited.and_then(|status| status.invitation.expectation.lang);
        shown::lang(ctx, self.lang.as_deref(), invited.as_deref())
    }

    /// The solutions, and whose they are where the journal names them.
    fn wanted(&self, ctx: &Context) -> Result<(Vec<SolutionId>, Option<String>), Failure> {
        let whose = match (&self.label, &self.run) {
            (Some(label), _) => label.to_string(),
            (None, Some(run)) => format!("run {run}"),
            (None, None) => return Ok((self.ids.clone(), None)),
        };
        let reader = ctx.journal_reader()?;
        let host = ctx.base_url()?;
        let ids = match (reader, &self.label, &self.run) {
            (Some(reader), None, Some(run)) => reader.solutions_of_run(host.host_label(), run)?,
            (Some(_), Some(label), _) => invitations::solutions_of(ctx, &ctx.partner()?, label)?,
            _ => Vec::new(),
        };
        if ids.is_empty() {
            return Err(nothing_live(&whose));
        }
        Ok((ids, Some(whose)))
    }
}

fn nothing_live(whose: &str) -> Failure {
    Failure::new(
        Kind::State,
        format!("there is no live solution of {whose} that this journal knows"),
    )
    .hint("how far everybody is: mps invite list; what was done: mps history")
}
