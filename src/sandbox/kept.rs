//! What a sandbox keeps in a file, so that the next one goes on with it.
//!
//! The one decision: what there is, is kept; what goes wrong and what was counted, is not. A sandbox that has been told to fail does
//! not fail tomorrow.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{
    records::{ClientsAccount, MigrationIntent, StoredSolution, StoredSubscription, StoredToken},
    store::SandboxState,
};
use crate::private_file;

/// The form of the file; another one is refused.
const FORM: u32 = 1;

/// The file's content.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptState {
    form: u32,
    solutions: Vec<StoredSolution>,
    tokens: Vec<StoredToken>,
    signed_up: Vec<ClientsAccount>,
    moved: BTreeMap<String, Option<String>>,
    intents: Vec<MigrationIntent>,
    subscription: Option<StoredSubscription>,
}

/// The file of a sandbox.
#[derive(Debug, Clone)]
pub(super) struct StateFile(PathBuf);

impl StateFile {
    pub(super) fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Puts what is kept into a fresh sandbox; where there is no file, it stays fresh.
    pub(super) fn restore(&self, state: &mut SandboxState) -> io::Result<()> {
        let bytes = match std::fs::read(&self.0) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        let kept: KeptState = serde_json::from_slice(&bytes)
            .map_err(|odd| io::Error::new(io::ErrorKind::InvalidData, odd))?;
        if kept.form != FORM {
            let odd = format!("it is of form {}, not {FORM}", kept.form);
            return Err(io::Error::new(io::ErrorKind::InvalidData, odd));
        }
        // The tokens from the start act for the apps that there are now.
        let new = kept.tokens.into_iter();
        let new = new.filter(|token| !state.tokens.iter().any(|known| known.text == token.text));
        let new: Vec<StoredToken> = new.collect();
        state.tokens.extend(new);
        state.solutions = kept.solutions.into();
        state.signed_up = kept.signed_up;
        state.moved = kept.moved;
        state.intents = kept.intents;
        state.subscription = kept.subscription;
        // What was there before is no news.
        state.told = state.standings();
        Ok(())
    }

    /// The content to write.
    pub(super) fn content(state: &SandboxState) -> Vec<u8> {
        let kept = KeptState {
            form: FORM,
            solutions: state.solutions.to_vec(),
            tokens: state.tokens.clone(),
            signed_up: state.signed_up.clone(),
            moved: state.moved.clone(),
            intents: state.intents.clone(),
            subscription: state.subscription.clone(),
        };
        serde_json::to_vec(&kept).unwrap_or_default()
    }

    pub(super) fn write(&self, content: &[u8]) -> io::Result<()> {
        private_file::write(&self.0, content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::{
        faults::Faults,
        records::{PARTNER_APP_ID, TokenRequest, owner_app},
        store::ApiShape,
    };

    fn fresh() -> SandboxState {
        SandboxState::new(2, "Us", ApiShape::Guide, Faults::default())
    }

    #[test]
    fn what_there_is_comes_back_and_what_was_counted_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let file = StateFile::at(&dir.path().join("state.json"));
        let mut state = fresh();
        file.restore(&mut state).unwrap();
        let id = state
            .push(&owner_app(0).id, PARTNER_APP_ID, "Kept", "ACTIVE")
            .id
            .clone();
        let wish = TokenRequest {
            apps: vec![owner_app(1).id],
            dialog: None,
        };
        let granted = state.grant(&wish, 0).unwrap()["access_token"].clone();
        let account = state.add_account("A client", &id).id.clone();
        state.requests = 9;
        file.write(&StateFile::content(&state)).unwrap();
        let mut again = fresh();
        file.restore(&mut again).unwrap();
        assert_eq!(*again.solutions, *state.solutions);
        assert_eq!(again.tokens, state.tokens);
        assert!(again.tokens.iter().any(|token| granted == token.text));
        assert!(again.account(&account).is_some());
        assert_eq!((again.requests, again.told.len()), (0, 1));
    }

    #[test]
    fn another_form_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state.json");
        let content = StateFile::content(&fresh());
        let other = String::from_utf8(content)
            .unwrap()
            .replace("\"form\":1", "\"form\":2");
        for content in ["", "{}", "[]", &other] {
            std::fs::write(&path, content).unwrap();
            let error = StateFile::at(&path).restore(&mut fresh()).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{content}");
        }
    }
}
