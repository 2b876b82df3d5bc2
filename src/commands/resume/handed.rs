//! The message to the Tech Provider about what `mps resume` finished.
//!
//! The one decision: a message is for one Tech Provider. Where several were finished, the commands that write each are
//! named instead.

use jiff::Timestamp;

use crate::{
    context::{Context, failure::Failure},
    engine::{
        Made,
        handoff::{Handoff, HandoffFormat, HandoffSolution},
    },
    graph::App,
    journal::{Entry, Goal},
    lang::Lang,
    session::shown,
    shell,
};

/// What was finished, as far as it is.
#[derive(Debug, Default)]
pub(super) struct Handed(Vec<HandedApp>);

#[derive(Debug)]
struct HandedApp {
    place: usize,
    label: Option<String>,
    app_id: String,
    solution: HandoffSolution,
}

impl Handed {
    /// Takes an app in that came to its goal. What `create` began has no message yet.
    pub(super) fn add(&mut self, place: usize, entry: &Entry, app: &App, made: &Made) {
        let live = made.solution.as_ref();
        let Some(solution) = live.filter(|solution| solution.status.is_live()) else {
            return;
        };
        if entry.goal == Goal::Active {
            self.0.push(HandedApp {
                place,
                label: entry.link_label.clone(),
                app_id: app.id.to_string(),
                solution: HandoffSolution::of(app.name_or_id(), solution),
            });
        }
    }

    /// The words below the table; `None`: nothing was finished.
    pub(super) fn words(mut self, crowd: bool, our_name: &str, lang: Lang) -> Option<String> {
        self.0.sort_by_key(|app| app.place);
        let first = self.0.first()?;
        let one = |app: &HandedApp| match &first.label {
            Some(label) => app.label.as_ref() == Some(label),
            None => app.app_id == first.app_id,
        };
        if !crowd && self.0.iter().all(one) {
            let solutions: Vec<_> = self.0.into_iter().map(|app| app.solution).collect();
            let message = Handoff {
                solutions: &solutions,
                partner_name: our_name,
                lang,
            };
            let message = message.message(HandoffFormat::Text, Timestamp::now());
            return Some(format!("\nThe message to the Tech Provider:\n\n{message}"));
        }
        let mut commands: Vec<String> = Vec::new();
        for app in &self.0 {
            let whose = match &app.label {
                Some(label) => format!("--for {}", shell::word(label)),
                None => app.solution.solution_id.to_string(),
            };
            let command = format!("  mps handoff {whose}\n");
            if !commands.contains(&command) {
                commands.push(command);
            }
        }
        let commands = commands.concat();
        Some(format!("\nThe message to each Tech Provider:\n{commands}"))
    }
}

/// The language of the message, known before anything is sent.
pub(super) fn lang(ctx: &Context) -> Result<Lang, Failure> {
    shown::lang(ctx, None, None)
}
