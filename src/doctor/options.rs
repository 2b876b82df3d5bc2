//! What the operator wants of the check-up.
//!
//! The one decision: only what changes a check is here; everything else comes from the settings.

/// What the operator wants of the check-up.
#[derive(Debug, Clone, Default)]
pub struct DoctorOptions {
    /// The port that the button's page is to have.
    pub port: u16,
    /// The file with the user token.
    pub user_token_file: Option<std::path::PathBuf>,
    /// The file with the system token.
    pub system_token_file: Option<std::path::PathBuf>,
    /// The checks that are wanted; none: all.
    pub only: Vec<String>,
}
