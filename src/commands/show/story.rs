//! What the journal tells of a solution, beside what Meta shows of it now.
//!
//! The one decision: the journal says what we did and how we left it; everything that differs from that was done by somebody
//! else, on the other side or without this journal. It is pure.

use crate::{
    graph::{Pending, Solution, Status},
    journal::{Call, EventOutcome, HistoryRecord},
    record::record,
};

record! {
    /// Something that was done to a solution, as the journal has it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct StoryEvent {
        /// When: UTC, RFC 3339
        pub at: String,
        /// Who acted
        pub operator: String,
        /// What was done, as in `mps history`
        pub call: String,
        /// How it ended: `ok`, `refused`, `unknown`, `never_sent`, or `intended` where that is not known
        pub outcome: String,
        /// What went wrong, in words
        pub error: Option<String>,
    }
}

/// The journal's part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Story {
    /// What was done, the oldest first.
    pub(super) events: Vec<StoryEvent>,
    /// How our last write left it; none where there was none, or where its end is not known.
    pub(super) left: Option<(Status, Pending)>,
    /// How the last write ended is not known.
    pub(super) open: bool,
}

/// How a write that worked leaves a solution; none for what leaves it as it was. A look is written down as ok only where it saw
/// ACTIVE after an accept.
fn left_by(call: Call) -> Option<(Status, Pending)> {
    Some(match call {
        Call::Create => (Status::Initiated, Pending::Activation),
        Call::Accept | Call::Look | Call::RejectDeactivation => (Status::Active, Pending::None),
        Call::Reject => (Status::Rejected, Pending::None),
        Call::RequestDeactivation => (Status::Active, Pending::Deactivation),
        Call::AcceptDeactivation => (Status::Deactivated, Pending::None),
        Call::Adopt | Call::NotMade | Call::BusinessToken | Call::Subscribe | Call::Api => {
            return None;
        }
    })
}

impl Story {
    /// The story of one solution; `records` as the journal gives them, the newest first.
    pub(super) fn of(records: Vec<HistoryRecord>) -> Self {
        let mut story = Self::default();
        let mut before: Option<HistoryRecord> = None;
        for record in records.into_iter().rev() {
            // What was written down before a write is told by how that write ended.
            if let Some(intended) = before.take()
                && (&intended.run_id, intended.event.call) != (&record.run_id, record.event.call)
            {
                story.add(&intended);
            }
            if record.event.outcome == EventOutcome::Intended {
                before = Some(record);
            } else {
                story.add(&record);
            }
        }
        if let Some(intended) = before {
            story.add(&intended);
        }
        story
    }

    fn add(&mut self, record: &HistoryRecord) {
        let event = &record.event;
        self.events.push(StoryEvent {
            at: format!("{:.0}", record.at),
            operator: record.operator.clone(),
            call: event.call.as_str().to_owned(),
            outcome: event.outcome.as_str().to_owned(),
            error: event.error.clone(),
        });
        let Some(left) = left_by(event.call) else {
            return;
        };
        match event.outcome {
            EventOutcome::Ok => (self.left, self.open) = (Some(left), false),
            // What a look did not find out is as open as it was.
            _ if event.call == Call::Look => {}
            EventOutcome::Intended | EventOutcome::Sent | EventOutcome::Unknown => {
                (self.left, self.open) = (None, true);
            }
            // It stands as it stood.
            EventOutcome::Refused | EventOutcome::NeverSent => {}
        }
    }

    /// Whether somebody else has changed it since; none where the journal cannot tell.
    pub(super) fn changed_since(&self, solution: &Solution) -> Option<bool> {
        let (status, pending) = self.left.as_ref()?;
        Some(*status != solution.status || *pending != solution.pending)
    }

    /// The journal's last word beside Meta's.
    pub(super) fn last_word(&self, solution: &Solution) -> String {
        match (&self.left, self.changed_since(solution)) {
            _ if self.open => "how our last write ended is not known to the journal".to_owned(),
            (Some(_), Some(false)) => "Meta shows it as we left it".to_owned(),
            (Some((status, pending)), _) => format!(
                "we left it {}; what it is now, somebody else has made it",
                stands(status, pending)
            ),
            (None, _) if self.events.is_empty() => {
                "nothing was done to it by this journal".to_owned()
            }
            (None, _) => "nothing in this journal changed it".to_owned(),
        }
    }
}

/// A state in one breath.
fn stands(status: &Status, pending: &Pending) -> String {
    match pending {
        Pending::Deactivation => format!("{status} with {pending}"),
        _ => status.to_string(),
    }
}

