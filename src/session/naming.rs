//! The names of new solutions: one filled template per app.
//!
//! The one decision: every name is filled and checked before the first write, so that the last of two
//! hundred apps cannot fail for its name.

use crate::{
    context::failure::Failure,
    engine::{
        choose::{NameFacts, NameTemplate},
        create::Job,
    },
    graph::App,
    ids::AppId,
};

/// The jobs for these apps: each with its filled name.
pub fn jobs(
    apps: Vec<App>,
    template: &NameTemplate,
    facts: &NameBase<'_>,
) -> Result<Vec<Job>, Failure> {
    apps.into_iter()
        .map(|app| {
            let name = template.fill(NameFacts {
                app: &app,
                partner_name: facts.partner_name,
                partner: facts.partner,
                label: facts.label,
                date: facts.date,
            });
            match name {
                Ok(name) => Ok(Job { app, name }),
                Err(error) => Err(Failure::usage(format!(
                    "--name for app {}: {error}",
                    app.id
                ))),
            }
        })
        .collect()
}

/// What fills a name template, but for the app.
#[derive(Debug, Clone, Copy)]
pub struct NameBase<'a> {
    /// Our name.
    pub partner_name: &'a str,
    /// Our app.
    pub partner: &'a AppId,
    /// The label of the link.
    pub label: &'a str,
    /// Today, UTC.
    pub date: &'a str,
}
