//! Who acts, as the journal keeps it.
//!
//! The one decision: a run of a CI is that of the person who started it, whatever the machine calls its user; and where no
//! variable names one (cron, a unit, a container), the system's user database does.

use crate::env::{self, Env, Var};

/// What a CI calls whoever started the run.
const CI_ACTORS: [Var; 4] = [
    env::GITHUB_ACTOR,
    env::GITLAB_USER_LOGIN,
    env::BUILDKITE_BUILD_CREATOR,
    env::CIRCLE_USERNAME,
];

/// `MPS_OPERATOR`, else user@host.
pub(super) fn name(env: &Env) -> String {
    named(env, user_of_process)
}

fn named(env: &Env, of_system: impl FnOnce() -> String) -> String {
    if let Some(name) = env.get(env::MPS_OPERATOR) {
        return name.to_owned();
    }
    let variables = CI_ACTORS.into_iter().chain([env::USER, env::USERNAME]);
    let user = variables.into_iter().find_map(|var| env.get(var));
    let user = user.map_or_else(of_system, str::to_owned);
    format!("{user}@{}", host_name())
}

/// The name of the user whose process this is; its number where the database has none.
#[cfg(unix)]
fn user_of_process() -> String {
    let uid = nix::unistd::Uid::effective();
    let user = nix::unistd::User::from_uid(uid).ok().flatten();
    user.map_or_else(|| format!("uid-{uid}"), |user| user.name)
}

#[cfg(not(unix))]
fn user_of_process() -> String {
    "unknown".to_owned()
}

fn host_name() -> String {
    #[cfg(unix)]
    {
        rustix::system::uname()
            .nodename()
            .to_string_lossy()
            .into_owned()
    }
    #[cfg(not(unix))]
    {
        "localhost".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_acts() {
        for (pairs, system, user) in [
            (&[("USER", "ann")][..], "root", "ann"),
            (&[("GITHUB_ACTOR", "ann"), ("USER", "runner")], "", "ann"),
            (&[("USER", "")], "bob", "bob"),
            (&[], "uid-1001", "uid-1001"),
        ] {
            let name = named(&Env::from_pairs(pairs), || system.to_owned());
            assert_eq!(name, format!("{user}@{}", host_name()), "{pairs:?}");
        }
        let env = Env::from_pairs(&[("MPS_OPERATOR", "ann"), ("GITHUB_ACTOR", "bob")]);
        assert_eq!(name(&env), "ann");
    }

    #[cfg(unix)]
    #[test]
    fn the_system_knows_whose_process_this_is() {
        let name = name(&Env::default());
        assert!(!name.starts_with("unknown@"), "{name}");
    }
}
