//! `mps resume`: takes up everything unfinished, to the goal that was written down and no further.

mod args;
mod handed;
mod look;
mod not_made;
mod planned;
mod row_run;
mod shown;

pub use self::args::ResumeArgs;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicBool},
};

use futures_util::{StreamExt, stream};

use self::{
    handed::Handed,
    look::look,
    row_run::{known, needs, rows_of},
};
use super::{
    Output,
    rows::{self, AppRow},
};
use crate::{
    context::{Context, failure::Failure},
    engine::{Policy, look::Survey},
    ids::AppId,
    journal::{Entry, Goal},
    session::{
        self,
        left::Left,
        row_run::RowRun,
        run::{self, RunOptions},
    },
    ui::epilogue::Epilogue,
};

impl ResumeArgs {
    /// Resumes.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        if self.not_made {
            return not_made::close(self, ctx).await;
        }
        let partner = ctx.partner()?;
        let at_once = self.pace.at_once(ctx)?;
        let user = self.user.read(ctx)?;
        let system = self.system.read(ctx)?;
        let lang = handed::lang(ctx)?;
        ctx.announce_host()?;
        let entries = self.unfinished(ctx, &partner)?;
        if entries.is_empty() {
            ctx.ui.status("Nothing is unfinished.");
            return Ok(Output::Nothing);
        }
        shown::unfinished(ctx, &partner, (&user, &system), &entries)?;
        if self.dry_run {
            self.pace.apply(ctx);
            return planned::plan(ctx, &partner, (user, system), entries).await;
        }
        let consent = session::confirm(ctx, "Take these up?", self.yes, true).await?;

        // Every row is written in it, so one that cannot be written is one failure and not one of each row.
        ctx.journal()?;
        self.pace.apply(ctx);
        let looking = look(ctx, needs(system), user);
        let (session, listed) = session::unless_stopped(ctx, looking).await?;
        let known = known(&entries);
        let options = RunOptions {
            consent,
            link_label: None,
            apps: entries.len(),
            listener: Some(known.listener(None)),
            survey: Survey::default(),
            at_once,
        };
        let policy = Policy {
            waits: self.wait,
            ..run::policy(ctx, Goal::Active)?
        };
        let run = Arc::new(RowRun {
            engine: session.engine(ctx, policy, options)?,
            has_system: session.system.is_some(),
            listed,
            terms_refused: AtomicBool::new(false),
        });
        let several = entries.len() > 1;
        let finished = Arc::new(Mutex::new(Handed::default()));
        let to_tell = Arc::clone(&finished);
        let work = stream::iter(entries.into_iter().zip(1..)).map(move |(entry, place)| {
            let (run, finished) = (Arc::clone(&run), Arc::clone(&finished));
            async move {
                let row = AppRow::Resume(entry.link_label.clone());
                let begun = entry.clone();
                let (app, ended) = run.one(entry).await;
                if let Ok(made) = &ended {
                    let mut finished = finished.lock().unwrap_or_else(PoisonError::into_inner);
                    finished.add(place, &begun, &app, made);
                }
                (row, place, app, ended.map_err(Left::failure))
            }
        });
        let ctx = Arc::clone(ctx);
        let (ui, epilogue) = (ctx.ui.clone(), Epilogue::default());
        let (below, our_name) = (epilogue.clone(), session.app()?.name.clone());
        let lines = work
            .buffer_unordered(ROWS)
            .map(move |(row, place, app, ended)| {
                let line = rows::app_line(&ctx, &known, &partner, &app, ended, &row, several);
                Some(Ok(line.at(place)))
            });
        let last = stream::once(async move {
            let mut finished = to_tell.lock().unwrap_or_else(PoisonError::into_inner);
            let words = std::mem::take(&mut *finished).words(ui.work().is_crowd(), &our_name, lang);
            if let Some(words) = words {
                below.leave(words);
            }
            None
        });
        let lines = lines.chain(last).filter_map(std::future::ready);
        Ok(rows_of(lines.boxed(), epilogue))
    }

    /// What is unfinished on this host, read without making a journal.
    fn unfinished(&self, ctx: &Context, partner: &AppId) -> Result<Vec<Entry>, Failure> {
        let Some(reader) = ctx.journal_reader()? else {
            return Ok(Vec::new());
        };
        let host = ctx.base_url()?.host_label().to_owned();
        let entries = reader.unfinished(Some(&host))?;
        let entries = entries.into_iter().map(|(_, entry)| entry);
        let wanted =
            |entry: &Entry| self.app_ids.is_empty() || self.app_ids.contains(&entry.key.owner);
        let (entries, others): (Vec<Entry>, Vec<Entry>) = entries
            .filter(wanted)
            .partition(|entry| entry.key.partner == *partner);
        for (other, count) in per_partner(&others) {
            ctx.ui.status(&format!(
                "Another app of ours has {count} unfinished here: mps resume --partner-app-id {other}"
            ));
        }
        Ok(entries)
    }
}

/// Most rows that are taken up at once; calls are bounded by `--jobs`.
const ROWS: usize = 400;

/// How many rows each of our other apps has.
fn per_partner(entries: &[Entry]) -> BTreeMap<&AppId, usize> {
    let mut counts = BTreeMap::new();
    for entry in entries {
        *counts.entry(&entry.key.partner).or_default() += 1;
    }
    counts
}
