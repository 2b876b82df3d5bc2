//! One solution that waits: told to a person, or accepted.
//!
//! The one decision: it is accepted as `mps accept ID` does it, after the same checks.

use serde_json::json;

use super::hall::{Hall, locked};
use crate::{
    commands::rows,
    engine::{Engine, Made, Outcome},
    graph::{App, Solution},
    ui::{Label, prompt},
};

impl Hall {
    /// Says that a solution waits and why, and asks where a person is there to answer.
    pub(super) async fn waits(&self, solution: &Solution, app: &App, label: &str, why: &str) {
        let (id, ui) = (&solution.id, &self.ctx.ui);
        let text = format!(
            "{label}: solution {id} of app {} waits ({why}): mps accept {id}",
            app.id
        );
        let fields = json!({"event": "waiting", "ref": label, "app_id": app.id, "solution_id": id,
            "command": format!("mps accept {id}")});
        ui.status_as(Label::Warning, &text, fields);
        if !self.asks || !ui.can_ask() {
            return;
        }
        let _one = self.question.lock().await;
        self.take_board_away();
        let question = format!(
            "Accept solution {id} ({}) of app {} ({}), which came by the link of {label}? This cannot be undone.",
            solution.name, app.id, app.name
        );
        if let Ok(true) = prompt::confirm(ui, &question, prompt::Enter::No).await {
            self.accept(solution, label).await;
        }
    }

    /// Accepts one solution, as `mps accept ID` does, and tells of it; a failure is told once.
    pub(super) async fn accept(&self, solution: &Solution, label: &str) {
        let known = rows::KnownSolutions::default();
        let unnamed = || App {
            id: self.partner.id.clone(),
            name: String::new(),
            link: None,
        };
        let app = solution.owner_app.clone().unwrap_or_else(unnamed);
        known.learn(&app.id, &solution.id);
        let _at_work = self.at_work(std::iter::once(app.id.clone()));
        let ended = self
            .alone(Some(label), &known)
            .accept_id(&solution.id, None)
            .await;
        match ended {
            // Somebody else did, and told of it.
            Ok(accepted) if accepted.outcome == Outcome::AlreadyActive => {}
            Ok(accepted) => {
                let made = Made {
                    app: app.clone(),
                    solution: Some(accepted.solution),
                    outcome: accepted.outcome,
                    verified: accepted.verified,
                    surplus: accepted.others,
                    open_until: None,
                };
                self.tell(&known, &app, Ok(made), Some(label));
            }
            Err(error) => {
                if locked(&self.told).insert(solution.id.clone()) {
                    self.tell(&known, &app, Err(error.into()), Some(label));
                }
            }
        }
    }

    /// An engine with our token alone.
    pub(super) fn alone(&self, label: Option<&str>, known: &rows::KnownSolutions) -> Engine {
        let listener = self.listener(label, known.listener(None));
        let policy = self.engine.policy.clone();
        self.engine
            .beside(None, self.actor(label), policy, listener)
    }
}
