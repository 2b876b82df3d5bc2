//! What the Tech Provider is told when it is done.
//!
//! The one decision: it is a message that can be sent as it is. It says what exists now, what the ids are
//! for, and what the Tech Provider does next; nothing in it is secret.

use serde_json::{Value, json};

use crate::graph::{Solution, Status};

/// The form of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// Plain text, for a mail or a chat.
    #[default]
    Text,
    /// Markdown.
    Markdown,
    /// An object, for a program.
    Json,
}

/// One solution as the message tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The Tech Provider's app: its name, else its id.
    pub app: String,
    /// The solution's id.
    pub id: String,
    /// The solution's name.
    pub name: String,
    /// Whether it is ACTIVE.
    pub active: bool,
    /// Meta's word for its status.
    pub status: String,
}

impl Told {
    /// From what Meta shows.
    pub fn of(app: &str, solution: &Solution) -> Self {
        Self {
            app: app.to_owned(),
            id: solution.id.to_string(),
            name: solution.name.clone(),
            active: solution.status == Status::Active,
            status: solution.status.to_string(),
        }
    }
}

/// The message about these solutions, from us (`partner_name`).
pub fn message(solutions: &[Told], partner_name: &str, format: Format) -> String {
    match format {
        Format::Text => text(solutions, partner_name),
        Format::Markdown => markdown(solutions, partner_name),
        Format::Json => format!("{}\n", object(solutions, partner_name)),
    }
}

/// The message as an object.
pub fn object(solutions: &[Told], partner_name: &str) -> Value {
    let solutions: Vec<Value> = solutions
        .iter()
        .map(|told| {
            json!({"solution_id": told.id, "solution_name": told.name, "app_name": told.app, "status": told.status})
        })
        .collect();
    json!({"partner_name": partner_name, "solutions": solutions, "next": NEXT})
}

/// What the Tech Provider does with an id (Meta's page on Multi-Partner Solutions, Embedded Signup).
const NEXT: &str = "Put the solution id into your Embedded Signup as extras.setup.solutionID, so that the customers you onboard come into this solution.";

fn opening(solutions: &[Told], partner_name: &str) -> String {
    let one = solutions.len() == 1;
    if solutions.iter().all(|told| told.active) {
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

fn text(solutions: &[Told], partner_name: &str) -> String {
    let width = solutions
        .iter()
        .map(|told| told.app.chars().count())
        .max()
        .unwrap_or(0);
    let mut out = format!("{}\n\n", opening(solutions, partner_name));
    for told in solutions {
        let pad = " ".repeat(width - told.app.chars().count());
        out += &format!("  {}{pad}  {}  {}\n", told.app, told.id, told.name);
    }
    out + &format!("\n{NEXT}\n")
}

fn markdown(solutions: &[Told], partner_name: &str) -> String {
    let cell = |text: &str| text.replace('\\', "\\\\").replace('|', "\\|");
    let mut out = format!(
        "{}\n\n| app | solution id | name | status |\n| --- | --- | --- | --- |\n",
        opening(solutions, partner_name)
    );
    for told in solutions {
        out += &format!(
            "| {} | `{}` | {} | {} |\n",
            cell(&told.app),
            told.id,
            cell(&told.name),
            told.status
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

    fn told(app: &str, id: &str, active: bool) -> Told {
        let status = if active { "ACTIVE" } else { "INITIATED" }.to_owned();
        Told {
            app: app.into(),
            id: id.into(),
            name: format!("{app} + Acme"),
            active,
            status,
        }
    }

    #[test]
    fn text_lines_up() {
        let message = message(
            &[
                told("Lucky Shrub", "795", true),
                told("Jasper's", "796", true),
            ],
            "Acme",
            Format::Text,
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
        for format in [Format::Text, Format::Markdown] {
            let message = message(&[told("a", "795", false)], "Acme", format);
            assert!(message.starts_with(
                "Your Multi-Partner solution is created with Acme; we still have to accept it."
            ));
        }
    }

    #[test]
    fn markdown_survives_a_pipe_in_a_name() {
        let message = message(&[told("a|b", "795", true)], "Acme", Format::Markdown);
        assert!(
            message.contains("| a\\|b | `795` | a\\|b + Acme | ACTIVE |"),
            "{message}"
        );
    }

    #[test]
    fn json_has_the_ids() {
        let message = message(&[told("a", "795", true)], "Acme", Format::Json);
        let object: Value = serde_json::from_str(&message).unwrap();
        assert_eq!(object["solutions"][0]["solution_id"], "795");
    }
}
