//! What the page may load.

use super::config::Sdk;

/// What the page may load: its own files, Meta's SDK, which stands at `source`, and what that was tried with
/// (facebook-login.md, 2.5). A policy does not look at the query that the SDK gives its own file.
pub(super) fn policy(sdk: &Sdk, source: &str, script_nonce: &str) -> String {
    let (scripts, connects, images) = match sdk {
        Sdk::Meta => (
            source.to_owned(),
            "https://www.facebook.com https://graph.facebook.com".to_owned(),
            "https://www.facebook.com https://connect.facebook.net".to_owned(),
        ),
        Sdk::StandIn { connect_origin, .. } => {
            (String::new(), connect_origin.clone(), String::new())
        }
    };
    let directives = [
        "default-src 'none'".to_owned(),
        format!("script-src 'nonce-{script_nonce}' {scripts}"),
        "style-src 'self'".to_owned(),
        format!("connect-src 'self' {connects}"),
        "worker-src 'self'".to_owned(),
        format!("img-src data: {images}"),
        "base-uri 'none'".to_owned(),
        "form-action 'none'".to_owned(),
        "frame-ancestors 'none'".to_owned(),
    ];
    directives
        .map(|directive| directive.trim_end().to_owned())
        .join("; ")
}
