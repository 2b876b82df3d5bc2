//! How a run comes to its journal.
//!
//! The one decision: opening it can wait for another program, so a signal ends that, and the operator hears of it.

use std::time::Duration;

use super::{Context, failure::Failure};
use crate::{
    exit::Kind,
    journal::{self, Journal, Reader},
    waiting::Unanswered,
};

/// How long the journal may take to open: each of the waits inside is bounded by half a minute.
const LONGEST_OPENING: Duration = Duration::from_secs(120);

impl Context {
    /// The journal, opened at the first call.
    pub fn journal(&self) -> Result<Journal, Failure> {
        if let Some(journal) = self.journal.opened.get() {
            return Ok(journal.clone());
        }
        let (place, who) = (self.journal_place()?, self.run_identity()?);
        let redactor = self.redactor.clone();
        let text = if place.database().is_some() {
            format!("Waiting for the journal in {place}.")
        } else {
            format!("Waiting for the journal in {place}, which another program holds.")
        };
        // The database itself gives up before that.
        let opened = self.waiting().answer(LONGEST_OPENING, &text, move || {
            Journal::open(place, who, redactor)
        });
        let (journal, warnings) = match opened {
            Ok(opened) => opened?,
            Err(Unanswered::Stopped) => {
                let message = "interrupted; nothing was changed";
                return Err(Failure::new(Kind::Interrupted, message));
            }
            Err(Unanswered::TooLong | Unanswered::Gone) => {
                return Err(Failure::new(Kind::Io, "the journal did not open").hint(
                    "end the program that holds it (a backup? a database viewer?) and type the same command again",
                ));
            }
        };
        for warning in warnings {
            self.ui.warning(&warning.to_string());
        }
        Ok(self.journal.opened.get_or_init(|| journal).clone())
    }
    /// Who acts, for every row of the journal.
    pub fn run_identity(&self) -> Result<journal::RunIdentity, Failure> {
        Ok(journal::RunIdentity {
            run_id: self.log.run_id().to_owned(),
            operator: self.operator(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            profile: self.profile_name(),
            host: self.base_url()?.host_label().to_owned(),
        })
    }

    /// The journal for those who only look, if there is one.
    pub fn journal_reader(&self) -> Result<Option<Reader>, Failure> {
        if let Some(failure) = self.journal.away.get() {
            return Err(failure.clone());
        }
        let place = self.journal_place()?;
        let in_database = place.database().is_some();
        Journal::open_read_only(place).map_err(|error| {
            let failure = Failure::from(error);
            if in_database {
                // Whoever asks several things does not wait for it anew each time.
                let _ = self.journal.away.set(failure.clone());
            }
            failure
        })
    }
}
