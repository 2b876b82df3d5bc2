//! What the Tech Provider is told when it is done, in their language.
//!
//! The one decision: it is a message that can be sent as it is. It says what exists now, what the ids are
//! for, and what the Tech Provider does next; of what is not ACTIVE it says to wait. Nothing in it is secret.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::{
    from_outside::{in_markdown, on_one_line},
    graph::{Solution, Status},
    ids::{AppId, SolutionId},
    lang::{self, HandoffSentences, Lang},
    mail::MailDraft,
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
    /// Variables, for the Tech Provider's settings.
    Env,
    /// A mail that is not sent yet; a mail program opens it.
    Eml,
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
        pub next: String,
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
        /// Its id
        pub app_id: Option<AppId>,
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
            app_id: solution.owner_app.as_ref().map(|app| app.id.clone()),
            status: solution.status.clone(),
        }
    }

    /// Whether it is ACTIVE.
    pub fn is_active(&self) -> bool {
        self.status == Status::Active
    }

    /// Whether it can never be used any more.
    fn is_over(&self) -> bool {
        matches!(self.status, Status::Rejected | Status::Deactivated)
    }
}

/// The message about these solutions, from us.
#[derive(Debug, Clone, Copy)]
pub struct Handoff<'a> {
    /// What it is about.
    pub solutions: &'a [HandoffSolution],
    /// Us.
    pub partner_name: &'a str,
    /// Its language.
    pub lang: Lang,
}

