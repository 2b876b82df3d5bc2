//! `mps history export` and `import`: a journal to another machine, or between a file and a team's database.

use std::{io, path::Path};

use super::fault::{COMPARE, broken};
use crate::{
    commands::{Line, Output},
    context::{Context, failure::Failure},
    exit::Kind,
    journal::{Carried, CarryError, Journal},
    private_file,
    record::record,
    ui::emit::Card,
};

record! {
    /// What `mps history export` wrote, or `import` took.
    #[derive(Debug)]
    pub struct CarryRecord {
        /// The file
        pub file: String,
        /// Where the journal is
        pub journal: String,
        /// How many events
        pub events: u64,
        /// How many apps' rows
        pub rows: u64,
        /// How many invitations
        pub invitations: u64,
        /// How many changes that webhooks told of
        pub webhooks: u64,
        /// The hash of the last event: the same on both sides
        pub last_hash: Option<String>,
    }
}

/// Writes the journal into a new file.
pub(super) fn export(ctx: &Context, file: &Path) -> Result<Output, Failure> {
    let Some(reader) = ctx.journal_reader()? else {
        return Err(Failure::new(Kind::State, "there is no journal to export")
            .hint("`mps doctor` shows where it would be"));
    };
    // One that does not hold is not carried on.
    reader.verify(None)?.map_err(|fault| broken(&fault, None))?;
    let place = file.display();
    let made = private_file::options()
        .write(true)
        .create_new(true)
        .open(file);
    let made = made.map_err(|error| {
        let exists = error.kind() == io::ErrorKind::AlreadyExists;
        let failure = Failure::io(format!("could not make {place}"), &error);
        failure.hint(if exists {
            "name a file that is not there"
        } else {
            "name a file that can be written"
        })
    })?;
    let written = reader.export(made).map_err(Failure::from);
    let carried = written.and_then(|_| Carried::check(file).map_err(|error| unusable(file, error)));
    match carried {
        Ok(carried) => {
            ctx.ui.status(&format!(
                "The journal is in {place}; where it is imported it goes on, so let nobody use this one any more: \
                 two journals do not know of each other."
            ));
            Ok(shown(ctx, file, &carried)?)
        }
        Err(failure) => {
            // What is not whole is no journal.
            let _ = std::fs::remove_file(file);
            Err(failure)
        }
    }
}

/// Writes a file into a journal that is empty.
pub(super) async fn import(ctx: &Context, file: &Path) -> Result<Output, Failure> {
    let carried = Carried::check(file).map_err(|error| unusable(file, error))?;
    let shown = shown(ctx, file, &carried)?;
    let place = ctx.journal_place()?;
    if !Journal::import(&place, ctx.run_identity()?, carried).await? {
        return Err(Failure::new(
            Kind::State,
            format!("a journal is imported once, and the one in {place} is not empty"),
        )
        .hint(
            "`mps history` shows what is in it; let MPS_JOURNAL or MPS_STATE_DIR name an empty one",
        ));
    }
    Ok(shown)
}

fn shown(ctx: &Context, file: &Path, carried: &Carried) -> Result<Output, Failure> {
    let record = CarryRecord {
        file: file.display().to_string(),
        journal: ctx.journal_place()?.to_string(),
        events: carried.head.events,
        rows: carried.head.entries,
        invitations: carried.head.invitations,
        webhooks: carried.head.webhooks,
        last_hash: carried.end.last.clone().map(|(_, hash)| hash),
    };
    let hash = record.last_hash.as_deref().unwrap_or_default();
    let plain = format!("{}\t{hash}", record.events);
    Ok(Output::Card(Card {
        fields: vec![
            ("journal", record.journal.clone().into()),
            ("file", record.file.clone().into()),
            ("events", record.events.to_string().into()),
            ("apps", record.rows.to_string().into()),
            ("invitations", record.invitations.to_string().into()),
            ("webhooks", record.webhooks.to_string().into()),
            ("last hash", hash.into()),
        ],
        line: Line::untabled(&record, Some(plain)),
    }))
}

fn unusable(file: &Path, error: CarryError) -> Failure {
    let message = format!("could not take the journal in {}", file.display());
    match error {
        CarryError::Io(error) => Failure::io(message, &error).hint("name a file that can be read"),
        CarryError::NoJournal(why) => Failure::new(Kind::State, message)
            .because(why)
            .hint("write it anew: mps history export FILE"),
        CarryError::Chain(fault) => {
            let inner = broken(&fault, None);
            let mut failure = Failure::new(Kind::State, message).because(inner.message);
            failure.causes.extend(inner.causes);
            failure.hint(COMPARE)
        }
    }
}
