//! The first contact with Meta, written down for those who come after: `doctor --probe`, `onboard --probe`.
//!
//! The one decision: it only listens. The calls are those that the command makes anyway, and reads of doctor's; nothing
//! is made for the probe's sake. What is kept in memory has names and ids; what is written has their shapes.

mod questions;
mod reading;
mod report;
mod shape;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use jiff::{Timestamp, tz::TimeZone};

use super::failure::Failure;
use crate::{
    graph::{CallEvent, Exchange, Observer},
    ids::AppId,
    private_file,
    ui::Ui,
};

/// Most exchanges that are kept.
const MOST: usize = 2000;

/// Keeps what Meta answered, once it is started. A clone is the same one.
#[derive(Debug, Clone, Default)]
pub struct Probe(Arc<ProbeShared>);

#[derive(Debug, Default)]
struct ProbeShared {
    file: OnceLock<PathBuf>,
    kept: Mutex<Vec<Exchange>>,
}

impl Probe {
    /// From now on what Meta answers is kept, and written to this file in the end.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn start(&self, file: &Path) -> Result<(), Failure> {
        let opened = private_file::options().append(true).create(true).open(file);
        opened.map(drop).map_err(|error| {
            Failure::io(format!("--probe: cannot write {}", file.display()), &error)
        })?;
        let _ = self.0.file.set(file.to_owned());
        Ok(())
    }

    /// Whether it keeps anything.
    pub fn is_on(&self) -> bool {
        self.0.file.get().is_some()
    }

    fn keep(&self, exchange: Exchange) {
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < MOST {
            kept.push(exchange);
        }
    }

    /// Writes the report, if one was asked for, and says where it is.
    ///
    /// # Errors
    /// The file cannot be written any more.
    pub fn finish(&self, ui: &Ui, host: &str, partner: Option<&AppId>) -> Result<(), Failure> {
        let Some(file) = self.0.file.get() else {
            return Ok(());
        };
        let kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let today = Timestamp::now().to_zoned_datetime(TimeZone::UTC).date();
        let text = report::text(&kept, partner, host, today);
        private_file::write(file, text.as_bytes()).map_err(|error| {
            Failure::io(format!("--probe: cannot write {}", file.display()), &error)
        })?;
        ui.status(&format!(
            "What Meta answered is in {}, without tokens, names and ids. Please read it and send it to the makers of mps.",
            file.display()
        ));
        Ok(())
    }
}

/// Hears the client for the operator and for the probe.
pub struct Probed<T> {
    /// The operator's.
    pub narrator: T,
    /// The probe.
    pub probe: Probe,
}

impl<T: Observer> Observer for Probed<T> {
    fn wants_detail(&self) -> bool {
        self.narrator.wants_detail()
    }

    fn wants_exchanges(&self) -> bool {
        self.probe.is_on()
    }

    fn exchanged(&self, exchange: Exchange) {
        self.probe.keep(exchange);
    }

    fn observe(&self, event: &CallEvent) {
        self.narrator.observe(event);
    }
}
