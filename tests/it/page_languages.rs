//! The page in the Tech Provider's language, with the operator's own name, logo and colour.
//!
//! The one decision: the page is looked at as a person has it, narrow and wide, light and dark, in each state that they
//! read, and measured: nothing stands out of the screen or of its button. The suite takes one language; `tests/long pages`
//! takes all and keeps the pictures.

use std::path::Path;

use serde_json::json;

use crate::{
    button::{Person, Serving, Stage, interrupted},
    profile::profile,
    support::{
        browser::{Browser, CHROMIUM, Page},
        needs,
    },
};

/// Where `tests/long pages` wants its pictures.
const PICTURES: &str = "MPS_TESTS_PAGES";

/// The directory for pictures, where somebody wants them.
#[expect(
    clippy::disallowed_methods,
    reason = "a switch of these tests, which mps never sees"
)]
fn pictures() -> Option<String> {
    std::env::var(PICTURES).ok()
}

/// What a browser wishes, the page's language then, and a word of its button.
const LANGUAGES: [(&str, &str, &str); 6] = [
    ("en-GB,en;q=0.9", "en", "Continue with Facebook"),
    ("es-MX,es;q=0.9,en;q=0.8", "es", "Continuar con Facebook"),
    ("pt-PT,pt;q=0.9", "pt-BR", "Continuar com o Facebook"),
    ("fr-CA,en;q=0.5", "fr", "Continuer avec Facebook"),
    ("id", "id", "Lanjutkan dengan Facebook"),
    ("hi-IN,hi;q=0.9", "hi", "Facebook के साथ जारी रखें"),
];

/// A logo that would act if the browser let it.
const LOGO: &str = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 120 40' width='120' height='40' \
    onload=\"document.title='taken'\"><script>parent.document.title = 'taken'</script>\
    <rect width='120' height='40' rx='8' fill='#7a1f5c'/><circle cx='22' cy='20' r='10' fill='#fff'/></svg>";

/// What stands out of the screen, or text that stands out of its button.
const STANDS_OUT: &str = "[...document.querySelectorAll('main, main *')].filter((e) => e.getClientRects().length
    && !e.closest('.unseen, svg, option')
    && (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1
        || (e.matches('button') && e.scrollWidth > e.clientWidth + 1))).map((e) => e.outerHTML.slice(0, 120))";

/// Looks at the page at every width, and takes pictures where somebody wants them.
pub(crate) fn looked_at(page: &Page, name: &str) {
    let wanted = pictures();
    for (width, dark) in [(320, false), (320, true), (1000, false), (1000, true)] {
        let scheme = if dark { "dark" } else { "light" };
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        page.call("Emulation.setEmulatedMedia", &media);
        let resize = |height: serde_json::Value| {
            let size =
                json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
            page.call("Emulation.setDeviceMetricsOverride", &size);
        };
        resize(json!(600));
        assert_eq!(page.evaluate(STANDS_OUT), json!([]), "{name} {width}");
        let Some(dir) = &wanted else { continue };
        resize(page.evaluate("document.documentElement.scrollHeight"));
        let taken = page.screenshot("page.png");
        let picture = format!("{name}-{width}-{scheme}.png");
        std::fs::copy(taken, Path::new(dir).join(picture)).expect("a picture");
    }
}

/// An onboarding whose page shows a brand, in a browser with a wish.
struct Visit {
    serving: Serving,
    page: Page,
}

impl Visit {
    fn begin(stage: &Stage, browser: &Browser, accept: &str, more: &[&str]) -> Self {
        let logo = stage.home.file("logo.svg", LOGO);
        profile(
            &stage.home,
            "default",
            &format!(
                "brand_name = \"Brightline & Söhne\"\nbrand_logo = {:?}\nbrand_color = \"#7a1f5c\"\n\
                 privacy_url = \"https://brightline.example/privacy\"\n",
                logo.display().to_string()
            ),
        );
        let args = [
            "onboard",
            "--http",
            "--port",
            "0",
            "--yes",
            "--accept-anyone",
        ];
        let serving = Serving::start(stage.mps().args(args).args(more));
        let page = browser.open("about:blank");
        page.call("Network.enable", &json!({}));
        let headers = json!({"headers": {"Accept-Language": accept}});
        page.call("Network.setExtraHTTPHeaders", &headers);
        page.goes_to(&serving.url);
        page.is_in("ready");
        Self { serving, page }
    }

