//! What is asked of Meta: apps, solutions, tokens, and the shapes of the answers.

pub(crate) mod apps;
pub(crate) mod clients;
pub(crate) mod lenient;
pub(crate) mod models;
pub(crate) mod page;
pub(crate) mod raw;
pub(crate) mod solutions;
pub(crate) mod states;
pub(crate) mod tokens;
pub(crate) mod transitions;
