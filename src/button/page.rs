//! What the Tech Provider reads.
//!
//! The one decision: one template, one script and one style make both the page that mps serves and the
//! file for the operator's own site. Text is put in by one pass over the template, escaped before, so no
//! name can become markup or another placeholder.

use serde::Serialize;

use super::{
    config::{PageConfig, PagePurpose, Sdk},
    trouble::{self, Trouble},
};
use crate::{http_server::reply::Reply, ids::AppId};

const TEMPLATE: &str = include_str!("page.html");
const SIGNPOST: &str = include_str!("signpost.html");
const HOOK: &str = include_str!("hook.html");
/// The page's script, served as `/page.js`.
pub(super) const SCRIPT: &str = include_str!("page.js");
/// The page's style, served as `/page.css`.
pub(super) const STYLE: &str = include_str!("page.css");

/// What the signpost says where there is nothing.
const NO_PAGE: &str = "There is nothing at this address. The page you look for has a longer link, from the \
     message that you were sent. If that link does not work any more, ask for a new one.";

/// Meta's SDK. In English like the page; the pop-up itself speaks the person's language.
const META_SDK: &str = "https://connect.facebook.net/en_US/sdk.js";

/// Who asks, and how; what the page and the snippet have in common.
struct PageText<'a> {
    partner_app_id: &'a AppId,
    partner_name: &'a str,
    api_version: &'a str,
    login_config_id: Option<&'a str>,
    story: PagePurpose,
}

/// What page.js finds in `#config`.
#[derive(Serialize)]
struct ScriptConfig<'a> {
    app_id: &'a AppId,
    version: &'a str,
    login_config_id: Option<&'a str>,
    partner: &'a str,
    story: &'static str,
    /// None on the operator's own site.
    nonce: Option<&'a str>,
    sdk: &'a str,
    troubles: &'a [Trouble],
}

/// The pages of one run.
pub(super) struct Pages {
    page: Reply,
    /// What stands in `page` where the visitor's nonce belongs.
    nonce_mark: String,
    preview: Reply,
    signpost: Reply,
    expired: Reply,
    revoked: Reply,
    unattended: Reply,
}

impl Pages {
    /// The pages of this run. `nonce_mark`: a random word, for which each visitor gets their nonce.
    pub(super) fn new(config: &PageConfig, nonce_mark: &str, script_nonce: &str) -> Self {
        let sdk = match &config.sdk {
            Sdk::Meta => META_SDK,
            Sdk::StandIn { .. } => "/sdk.js",
        };
        let asks = PageText {
            partner_app_id: &config.partner_app_id,
            partner_name: &config.partner_name,
            api_version: &config.api_version,
            login_config_id: config.login_config_id.as_deref(),
            story: config.story,
        };
        let page = asks.fill(
            Some(nonce_mark),
            sdk,
            &[
                ("style", "<link rel=\"stylesheet\" href=\"/page.css\">"),
                ("hook", ""),
                (
                    "script",
                    &format!("<script src=\"/page.js\" nonce=\"{script_nonce}\"></script>"),
                ),
            ],
        );
        let signpost = |status, title, text: &str| {
            let values = [("nonce", script_nonce), ("title", title), ("text", text)];
            Reply::html(
                status,
                fill(SIGNPOST, &values),
                signpost_policy(script_nonce),
            )
        };
        let asked = escape(&config.partner_name);
        Self {
            page: Reply::html(200, page, policy(&config.sdk, script_nonce)),
            nonce_mark: nonce_mark.to_owned(),
            preview: signpost(
                200,
                &format!("Connect your app with {}", escape(&config.partner_name)),
                &format!(
                    "<bdi>{asked}</bdi> asks for your permission. Open the link in your browser."
                ),
            ),
            signpost: signpost(404, "Please open your link again", NO_PAGE),
            expired: signpost(
                410,
                "This link has expired",
                &format!(
                    "Please ask <bdi>{asked}</bdi> for a new one. They have been told that you came."
                ),
            ),
            revoked: signpost(
                410,
                "This link does not work any more",
                &format!(
                    "<bdi>{asked}</bdi> has taken it back. If you still need one, please ask them for a new link."
                ),
            ),
            unattended: signpost(
                503,
                "Please come back a little later",
                &format!(
                    "Your link is right, and stays the same. <bdi>{asked}</bdi> is not ready for it at this moment and \
                     has been told that you came."
                ),
            ),
        }
    }

    /// The page with the button, for one visitor.
    pub(super) fn page(&self, nonce: &str) -> Reply {
        Reply {
            body: self.page.body.replacen(&self.nonce_mark, nonce, 1),
            ..self.page.clone()
        }
    }

    /// What a program sees that fetches the link for nobody.
    pub(super) fn preview(&self) -> Reply {
        self.preview.clone()
    }

    /// Where the page was, when its link was taken back.
    pub(super) fn revoked(&self) -> Reply {
        self.revoked.clone()
    }

    /// Where the page is when somebody waits for it.
    pub(super) fn unattended(&self) -> Reply {
        self.unattended.clone()
    }

    /// Where the page was, when its link's days are over.
    pub(super) fn expired(&self) -> Reply {
        self.expired.clone()
    }

    /// Where there is nothing.
    pub(super) fn signpost(&self) -> Reply {
        self.signpost.clone()
    }
}

/// The same page as one HTML file, for the operator's own https site. Its head says what their part is:
/// a function that takes the token.
pub fn snippet(
    partner_app_id: &AppId,
    partner_name: &str,
    api_version: &str,
    login_config_id: Option<&str>,
) -> String {
    let asks = PageText {
        partner_app_id,
        partner_name,
        api_version,
        login_config_id,
        story: PagePurpose::ServeButton,
    };
    asks.fill(
        None,
        META_SDK,
        &[
            ("style", &format!("<style>\n{STYLE}</style>")),
            ("hook", HOOK),
            ("script", &format!("<script>\n{SCRIPT}</script>")),
        ],
    )
}

