//! `mps history`: what was done, by whom, newest first.

mod carry;
mod fault;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use futures_util::stream;
use jiff::Timestamp;

pub use self::carry::CarryRecord;
use self::fault::broken;
use super::{Line, Output, args::When, rows::csv};
use crate::{
    context::{Context, failure::Failure},
    ids::{AppId, SolutionId},
    journal::{
        ChainEnd, ChainFault, ChainHash, EventOutcome, HistoryFilter, HistoryRecord, LinkLabel,
    },
    record::{Record as _, record},
    session::invitations,
    ui::{
        Label,
        emit::{Card, Rows, TableRow},
        table::Cell,
    },
};

const EXAMPLES: &str = "Examples:
  mps history --limit 20
  mps history --since 2026-11-01 --failed
  mps history --csv > audit.csv
  mps history verify";

const VERIFY_EXAMPLES: &str = "Examples:
  mps history verify
  mps history verify --from 5e0f1b2c7d4a69830f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978";

/// Show what was done, by whom, newest first
///
/// Reads the journal: every write that mps sent to Meta, a line each with how it ended. Nothing is sent. The fields of
/// `--json` are the columns of `--csv`, in their order; there, what is not known is empty, and the words of a
/// list stand apart.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct HistoryArgs {
    #[command(subcommand)]
    verb: Option<HistoryVerb>,
    /// Not before: a day (UTC), a time, or so long ago (like 7d or 12h)
    #[arg(long, value_name = "WHEN")]
    since: Option<When>,
    /// Before: a day (UTC, that day included), a time, or so long ago
    #[arg(long, value_name = "WHEN")]
    until: Option<When>,
    /// Only what was refused, lost or never sent
    #[arg(long)]
    failed: bool,
    /// Every line: also what was written down before each write was sent
    #[arg(long)]
    events: bool,
    /// Only this app of a Tech Provider
    #[arg(long, value_name = "ID")]
    app_id: Option<AppId>,
    /// Only the apps of this label (`mps invite --for LABEL`)
    #[arg(long = "for", value_name = "LABEL")]
    label: Option<LinkLabel>,
    /// At most so many
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// Write CSV with a line of headings
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

