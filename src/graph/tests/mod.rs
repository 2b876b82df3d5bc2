//! Tests that need a wire: what really leaves, and what becomes of answers that break off.
//!
//! The one decision: a small scripted server on the loopback, and no pause that is slept.

mod bodies;
mod calls;
mod http2;
mod proxies;
mod quota;
mod server;
mod tls;
mod wire;
