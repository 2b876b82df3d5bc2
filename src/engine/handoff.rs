//! What the Tech Provider is told when it is done.
//!
//! The one decision: it is a message that can be sent as it is. It says what exists now, what the ids are
//! for, and what the Tech Provider does next; nothing in it is secret.

use crate::{
    graph::{Solution, Status},
    ids::SolutionId,
    record::{Record as _, record},
};

/// The form of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum HandoffFormat {
    /// Plain text, for a mail or a chat.
    #[default]
    Text,
    /// Markdown.
    Markdown,
    /// An object, for a program.
    Json,
}

record! {
    /// The message to the Tech Provider, for a program.
    #[derive(Debug, Clone)]
    pub struct HandoffRecord {
        /// Us
        pub partner_name: String,
        /// What the message is about
        pub solutions: Vec<HandoffSolution>,
        /// What the Tech Provider does with the ids
        pub next: &'static str,
    }
}

record! {
    /// One solution as the message tells it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct HandoffSolution {
        /// The solution
        pub solution_id: SolutionId,
        /// Its name
        pub solution_name: String,
        /// The Tech Provider's app: its name, else its id
        pub app_name: String,
        /// Its status
        pub status: Status,
    }
}

impl HandoffSolution {
    /// From what Meta shows.
    pub fn of(app: &str, solution: &Solution) -> Self {
        Self {
            solution_id: solution.id.clone(),
            solution_name: solution.name.clone(),
            app_name: app.to_owned(),
            status: solution.status.clone(),
        }
    }

    /// Whether it is ACTIVE.
    pub fn is_active(&self) -> bool {
        self.status == Status::Active
    }
}

/// The message about these solutions, from us (`partner_name`).
pub fn message(solutions: &[HandoffSolution], partner_name: &str, format: HandoffFormat) -> String {
    match format {
        HandoffFormat::Text => text(solutions, partner_name),
        HandoffFormat::Markdown => markdown(solutions, partner_name),
        HandoffFormat::Json => format!("{}\n", record_of(solutions, partner_name).object()),
    }
}

/// The message as a record.
pub fn record_of(solutions: &[HandoffSolution], partner_name: &str) -> HandoffRecord {
    HandoffRecord {
        partner_name: partner_name.to_owned(),
        solutions: solutions.to_vec(),
        next: NEXT,
    }
}

/// What the Tech Provider does with an id (Meta's page on Multi-Partner Solutions, Embedded Signup).
const NEXT: &str = "Put the solution id into your Embedded Signup as extras.setup.solutionID, so that the customers you onboard come into this solution.";

fn opening(solutions: &[HandoffSolution], partner_name: &str) -> String {
    let one = solutions.len() == 1;
    if solutions.iter().all(HandoffSolution::is_active) {
        let what = if one { "solution is" } else { "solutions are" };
        format!("Your Multi-Partner {what} active with {partner_name}.")
    } else {
        let (what, them) = if one {
            ("solution is", "it")
        } else {
            ("solutions are", "them")
        };
        format!(
            "Your Multi-Partner {what} created with {partner_name}; we still have to accept {them}."
        )
    }
}

fn text(solutions: &[HandoffSolution], partner_name: &str) -> String {
    let width = solutions
        .iter()
        .map(|solution| solution.app_name.chars().count())
        .max()
        .unwrap_or(0);
    let mut out = format!("{}\n\n", opening(solutions, partner_name));
    for solution in solutions {
        let pad = " ".repeat(width - solution.app_name.chars().count());
        out += &format!(
            "  {}{pad}  {}  {}\n",
            solution.app_name, solution.solution_id, solution.solution_name
        );
    }
    out + &format!("\n{NEXT}\n")
}

fn markdown(solutions: &[HandoffSolution], partner_name: &str) -> String {
    let cell = |text: &str| text.replace('\\', "\\\\").replace('|', "\\|");
    let mut out = format!(
        "{}\n\n| app | solution id | name | status |\n| --- | --- | --- | --- |\n",
        opening(solutions, partner_name)
    );
    for solution in solutions {
        out += &format!(
            "| {} | `{}` | {} | {} |\n",
            cell(&solution.app_name),
            solution.solution_id,
            cell(&solution.solution_name),
            solution.status
        );
    }
    out + &format!(
        "\n{}\n",
        NEXT.replace("extras.setup.solutionID", "`extras.setup.solutionID`")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solution(app: &str, id: &str, active: bool) -> HandoffSolution {
        HandoffSolution {
            app_name: app.into(),
            solution_id: id.parse().unwrap(),
            solution_name: format!("{app} + Acme"),
            status: if active {
                Status::Active
            } else {
                Status::Initiated
            },
        }
    }

    #[test]
    fn text_lines_up() {
        let message = message(
            &[
                solution("Lucky Shrub", "795", true),
                solution("Jasper's", "796", true),
            ],
            "Acme",
            HandoffFormat::Text,
        );
        assert_eq!(
            message,
            format!(
                "Your Multi-Partner solutions are active with Acme.\n\n  Lucky Shrub  795  Lucky Shrub + Acme\n  Jasper's     796  Jasper's + Acme\n\n{NEXT}\n"
            )
        );
    }

    #[test]
    fn what_is_not_active_is_not_called_so() {
        for format in [HandoffFormat::Text, HandoffFormat::Markdown] {
            let message = message(&[solution("a", "795", false)], "Acme", format);
            assert!(message.starts_with(
                "Your Multi-Partner solution is created with Acme; we still have to accept it."
            ));
        }
    }

    #[test]
    fn markdown_survives_a_pipe_in_a_name() {
        let message = message(
            &[solution("a|b", "795", true)],
            "Acme",
            HandoffFormat::Markdown,
        );
        assert!(
            message.contains("| a\\|b | `795` | a\\|b + Acme | ACTIVE |"),
            "{message}"
        );
    }

    #[test]
    fn json_has_the_ids() {
        let message = message(&[solution("a", "795", true)], "Acme", HandoffFormat::Json);
        let object: serde_json::Value = serde_json::from_str(&message).unwrap();
        assert_eq!(object["solutions"][0]["solution_id"], "795");
    }
}
