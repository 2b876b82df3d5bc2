//! The built-in stand-in of `mps onboard --sandbox`.

use std::path::Path;

use tempfile::TempDir;

use crate::{
    context::{Context, failure::Failure},
    private_file,
    sandbox::{self, Sandbox},
};

/// The stand-in of a run, and the state directory that goes with it: what was done there means nothing later.
pub(super) struct Played {
    pub(super) sandbox: Sandbox,
    state: TempDir,
}

/// How many apps the imaginary Tech Provider has.
const STAND_IN_APPS: usize = 3;

/// A directory that only its owner can enter, and that goes with its guard.
fn passing_dir(folder: &Path) -> std::io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir_in(folder)
}

impl Played {
    /// Starts the stand-in.
    pub(super) fn start(ctx: &Context) -> Result<Self, Failure> {
        let folder = ctx.state_dir()?.join("sandbox");
        let state = private_file::make_dir(&folder)
            .and_then(|()| passing_dir(&folder))
            .map_err(|error| Failure::io("could not make the sandbox's state directory", &error))?;
        let config = sandbox::SandboxConfig {
            apps: STAND_IN_APPS,
            ..sandbox::SandboxConfig::default()
        };
        let sandbox = Sandbox::start(config)
            .map_err(|error| Failure::io("could not start the sandbox", &error.into()))?;
        Ok(Self { sandbox, state })
    }

    /// The same tools, turned to the stand-in.
    pub(super) fn turn(&self, ctx: &Context) -> Context {
        ctx.for_sandbox(
            self.sandbox.url(),
            self.sandbox.partner_app_id(),
            self.sandbox.app_secret().clone(),
            self.state.path().to_owned(),
        )
    }
}
