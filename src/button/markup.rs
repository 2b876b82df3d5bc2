//! Text from outside as HTML.
//!
//! The one decision: every text is escaped here and nowhere else, before it is put into a template.

use crate::{from_outside::on_one_line, lang};

/// What stands around a name in the templates.
pub(super) const MARKS: [&str; 2] = ["{{", "}}"];

/// A sentence as HTML; the values are markup already.
pub(super) fn in_html(sentence: &str, values: &[(&str, &str)]) -> String {
    // No language has a brace of its own, and none is escaped.
    lang::fill(&escape(sentence), values)
}

/// A name from outside. Isolated: one in another direction must not turn the sentence around it.
pub(super) fn name_in_html(name: &str) -> String {
    format!("<bdi>{}</bdi>", escape(name))
}

/// Text as HTML.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in on_one_line(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(character),
        }
    }
    escaped
}