    fn looked_at(&self, name: &str) {
        looked_at(&self.page, name);
    }

    /// From the first look to the ids.
    fn whole_way(self, lang: &str, button: &str) {
        let page = &self.page;
        assert_eq!(page.evaluate("document.documentElement.lang"), lang);
        assert_eq!(page.text("#login"), button);
        page.sees_text("Brightline & Söhne");
        let privacy = page.evaluate("document.querySelector('.privacy a').href");
        assert_eq!(privacy, "https://brightline.example/privacy");
        let drawn = page.evaluate("document.querySelector('.logo').naturalWidth");
        assert_eq!(drawn, 120, "the logo is shown");
        assert_ne!(page.evaluate("document.title"), "taken");
        self.looked_at(&format!("{lang}-1-ready"));
        page.clicks("#login");
        let dialog = page.popup();
        page.is_in("waiting");
        self.looked_at(&format!("{lang}-2-waiting"));
        dialog.clicks("#cancel").is_closed();
        page.is_in("closed");
        self.looked_at(&format!("{lang}-3-closed"));
        page.evaluate("document.querySelector('#trouble-known').value = 'feed', document.querySelector('#trouble-form').requestSubmit()");
        // Its answer moves what stands below it.
        page.sees("#trouble-answer:not([hidden])");
        page.clicks("#paste summary");
        page.types("#paste-token", "not a token")
            .clicks("#paste-form button");
        page.is_in("refused");
        self.looked_at(&format!("{lang}-4-refused"));
        page.grants_all();
        page.is_in("finished").sees_text("extras.setup.solutionID");
        self.looked_at(&format!("{lang}-5-finished"));
        let shown =
            "[...document.querySelectorAll('.solution .id')].map(id => id.textContent).join(' ')";
        let shown = page.evaluate(shown);
        let refused = |error: &String| error.contains("Content Security Policy");
        assert!(!page.errors().iter().any(refused), "{:?}", page.errors());
        let names = page.evaluate(
            "[...document.querySelectorAll('.rows .name')].map(n => n.textContent).join()",
        );
        assert!(
            names.as_str().unwrap().contains("Lucky Shrub + "),
            "{names}"
        );
        let outcome = self.serving.run.finish();
        outcome.code(0);
        for id in outcome.lines() {
            assert!(shown.as_str().unwrap().contains(id), "{id} {shown}");
        }
    }
}

#[test]
fn the_page_speaks_the_browsers_language_and_fits() {
    if !needs(CHROMIUM) {
        return;
    }
    let all = pictures().is_some();
    let browser = Browser::start();
    for (accept, lang, button) in LANGUAGES {
        if all || lang == "pt-BR" {
            let stage = Stage::new();
            Visit::begin(&stage, &browser, accept, &["--all"]).whole_way(lang, button);
        }
    }
}

#[test]
fn a_browser_that_wishes_another_language_gets_the_operators_choice() {
    if !needs(CHROMIUM) {
        return;
    }
    let browser = Browser::start();
    let stage = Stage::new();
    for (more, lang) in [(&["--all", "--lang", "fr"][..], "fr"), (&["--all"], "en")] {
        let visit = Visit::begin(&stage, &browser, "de-DE,de;q=0.9", more);
        assert_eq!(visit.page.evaluate("document.documentElement.lang"), lang);
        interrupted(visit.serving.run);
    }
}

#[test]
fn one_solution_says_how_it_is_used() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::new();
    let visit = Visit::begin(
        &stage,
        &Browser::start(),
        "en",
        &["--app-id", "212022489970390"],
    );
    visit.page.grants_all();
    visit
        .page
        .is_in("finished")
        .sees_text("Your solution is ready");
    let code = visit.page.text("#use-code");
    let outcome = visit.serving.run.finish();
    outcome.code(0);
    let id = outcome.lines()[0];
    assert_eq!(
        code,
        format!("extras: {{ setup: {{ solutionID: \"{id}\" }} }}")
    );
}
