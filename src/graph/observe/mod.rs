//! What the client tells while it works, without secrets.

pub(crate) mod detail;
pub(crate) mod event;
pub(crate) mod exchange;
