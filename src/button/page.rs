//! The page that the Tech Provider reads, in their language.
//!
//! The one decision: one template, one script and one style make both the page that mps serves and the
//! file for the operator's own site. Text is put in by one pass over the template, escaped before, so no
//! name can become markup or another placeholder. The sentences are those of `lang`; the script gets its own with the page.

use serde::Serialize;
use serde_json::Value;

use super::{
    brand::Brand,
    config::{PageConfig, PagePurpose, Sdk},
    markup::{MARKS, escape, in_html, name_in_html},
    policy::policy,
    random,
    signup::{self, SignupConfig, SignupText},
    trouble,
};
use crate::{
    from_outside::on_one_line,
    http_server::reply::Reply,
    ids::AppId,
    lang::{self, Lang},
};

const TEMPLATE: &str = include_str!("page.html");
const FACTS: &str = include_str!("facts.html");
const PASTE: &str = include_str!("paste.html");
const SIGNPOST: &str = include_str!("signpost.html");
const HOOK: &str = include_str!("hook.html");
/// The page's script, served as `/page.js`.
pub(super) const SCRIPT: &str = include_str!("page.js");
/// The page's style, served as `/page.css`.
pub(super) const STYLE: &str = include_str!("page.css");

/// The mark of a page without a logo.
const RINGS: &str = "<svg class=\"mark\" viewBox=\"0 0 44 32\" width=\"44\" height=\"32\" \
     aria-hidden=\"true\" focusable=\"false\"><circle cx=\"16\" cy=\"16\" r=\"12\"/>\
     <circle cx=\"28\" cy=\"16\" r=\"12\"/></svg>";

/// The colour of the rings in the browser's tab, where no other is set.
const ICON_COLOR: &str = "0a7a5c";

/// Who asks, how, and in which language; what the page and the snippet have in common.
pub struct PageText<'a> {
    /// Our app, the one of `FB.init`.
    pub partner_app_id: &'a AppId,
    /// Who asks, in words for people.
    pub partner_name: &'a str,
    /// The version of the Graph API, `vNN.N`.
    pub api_version: &'a str,
    /// A configuration of Facebook Login for Business, sent instead of the scope.
    pub login_config_id: Option<&'a str>,
    /// What the page tells after the token.
    pub story: PagePurpose,
    /// Its language.
    pub lang: Lang,
    /// What it shows of us.
    pub brand: &'a Brand,
    /// What a client is asked, where the page is Embedded Signup and no Tech Provider's.
    pub signup: Option<SignupText<'a>>,
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
    troubles: Vec<OfferedTrouble>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signup: Option<SignupConfig<'a>>,
    words: Value,
}

/// One of the pop-up's errors, as it is offered for choice.
#[derive(Serialize)]
struct OfferedTrouble {
    id: &'static str,
    text: &'static str,
    for_them: Option<&'static str>,
}

/// The pages of one run.
pub(super) struct Pages {
    config: PageConfig,
}

impl Pages {
    /// The pages of this run.
    pub(super) fn new(config: &PageConfig) -> Self {
        Self {
            config: config.clone(),
        }
    }

    /// The page with the button, for the visitor of this nonce. `wished`: the browser's language.
    pub(super) fn page(&self, nonce: &str, wished: Option<Lang>) -> Reply {
        let lang = self.lang(wished);
        let config = &self.config;
        let asks = PageText {
            partner_app_id: &config.partner_app_id,
            partner_name: &config.partner_name,
            api_version: &config.api_version,
            login_config_id: config.login_config_id.as_deref(),
            story: config.story,
            lang,
            brand: &config.brand,
            signup: None,
        };
        let Ok(script_nonce) = random::short_word() else {
            return no_random_numbers();
        };
        let script = format!("<script src=\"/page.js\" nonce=\"{script_nonce}\"></script>");
        let parts = [
            ("style", "<link rel=\"stylesheet\" href=\"/page.css\">"),
            ("hook", ""),
            ("script", &script),
        ];
        let sdk = match config.sdk {
            Sdk::Meta => meta_sdk(lang),
            Sdk::StandIn { .. } => "/sdk.js".to_owned(),
        };
        let html = asks.fill(Some(nonce), &sdk, &parts);
        Reply::html(200, html, policy(&config.sdk, &sdk, &script_nonce))
    }

    /// Where the page was, when its link's days are over.
    pub(super) fn expired(&self, wished: Option<Lang>) -> Reply {
        let words = &self.lang(wished).sentences().signpost;
        self.post(410, wished, words.expired_title, words.expired_text)
    }

