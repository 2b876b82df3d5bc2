//! The rows of `watch`: onboard's, with what happened and when.

use super::{OnboardRecord, ResumeRecord};
use crate::{
    graph::Status,
    record::record,
    ui::{emit::TableRow, table::Cell},
};

record! {
    /// What an app came to, for `watch`.
    #[derive(Debug, Clone)]
    pub struct WatchRecord {
        /// As `onboard` has it
        #[serde(flatten)]
        pub app: OnboardRecord,
        /// `done`, `waiting` (for `mps accept`), `failed`
        pub event: &'static str,
        /// When
        pub at: String,
    }
}

/// The word of what waits for a person.
const WAITING: &str = "waiting";

impl WatchRecord {
    /// The row of an app that ended now.
    pub(super) fn now(app: ResumeRecord) -> Self {
        let waits = app.app.status == Some(Status::Initiated);
        let event = match app.app.outcome {
            super::FAILED => super::FAILED,
            "created" => WAITING,
            "existing" if waits => WAITING,
            _ => "done",
        };
        Self {
            app: OnboardRecord { app, line: None },
            event,
            at: jiff::Timestamp::now().to_string(),
        }
    }
}

impl TableRow for WatchRecord {
    const HEADER: &[&str] = OnboardRecord::HEADER;

    fn cells(&self) -> Vec<Cell> {
        self.app.cells()
    }

    fn plain(&self) -> Option<String> {
        self.app.plain().filter(|_| self.event == "done")
    }
}
