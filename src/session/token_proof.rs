//! What is proven of a token, in the words of the plan: whose it is, of which app, with which permissions.
//!
//! The one decision: what Meta did not say is named as not proven. A token that may be used is not thereby known: who
//! consents reads the difference before anything is written.

use super::token_check::{PERMISSION, TokenRole};
use crate::graph::TokenInfo;

/// Permissions that are named; how many there are beside them is counted.
const NAMED: usize = 4;

/// How a token was checked; the words are those of `checked_by`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckedBy {
    /// `debug_token` with the app's own token.
    AppToken,
    /// `debug_token` with the system token.
    SystemToken,
    /// `/me/permissions` with the token itself.
    Permissions,
}

impl CheckedBy {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::AppToken => "debug_token_app",
            Self::SystemToken => "debug_token_system",
            Self::Permissions => "me_permissions",
        }
    }
}

/// What is proven of a token, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenProof {
    way: ProofWay,
    /// Whose it is, where Meta said so.
    owner: Option<String>,
    /// Meta said that it was made for our app.
    app: bool,
    /// What it may do, as Meta confirmed it.
    permissions: Vec<String>,
    /// What Meta said against whoever asked first.
    doubt: Option<String>,
}

/// What the proof rests on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum ProofWay {
    /// Nothing: its first use shows.
    #[default]
    Unasked,
    /// A read with it that succeeded.
    Read,
    /// What Meta said of it.
    Told(CheckedBy),
}

impl TokenProof {
    /// By what `debug_token` says of a token that passed its check.
    pub fn debugged(role: TokenRole, info: &TokenInfo, by: CheckedBy) -> Self {
        let owner = info.user_id.as_ref().map(|id| match role {
            TokenRole::User => format!("user {id}"),
            TokenRole::System => format!("system user {id}"),
        });
        let of_type = info.kind.as_ref().map(|_| match role {
            TokenRole::User => "a person's".to_owned(),
            TokenRole::System => "a system user's".to_owned(),
        });
        let granular = info.granular.iter().map(|granular| &granular.scope);
        Self {
            way: ProofWay::Told(by),
            owner: owner.or(of_type),
            app: info.app_id.is_some(),
            permissions: ours_first(info.scopes.iter().chain(granular)),
            doubt: None,
        }
    }

    /// By what `/me/permissions` says.
    pub fn permitted<'a>(granted: impl Iterator<Item = &'a String>) -> Self {
        Self {
            way: ProofWay::Told(CheckedBy::Permissions),
            permissions: ours_first(granted),
            ..Self::default()
        }
    }

    /// By a read with it, after Meta told nothing of it.
    pub fn read() -> Self {
        Self {
            way: ProofWay::Read,
            ..Self::default()
        }
    }

    /// The same with what was said against whoever asked first.
    #[must_use]
    pub fn doubted(self, doubt: Option<String>) -> Self {
        Self { doubt, ..self }
    }

    /// One sentence: what is proven, then what is not.
    pub fn in_words(&self) -> String {
        let permission = self.permissions.iter().any(|named| named == PERMISSION);
        let mut proven: Vec<String> = self.owner.iter().cloned().collect();
        if self.app {
            proven.push("of our app".to_owned());
        }
        match self.permissions.len() {
            0 => {}
            few if few <= NAMED => proven.push(format!("with {}", self.permissions.join(", "))),
            many => proven.push(format!(
                "with {} and {} more",
                self.permissions[..NAMED].join(", "),
                many - NAMED
            )),
        }
        let way = match self.way {
            ProofWay::Unasked => "nothing before its first use".to_owned(),
            ProofWay::Read => "Meta takes it for a read of our app".to_owned(),
            ProofWay::Told(_) if proven.is_empty() => format!("it works, {}", self.asked()),
            ProofWay::Told(_) => format!("{}, {}", proven.join(", "), self.asked()),
        };
        let unproven: Vec<&str> = [
            (self.owner.is_some(), "whose it is"),
            (self.app, "of which app it is"),
            (permission, PERMISSION),
        ]
        .into_iter()
        .filter_map(|(proven, what)| (!proven).then_some(what))
        .collect();
        let mut words = way;
        if !unproven.is_empty() {
            words = format!("{words}; not proven: {}", unproven.join(", "));
        }
        match &self.doubt {
            Some(doubt) => format!("{words}; {doubt}"),
            None => words,
        }
    }

    fn asked(&self) -> &'static str {
        match self.way {
            ProofWay::Told(CheckedBy::AppToken) => "says Meta, asked with the app secret",
            ProofWay::Told(CheckedBy::SystemToken) => "says Meta, asked with the system token",
            ProofWay::Told(CheckedBy::Permissions) => "says Meta, asked with the token itself",
            ProofWay::Unasked | ProofWay::Read => "",
        }
    }
}

