//! How texts write a secret whole: as it is, backwards, in hex, in base64, in base64 twice.
//!
//! What writes it letter by letter is undone by [`super::escapes`].

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use zeroize::Zeroizing;

use crate::secret::Secret;

/// Letters of a secret that are searched for by themselves; fewer could be an id.
const PART: usize = 24;

/// One way to write a secret.
pub(super) struct Form {
    pub(super) text: Zeroizing<Vec<u8>>,
    /// How much of it makes a find: what [`PART`] letters of the secret become, or all of a shorter one.
    pub(super) least: usize,
}

/// All ways to write a secret, each once.
pub(super) fn forms(secret: &Secret) -> Vec<Form> {
    let text = secret.expose().as_bytes();
    let part = text.len().min(PART);
    let form = |text: Vec<u8>, least| Form {
        text: Zeroizing::new(text),
        least,
    };
    let mut forms = vec![
        form(text.to_vec(), part),
        form(text.iter().rev().copied().collect(), part),
        form(hex(text, b"0123456789abcdef"), 2 * part),
        form(hex(text, b"0123456789ABCDEF"), 2 * part),
    ];
    let once = in_base64(text);
    let least = letters(part);
    for inner in &once {
        for text in in_base64(inner) {
            let least = letters(least);
            push(&mut forms, Form { text, least });
        }
    }
    for text in once {
        push(&mut forms, Form { text, least });
    }
    forms
}

/// Adds a form that is not there yet.
fn push(forms: &mut Vec<Form>, form: Form) {
    if forms.iter().all(|other| other.text != form.text) {
        forms.push(form);
    }
}

fn hex(text: &[u8], digits: &[u8; 16]) -> Vec<u8> {
    let both = |byte: &u8| [byte >> 4, byte & 15].map(|half| digits[usize::from(half)]);
    text.iter().flat_map(both).collect()
}

/// How many letters of base64 stand for nothing but these bytes, wherever they begin in it.
fn letters(bytes: usize) -> usize {
    (8 * bytes - 4) / 6
}

/// The letters that stand for a text in the base64 of a longer one, for each count of bytes in front of it
/// (modulo three) and both alphabets. Letters that it shares with its neighbours are left out.
fn in_base64(text: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    let mut found = Vec::new();
    for before in 0..3 {
        let whole = Zeroizing::new([&b"\0\0"[..before], text].concat());
        let (from, to) = ((8 * before).div_ceil(6), 8 * whole.len() / 6);
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let encoded = Zeroizing::new(engine.encode(&*whole));
            let letters = Zeroizing::new(encoded.as_bytes()[from..to].to_vec());
            if !found.contains(&letters) {
                found.push(letters);
            }
        }
    }
    found
}
