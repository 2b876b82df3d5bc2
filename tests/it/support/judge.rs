//! What must hold for every run, whatever its test is about.
//!
//! The one decision: secrets are registered by whoever brings them in (a variable, a script's token), so a test is
//! judged without having to ask for it.

/// What may not appear in any run's talk.
pub(crate) struct Judge {
    secrets: Vec<String>,
    /// Whether stdout is judged as well; the data of some commands is a token.
    pub(crate) stdout_too: bool,
}

impl Default for Judge {
    fn default() -> Self {
        Self {
            secrets: Vec::new(),
            stdout_too: true,
        }
    }
}

impl Judge {
    /// One more text that may not appear.
    pub(crate) fn know(&mut self, secret: &str) {
        if !secret.trim().is_empty() {
            self.secrets.push(secret.trim().to_owned());
        }
    }

    /// Judges what a person or a log may read.
    #[track_caller]
    pub(crate) fn stderr(&self, text: &str, whole: &dyn std::fmt::Display) {
        self.no_secret(text, "stderr", whole);
        for panic in ["panicked at", "RUST_BACKTRACE", "internal error: entered"] {
            assert!(!text.contains(panic), "a panic on stderr\n{whole}");
        }
    }

    /// Judges the data.
    #[track_caller]
    pub(crate) fn stdout(&self, text: &str, whole: &dyn std::fmt::Display) {
        if self.stdout_too {
            self.no_secret(text, "stdout", whole);
        }
    }

    #[track_caller]
    fn no_secret(&self, text: &str, stream: &str, whole: &dyn std::fmt::Display) {
        for secret in &self.secrets {
            assert!(
                !text.contains(secret.as_str()),
                "a secret on {stream}: {secret}\n{whole}"
            );
        }
    }
}