#[derive(Debug, Subcommand)]
enum HistoryVerb {
    /// Check the chain of hashes through all events
    ///
    /// Each event's hash is taken over the one before it and its own content, so that an event that was changed,
    /// deleted, put in or moved breaks the chain there: exit 1, naming the first one. The last hash, kept
    /// elsewhere, shows a whole rewrite too: give it as `--from` the next time. Events of an older mps had no hashes;
    /// they got them when a newer one first wrote (`chained_late`), and what was done to them before that does not show.
    /// Nothing is sent or written.
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify {
        /// Require an event with this hash, kept elsewhere, and check from it on
        #[arg(long, value_name = "HASH")]
        from: Option<ChainHash>,
    },
    /// Write the whole journal into a file, to carry it elsewhere
    ///
    /// The chain of hashes is checked first. The file has all rows, invitations with their links, and events; no token is
    /// in it.
    #[command(after_help = EXPORT_EXAMPLES)]
    Export {
        /// A new file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Take the journal of an exported file into an empty one
    ///
    /// MPS_JOURNAL says into which database, else it is the file of the state directory. The chain of hashes is checked
    /// before anything is written, and goes on from its last event.
    #[command(after_help = IMPORT_EXAMPLES)]
    Import {
        /// What `mps history export` wrote
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

const EXPORT_EXAMPLES: &str = "Example:
  mps history export journal.ndjson";

const IMPORT_EXAMPLES: &str = "Example:
  MPS_JOURNAL=postgres://ada@db.example.com/mps mps history import journal.ndjson";

record! {
    /// What `mps history verify` found.
    #[derive(Debug)]
    pub struct VerifyRecord {
        /// How many events were checked: all, or those from `--from` on
        pub events: u64,
        /// How many of them an older mps wrote: what was done to those before a newer one gave them their hashes does not show
        pub chained_late: u64,
        /// The number of the last one, which is its `id` in `mps history`
        pub last_id: Option<i64>,
        /// Its hash: keep it elsewhere, for `--from`
        pub last_hash: Option<String>,
    }
}

impl HistoryArgs {
    /// Shows it.
    pub async fn run(self, ctx: &Context) -> Result<Output, Failure> {
        if let Some(verb) = &self.verb {
            if self.csv
                || self.failed
                || self.events
                || self.app_id.is_some()
                || self.limit.is_some()
                || self.since.is_some()
                || self.until.is_some()
            {
                // clap's own rule would refuse --json there too.
                return Err(Failure::usage(
                    "the journal is taken whole: `verify`, `export` and `import` take no filter and no --csv",
                )
                .hint("mps history verify"));
            }
            return match verb {
                HistoryVerb::Verify { from } => verify(ctx, from.as_ref()),
                HistoryVerb::Export { file } => carry::export(ctx, file),
                HistoryVerb::Import { file } => carry::import(ctx, file).await,
            };
        }
        if self.csv && ctx.ui.json() {
            // clap does not see a conflict with an option that stands before the command.
            return Err(Failure::usage("--csv and --json both want stdout"));
        }
        let now = Timestamp::now();
        let apps = self
            .label
            .as_ref()
            .map(|label| invitations::apps_of(ctx, label));
        let apps = apps.transpose()?;
        let filter = HistoryFilter {
            since: self.since.map(|when| when.moment(now, false)).transpose()?,
            until: self.until.map(|when| when.moment(now, true)).transpose()?,
            writes: !self.events,
            failed: self.failed,
            app_id: self.app_id.clone(),
            apps,
            solution_id: None,
            limit: self.limit,
        };
        let all = HistoryFilter {
            writes: filter.writes,
            ..HistoryFilter::default()
        };
        let empty = if filter == all {
            "Nothing was done yet."
        } else {
            "Nothing in the journal fits."
        };
        let reader = ctx.journal_reader()?;
        let records = reader.map(|reader| reader.history(filter));
        let records = records.into_iter().flatten();
        let records = records.map(|record| record.map_err(Failure::from));
        if self.csv {
            let lines = records.map(|record| record.map(|record| record.object()));
            return Ok(Output::Pieces(Box::pin(csv::pieces(
                HistoryRecord::FIELDS,
                stream::iter(lines),
            ))));
        }
        let lines = records.map(|record| record.map(|record| Line::of(&record)));
        Ok(Output::Rows(Rows::of::<HistoryRecord>(
            stream::iter(lines),
            empty,
        )))
    }
}

fn verify(ctx: &Context, from: Option<&ChainHash>) -> Result<Output, Failure> {
    let end = match (ctx.journal_reader()?, from) {
        (Some(reader), _) => reader.verify(from)?,
        (None, None) => Ok(ChainEnd::default()),
        (None, Some(_)) => Err(ChainFault::NotThere),
    };
    let ChainEnd { events, late, last } = end.map_err(|fault| broken(&fault, from))?;
    let (last_id, last_hash) = last.unzip();
    if late > 0 {
        ctx.ui.warning(&format!(
            "{late} of them an older mps wrote, without hashes: what was done to those before a newer mps first wrote \
             here does not show"
        ));
    }
    let record = VerifyRecord {
        events,
        chained_late: late,
        last_id,
        last_hash,
    };
    let hash = record.last_hash.as_deref().unwrap_or_default();
    ctx.ui.status_as(
        Label::Good,
        match (events, from) {
            (0, _) => "Nothing was done yet, so that there is no chain to check.",
            (_, None) => "The chain is unbroken: no event was changed, taken out, put in or moved.",
            (_, Some(_)) => "The chain is unbroken from that event on: none was changed, taken out, put in or moved.",
        },
        serde_json::json!({"event": "chain_holds"}),
    );
    Ok(Output::Card(Card {
        fields: vec![
            ("events", events.to_string().into()),
            ("last hash", hash.into()),
        ],
        line: Line::untabled(&record, Some(format!("{events}\t{hash}"))),
    }))
}

impl TableRow for HistoryRecord {
    const HEADER: &[&str] = &["AT", "WHO", "CALL", "APP", "SOLUTION", "OUTCOME"];

    fn cells(&self) -> Vec<Cell> {
        let event = &self.event;
        let label = match event.outcome {
            EventOutcome::Ok => Label::Good,
            EventOutcome::Refused | EventOutcome::NeverSent => Label::Bad,
            EventOutcome::Unknown => Label::Warning,
            EventOutcome::Intended | EventOutcome::Sent => Label::Dim,
        };
        let outcome = Cell::marked(event.outcome.to_string(), label);
        let who = self.operator.as_str();
        let user = who.split_once('@').map_or(who, |(user, _)| user);
        vec![
            Cell::or_short(
                seconds(self).replace('T', " "),
                self.at.strftime("%F %RZ").to_string(),
            ),
            Cell::or_short(who, user),
            event.call.as_str().into(),
            event.owner.as_ref().map_or("", AppId::as_str).into(),
            solution(self).into(),
            match &event.error {
                Some(error) => outcome.below(error, Label::Plain),
                None => outcome,
            },
        ]
    }

    fn plain(&self) -> Option<String> {
        let event = &self.event;
        let at = seconds(self);
        let texts = [
            at.as_str(),
            self.operator.as_str(),
            event.call.as_str(),
            event.owner.as_ref().map_or("", AppId::as_str),
            solution(self),
            event.outcome.as_str(),
            event.error.as_deref().unwrap_or_default(),
        ];
        let texts = texts.map(|text| text.replace(['\t', '\n', '\r'], " "));
        Some(texts.join("\t").trim_end().to_owned())
    }
}

/// When it was, to the second.
fn seconds(record: &HistoryRecord) -> String {
    format!("{:.0}", record.at)
}

fn solution(record: &HistoryRecord) -> &str {
    let id = record.event.solution_id.as_ref();
    id.map_or("", SolutionId::as_str)
}
