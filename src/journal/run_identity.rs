//! Who acts; every row of a journal handle carries it.
//!
//! The one decision: it is given once, when the journal is opened, so no event can name somebody else.

/// Who acts, from where, on which host. Every row of this journal handle carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunIdentity {
    /// The run of mps.
    pub run_id: String,
    /// `MPS_OPERATOR`, else user@host.
    pub operator: String,
    /// The version of mps.
    pub version: String,
    /// The profile's name.
    pub profile: String,
    /// The Graph host: part of every key.
    pub host: String,
}
