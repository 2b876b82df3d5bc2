//! Opens a page in the operator's browser, where there is one to see it.
//!
//! The one decision: opening is a courtesy. The URL is always on stderr first, a launcher's success
//! proves nothing (facebook-login.md, 4.4), and where nobody could see a window none is tried. The
//! launcher's environment has none of our secrets.

use std::process::Stdio;

use crate::env::{self, Env};

/// Whether a window that opens would be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrowserVisibility {
    /// There is a desktop.
    Here,
    /// A session over SSH: the browser would open on the far machine.
    OverSsh,
    /// No display: a launcher would start a text browser or nothing.
    NoDisplay,
}

impl BrowserVisibility {
    /// Decides from the environment.
    pub fn from_env(env: &Env) -> Self {
        if env.has(env::SSH_CONNECTION) || env.has(env::SSH_TTY) {
            return Self::OverSsh;
        }
        let needs_display = cfg!(all(unix, not(target_os = "macos")));
        let has_display =
            env.has(env::DISPLAY) || env.has(env::WAYLAND_DISPLAY) || env.has(env::WSL_DISTRO_NAME);
        if needs_display && !has_display {
            Self::NoDisplay
        } else {
            Self::Here
        }
    }
}

/// Starts the first launcher that starts. `false`: none did.
pub fn open(url: &str) -> bool {
    open::commands(url).into_iter().any(|mut command| {
        for name in env::secret_names() {
            command.env_remove(name);
        }
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .is_ok()
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn sight() {
        for (pairs, expected) in [
            (&[][..], BrowserVisibility::NoDisplay),
            (&[("DISPLAY", ":0")], BrowserVisibility::Here),
            (&[("WAYLAND_DISPLAY", "wayland-0")], BrowserVisibility::Here),
            (&[("WSL_DISTRO_NAME", "Debian")], BrowserVisibility::Here),
            (&[("DISPLAY", "")], BrowserVisibility::NoDisplay),
            (
                &[("DISPLAY", ":0"), ("SSH_TTY", "/dev/pts/0")],
                BrowserVisibility::OverSsh,
            ),
            (
                &[("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")],
                BrowserVisibility::OverSsh,
            ),
        ] {
            assert_eq!(
                BrowserVisibility::from_env(&Env::from_pairs(pairs)),
                expected,
                "{pairs:?}"
            );
        }
    }
}
