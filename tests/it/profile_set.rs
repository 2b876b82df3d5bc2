//! `mps profile set`, and the settings that only a profile holds.

use std::fs;

use crate::{
    profile::profile,
    support::{Home, Mps},
};

#[test]
fn one_key_is_set_and_taken_away() {
    let home = Home::new();
    let file = profile(&home, "default", "# Ours.\npartner_app_id = \"7\"\n");
    let set = |args: &[&str]| Mps::at(&home).args(["profile", "set"]).args(args).run();
    for (key, value, why) in [
        ("lang", "de", "none of the languages"),
        ("brand_color", "#ffcc00", "would do"),
        ("brand_logo", "none.png", "cannot be read"),
        ("privacy_url", "http://x.example", "https"),
        ("jobs", "0", "from 1 to 64"),
    ] {
        let said = format!("{key}: ");
        set(&[key, value]).code(2).stderr_has(&said).stderr_has(why);
    }
    set(&["colour", "red"])
        .code(2)
        .stderr_has("colour is no setting")
        .stderr_has("brand_color");
    set(&["system_token", "EAAx"])
        .code(2)
        .stderr_has("holds none")
        .stderr_lacks("EAAx");
    let logo = home.file("logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'></svg>");
    set(&["brand_logo", logo.to_str().unwrap()]).code(0);
    set(&["brand_name", "Acme & Co"]).code(0).stdout("");
    set(&["lang", "pt-BR"]).code(0);
    set(&["brand_name", ""])
        .code(0)
        .stderr_has("Took brand_name out");
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        format!(
            "# Ours.\npartner_app_id = \"7\"\nbrand_logo = \"{}\"\nlang = \"pt-BR\"\n",
            logo.display()
        )
    );
    set(&["lang", "es", "--profile", "nowhere"])
        .code(2)
        .stderr_has("nowhere");
    let fresh = Home::new();
    Mps::at(&fresh)
        .args(["profile", "set", "lang", "es"])
        .run()
        .code(0)
        .stderr_has("Set lang to \"es\" in profile default");
}

#[test]
fn what_the_page_shows_of_us_is_judged_before_it_is_served() {
    let home = Home::new();
    for (line, why) in [
        (
            "brand_color = \"#fc0\"",
            "brand_color in the profile: #ffcc00 is too light",
        ),
        (
            "brand_logo = \"logo.png\"",
            "brand_logo in the profile: logo.png depends on",
        ),
        (
            "privacy_url = \"x\"",
            "privacy_url in the profile: \"x\" is not an address",
        ),
        ("lang = \"xx\"", "lang in the profile: \"xx\" is none of"),
    ] {
        profile(
            &home,
            "default",
            &format!("partner_name = \"Acme\"\npartner_app_id = \"7\"\n{line}\n"),
        );
        let snippet = Mps::at(&home).args(["snippet", "button"]).run();
        snippet.code(2).stdout("").stderr_has(why);
        let (key, _) = line.split_once(' ').unwrap();
        let rows = Mps::at(&home)
            .args(["doctor", "--json", "--graph-url", "http://127.0.0.1:9"])
            .run();
        rows.code(4);
        let row = rows
            .json_lines()
            .into_iter()
            .find(|row| row["check"] == key);
        assert_eq!(row.unwrap()["result"], "failed", "{rows}");
    }
}
