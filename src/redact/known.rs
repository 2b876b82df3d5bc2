//! The first net: what a run knows, found in one pass over a text.
//!
//! The one decision: of every form only some short pieces are looked up, as far apart as they can be without a part
//! of the form slipping between two of them; around a piece that is met the text is compared with the form. A text is
//! read once, however many secrets there are, and learning one costs some hundred pieces.

use super::{
    escapes,
    forms::{Form, forms},
    spans::apart,
};
use crate::secret::Secret;

/// The length of a piece; a secret has at least so many letters.
pub(super) const PIECE: usize = 8;

/// The bits of the filter that nearly every letter of a text stops at.
const FILTER_BITS: u32 = 18;

/// Escapes are undone so many letters of a text at a time, since what a letter may mean takes many times its place…
const WINDOW: usize = 1 << 16;

/// … and so many more, so that a secret that begins in one window ends in it: the longest form of the longest token, with every letter
/// of it escaped twice.
const OVERLAP: usize = 1 << 15;

/// The forms of all known secrets, and their pieces.
#[derive(Default)]
pub(super) struct Index {
    secrets: usize,
    forms: Vec<Form>,
    /// By hash, then by form, then by place.
    pieces: Vec<Piece>,
    filter: Vec<u64>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Piece {
    hash: u32,
    form: usize,
    at: usize,
}

impl Index {
    /// How many secrets are in it.
    pub(super) fn secrets(&self) -> usize {
        self.secrets
    }

    /// Takes secrets in.
    pub(super) fn learn(&mut self, secrets: &[Secret]) {
        if secrets.is_empty() {
            return;
        }
        self.filter.resize(1 << (FILTER_BITS - 6), 0);
        for form in secrets.iter().flat_map(forms) {
            // A part begins at most this far before the next piece.
            let apart = form.least + 1 - PIECE;
            for at in (0..=form.text.len() - PIECE).step_by(apart) {
                let hash = hash(letters(&form.text[at..]));
                let (word, bit) = place(hash);
                self.filter[word] |= bit;
                let form = self.forms.len();
                self.pieces.push(Piece { hash, form, at });
            }
            self.forms.push(form);
        }
        self.pieces.sort_unstable();
        self.secrets += secrets.len();
    }

    /// Where secrets stand in a text, in order and apart.
    pub(super) fn spans(&self, text: &[u8]) -> Vec<(usize, usize)> {
        let mut spans = Vec::new();
        if self.forms.is_empty() || text.len() < PIECE {
            return spans;
        }
        self.search(text, |span| spans.push(span));
        for start in (0..text.len()).step_by(WINDOW) {
            let end = text.len().min(start + WINDOW + OVERLAP);
            for view in escapes::views(&text[start..end]) {
                self.search(&view.bytes, |span| {
                    let (from, to) = view.range(span);
                    spans.push((start + from, start + to));
                });
            }
            if end == text.len() {
                break;
            }
        }
        apart(spans)
    }

    fn search(&self, text: &[u8], mut found: impl FnMut((usize, usize))) {
        let mut piece = 0;
        // What lies whole in a find needs no look: what else begins there goes on for less than a part.
        let mut next = PIECE - 1;
        for (last, byte) in text.iter().enumerate() {
            piece = piece >> 8 | u64::from(*byte) << 56;
            if last < next {
                continue;
            }
            let hash = hash(piece);
            let (word, bit) = place(hash);
            if self.filter[word] & bit != 0
                && let Some((start, end)) = self.longest(text, last + 1 - PIECE, hash)
            {
                found((start, end));
                next = end;
            }
        }
    }

    /// The longest find around the piece at `at`.
    fn longest(&self, text: &[u8], at: usize, hash: u32) -> Option<(usize, usize)> {
        let from = self.pieces.partition_point(|piece| piece.hash < hash);
        let same = self.pieces[from..]
            .iter()
            .take_while(|piece| piece.hash == hash);
        let mut longest: Option<(usize, usize)> = None;
        let mut whole = None;
        for piece in same {
            // A form that is found whole is not found longer.
            if whole == Some(piece.form) {
                continue;
            }
            let form = &self.forms[piece.form];
            let (before, behind) = form.text.split_at(piece.at);
            let right = common(behind.iter(), text[at..].iter());
            if right < PIECE {
                continue;
            }
            let left = common(before.iter().rev(), text[..at].iter().rev());
            let length = left + right;
            if length == form.text.len() {
                whole = Some(piece.form);
            }
            if length >= form.least && longest.is_none_or(|(start, end)| end - start < length) {
                longest = Some((at - left, at + right));
            }
        }
        longest
    }
}

/// How many letters two texts begin with in common.
fn common<'a>(one: impl Iterator<Item = &'a u8>, other: impl Iterator<Item = &'a u8>) -> usize {
    one.zip(other)
        .take_while(|(one, other)| one == other)
        .count()
}

/// The piece that a text begins with, as a number.
fn letters(text: &[u8]) -> u64 {
    text.first_chunk()
        .map_or(0, |piece| u64::from_le_bytes(*piece))
}

/// Multiplied by the golden ratio; the upper half depends on every letter.
fn hash(piece: u64) -> u32 {
    (piece.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

/// Where the filter has a hash.
fn place(hash: u32) -> (usize, u64) {
    let bit = hash >> (32 - FILTER_BITS);
    ((bit >> 6) as usize, 1 << (bit & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escaped_secret_is_found_wherever_it_stands_in_a_long_text() {
        let secret = "EAASECRETsecret0123456789";
        let mut index = Index::default();
        index.learn(&[Secret::parse(secret).unwrap()]);
        let escaped = secret.replace('e', "%65").replace('E', "%45");
        for edge in [WINDOW, WINDOW + OVERLAP, 2 * WINDOW, 2 * WINDOW + OVERLAP] {
            for before in (edge - escaped.len() - 1..=edge + 1).step_by(7) {
                let text = format!("{}{escaped}{}", ".".repeat(before), ".".repeat(WINDOW));
                let found = index.spans(text.as_bytes());
                assert_eq!(found, [(before, before + escaped.len())], "at {before}");
            }
        }
    }
}
