//! Who acts, as the journal keeps it.

use super::Context;
use crate::env;

impl Context {
    /// Who acts, for the journal: `MPS_OPERATOR`, else user@host.
    pub fn operator(&self) -> String {
        let env = &self.settings.env;
        if let Some(name) = env.get(env::MPS_OPERATOR) {
            return name.to_owned();
        }
        let user = env
            .get(env::USER)
            .or_else(|| env.get(env::USERNAME))
            .unwrap_or("unknown");
        format!("{user}@{}", host_name())
    }
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