impl StoryEvent {
    /// As a line of the card.
    pub(super) fn line(&self) -> String {
        let at = self.at.replace('T', " ");
        let mut line = format!("{at} {}: {}, {}", self.operator, self.call, self.outcome);
        if let Some(error) = &self.error {
            line += ": ";
            line += error;
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::HistoryEvent;

    fn record(id: i64, run: &str, call: Call, outcome: EventOutcome) -> HistoryRecord {
        HistoryRecord {
            id,
            at: "2026-11-26T08:00:00Z".parse().unwrap(),
            run_id: run.to_owned(),
            operator: "ada".to_owned(),
            version: String::new(),
            profile: String::new(),
            host: String::new(),
            event: HistoryEvent::new(call, outcome),
            label: None,
        }
    }

    fn told(events: &[(&str, Call, EventOutcome)]) -> Story {
        let all = events.iter().zip(1..);
        let all = all.map(|(&(run, call, outcome), id)| record(id, run, call, outcome));
        let mut all: Vec<HistoryRecord> = all.collect();
        all.reverse();
        Story::of(all)
    }

    fn solution(status: &str, pending: &str) -> Solution {
        Solution {
            id: "795".parse().unwrap(),
            name: String::new(),
            status: status.into(),
            pending: pending.into(),
            owner_app: None,
            owner_permissions: None,
            partners: None,
        }
    }

    use Call::{Accept, Adopt, Create, Look, Reject, RequestDeactivation};
    use EventOutcome::{Intended, Ok, Refused, Unknown};

    #[test]
    fn the_journals_word_beside_metas() {
        let made = [("a", Create, Ok)];
        let accepted = [
            ("a", Create, Ok),
            ("a", Accept, Intended),
            ("a", Accept, Ok),
        ];
        let refused = [
            ("a", Create, Ok),
            ("b", Accept, Intended),
            ("b", Accept, Refused),
        ];
        let lost = [
            ("a", Create, Ok),
            ("b", Accept, Intended),
            ("b", Accept, Unknown),
        ];
        let died = [("a", Create, Ok), ("b", Reject, Intended)];
        let asked = [
            ("a", RequestDeactivation, Intended),
            ("a", RequestDeactivation, Ok),
        ];
        let looked = [("a", Adopt, Ok)];
        let settled = [
            ("b", Accept, Intended),
            ("b", Accept, Unknown),
            ("c", Look, Ok),
        ];
        for (events, status, pending, changed, said) in [
            (
                &made[..],
                "INITIATED",
                "PENDING_ACTIVATION",
                Some(false),
                "as we left it",
            ),
            (&made, "ACTIVE", "NONE", Some(true), "we left it INITIATED"),
            (&accepted, "ACTIVE", "NONE", Some(false), "as we left it"),
            (
                &accepted,
                "ACTIVE",
                "PENDING_DEACTIVATION",
                Some(true),
                "we left it ACTIVE;",
            ),
            (
                &refused,
                "INITIATED",
                "PENDING_ACTIVATION",
                Some(false),
                "as we left it",
            ),
            (&lost, "ACTIVE", "NONE", None, "not known"),
            (&died, "INITIATED", "PENDING_ACTIVATION", None, "not known"),
            (
                &asked,
                "DEACTIVATED",
                "NONE",
                Some(true),
                "ACTIVE with PENDING_DEACTIVATION",
            ),
            (&looked, "ACTIVE", "NONE", None, "changed it"),
            (&settled, "ACTIVE", "NONE", Some(false), "as we left it"),
            (&[], "ACTIVE", "NONE", None, "nothing was done"),
        ] {
            let story = told(events);
            let now = solution(status, pending);
            assert_eq!(story.changed_since(&now), changed, "{events:?}");
            let word = story.last_word(&now);
            assert!(word.contains(said), "{events:?}: {word}");
        }
    }

    #[test]
    fn what_was_written_down_before_a_write_is_told_by_its_end() {
        let calls = |events: &[(&str, Call, EventOutcome)]| -> Vec<String> {
            let story = told(events);
            story
                .events
                .iter()
                .map(|event| format!("{} {}", event.call, event.outcome))
                .collect()
        };
        let whole = [
            ("a", Create, Ok),
            ("a", Accept, Intended),
            ("a", Accept, Ok),
        ];
        assert_eq!(calls(&whole), ["create ok", "accept ok"]);
        let died = [
            ("a", Accept, Intended),
            ("b", Accept, Intended),
            ("b", Accept, Ok),
        ];
        assert_eq!(calls(&died), ["accept intended", "accept ok"]);
        let last = [("a", Create, Ok), ("b", Accept, Intended)];
        assert_eq!(calls(&last), ["create ok", "accept intended"]);
    }
}
