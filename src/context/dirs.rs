//! The directories of this user: where mps keeps its things.

use std::path::PathBuf;

use super::failure::Failure;
use crate::env::{self, Env};

/// Where mps keeps its things.
#[derive(Debug, Clone)]
pub struct Dirs {
    /// The journal, the logs, the links and the certificate.
    pub state: PathBuf,
    /// The profiles.
    pub config: PathBuf,
}

/// The text with `~` for the home directory where a path in it begins there: shorter to read, and a shell reads it back.
pub fn with_tilde(text: &str) -> String {
    match etcetera::home_dir() {
        Ok(home) => tilde(text, &home.display().to_string()),
        Err(_) => text.to_owned(),
    }
}

fn tilde(text: &str, home: &str) -> String {
    let home = home.trim_end_matches('/');
    let is_home = |word: &str| {
        let rest = word.strip_prefix(home).filter(|_| !home.is_empty());
        rest.is_some_and(|rest| {
            !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '.')
        })
    };
    let words = text.split(' ').map(|word| {
        if is_home(word) {
            format!("~{}", &word[home.len()..])
        } else {
            word.to_owned()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

impl Dirs {
    /// `MPS_STATE_DIR` and `MPS_CONFIG_DIR`, else the platform's directories.
    pub fn from_env(env: &Env) -> Result<Self, Failure> {
        use etcetera::{AppStrategy, AppStrategyArgs, choose_app_strategy};
        let args = AppStrategyArgs {
            top_level_domain: "dev".to_owned(),
            author: "mps".to_owned(),
            app_name: "mps".to_owned(),
        };
        let platform = choose_app_strategy(args).ok();
        let state = env.get(env::MPS_STATE_DIR).map(PathBuf::from).or_else(|| {
            platform
                .as_ref()
                .map(|dirs| dirs.state_dir().unwrap_or_else(|| dirs.data_dir()))
        });
        let config = env
            .get(env::MPS_CONFIG_DIR)
            .map(PathBuf::from)
            .or_else(|| platform.as_ref().map(AppStrategy::config_dir));
        match (state, config) {
            (Some(state), Some(config)) => Ok(Self { state, config }),
            _ => Err(
                Failure::usage("there is no home directory to keep the journal in")
                    .hint("set MPS_STATE_DIR and MPS_CONFIG_DIR"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::tilde;

    #[test]
    fn a_path_below_the_home_directory_is_short() {
        for (text, home, expected) in [
            (
                "/home/o/x and /home/o, yours",
                "/home/o",
                "~/x and ~, yours",
            ),
            (
                "/home/olga/x, a/home/o",
                "/home/o",
                "/home/olga/x, a/home/o",
            ),
            (
                "/home/o.old /home/o-2/x",
                "/home/o/",
                "/home/o.old /home/o-2/x",
            ),
            ("/x", "/", "/x"),
            ("/x", "", "/x"),
        ] {
            assert_eq!(tilde(text, home), expected);
        }
    }
}
