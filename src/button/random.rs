//! Names that nobody can guess.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::http_server::error::Error;

/// A word of 256 random bits (43 letters, digits, `-` and `_`).
pub(super) fn word() -> Result<String, Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Error::Random(error.into()))?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// The same, short enough for a path in a message: 128 bits, 22 characters.
pub(super) fn short_word() -> Result<String, Error> {
    Ok(word()?[..22].to_owned())
}
