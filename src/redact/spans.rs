//! Ranges of a text, and the mark that takes their place.

use std::borrow::Cow;

/// What stands where a secret stood.
pub(super) const MARK: &str = "(redacted)";

/// The ranges in order, those that overlap as one.
pub(super) fn apart(mut spans: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    spans.sort_unstable();
    spans.dedup_by(|later, earlier| {
        let overlaps = later.0 < earlier.1;
        if overlaps {
            earlier.1 = earlier.1.max(later.1);
        }
        overlaps
    });
    spans
}

/// The text with a mark in place of each range.
pub(super) fn without<'a>(text: Cow<'a, str>, spans: &[(usize, usize)]) -> Cow<'a, str> {
    if spans.is_empty() {
        return text;
    }
    let mut clean = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end) in spans {
        clean.push_str(&text[from..*start]);
        clean.push_str(MARK);
        from = *end;
    }
    clean.push_str(&text[from..]);
    Cow::Owned(clean)
}
