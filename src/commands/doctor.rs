//! `mps doctor`: every precondition, each with a mark, what was seen, and the remedy.
//!
//! The one decision: all rows are shown whatever they say, in every form of the output; the exit code is
//! that of the worst, as the command that would meet it first would end with.

use std::{path::PathBuf, sync::Arc};

use clap::Args;
use futures_util::stream;
use serde_json::{Map, Value};

use super::{
    Line, Output,
    args::{SystemTokenArg, UserTokenArg},
};
use crate::{
    context::{Context, failure::Failure, tilde::with_tilde},
    doctor::{self, CheckRow, DoctorOptions, Mark},
    record::record,
    ui::{Label, emit::Rows, epilogue::Epilogue, table::Cell},
};

/// Check every precondition, one by one, each with its remedy
///
/// Looks at the settings and where each came from, secrets, directories, the way to Meta, both tokens, our
/// app, the clock, the quota, the button's port and certificate, the browser and the journal. Nothing is
/// changed. Ends with the exit code of the worst: ✓ is fine, ! works but look at it, ✗ has to be mended.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps doctor\n  mps doctor --profile work --json\n  mps doctor --check journal\n  mps doctor --probe first-contact.md"
)]
pub struct DoctorArgs {
    #[command(flatten)]
    user: UserTokenArg,
    #[command(flatten)]
    system: SystemTokenArg,
    /// The port that the button's page is to have
    #[arg(long, value_name = "PORT", default_value_t = 8443)]
    port: u16,
    /// Only this check, by its name in --json; Meta is asked only if it needs to be (can be repeated)
    #[arg(long = "check", value_name = "NAME")]
    checks: Vec<String>,
    /// Read, without changing anything, what nobody outside Meta knows yet, and write what came to this file, without tokens, names and ids
    #[arg(long, value_name = "FILE")]
    probe: Option<PathBuf>,
}

impl DoctorArgs {
    /// Checks everything.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        if let Some(file) = &self.probe {
            ctx.probe.start(file)?;
        }
        let options = DoctorOptions {
            only: self
                .checks
                .iter()
                .map(|name| name.replace(['-', ' '], "_"))
                .collect(),
            port: self.port,
            user_token_file: self.user.user_token_file.as_deref().map(PathBuf::from),
            system_token_file: self.system.system_token_file.as_deref().map(PathBuf::from),
        };
        let task = ctx.ui.bars().spinner("checking");
        let rows = doctor::all(ctx, &options).await;
        drop(task);
        if let Some(name) = options
            .only
            .iter()
            .find(|name| rows.iter().all(|row| row.check != **name))
        {
            return Err(Failure::usage(format!("there is no check {name:?}"))
                .hint("mps doctor --json names them all"));
        }
        let mut lines: Vec<Result<Line, Failure>> = rows.iter().map(|row| Ok(line(row))).collect();
        lines.extend(doctor::verdict(&rows).map(Err));
        Ok(Output::Rows(Rows {
            header: &["", "CHECK", "SEEN, AND WHAT MENDS IT"],
            lines: Box::pin(stream::iter(lines)),
            empty: "",
            epilogue: Epilogue::default(),
            noun: "check",
            names: None,
        }))
    }
}

record! {
    /// A check and what came of it.
    #[derive(Debug, Clone)]
    pub struct CheckRecord {
        /// What was checked
        pub check: &'static str,
        /// `ok`, `warning`, `failed`, `skipped`
        pub result: &'static str,
        /// What was seen, in words
        pub seen: String,
        /// What mends it
        pub remedy: Option<String>,
        /// The same in values, each check its own
        pub details: Option<Map<String, Value>>,
    }
}

fn line(row: &CheckRow) -> Line {
    let label = match row.mark {
        Mark::Good => Label::Good,
        Mark::Warning => Label::Warning,
        Mark::Bad(_) => Label::Bad,
        Mark::Skipped => Label::Dim,
    };
    let remedy = row.remedy.as_deref().unwrap_or("");
    let seen = Cell::from(with_tilde(&row.seen));
    let plain = [row.mark.word(), row.check, &row.seen, remedy]
        .map(|text| text.replace(['\t', '\n', '\r'], " "))
        .join("\t");
    let record = CheckRecord {
        check: row.check,
        result: row.mark.word(),
        seen: row.seen.clone(),
        remedy: row.remedy.clone(),
        details: row.details.as_object().cloned(),
    };
    Line {
        cells: vec![
            Cell::marked(row.mark.sign(), label),
            row.check.replace('_', " ").into(),
            match &row.remedy {
                Some(remedy) => seen.below(remedy, Label::Hint),
                None => seen,
            },
        ],
        ..Line::untabled(&record, Some(plain.trim_end().to_owned()))
    }
}
