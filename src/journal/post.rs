//! What a row remembers of its writes: each POST that creates, and an accept that is under way.
//!
//! The one decision: a POST is kept with how it ended, because what may follow hangs on that: one that Meta
//! answered is over, one without an answer may still make a solution, and taking another solution does not
//! change it. Kept as JSON in the row, so that any store can hold it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::stored_enum::words;
use crate::{ids::SolutionId, redact::Redactor};

words! {
    /// How a POST that creates ended.
    enum PostEnd {
        /// It may have left; nobody wrote down more.
        Sent = "sent",
        /// Meta made a solution and said its id.
        Created = "created",
        /// Meta answered with trouble of its own: whether it made one is not said.
        Trouble = "trouble",
        /// No answer came that says anything.
        NoAnswer = "no_answer",
        /// A clear no, or it never left.
        Refused = "refused",
    }
}

words! {
    /// What is known of an accept that is under way.
    enum AcceptEnd {
        /// It may have left; nobody wrote down more.
        Sent = "sent",
        /// No clear answer came.
        Unknown = "unknown",
        /// Meta said yes, and has not shown it ACTIVE yet.
        Yes = "yes",
    }
}

/// One POST that creates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// The name that was sent.
    pub name: String,
    /// Who may send messages, as it was sent.
    pub messaging: String,
    /// When its intent was written down.
    #[serde(with = "stamp")]
    pub sent_at: Timestamp,
    /// The same by Meta's own clock, where Meta had told it; no older mps wrote it.
    #[serde(default, with = "maybe_stamp")]
    pub sent_at_meta: Option<Timestamp>,
    /// When its end was known; none where the process died.
    #[serde(with = "maybe_stamp")]
    pub ended_at: Option<Timestamp>,
    /// The same by Meta's own clock, where Meta had told it.
    #[serde(with = "maybe_stamp")]
    pub ended_at_meta: Option<Timestamp>,
    /// How it ended.
    pub end: PostEnd,
    /// Whether it may still make a solution that nobody knows of.
    pub open: bool,
    /// What it made: said by its answer, or found by name and terms.
    pub solution_id: Option<SolutionId>,
}

/// An accept that left and has not been seen to work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepting {
    /// What is accepted.
    pub solution_id: SolutionId,
    /// What is known of it.
    pub end: AcceptEnd,
}

impl Post {
    /// One that is about to leave.
    pub fn leaving(name: &str, messaging: &str, now: Timestamp) -> Self {
        Self {
            name: name.to_owned(),
            messaging: messaging.to_owned(),
            sent_at: now,
            sent_at_meta: None,
            ended_at: None,
            ended_at_meta: None,
            end: PostEnd::Sent,
            open: true,
            solution_id: None,
        }
    }

    /// What it made according to its answer.
    pub fn answered(&self) -> Option<&SolutionId> {
        self.solution_id
            .as_ref()
            .filter(|_| self.end == PostEnd::Created)
    }

    /// Takes secrets out of every text.
    pub(super) fn clean(&mut self, redactor: &Redactor) {
        for text in [&mut self.name, &mut self.messaging] {
            *text = redactor.clean(text).into_owned();
        }
    }
}

/// A time as the file has it.
mod stamp {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::Timestamp;
    use crate::journal::query::time;

    pub(super) fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&time(*at))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// The same where there may be none.
mod maybe_stamp {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    use super::Timestamp;
    use crate::journal::query::time;

    #[allow(clippy::ref_option)]
    pub(super) fn serialize<S: Serializer>(
        at: &Option<Timestamp>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        at.map(time).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        let text: Option<String> = Option::deserialize(from)?;
        text.map(|text| text.parse().map_err(D::Error::custom))
            .transpose()
    }
}