    /// Where the page was, when its link was taken back.
    pub(super) fn revoked(&self, wished: Option<Lang>) -> Reply {
        let words = &self.lang(wished).sentences().signpost;
        self.post(410, wished, words.revoked_title, words.revoked_text)
    }

    /// Where the page is when somebody waits for it.
    pub(super) fn unattended(&self, wished: Option<Lang>) -> Reply {
        let words = &self.lang(wished).sentences().signpost;
        self.post(503, wished, words.unattended_title, words.unattended_text)
    }

    /// What a program sees that fetches the link for nobody.
    pub(super) fn preview(&self, wished: Option<Lang>) -> Reply {
        let words = self.lang(wished).sentences();
        let name = on_one_line(&self.config.partner_name);
        let title = lang::fill(words.page.title, &[("partner", &name)]);
        self.post(200, wished, &title, words.signpost.preview_text)
    }

    /// Where there is nothing.
    pub(super) fn signpost(&self, wished: Option<Lang>) -> Reply {
        let words = &self.lang(wished).sentences().signpost;
        self.post(404, wished, words.no_page_title, words.no_page_text)
    }

    fn post(&self, status: u16, wished: Option<Lang>, title: &str, text: &str) -> Reply {
        let text = in_html(
            text,
            &[("partner", &name_in_html(&self.config.partner_name))],
        );
        let Ok(script_nonce) = random::short_word() else {
            return no_random_numbers();
        };
        let html = lang::fill_between(SIGNPOST, MARKS, |name| {
            Some(match name {
                "lang" => self.lang(wished).tag().to_owned(),
                "title" => escape(title),
                "text" => text.clone(),
                "nonce" => script_nonce.clone(),
                _ => return None,
            })
        });
        Reply::html(status, html, signpost_policy(&script_nonce))
    }

    /// The page's style, in our colour.
    pub(super) fn style(&self) -> String {
        style(&self.config.brand)
    }

    fn lang(&self, wished: Option<Lang>) -> Lang {
        wished.unwrap_or(self.config.lang)
    }
}

/// Without them no policy has its nonce.
pub(super) fn no_random_numbers() -> Reply {
    Reply::text(500, "This machine gives no random numbers.\n")
}

/// Meta's SDK in a language.
fn meta_sdk(lang: Lang) -> String {
    let locale = lang.meta_locale();
    format!("https://connect.facebook.net/{locale}/sdk.js")
}

/// The style, and after it what our colour changes.
fn style(brand: &Brand) -> String {
    let Some(color) = brand.color else {
        return STYLE.to_owned();
    };
    let soft = |color, share| format!("color-mix(in srgb, {color} {share}%, var(--card))");
    let rule = |color, share| {
        let soft = soft(color, share);
        format!(":root {{ --brand: {color}; --brand-soft: {soft}; }}")
    };
    let (light, dark) = (rule(color, 12), rule(color.in_the_dark(), 22));
    format!("{STYLE}\n{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n")
}

/// The same page as one HTML file, for the operator's own https site. Its head says what their part is:
/// a function that takes the token.
pub fn snippet(asks: &PageText<'_>) -> String {
    let style = format!("<style>\n{}</style>", style(asks.brand));
    let (sdk, hook, before) = match &asks.signup {
        None => (meta_sdk(asks.lang), HOOK.to_owned(), ""),
        Some(signup) => (
            signup
                .stand_in
                .map_or_else(|| meta_sdk(asks.lang), |origin| format!("{origin}/sdk.js")),
            signup::head(asks.partner_app_id, signup),
            signup::SCRIPT,
        ),
    };
    let script = format!("<script>\n{before}{SCRIPT}</script>");
    let parts = [("style", &*style), ("hook", &*hook), ("script", &*script)];
    asks.fill(None, &sdk, &parts)
}

