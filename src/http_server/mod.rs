//! The one way in from the network: a gate in front of tiny_http.

pub(crate) mod cert;
pub(crate) mod error;
pub(crate) mod framing;
pub(crate) mod gate;
pub(crate) mod inner;
pub(crate) mod large;
pub(crate) mod limits;
pub(crate) mod listen;
pub(crate) mod reply;
pub(crate) mod routes;
pub(crate) mod store;
