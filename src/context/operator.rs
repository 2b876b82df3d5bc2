//! Who acts, as the journal keeps it.

use crate::env::{self, Env};

/// `MPS_OPERATOR`, else user@host.
pub(super) fn name(env: &Env) -> String {
    if let Some(name) = env.get(env::MPS_OPERATOR) {
        return name.to_owned();
    }
    let user = env
        .get(env::USER)
        .or_else(|| env.get(env::USERNAME))
        .unwrap_or("unknown");
    format!("{user}@{}", host_name())
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
