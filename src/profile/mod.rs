//! The operator's settings, one TOML file per profile, and where each profile's secrets are.
//!
//! The one decision: a profile never holds a secret, only the place where one is: the system's keyring, a
//! command that prints it, or a file. So a profile can be shown, copied and kept in a repository; and what
//! runs a command must not be written by others, which is refused before it is read.
//!
//! | file | does |
//! | --- | --- |
//! | `name` | names of profiles |
//! | `document` | one profile as TOML, with its comments |
//! | `store` | the config directory: reads, writes, lists, deletes |
//! | `location` `secrets` `keyring` `command` `modes` | where secrets are, and how they are read and written |

mod command;
mod document;
pub mod editor;
mod error;
mod keyring;
mod location;
mod modes;
mod name;
mod secrets;
mod store;

pub use self::{
    document::{KEYS, Profile},
    error::Error,
    keyring::Keyring,
    location::{SecretKind, SecretLocation},
    name::ProfileName,
    store::ProfileStore,
};
