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
