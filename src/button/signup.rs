//! Embedded Signup for clients, on the page that otherwise asks a Tech Provider.
//!
//! The one decision: it is the same page with other sentences and another question to Meta's SDK, so that everything that can go
//! wrong with the Facebook window is met in one place. What is different stands here and in signup.js.

use serde::Serialize;
use serde_json::Value;

use super::markup::{in_html, name_in_html};
use crate::{
    ids::{AppId, ConfigId, SolutionId},
    lang::{Lang, Sentences},
};

/// What the operator does with the page, and their function.
pub(super) const HOOK: &str = include_str!("signup_hook.html");
/// What stands on the page of who asks for what.
pub(super) const FACTS: &str = include_str!("signup_facts.html");
/// What the page's script does otherwise; it stands before the page's own.
pub(super) const SCRIPT: &str = include_str!("signup.js");

/// What the client is asked.
#[derive(Debug, Clone, Copy)]
pub struct SignupText<'a> {
    /// The solution that the client comes into.
    pub solution_id: &'a SolutionId,
    /// Who shares it with us, in words for people; none where that is not known.
    pub other: Option<&'a str>,
    /// The configuration of Facebook Login for Business that says what is asked for.
    pub config_id: &'a ConfigId,
    /// `http://127.0.0.1:PORT`: where a stand-in for Meta serves the SDK and opens the window; none for Meta.
    pub stand_in: Option<&'a str>,
}

/// What signup.js finds in the page's configuration.
#[derive(Serialize)]
pub(super) struct SignupConfig<'a> {
    solution_id: &'a SolutionId,
    config_id: &'a ConfigId,
    /// The one address that is heard, in place of Facebook's.
    origin: Option<&'a str>,
}

impl<'a> SignupText<'a> {
    pub(super) fn config(&self) -> SignupConfig<'a> {
        SignupConfig {
            solution_id: self.solution_id,
            config_id: self.config_id,
            origin: self.stand_in,
        }
    }

    /// Who gets access, as HTML.
    pub(super) fn access(&self, partner_name: &str, lang: Lang) -> String {
        let words = lang.sentences().signup;
        let partner = name_in_html(partner_name);
        let other = self.other.map(name_in_html);
        let sentence = match other {
            Some(_) => words.access_both,
            None => words.access_shared,
        };
        let other = other.unwrap_or_default();
        in_html(sentence, &[("partner", &partner), ("other", &other)])
    }
}

/// The sentences of the page, with those of Embedded Signup in place of the ones that have the same name.
pub(super) fn over(mut group: Value, sentences: &Sentences) -> Value {
    let signup = serde_json::to_value(sentences.signup).unwrap_or_default();
    for (name, sentence) in signup.as_object().into_iter().flatten() {
        group[name] = sentence.clone();
    }
    group
}

/// The page's head: which solution it is for, for whoever finds the file, and the operator's part.
pub(super) fn head(partner_app_id: &AppId, signup: &SignupText<'_>) -> String {
    format!(
        "<meta name=\"mps-solution\" content=\"{}\">\n<meta name=\"mps-partner-app\" content=\"{}\">\n{HOOK}",
        signup.solution_id, partner_app_id
    )
}
