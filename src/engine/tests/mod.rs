//! The engine over a model of Meta: virtual time, no process, no network.

mod looks;
mod model;
mod runs;
mod table;
