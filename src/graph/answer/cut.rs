//! The beginning of a long text, clean of secrets.
//!
//! The one decision: no half of a secret is left where a text is cut. A secret that stands across the cut
//! is not recognised any more, so as much as the longest secret has goes as well.

use crate::redact::Redactor;

/// Longer than any secret that [`crate::secret::Secret`] takes, in bytes.
const LONGEST_SECRET: usize = 5000;

/// At most `most` characters of `text`, cleaned; and whether that is all of it.
pub(crate) fn beginning(text: &str, most: usize, redactor: &Redactor) -> (String, bool) {
    // Cleaning costs time for every character, and a hostile answer has millions.
    let window = 4 * most + 2 * LONGEST_SECRET;
    let (clean, whole) = match text.char_indices().nth(window) {
        None => (redactor.clean(text).into_owned(), true),
        Some((end, _)) => {
            let mut clean = redactor.clean(&text[..end]).into_owned();
            let mut keep = clean.len().saturating_sub(LONGEST_SECRET);
            while !clean.is_char_boundary(keep) {
                keep -= 1;
            }
            clean.truncate(keep);
            (clean, false)
        }
    };
    match clean.char_indices().nth(most) {
        Some((end, _)) => (clean[..end].to_owned(), false),
        None => (clean, whole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn short_texts_are_whole() {
        let redactor = Redactor::default();
        assert_eq!(beginning("héllo", 5, &redactor), ("héllo".to_owned(), true));
        assert_eq!(beginning("héllo", 2, &redactor), ("hé".to_owned(), false));
        assert_eq!(beginning("", 2, &redactor), (String::new(), true));
    }

    #[test]
    fn no_half_of_a_secret_at_any_cut() {
        let redactor = Redactor::default();
        let token = "x".repeat(4096);
        redactor.know(&Secret::parse(&token).unwrap());
        for most in [1, 10, 100] {
            let window = 4 * most + 2 * LONGEST_SECRET;
            for before in [
                0,
                1,
                most - 1,
                most,
                window - 4097,
                window - 4096,
                window - 1,
                window,
            ] {
                let text = format!("{}{token}{}", "é".repeat(before), "-".repeat(window));
                let (cut, _) = beginning(&text, most, &redactor);
                assert!(
                    !cut.contains('x') && cut.chars().count() <= most,
                    "{most} {before}"
                );
            }
        }
    }
}