impl Handoff<'_> {
    /// The message in a form. `now`: when a mail was written.
    pub fn message(&self, format: HandoffFormat, now: Timestamp) -> String {
        match format {
            HandoffFormat::Text => self.text(),
            HandoffFormat::Markdown => self.markdown(),
            HandoffFormat::Json => format!("{}\n", self.record().object()),
            HandoffFormat::Env => self.env(),
            HandoffFormat::Eml => MailDraft {
                from: self.partner_name,
                subject: &self.subject(),
                lang: self.lang.tag(),
                body: &self.text(),
                at: now,
            }
            .eml(),
        }
    }

    /// The message as a record.
    pub fn record(&self) -> HandoffRecord {
        HandoffRecord {
            partner_name: self.partner_name.to_owned(),
            solutions: self.solutions.to_vec(),
            next: self.next("extras.setup.solutionID").join(" "),
        }
    }

    fn words(&self) -> &'static HandoffSentences {
        &self.lang.sentences().handoff
    }

    /// A sentence with our name in it: `one` for one solution, `many` for several.
    fn say(&self, one: &str, many: &str) -> String {
        self.say_as(one, many, on_one_line)
    }

    /// The same, with our name as this makes it.
    fn say_as(&self, one: &str, many: &str, name: fn(&str) -> String) -> String {
        let sentence = if self.solutions.len() == 1 { one } else { many };
        lang::fill(sentence, &[("partner", &name(self.partner_name))])
    }

    fn subject(&self) -> String {
        self.say(self.words().subject, self.words().subject_many)
    }

    fn all_active(&self) -> bool {
        self.solutions.iter().all(HandoffSolution::is_active)
    }

    /// How it begins, with our name as this makes it.
    fn opening(&self, name: fn(&str) -> String) -> String {
        let words = self.words();
        let some = |is: fn(&HandoffSolution) -> bool| self.solutions.iter().any(is);
        if self.all_active() {
            self.say_as(words.active, words.active_many, name)
        } else if self.solutions.iter().all(HandoffSolution::is_over) {
            format!("{}:", self.say_as(words.subject, words.subject_many, name))
        } else if some(HandoffSolution::is_active) || some(HandoffSolution::is_over) {
            self.say_as(words.mixed, words.mixed, name)
        } else {
            self.say_as(words.created, words.created_many, name)
        }
    }

    /// What the Tech Provider does with an id (Meta's page on Multi-Partner Solutions, Embedded Signup), and with which
    /// they wait.
    fn next(&self, field: &str) -> Vec<String> {
        let words = self.words();
        let mut next = Vec::new();
        if self.solutions.iter().any(HandoffSolution::is_active) {
            next.push(lang::fill(words.next, &[("field", field)]));
        }
        let waits = |solution: &HandoffSolution| !solution.is_active() && !solution.is_over();
        if self.solutions.iter().any(waits) {
            next.push(words.wait.to_owned());
        }
        let over = self.solutions.iter().filter(|solution| solution.is_over());
        let over: BTreeSet<String> = over.map(|solution| solution.status.to_string()).collect();
        let over = over.iter();
        next.extend(over.map(|status| lang::fill(words.over, &[("status", status)])));
        next
    }

    fn text(&self) -> String {
        let names = |solution: &HandoffSolution| on_one_line(&solution.app_name);
        let names: Vec<String> = self.solutions.iter().map(names).collect();
        let width = |name: &String| name.chars().count();
        let widest = names.iter().map(width).max().unwrap_or(0);
        let mut out = format!("{}\n\n", self.opening(on_one_line));
        for (solution, name) in self.solutions.iter().zip(&names) {
            let pad = " ".repeat(widest - width(name));
            let status = if self.all_active() {
                String::new()
            } else {
                format!("  {}", on_one_line(&solution.status.to_string()))
            };
            out += &format!(
                "  {name}{pad}  {}  {}{status}\n",
                solution.solution_id,
                on_one_line(&solution.solution_name)
            );
        }
        for next in self.next("extras.setup.solutionID") {
            out += &format!("\n{next}\n");
        }
        out
    }

    fn markdown(&self) -> String {
        let words = self.words();
        let mut out = format!(
            "{}\n\n| {} | {} | {} | {} |\n| --- | --- | --- | --- |\n",
            self.opening(in_markdown),
            words.app,
            words.solution_id,
            words.name,
            words.status
        );
        for solution in self.solutions {
            out += &format!(
                "| {} | `{}` | {} | {} |\n",
                in_markdown(&solution.app_name),
                solution.solution_id,
                in_markdown(&solution.solution_name),
                in_markdown(&solution.status.to_string())
            );
        }
        for next in self.next("`extras.setup.solutionID`") {
            out += &format!("\n{next}\n");
        }
        out
    }

    /// Variables that a shell and dotenv read; what is not ACTIVE is in a comment, so that nobody uses it yet.
    fn env(&self) -> String {
        let comment = |text: &str| format!("# {}\n", on_one_line(text));
        let mut out = comment(&self.opening(on_one_line));
        for next in self.next("extras.setup.solutionID") {
            out += &comment(&next);
        }
        for (at, solution) in self.solutions.iter().enumerate() {
            let of_app = match &solution.app_id {
                _ if self.solutions.len() == 1 => String::new(),
                Some(app) => format!("_{app}"),
                None => format!("_{}", at + 1),
            };
            let asleep = if solution.is_active() { "" } else { "# " };
            out += &comment(&format!(
                "{}: {} ({})",
                solution.app_name, solution.solution_name, solution.status
            ));
            out += &format!("{asleep}SOLUTION_ID{of_app}={}\n", solution.solution_id);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solution(app: &str, id: &str, status: Status) -> HandoffSolution {
        HandoffSolution {
            app_name: app.into(),
            app_id: format!("4{id}").parse().ok(),
            solution_id: id.parse().unwrap(),
            solution_name: format!("{app} + Acme"),
            status,
        }
    }

    fn message(solutions: &[HandoffSolution], format: HandoffFormat, lang: Lang) -> String {
        let handoff = Handoff {
            solutions,
            partner_name: "Acme",
            lang,
        };
        handoff.message(format, "2026-11-29T12:05:09Z".parse().unwrap())
    }

    fn two() -> [HandoffSolution; 2] {
        [
            solution("Lucky Shrub", "795", Status::Active),
            solution("Jasper's", "796", Status::Active),
        ]
    }

    #[test]
    fn text_lines_up() {
        assert_eq!(
            message(&two(), HandoffFormat::Text, Lang::En),
            "Your Multi-Partner Solutions are active with Acme.\n\n  Lucky Shrub  795  Lucky Shrub + Acme\n  \
             Jasper's     796  Jasper's + Acme\n\nPut the solution id into your Embedded Signup as \
             extras.setup.solutionID, so that the customers you onboard come into this solution.\n"
        );
    }

    #[test]
    fn what_is_not_active_waits_in_every_form_and_language() {
        use HandoffFormat::{Env, Json, Markdown, Text};
        let waiting = [solution("a", "795", Status::Initiated)];
        for lang in Lang::ALL {
            let words = &lang.sentences().handoff;
            for format in [Text, Markdown, Json, Env] {
                let message = message(&waiting, format, *lang);
                assert!(message.contains(words.wait), "{lang} {message}");
                assert!(!message.contains("extras.setup"), "{lang} {message}");
            }
        }
        let text = message(&waiting, Text, Lang::En);
        assert!(text.starts_with(
            "Your Multi-Partner Solution is created with Acme; we still have to accept it.\n\n  a  795  a + Acme  INITIATED\n"
        ));
    }

    #[test]
    fn some_are_active_and_some_are_not() {
        let [active, waiting, over] = [Status::Active, Status::Initiated, Status::Rejected]
            .map(|status| solution("a", "795", status));
        let words = &Lang::En.sentences().handoff;
        let has = |solutions: &[HandoffSolution], parts: [bool; 3]| {
            let text = message(solutions, HandoffFormat::Text, Lang::En);
            let rejected = "What is REJECTED cannot be used any more";
            let found = ["extras.setup", words.wait, rejected].map(|part| text.contains(part));
            assert_eq!(found, parts, "{text}");
            text
        };
        has(&[active.clone(), waiting.clone()], [true, true, false]);
        has(&[active, waiting, over.clone()], [true, true, true]);
        let text = has(&[over], [false, false, true]);
        assert!(
            text.starts_with("Your Multi-Partner Solution with Acme:\n"),
            "{text}"
        );
    }

    #[test]
    fn markdown_survives_a_pipe_in_a_name() {
        let solutions = [solution("a|b", "795", Status::Active)];
        let message = message(&solutions, HandoffFormat::Markdown, Lang::En);
        assert!(
            message.contains("| a\\|b | `795` | a\\|b + Acme | ACTIVE |"),
            "{message}"
        );
    }

    #[test]
    fn no_name_is_markup_or_another_line_in_any_form() {
        let hostile = "a\n\n| [pay](https://evil.example) ![x](//e/x) <img src=x>\u{1b}[2J\u{202e}www.e.example";
        let mut solution = solution("x", "795", Status::Active);
        solution.app_name = hostile.into();
        solution.solution_name = hostile.into();
        let solutions = [solution];
        let handoff = |format| {
            Handoff {
                solutions: &solutions,
                partner_name: hostile,
                lang: Lang::En,
            }
            .message(format, "2026-11-29T12:05:09Z".parse().unwrap())
        };
        for format in [
            HandoffFormat::Text,
            HandoffFormat::Markdown,
            HandoffFormat::Env,
        ] {
            let message = handoff(format);
            let odd = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
            assert!(!message.contains(odd), "{message:?}");
            let lines = |name: &str| {
                message
                    .lines()
                    .filter(|line| line.starts_with(name))
                    .count()
            };
            assert_eq!(lines("| [") + lines("| \\["), 0, "{message}");
        }
        let markdown = handoff(HandoffFormat::Markdown);
        for live in ["[pay](", "![", "<img", "https://", " www.e"] {
            let live = markdown
                .match_indices(live)
                .find(|(at, _)| !markdown[..*at].ends_with('\\'));
            assert_eq!(live, None, "{markdown}");
        }
        assert_eq!(markdown.lines().count(), 7, "{markdown}");
        let text = handoff(HandoffFormat::Text);
        assert_eq!(text.lines().count(), 5, "{text}");
    }

    #[test]
    fn json_has_the_ids() {
        let message = message(&two(), HandoffFormat::Json, Lang::Fr);
        let object: serde_json::Value = serde_json::from_str(&message).unwrap();
        assert_eq!(object["solutions"][0]["solution_id"], "795");
        assert_eq!(object["solutions"][0]["app_id"], "4795");
        assert!(
            object["next"]
                .as_str()
                .unwrap()
                .contains("inscription intégrée")
        );
    }

    #[test]
    fn variables() {
        let lines = |solutions: &[HandoffSolution]| {
            let message = message(solutions, HandoffFormat::Env, Lang::En);
            let set = message.lines().filter(|line| !line.starts_with('#'));
            set.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(lines(&two()[..1]), ["SOLUTION_ID=795"]);
        assert_eq!(
            lines(&two()),
            ["SOLUTION_ID_4795=795", "SOLUTION_ID_4796=796"]
        );
        assert!(lines(&[solution("a", "795", Status::Initiated)]).is_empty());
        let hostile = [solution("a\nPATH=/evil\u{2028}x\r", "795", Status::Active)];
        assert_eq!(lines(&hostile), ["SOLUTION_ID=795"]);
    }

    #[test]
    fn a_mail_has_its_subject_and_the_text() {
        let mail = message(&two()[..1], HandoffFormat::Eml, Lang::En);
        assert!(
            mail.contains("\r\nSubject: Your Multi-Partner Solution with Acme\r\n")
                && mail.contains("X-Unsent: 1\r\n")
                && mail.contains("Lucky Shrub  795  Lucky Shrub + Acme\r\n"),
            "{mail}"
        );
    }
}
