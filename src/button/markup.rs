//! Text from outside as HTML.
//!
//! The one decision: every text is escaped here and nowhere else, before it is put into a template.

use crate::lang;

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

/// A text without the characters that turn the direction of what follows.
pub(super) fn without_turns(text: &str) -> String {
    let turns = ['\u{200e}', '\u{200f}'];
    let turns = |c: char| {
        turns.contains(&c) || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.replace(turns, "")
}

/// Text as HTML.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in without_turns(text).chars() {
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