impl PageText<'_> {
    /// The template with everything in its place; `parts` are markup already.
    fn fill(&self, nonce: Option<&str>, sdk: &str, parts: &[(&str, &str)]) -> String {
        let name = escape(self.partner_name);
        // Isolated: a name in another direction must not turn the sentence around it.
        let partner = format!("<bdi>{name}</bdi>");
        let then = match self.story {
            PagePurpose::ServeButton => format!(
                "{partner} then creates the solution for the apps you chose, and sends you its id."
            ),
            PagePurpose::Onboard => format!(
                "{partner} then creates the solution for the apps you chose, and its id appears on this page."
            ),
        };
        let config = ScriptConfig {
            app_id: self.partner_app_id,
            version: self.api_version,
            login_config_id: self.login_config_id,
            partner: self.partner_name,
            story: match self.story {
                PagePurpose::ServeButton => "serve_button",
                PagePurpose::Onboard => "onboard",
            },
            nonce,
            sdk,
            troubles: trouble::ALL,
        };
        // In a script element only `<` could end it; as \u003c it is the same JSON.
        let config = serde_json::to_string(&config)
            .unwrap_or_default()
            .replace('<', "\\u003c");
        let mut values = vec![
            ("partner", partner.as_str()),
            ("partner_text", &name),
            ("app_id", self.partner_app_id.as_str()),
            ("then", &then),
            ("config", &config),
        ];
        values.extend_from_slice(parts);
        fill(TEMPLATE, &values)
    }
}

/// Fills `{{name}}` in one pass, so that a value is never looked at again.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len() + 4096);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        let value = values.iter().find(|(known, _)| *known == name);
        filled.push_str(before);
        filled.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// Text as HTML, without the characters that turn the direction of what follows.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            _ => escaped.push(character),
        }
    }
    escaped
}

/// What the page may load: its own files, and what Meta's SDK was tried with (facebook-login.md, 2.5).
fn policy(sdk: &Sdk, script_nonce: &str) -> String {
    let (scripts, connects, images) = match sdk {
        Sdk::Meta => (
            "https://connect.facebook.net".to_owned(),
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

/// The signpost has a style and one script of its own.
fn signpost_policy(script_nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{script_nonce}'; style-src 'self'; img-src data:; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snippet_of(name: &str) -> String {
        snippet(&"1234567890".parse().unwrap(), name, "v26.0", None)
    }

    #[test]
    fn no_name_becomes_markup_or_a_placeholder() {
        let html = snippet_of("<b>\"O'Brien\"\u{202e} & {{config}} </script>");
        assert!(!html.contains("<b>"));
        assert!(html.contains("&lt;b&gt;&quot;O&#39;Brien&quot; &amp; {{config}} &lt;/script&gt;"));
        assert_eq!(html.matches("</script>").count(), 3, "hook, config, script");
    }

    #[test]
    fn every_placeholder_has_a_value() {
        for part in TEMPLATE.split("{{").skip(1) {
            let name = part.split("}}").next().unwrap();
            assert!(
                [
                    "partner",
                    "partner_text",
                    "app_id",
                    "then",
                    "config",
                    "style",
                    "hook",
                    "script"
                ]
                .contains(&name),
                "{name}"
            );
        }
        assert!(!STYLE.contains("</style") && !SCRIPT.contains("</script"));
    }

    #[test]
    fn the_snippet_stands_alone() {
        let html = snippet(&"1".parse().unwrap(), "Acme", "v26.0", Some("77"));
        assert!(html.contains("window.mpsReceive = async (grant) =>"));
        assert!(html.contains(r#""login_config_id":"77""#) && html.contains(r#""nonce":null"#));
        assert!(!html.contains("href=\"/page.css\"") && !html.contains("src=\"/page.js\""));
    }

    #[test]
    fn nothing_in_the_page_needs_more_than_its_policy() {
        // Inline handlers and styles would be blocked, so there are none.
        for page in [TEMPLATE, SIGNPOST] {
            assert!(
                !page.contains(" style=")
                    && !page.contains(" onclick=")
                    && !page.contains("javascript:")
            );
        }
        for forbidden in [
            ".style.",
            "innerHTML",
            "eval(",
            "getLoginStatus",
            "document.write",
        ] {
            assert!(!SCRIPT.contains(forbidden), "{forbidden}");
        }
    }

    #[test]
    fn the_policies() {
        assert_eq!(
            policy(&Sdk::Meta, "N"),
            "default-src 'none'; script-src 'nonce-N' https://connect.facebook.net; style-src 'self'; \
             connect-src 'self' https://www.facebook.com https://graph.facebook.com; worker-src 'self'; img-src data: \
             https://www.facebook.com https://connect.facebook.net; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'"
        );
        let stand_in = Sdk::StandIn {
            js: String::new(),
            connect_origin: "http://127.0.0.1:9".into(),
        };
        assert_eq!(
            policy(&stand_in, "N"),
            "default-src 'none'; script-src 'nonce-N'; style-src 'self'; connect-src 'self' \
             http://127.0.0.1:9; worker-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
    }

    #[test]
    fn what_the_sdk_is_asked() {
        for words in [
            "cookie: false, xfbml: false, status: false, localStorage: false, fedCM: false",
            "return_scopes: true, auth_type: \"rerequest\"",
            "options.scope = \"manage_app_solution\"",
            "history.replaceState(null, \"\", \"/\")",
        ] {
            assert!(SCRIPT.contains(words), "{words}");
        }
    }
}