impl PageText<'_> {
    /// The template with everything in its place; `parts` are markup already.
    fn fill(&self, nonce: Option<&str>, sdk: &str, parts: &[(&str, &str)]) -> String {
        let [page, script, own] = self.words();
        let config = self.script_config(nonce, sdk, script.clone());
        let fill = |template: &str, parts: &[(&str, &str)]| {
            lang::fill_between(template, MARKS, |name| {
                if let Some((_, markup)) = parts.iter().find(|(known, _)| *known == name) {
                    return Some((*markup).to_owned());
                }
                let sentence = match name.split_once('.') {
                    Some(("page", sentence)) => page[sentence].as_str(),
                    Some(("script", sentence)) => script[sentence].as_str(),
                    Some(("signup", sentence)) => own[sentence].as_str(),
                    _ => None,
                };
                match sentence {
                    Some(sentence) => Some(self.sentence(sentence)),
                    None => self.part(name, &page, &config),
                }
            })
        };
        let (facts, paste) = match self.signup {
            None => (FACTS, PASTE),
            Some(_) => (signup::FACTS, ""),
        };
        let [facts, paste] = [facts, paste].map(|template| fill(template, &[]));
        let inner = [("facts", &*facts), ("paste", &*paste)];
        fill(TEMPLATE, &[&inner, parts].concat())
    }

    /// The sentences of the page, of its script, and of Embedded Signup alone.
    fn words(&self) -> [Value; 3] {
        let words = self.lang.sentences();
        let [page, script, own] = [
            serde_json::to_value(words.page).unwrap_or_default(),
            serde_json::to_value(words.script).unwrap_or_default(),
            serde_json::to_value(words.signup).unwrap_or_default(),
        ];
        match self.signup {
            None => [page, script, own],
            Some(_) => [signup::over(page, words), signup::over(script, words), own],
        }
    }

    /// A sentence as HTML, with who asks and for what.
    fn sentence(&self, sentence: &str) -> String {
        let id = |text: &str| format!("<span class=\"id\">{text}</span>");
        let values = [
            ("partner", &*name_in_html(self.partner_name)),
            ("app_id", &*id(self.partner_app_id.as_str())),
            ("permission", &*id("manage_app_solution")),
        ];
        in_html(sentence, &values)
    }

    /// A part of the template that is no sentence by itself.
    fn part(&self, name: &str, page: &Value, config: &str) -> Option<String> {
        let words = self.lang.sentences().page;
        Some(match name {
            "lang" => self.lang.tag().to_owned(),
            "title" => {
                let name = on_one_line(self.partner_name);
                let title = page["title"].as_str().unwrap_or_default();
                escape(&lang::fill(title, &[("partner", &name)]))
            }
            "then" => self.sentence(match self.story {
                PagePurpose::ServeButton => words.next_serve_button,
                PagePurpose::Onboard => words.next_onboard,
            }),
            "access" => self.signup.as_ref()?.access(self.partner_name, self.lang),
            "mark" => self.mark(),
            "icon_color" => match self.brand.color {
                Some(color) => color.to_string().split_off(1),
                None => ICON_COLOR.to_owned(),
            },
            "privacy" => self.privacy(),
            "config" => config.to_owned(),
            _ => return None,
        })
    }

    fn script_config(&self, nonce: Option<&str>, sdk: &str, script: Value) -> String {
        let sentences = self.lang.sentences();
        let mut words = script;
        words["refused"] = serde_json::to_value(sentences.refused).unwrap_or_default();
        let offered = trouble::ALL.iter().map(|known| OfferedTrouble {
            id: known.id,
            text: sentences.troubles.text(known.id).unwrap_or(known.text),
            for_them: sentences.troubles.for_them(known.id),
        });
        let config = ScriptConfig {
            app_id: self.partner_app_id,
            version: self.api_version,
            login_config_id: self.login_config_id,
            partner: &on_one_line(self.partner_name),
            story: match self.story {
                PagePurpose::ServeButton => "serve_button",
                PagePurpose::Onboard => "onboard",
            },
            nonce,
            sdk,
            troubles: offered.collect(),
            signup: self.signup.as_ref().map(SignupText::config),
            words,
        };
        // In a script element only `<` could end it; as \u003c it is the same JSON.
        serde_json::to_string(&config)
            .unwrap_or_default()
            .replace('<', "\\u003c")
    }

    /// The logo; the name stands beside it, so it says nothing by itself.
    fn mark(&self) -> String {
        match &self.brand.logo {
            Some(data) => format!("<img class=\"logo\" src=\"{}\" alt=\"\">", escape(data)),
            None => RINGS.to_owned(),
        }
    }

    fn privacy(&self) -> String {
        let Some(url) = &self.brand.privacy_url else {
            return String::new();
        };
        let name = name_in_html(self.partner_name);
        format!(
            "<p class=\"privacy\"><a href=\"{}\" target=\"_blank\" rel=\"noopener noreferrer\">{}</a></p>",
            escape(url.as_str()),
            in_html(self.lang.sentences().page.privacy, &[("partner", &name)])
        )
    }
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

    fn snippet_with(name: &str, lang: Lang, brand: &Brand) -> String {
        snippet(&PageText {
            partner_app_id: &"1234567890".parse().unwrap(),
            partner_name: name,
            api_version: "v26.0",
            login_config_id: Some("77"),
            story: PagePurpose::ServeButton,
            lang,
            brand,
            signup: None,
        })
    }

    fn snippet_of(name: &str) -> String {
        snippet_with(name, Lang::En, &Brand::default())
    }

    #[test]
    fn no_name_becomes_markup_or_a_placeholder() {
        let html = snippet_of("<b>\"O'Brien\"\u{202e} & {{config}} {app_id} </script>");
        assert!(!html.contains("<b>"));
        let name = "&lt;b&gt;&quot;O&#39;Brien&quot; &amp; {{config}} {app_id} &lt;/script&gt;";
        assert!(html.contains(name));
        assert_eq!(html.matches("</script>").count(), 3, "hook, config, script");
    }

    #[test]
    fn every_placeholder_has_a_value() {
        for lang in Lang::ALL {
            let words = serde_json::to_value(lang.sentences()).unwrap();
            for template in [TEMPLATE, FACTS, PASTE, signup::FACTS, SIGNPOST] {
                for part in template.split("{{").skip(1) {
                    let name = part.split("}}").next().unwrap();
                    let known = match name.split_once('.') {
                        Some((group, sentence)) => words[group][sentence].is_string(),
                        None => [
                            "lang",
                            "title",
                            "text",
                            "nonce",
                            "then",
                            "mark",
                            "icon_color",
                            "privacy",
                            "config",
                            "style",
                            "hook",
                            "script",
                            "facts",
                            "paste",
                            "access",
                        ]
                        .contains(&name),
                    };
                    assert!(known, "{lang} {name}");
                }
            }
        }
        assert!(!STYLE.contains("</style") && !SCRIPT.contains("</script"));
    }

    #[test]
    fn the_script_asks_for_sentences_that_are_there() {
        let words = serde_json::to_value(Lang::En.sentences().script).unwrap();
        let asked = SCRIPT.split("words.").skip(1).map(|rest| {
            let end = rest.find(|c: char| c != '_' && !c.is_ascii_lowercase());
            &rest[..end.unwrap_or(rest.len())]
        });
        let asked: Vec<&str> = asked.collect();
        assert!(asked.len() > 20, "{asked:?}");
        for name in asked {
            assert!(name == "refused" || words[name].is_string(), "{name}");
        }
    }

    #[test]
    fn the_snippet_stands_alone() {
        let html = snippet_of("Acme");
        assert!(html.contains("window.mpsReceive = async (grant) =>"));
        assert!(html.contains(r#""login_config_id":"77""#) && html.contains(r#""nonce":null"#));
        assert!(!html.contains("href=\"/page.css\"") && !html.contains("src=\"/page.js\""));
    }

    #[test]
    fn each_language_says_so_and_loads_metas_part_in_it() {
        for lang in Lang::ALL {
            let html = snippet_with("Acme", *lang, &Brand::default());
            assert!(html.contains(&format!("<html lang=\"{lang}\" dir=\"ltr\">")));
            let sdk = format!("https://connect.facebook.net/{}/sdk.js", lang.meta_locale());
            assert!(html.contains(&sdk), "{lang}");
            let title = escape(lang.sentences().page.title).replace("{partner}", "<bdi>Acme</bdi>");
            assert!(
                html.contains(&format!("<h1 id=\"heading\">{title}</h1>")),
                "{lang}"
            );
        }
    }

    #[test]
    fn a_brand_on_the_page() {
        let brand = Brand {
            logo: Some("data:image/png;base64,AAAA".into()),
            color: Some("#7a1f1f".parse().unwrap()),
            privacy_url: Some("https://acme.example/privacy?a=1&b=\"".parse().unwrap()),
        };
        let html = snippet_with("Acme & Co", Lang::Es, &brand);
        for part in [
            "<img class=\"logo\" src=\"data:image/png;base64,AAAA\" alt=\"\">",
            "href=\"https://acme.example/privacy?a=1&amp;b=%22\"",
            "Política de privacidad de <bdi>Acme &amp; Co</bdi>",
            ":root { --brand: #7a1f1f;",
            "stroke='%237a1f1f'",
        ] {
            assert!(html.contains(part), "{part}");
        }
        assert!(!html.contains(RINGS));
        let plain = snippet_of("Acme");
        assert!(plain.contains(RINGS) && !plain.contains("class=\"privacy\""));
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
            policy(&Sdk::Meta, &meta_sdk(Lang::Es), "N"),
            "default-src 'none'; script-src 'nonce-N' https://connect.facebook.net/es_LA/sdk.js; style-src 'self'; \
             connect-src 'self' https://www.facebook.com https://graph.facebook.com; worker-src 'self'; img-src data: \
             https://www.facebook.com https://connect.facebook.net; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'"
        );
        let stand_in = Sdk::StandIn {
            js: String::new(),
            connect_origin: "http://127.0.0.1:9".into(),
        };
        assert_eq!(
            policy(&stand_in, "/sdk.js", "N"),
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
