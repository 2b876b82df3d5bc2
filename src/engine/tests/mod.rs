//! The engine over a model of Meta: virtual time, no process, no network.

mod edges;
mod looks;
mod model;
mod runs;
mod table;
