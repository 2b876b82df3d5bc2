//! Where the journal is, as the environment says it.

use std::path::Path;

use super::failure::Failure;
use crate::{
    env::{self, Env},
    journal::{DatabaseAddress, JournalPlace},
    redact::Redactor,
    secret::Secret,
};

/// The database of `MPS_JOURNAL`, else the state directory. Its password is shown by no text from now on; the rest of
/// the address is.
pub(super) fn read(
    env: &Env,
    state_dir: &Path,
    redactor: &Redactor,
) -> Result<JournalPlace, Failure> {
    let variable = env::MPS_JOURNAL.name;
    if env.unreadable().contains(&variable) {
        return Err(no_address(
            &"it is not Unicode",
            "write it with percent escapes",
        ));
    }
    let Some(text) = env.get(env::MPS_JOURNAL) else {
        return Ok(JournalPlace::in_database(state_dir, None));
    };
    let secret = Secret::parse(text).map_err(|_| {
        let hint =
            "a blank or a letter beyond ASCII is written with percent escapes, a blank as %20";
        no_address(&"it holds a blank or a character that no address has", hint)
    })?;
    let address =
        DatabaseAddress::parse(&secret).map_err(|error| no_address(&error, error.hint()))?;
    for password in address.passwords() {
        redactor.know(password);
    }
    Ok(JournalPlace::in_database(state_dir, Some(address)))
}

fn no_address(why: &dyn std::fmt::Display, hint: &str) -> Failure {
    let variable = env::MPS_JOURNAL.name;
    Failure::usage(format!("{variable} is no address of a database: {why}")).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_is_wrong_usage_and_never_repeated() {
        let read = |text: &str| {
            let env = Env::from_pairs(&[("MPS_JOURNAL", text)]);
            read(&env, Path::new("/state"), &Redactor::default())
        };
        for text in [
            "postgres://ana:correct horse@h/mps",
            "postgres://ana:correct%horse@h/mps",
            "mysql://ana:correct-horse@h/mps",
        ] {
            let failure = read(text).unwrap_err();
            assert_eq!(failure.exit().code(), 2, "{text}");
            let said = format!("{}{:?}", failure.message, failure.hint);
            assert!(!said.contains("horse"), "{said}");
        }
        assert!(read("").unwrap().database().is_none());
        assert!(read("postgres://h/mps").unwrap().database().is_some());
    }
}
