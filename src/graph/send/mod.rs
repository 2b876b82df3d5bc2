//! One call on its way: what it carries, where it goes, whether it is tried again.

pub(crate) mod attempt;
pub(crate) mod call;
pub(crate) mod client;
pub(crate) mod clock;
pub(crate) mod config;
pub(crate) mod opening;
pub(crate) mod pace;
pub(crate) mod perform;
pub(crate) mod proof;
pub(crate) mod proxy;
pub(crate) mod retry;
pub(crate) mod tls_trouble;
pub(crate) mod transport;
pub(crate) mod url;
pub(crate) mod version;
