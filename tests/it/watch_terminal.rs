//! `mps watch` on a terminal: the table of who is expected and how far they are, and the pages of those who wait for a yes.
//!
//! The one decision: what is on the screen is what a terminal shows, and a page is asked as a browser asks it.

use rustix::process::Signal;
use serde_json::Value;

use crate::{
    once_world::World,
    support::http,
    watch::{Door, done},
};

/// Nothing is under way, and this app has that state.
fn shows(state: &Value, of: &str) -> bool {
    state["progress"]["finished"] == true && state["progress"]["rows"][0]["state"] == of
}

#[test]
fn the_table_says_who_is_expected_who_came_and_how_far_they_are() {
    let world = World::of(3);
    let apps = world.apps();
    let door = Door::free();
    let lucky = door.invites(&world, "lucky", &[&apps[0]]);
    let brio = door.invites(&world, "brio", &[&apps[1]]);
    door.invites(&world, "later", &[&apps[2]]);
    let watch = format!(
        "watch --yes --no-open --port {} --public-url {}",
        door.port,
        door.public()
    );
    let terminal = world.mps(&watch).on_terminal();
    terminal.sees("3 links: 3 unopened");
    let visitor = door.opens(&lucky);
    visitor.brings(&world.grant(&[&apps[0]]));
    assert_eq!(visitor.ends(), done(&apps[0]));
    door.opens(&brio).tells("opened");
    terminal.sees("1 opened, 1 ACTIVE, 1 unopened");
    terminal.sees("REF").sees("brio").sees(&apps[0]);
    terminal.signal(Signal::INT);
    // What is drawn is taken away; the rows of those who were onboarded stay.
    let ended = terminal.finish();
    ended.code(0).stderr_has("REF    APP");
    // In a pipe there are lines and no table.
    let watch = door.watch(&world, "");
    watch.ends().stderr_lacks("unopened");
}

#[test]
fn the_page_of_who_waits_shows_a_later_yes_whoever_says_it() {
    for elsewhere in [false, true] {
        let world = World::of(1);
        let apps = world.apps();
        let door = Door::free();
        let lucky = door.invites(&world, "lucky", &[]);
        let watch = format!(
            "watch --no-open --port {} --public-url {}",
            door.port,
            door.public()
        );
        let terminal = world.mps(&watch).on_terminal();
        terminal.sees("Every link leads here");
        let visitor = door.opens(&lucky);
        visitor.brings(&world.grant(&[&apps[0]]));
        visitor.sees(|state| shows(state, "created"));
        terminal.sees("This cannot be undone.");
        if elsewhere {
            terminal.answers("n");
            assert_ne!(visitor.state()["last"], true, "somebody may still say yes");
            world.mps(&format!("accept {}", world.id(0))).run().code(0);
        } else {
            terminal.answers("y");
        }
        let last = visitor.sees(|state| shows(state, "active"));
        assert_eq!(last["last"], true);
        terminal.signal(Signal::INT);
        terminal.finish().code(0);
    }
}

#[test]
fn each_page_speaks_its_invitations_language() {
    let world = World::of(1);
    let door = Door::free();
    let mut links = Vec::new();
    for lang in ["es", "hi"] {
        let invited = world
            .mps(&format!(
                "invite --json --for in-{lang} --lang {lang} --public-url {}",
                door.public()
            ))
            .run();
        let link = invited.code(0).json()["link"].clone();
        links.push(link.as_str().unwrap().replace(&door.public(), ""));
    }
    let page = |path: &str, browser: &str| {
        let host = format!("localhost:{}", door.port);
        let headers = [("Host", host.as_str()), ("Accept-Language", browser)];
        http::request(door.address(), "GET", path, &headers, "").text()
    };
    for (typed, browser, languages) in [
        ("", "de", ["es", "hi"]),
        ("", "id", ["id", "id"]),
        (" --lang fr", "de", ["fr", "fr"]),
    ] {
        let watch = door.watch(&world, typed);
        for (path, lang) in links.iter().zip(languages) {
            let text = page(path, browser);
            assert!(text.contains(&format!("lang=\"{lang}\"")), "{lang}: {text}");
        }
        watch.stops();
    }
    // What a link that is over says, too.
    world.mps("invite revoke in-es").run().code(0);
    let watch = door.watch(&world, "");
    assert!(page(&links[0], "de").contains("lang=\"es\""));
    watch.stops();
}
