//! Where the journal is, as an option, the environment or the profile says it.

use std::path::Path;

use super::{Context, failure::Failure, profile_source::FoundSecret, settings};
use crate::{
    env,
    journal::{DatabaseAddress, JournalPlace},
    profile::SecretLocation,
    redact::Redactor,
};

impl Context {
    /// Where the journal is, read at the first call: whoever keeps the address may ask a person for it.
    pub fn journal_place(&self) -> Result<JournalPlace, Failure> {
        if let Some(place) = self.journal.place.get() {
            return Ok(place.clone());
        }
        let file = self.globals.journal_file.as_deref();
        if file.is_none()
            && self
                .settings
                .env
                .unreadable()
                .contains(&env::MPS_JOURNAL.name)
        {
            let why = "it is not Unicode";
            return Err(no_address(
                env::MPS_JOURNAL.name,
                &why,
                "write it with percent escapes",
            ));
        }
        let found = self.secret(settings::JOURNAL, file)?;
        let place = read(found.as_ref(), self.state_dir()?, &self.redactor)?;
        Ok(self.journal.place.get_or_init(|| place).clone())
    }

    /// Whether a program or a keyring has to be asked where the journal is, which may ask a person.
    pub fn asks_for_journal(&self) -> bool {
        let asks = |place: SecretLocation| !matches!(place, SecretLocation::File(_));
        self.journal.place.get().is_none()
            && self.globals.journal_file.is_none()
            && !self.settings.env.has(env::MPS_JOURNAL)
            && self.profile.place(settings::JOURNAL).is_some_and(asks)
    }
}

/// The database of an address, else the state directory. Its password is shown by no text from now on; the rest of
/// the address is.
fn read(
    found: Option<&FoundSecret>,
    state_dir: &Path,
    redactor: &Redactor,
) -> Result<JournalPlace, Failure> {
    let Some(found) = found else {
        return Ok(JournalPlace::in_database(state_dir, None));
    };
    let address = DatabaseAddress::parse(&found.secret)
        .map_err(|error| no_address(&found.place, &error, error.hint()))?;
    for password in address.passwords() {
        redactor.know(password);
    }
    Ok(JournalPlace::in_database(state_dir, Some(address)))
}

fn no_address(place: &str, why: &dyn std::fmt::Display, hint: &str) -> Failure {
    Failure::usage(format!("{place} is no address of a database: {why}")).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::Env;

    #[test]
    fn what_is_no_address_is_wrong_usage_and_never_repeated() {
        let read = |text: &str| {
            let env = Env::from_pairs(&[("MPS_JOURNAL", text)]);
            let found = settings::JOURNAL.of_environment(&env)?;
            let found = found.map(|secret| FoundSecret {
                secret,
                source: settings::Source::Environment,
                place: "MPS_JOURNAL".to_owned(),
            });
            read(found.as_ref(), Path::new("/state"), &Redactor::default())
        };
        for text in [
            "postgres://ana:correct horse@h/mps",
            "postgres://ana:correct%horse@h/mps",
            "mysql://ana:correct-horse@h/mps",
        ] {
            let failure = read(text).unwrap_err();
            assert_eq!(failure.exit().code(), 2, "{text}");
            let said = format!("{}{:?}", failure.message, failure.hint);
            assert!(
                !said.contains("horse") && said.contains("MPS_JOURNAL"),
                "{said}"
            );
        }
        assert!(read("").unwrap().database().is_none());
        assert!(read("postgres://h/mps").unwrap().database().is_some());
    }
}
