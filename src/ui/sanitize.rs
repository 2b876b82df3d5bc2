//! Makes text from outside safe for a terminal.
//!
//! The one decision: what a terminal would obey instead of show (control characters, direction marks,
//! invisible joiners) is written as an escape, so that an app's name cannot move the cursor, hide an
//! id or turn a line around. Data in pipes stays raw.

use std::{borrow::Cow, fmt::Write as _};

use crate::from_outside::is_dangerous;

/// The text with everything invisible or commanding written as `\u{…}`.
pub fn escape(text: &str) -> Cow<'_, str> {
    escape_keeping(text, false)
}

/// The same for text of several lines of ours: line ends and tabs stay.
pub fn escape_lines(text: &str) -> Cow<'_, str> {
    escape_keeping(text, true)
}

fn escape_keeping(text: &str, line_ends: bool) -> Cow<'_, str> {
    let safe = |c: char| !is_dangerous(c) || (line_ends && matches!(c, '\n' | '\t'));
    if text.chars().all(safe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if safe(c) {
            out.push(c);
        } else {
            out.extend(c.escape_default());
        }
    }
    Cow::Owned(out)
}

/// JSON text with everything invisible or commanding as JSON's own escapes: it means the same.
pub fn escape_json(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_dangerous) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_dangerous(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        for (text, expected) in [
            ("Lucky Shrub", "Lucky Shrub"),
            ("Café 花屋 🌱", "Café 花屋 🌱"),
            ("a\u{1b}[2Jb", "a\\u{1b}[2Jb"),
            ("a\nb\tc", "a\\nb\\tc"),
            ("safe\u{202e}txt", "safe\\u{202e}txt"),
            ("zero\u{200b}width", "zero\\u{200b}width"),
            ("t\u{e0041}ag\u{e0100}", "t\\u{e0041}ag\\u{e0100}"),
            ("\u{3164}", "\\u{3164}"),
            ("c1 \u{9b}31m", "c1 \\u{9b}31m"),
        ] {
            assert_eq!(escape(text), expected);
        }
        assert_eq!(escape_lines("a\nb\u{7}"), "a\nb\\u{7}");
    }

    #[test]
    fn json_means_the_same() {
        let value = serde_json::json!({"name": "a\u{202e}b\u{9b}c\u{e0001}d\n花"});
        let text = value.to_string();
        let escaped = escape_json(&text);
        assert_eq!(escaped, r#"{"name":"a\u202eb\u009bc\udb40\udc01d\n花"}"#);
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&escaped).unwrap(),
            value
        );
    }

    proptest::proptest! {
        #[test]
        fn nothing_commanding_is_left(text in "\\PC*|.*") {
            proptest::prop_assert!(!escape(&text).chars().any(is_dangerous));
        }
    }
}
