//! The system's keyring: the Secret Service on Linux, the keychain on macOS, the credential manager on Windows.
//!
//! The one decision: it is asked on a thread of its own and with a limit, because a locked keyring waits for
//! a window that nobody may see. On Linux it is not even tried without a session bus: the library would
//! start a helper, with our environment, to look for one.

use std::time::Duration;

use keyring_core::{Entry, Error as CoreError};

use super::Error;
use crate::{
    env::{self, Env},
    secret::Secret,
    waiting::{Unanswered, Waiter},
};

/// How long it is waited for: its window is seen at once, or by nobody.
const PATIENCE: Duration = Duration::from_secs(5);

/// The same where nobody is there who could unlock it: time for its answer alone.
const UNATTENDED: Duration = Duration::from_secs(2);

/// Under which service our entries stand.
const SERVICE: &str = "mps";

/// The keyring of this session.
#[derive(Debug, Clone)]
pub struct Keyring {
    reachable: bool,
    waiting: Waiter,
}

impl Keyring {
    /// The keyring that this environment leads to.
    pub fn new(env: &Env) -> Self {
        let bus = env.get(env::DBUS_SESSION_BUS_ADDRESS);
        let named = bus.is_some_and(|address| !address.starts_with("autolaunch:"));
        let runtime = env.get(env::XDG_RUNTIME_DIR).map(std::path::Path::new);
        let standard = runtime.is_some_and(|dir| dir.join("bus").exists());
        Self {
            reachable: !cfg!(target_os = "linux") || named || standard,
            waiting: Waiter::default(),
        }
    }

    /// The same, waited for in this way.
    #[must_use]
    pub fn waited_for(self, waiting: Waiter) -> Self {
        Self { waiting, ..self }
    }

    /// How it is waited for.
    pub(super) fn waiting(&self) -> &Waiter {
        &self.waiting
    }

    /// Whether it answers; the error says why not. Asks for nothing that would have to be unlocked.
    pub fn check(&self) -> Result<(), Error> {
        self.ask("reach", || store().map(|_| ()))
    }

    /// Reads what stands under `account`.
    pub(super) fn read(&self, account: &str) -> Result<Secret, Error> {
        let name = account.to_owned();
        let text = self.ask("read", move || match entry(&name)?.get_password() {
            Ok(text) => Ok(Some(zeroize::Zeroizing::new(text))),
            Err(CoreError::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })?;
        let text = text.ok_or_else(|| Error::KeyringEmpty(account.to_owned()))?;
        Secret::parse(&text).map_err(|source| Error::NoSecret {
            place: "the keyring".to_owned(),
            source,
        })
    }

    /// Writes it, over what stands there.
    pub(super) fn write(&self, account: &str, secret: &Secret) -> Result<(), Error> {
        let (name, secret) = (account.to_owned(), secret.clone());
        self.ask("write to", move || {
            entry(&name)?.set_password(secret.expose())
        })
    }

    /// Takes it out; `false`: there was none.
    pub(super) fn clear(&self, account: &str) -> Result<bool, Error> {
        let name = account.to_owned();
        self.ask("delete from", move || {
            match entry(&name)?.delete_credential() {
                Ok(()) => Ok(true),
                Err(CoreError::NoEntry) => Ok(false),
                Err(error) => Err(error),
            }
        })
    }

    fn ask<T: Send + 'static>(
        &self,
        doing: &'static str,
        question: impl FnOnce() -> Result<T, CoreError> + Send + 'static,
    ) -> Result<T, Error> {
        if !self.reachable {
            let source =
                "there is no D-Bus session here (DBUS_SESSION_BUS_ADDRESS is not set)".into();
            return Err(Error::Keyring { doing, source });
        }
        let most = if self.waiting.no_input {
            UNATTENDED
        } else {
            PATIENCE
        };
        within(&self.waiting, most, doing, question)
    }
}

/// The answer, if it comes in time. A question that never ends is left behind with its thread.
fn within<T: Send + 'static>(
    waiting: &Waiter,
    most: Duration,
    doing: &'static str,
    question: impl FnOnce() -> Result<T, CoreError> + Send + 'static,
) -> Result<T, Error> {
    let text = "Waiting for the keyring, which may have to be unlocked.";
    match waiting.answer(most, text, question) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Error::Keyring {
            doing,
            source: Box::new(error),
        }),
        Err(Unanswered::TooLong) => Err(Error::KeyringSilent(most)),
        Err(Unanswered::Stopped) => Err(Error::Interrupted),
        Err(Unanswered::Gone) => {
            let source = "its library gave up".into();
            Err(Error::Keyring { doing, source })
        }
    }
}

fn entry(account: &str) -> Result<Entry, CoreError> {
    store()?.build(SERVICE, account, None)
}

#[cfg(target_os = "linux")]
fn store() -> Result<std::sync::Arc<keyring_core::CredentialStore>, CoreError> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn store() -> Result<std::sync::Arc<keyring_core::CredentialStore>, CoreError> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn store() -> Result<std::sync::Arc<keyring_core::CredentialStore>, CoreError> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn store() -> Result<std::sync::Arc<keyring_core::CredentialStore>, CoreError> {
    Err(CoreError::NotSupportedByStore(
        "no keyring is known on this system".to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyring_that_waits_for_somebody_is_not_waited_for() {
        let (hold, held) = std::sync::mpsc::channel::<()>();
        let silent = within(&Waiter::default(), Duration::ZERO, "read", move || {
            let _ = held.recv();
            Ok(())
        });
        assert!(matches!(silent, Err(Error::KeyringSilent(_))));
        drop(hold);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn without_a_bus_it_is_not_tried() {
        for pairs in [
            &[][..],
            &[("XDG_RUNTIME_DIR", "/nowhere")],
            &[("DBUS_SESSION_BUS_ADDRESS", "autolaunch:")],
        ] {
            let error = Keyring::new(&Env::from_pairs(pairs)).check().unwrap_err();
            assert!(
                matches!(error, Error::Keyring { doing: "reach", .. }),
                "{error:?}"
            );
        }
    }
}
