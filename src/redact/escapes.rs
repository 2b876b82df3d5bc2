//! Escapes taken out of a text, so that a secret is found however its letters are written.
//!
//! The one decision: percent, HTML and JSON escapes are undone before the search instead of being searched for. There
//! are too many ways to write a letter, and texts mix them; and a text without any of the three marks costs nothing.

use memchr::{memchr, memchr3};

/// How often one escape may stand in another: JSON in JSON in JSON, `%2525`.
const DEEPEST: usize = 3;

/// The marks that an escape begins with.
const MARKS: [u8; 3] = [b'%', b'&', b'\\'];

/// HTML's names of the ASCII characters.
const NAMES: &[(&str, u8)] = &[
    ("amp", b'&'),
    ("apos", b'\''),
    ("ast", b'*'),
    ("bsol", b'\\'),
    ("colon", b':'),
    ("comma", b','),
    ("commat", b'@'),
    ("dollar", b'$'),
    ("equals", b'='),
    ("excl", b'!'),
    ("grave", b'`'),
    ("gt", b'>'),
    ("Hat", b'^'),
    ("lbrace", b'{'),
    ("lbrack", b'['),
    ("lcub", b'{'),
    ("lowbar", b'_'),
    ("lpar", b'('),
    ("lsqb", b'['),
    ("lt", b'<'),
    ("midast", b'*'),
    ("num", b'#'),
    ("percnt", b'%'),
    ("period", b'.'),
    ("plus", b'+'),
    ("quest", b'?'),
    ("quot", b'"'),
    ("rbrace", b'}'),
    ("rbrack", b']'),
    ("rcub", b'}'),
    ("rpar", b')'),
    ("rsqb", b']'),
    ("semi", b';'),
    ("sol", b'/'),
    ("verbar", b'|'),
    ("vert", b'|'),
    ("VerticalLine", b'|'),
];

/// A text with escapes undone, and where each byte of it stands in the text it was made of.
pub(super) struct View {
    pub(super) bytes: Vec<u8>,
    /// One more than there are bytes: where the text ends.
    places: Vec<usize>,
}

impl View {
    /// Where a range of this view stands in the text.
    pub(super) fn range(&self, (start, end): (usize, usize)) -> (usize, usize) {
        (self.places[start], self.places[end])
    }
}

/// All that a text may mean: each kind of escape undone alone (the others may be letters of a secret), then all of
/// them, as deep as they go. Empty for a text without escapes.
pub(super) fn views(text: &[u8]) -> Vec<View> {
    if memchr3(MARKS[0], MARKS[1], MARKS[2], text).is_none() {
        return Vec::new();
    }
    let present = MARKS.map(|mark| memchr(mark, text).is_some().then_some(mark));
    let present: Vec<u8> = present.into_iter().flatten().collect();
    let mut views = Vec::new();
    if present.len() > 1 {
        for mark in &present {
            deeper(text, &[*mark], &mut views);
        }
    }
    deeper(text, &present, &mut views);
    views
}

/// Undoes the escapes of these marks, and those that come out of them.
fn deeper(text: &[u8], marks: &[u8], views: &mut Vec<View>) {
    let Some(first) = undone(text, marks) else {
        return;
    };
    views.push(first);
    for _ in 1..DEEPEST {
        let above = &views[views.len() - 1];
        let Some(mut view) = undone(&above.bytes, marks) else {
            return;
        };
        for place in &mut view.places {
            *place = above.places[*place];
        }
        views.push(view);
    }
}

/// The text with the escapes of these marks undone once; none if there are none.
fn undone(text: &[u8], marks: &[u8]) -> Option<View> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len() + 1);
    let mut at = 0;
    while at < text.len() {
        let letter = marks.contains(&text[at]).then(|| escape(&text[at..]));
        let (byte, length) = letter.flatten().unwrap_or((text[at], 1));
        bytes.push(byte);
        places.push(at);
        at += length;
    }
    places.push(text.len());
    (bytes.len() < text.len()).then_some(View { bytes, places })
}

/// The ASCII character of the escape that a text begins with, and how long the escape is.
fn escape(text: &[u8]) -> Option<(u8, usize)> {
    match text {
        [b'%', ..] => Some((number(text.get(1..3)?, 16)?, 3)),
        [b'\\', b'u', ..] => Some((number(text.get(2..6)?, 16)?, 6)),
        [b'\\', b'x', ..] => Some((number(text.get(2..4)?, 16)?, 4)),
        [b'\\', letter, ..] if letter.is_ascii_punctuation() => Some((*letter, 2)),
        [b'&', b'#', b'x' | b'X', ..] => entity(text, 3, 16),
        [b'&', b'#', ..] => entity(text, 2, 10),
        [b'&', rest @ ..] => NAMES.iter().find_map(|(name, byte)| {
            let behind = rest.strip_prefix(name.as_bytes())?;
            (behind.first() == Some(&b';')).then_some((*byte, name.len() + 2))
        }),
        _ => None,
    }
}

/// A numeric entity of HTML, which browsers take without its semicolon too.
fn entity(text: &[u8], from: usize, radix: u32) -> Option<(u8, usize)> {
    let digit = |byte: &&u8| char::from(**byte).is_digit(radix);
    let digits = text[from..].iter().take(8).take_while(digit).count();
    let end = from + digits;
    let semicolon = usize::from(text.get(end) == Some(&b';'));
    Some((number(&text[from..end], radix)?, end + semicolon))
}

/// An ASCII character by its number. Nothing else is a letter of a secret.
fn number(digits: &[u8], radix: u32) -> Option<u8> {
    if digits.is_empty() {
        return None;
    }
    let value = digits.iter().try_fold(0_u32, |value, digit| {
        Some(value * radix + char::from(*digit).to_digit(radix)?)
    })?;
    u8::try_from(value).ok().filter(u8::is_ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_what_is_none() {
        for (text, expected) in [
            ("%41b", Some((b'A', 3))),
            ("%4", None),
            ("%zz", None),
            ("%C3", None),
            ("\\u0041", Some((b'A', 6))),
            ("\\u00e9", None),
            ("\\x7c", Some((b'|', 4))),
            ("\\/", Some((b'/', 2))),
            ("\\\\", Some((b'\\', 2))),
            ("\\n", None),
            ("\\", None),
            ("&amp;", Some((b'&', 5))),
            ("&amp", None),
            ("&#65;", Some((b'A', 5))),
            ("&#65x", Some((b'A', 4))),
            ("&#x41;", Some((b'A', 6))),
            ("&#X0041;", Some((b'A', 8))),
            ("&#;", None),
            ("&#233;", None),
            ("&id=1", None),
        ] {
            assert_eq!(escape(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn a_view_knows_where_it_came_from() {
        let views = views(br"a%2541\u0042");
        let shown: Vec<_> = views
            .iter()
            .map(|view| String::from_utf8_lossy(&view.bytes))
            .collect();
        assert_eq!(
            shown,
            [r"a%41\u0042", r"aA\u0042", "a%2541B", "a%41B", "aAB"]
        );
        assert_eq!(views[4].range((1, 2)), (1, 6));
        assert_eq!(views[4].range((2, 3)), (6, 12));
        assert!(super::views(b"plain").is_empty());
    }
}