/// Each permission once, the one that counts first.
fn ours_first<'a>(granted: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut named: Vec<String> = Vec::new();
    for permission in granted {
        if !named.contains(permission) {
            named.push(permission.clone());
        }
    }
    named.sort_by_key(|permission| permission != PERMISSION);
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(app: bool, user: bool, kind: bool, scopes: &[&str]) -> TokenInfo {
        TokenInfo {
            app_id: app.then(|| "5".parse().unwrap()),
            kind: kind.then(|| "USER".to_owned()),
            is_valid: true,
            expires_at: None,
            data_access_expires_at: None,
            issued_at: None,
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            granular: Vec::new(),
            user_id: user.then(|| "9".parse().unwrap()),
            error: None,
        }
    }

    #[test]
    fn what_meta_said_is_proven_and_nothing_else() {
        use CheckedBy::{AppToken, SystemToken};
        use TokenRole::{System, User};
        let many = ["a", "b", "c", "d", "manage_app_solution", "a"];
        for (role, said, by, words) in [
            (
                User,
                info(true, true, true, &["public_profile", "manage_app_solution"]),
                AppToken,
                "user 9, of our app, with manage_app_solution, public_profile, says Meta, asked with the app secret",
            ),
            (
                System,
                info(true, true, true, &many),
                SystemToken,
                "system user 9, of our app, with manage_app_solution, a, b, c and 1 more, says Meta, asked with the system token",
            ),
            (
                User,
                info(true, true, true, &["public_profile"]),
                AppToken,
                "user 9, of our app, with public_profile, says Meta, asked with the app secret; not proven: manage_app_solution",
            ),
            (
                System,
                info(true, false, true, &[]),
                AppToken,
                "a system user's, of our app, says Meta, asked with the app secret; not proven: manage_app_solution",
            ),
            (
                User,
                info(false, false, false, &["manage_app_solution"]),
                SystemToken,
                "with manage_app_solution, says Meta, asked with the system token; not proven: whose it is, of which app it is",
            ),
            (
                System,
                info(false, false, false, &[]),
                AppToken,
                "it works, says Meta, asked with the app secret; not proven: whose it is, of which app it is, manage_app_solution",
            ),
        ] {
            assert_eq!(TokenProof::debugged(role, &said, by).in_words(), words);
        }
    }

    #[test]
    fn what_meta_does_not_tell_is_named() {
        let granted = ["manage_app_solution".to_owned()];
        let nothing = "; not proven: whose it is, of which app it is, manage_app_solution";
        for (proof, words) in [
            (
                TokenProof::permitted(granted.iter()),
                "with manage_app_solution, says Meta, asked with the token itself; not proven: whose it is, of which app it is".to_owned(),
            ),
            (
                TokenProof::read(),
                format!("Meta takes it for a read of our app{nothing}"),
            ),
            (
                TokenProof::default(),
                format!("nothing before its first use{nothing}"),
            ),
            (
                TokenProof::read().doubted(Some("not of one app, says Meta".into())),
                format!("Meta takes it for a read of our app{nothing}; not of one app, says Meta"),
            ),
        ] {
            assert_eq!(proof.in_words(), words);
        }
    }
}
