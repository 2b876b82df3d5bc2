//! Tech Providers from one spreadsheet at one watch: by browser and by the page's own requests, two at the same moment,
//! one who cancels, one who brings another app, one who asks in their own dashboard, and a watch that is killed while it
//! creates.
//!
//! The one decision: the same walk for the suite and for `tests/long crowd`, which only makes it longer.

use std::{
    io::Write as _,
    sync::{
        Arc, Barrier,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::{Value, json};

use crate::{
    button::Person as _,
    once_world::{Dice, Moment, World},
    stage::PARTNER,
    support::{
        browser::{Browser, CHROMIUM, Page},
        needs,
    },
    watch::{CREATE, Door},
};

/// How many Tech Providers `tests/long crowd` wants.
const CROWD: &str = "MPS_TESTS_CROWD";

/// The first of the list, by what they do.
const CANCELS: usize = 0;
const OTHER_APP: usize = 1;
const DASHBOARD: usize = 2;
const TOGETHER: [usize; 2] = [3, 4];
const KILLED: usize = 5;
const REST: usize = 6;

#[expect(
    clippy::disallowed_methods,
    reason = "a switch of these tests, which mps never sees"
)]
fn wanted() -> Option<usize> {
    std::env::var(CROWD).ok().and_then(|many| many.parse().ok())
}

/// A Tech Provider of the list.
struct Invited {
    label: String,
    path: String,
    app: String,
}

/// The list as a spreadsheet saves it, and the links that come of it.
fn invites(world: &World, door: &Door, many: usize) -> Vec<Invited> {
    let apps = world.apps();
    let label = |at: usize| format!("Provider {at}; Ltd");
    let lines: String = (0..many)
        .map(|at| format!("\"{}\";{};fr\r\n", label(at), apps[at]))
        .collect();
    let file = world.home.file(
        "providers.csv",
        format!("\u{feff}ref;app_ids;lang\r\n{lines}"),
    );
    let invited = world
        .mps("invite --json --public-url")
        .args([door.public().as_str(), "--from", file.to_str().unwrap()])
        .run();
    invited.code(0);
    let lines = invited.json_lines();
    assert_eq!(lines.len(), many);
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    lines
        .iter()
        .zip(apps)
        .map(|(line, app)| Invited {
            label: text(&line["ref"]),
            path: text(&line["link"]).replace(&door.public(), ""),
            app,
        })
        .collect()
}

/// Opens the link in a browser.
fn comes(browser: &Browser, door: &Door, invited: &Invited) -> Page {
    let page = browser.open("about:blank");
    page.hurries()
        .goes_to(&format!("{}{}", door.public(), invited.path));
    page.is_in("ready");
    page
}

/// Goes through the dialog with their own app.
fn clicks(page: &Page, app: &str) {
    page.clicks("#login");
    let dialog = page.popup();
    dialog.clicks(&format!("input[value=\"{app}\"]"));
    dialog.clicks("#next").sees("#confirm:not([hidden])");
    dialog.evaluate("setTimeout(() => document.querySelector('#confirm').click(), 20), 0");
    dialog.is_closed();
}

/// What the page ends with: the id.
fn is_done(page: &Page) -> String {
    page.is_in("finished");
    page.text(".solution .id")
}

#[test]
fn each_of_a_crowd_ends_with_their_own_and_what_went_otherwise_is_told() {
    if !needs(CHROMIUM) {
        return;
    }
    let many = wanted().unwrap_or(REST + 1);
    let world = World::of(many + 1);
    let door = Door::free();
    let crowd = invites(&world, &door, many);
    let no_ones = world.apps().pop().expect("an app");
    let watch = door.watch(&world, "");

    // Whoever cancels is told of, with their label, and may come again.
    let first = Browser::start();
    let page = comes(&first, &door, &crowd[CANCELS]);
    page.clicks("#login").popup().clicks("#cancel").is_closed();
    page.is_in("closed");
    let told = watch.run.wait_for_line("closed_without_token");
    assert!(told.contains(&crowd[CANCELS].label), "{told}");

    // Two at the same moment.
    let moment = Arc::new(Barrier::new(TOGETHER.len()));
    let both = TOGETHER.map(|at| {
        let (visitor, token) = (door.opens(&crowd[at].path), world.grant(&[&crowd[at].app]));
        let (moment, app) = (Arc::clone(&moment), crowd[at].app.clone());
        thread::spawn(move || {
            moment.wait();
            visitor.brings(&token);
            assert_eq!(visitor.ends(), [(app, "active".to_owned())]);
        })
    });
    for one in both {
        one.join().expect("their own app, ACTIVE");
    }

    // An app that nobody expects is created, and waits.
    let visitor = door.opens(&crowd[OTHER_APP].path);
    visitor.brings(&world.grant(&[&no_ones]));
    assert_eq!(visitor.ends(), [(no_ones.clone(), "created".to_owned())]);
    let waiting = watch.row(&no_ones);
    assert_eq!(
        (&waiting["event"], &waiting["ref"]),
        (&json!("waiting"), &json!(crowd[OTHER_APP].label))
    );

    // Killed between Meta's doing and its answer, with a browser at the page.
    let created = world.gate.hold_at(1, Moment::AfterMeta, CREATE);
    let page = comes(&first, &door, &crowd[KILLED]);
    clicks(&page, &crowd[KILLED].app);
    created.reached();
    watch.run.kill().killed_by(9);
    created.open();
    page.is_in("lost");
    let from_dashboard = json!({"owner_app_id": crowd[DASHBOARD].app, "name": "From a dashboard", "status": "INITIATED"});
    world.seed(&from_dashboard);
    let watch = door.watch(&world, "");
    page.is_in("stale");
    for at in [KILLED, DASHBOARD] {
        let row = watch.row(&crowd[at].app);
        assert_eq!(
            (&row["event"], &row["ref"]),
            (&json!("done"), &json!(crowd[at].label))
        );
    }

    // The rest in any order, every third in a browser of their own.
    let mut rest: Vec<usize> = (REST..many).collect();
    let mut dice = Dice(0x5eed);
    for last in (1..rest.len()).rev() {
        rest.swap(last, dice.below(last + 1));
    }
    let (mut at_pages, mut at_home, mut browsers) = (Vec::new(), Vec::new(), vec![first]);
    for (turn, at) in rest.into_iter().enumerate() {
        let invited = &crowd[at];
        if turn % 3 == 0 {
            let browser = Browser::start();
            let page = comes(&browser, &door, invited);
            clicks(&page, &invited.app);
            at_pages.push((at, page));
            browsers.push(browser);
        } else {
            let visitor = door.opens(&invited.path);
            visitor.brings(&world.grant(&[&invited.app]));
            at_home.push((at, visitor));
        }
    }
    for (at, page) in &at_pages {
        assert_eq!(
            is_done(page),
            watch.row(&crowd[*at].app)["solution_id"].as_str().unwrap()
        );
    }
    for (at, visitor) in &at_home {
        assert_eq!(
            visitor.ends(),
            [(crowd[*at].app.clone(), "active".to_owned())]
        );
    }
    watch.stops();
    let told = each_has_their_own(&world, &crowd, &no_ones);
    if wanted().is_some() {
        let browsers = browsers.len();
        let line = format!("{many} Tech Providers, {browsers} browsers: {told}\n");
        let _ = std::io::stderr().write_all(line.as_bytes());
    }
}

/// What became of each: with Meta, in the list of invitations, in the message.
fn each_has_their_own(world: &World, crowd: &[Invited], no_ones: &str) -> String {
    let solutions = world.solutions();
    let active = solutions.iter().filter(|(_, status)| status == "ACTIVE");
    let active = active.count();
    assert_eq!(active, crowd.len() - 2);
    assert!(solutions.contains(&(no_ones.to_owned(), "INITIATED".to_owned())));
    assert_eq!(solutions.len(), active + 1);
    let listed = world.mps("invite list --json").run();
    let listed = listed.code(0).json_lines();
    let mut handoffs = 0;
    for (at, invited) in crowd.iter().enumerate() {
        let line = listed
            .iter()
            .find(|line| line["ref"] == invited.label.as_str())
            .expect("a line of the list");
        let expected = match at {
            CANCELS => "opened",
            OTHER_APP => "signed_in",
            _ => "ACTIVE",
        };
        assert_eq!(line["state"], expected, "{line}");
        let handoff = world
            .mps("handoff --json --for")
            .args([invited.label.as_str()])
            .run();
        if at == CANCELS {
            handoff.code(1).stderr_has(&invited.label);
            continue;
        }
        let message = handoff.code(0).json().to_string();
        for id in listed.iter().flat_map(|other| {
            let ids = other["solution_ids"].as_array().cloned();
            ids.unwrap_or_default()
        }) {
            let own = line["solution_ids"]
                .as_array()
                .is_some_and(|own| own.contains(&id));
            assert_eq!(message.contains(id.as_str().unwrap()), own, "{message}");
        }
        handoffs += usize::from(at != OTHER_APP);
    }
    format!(
        "{active} ACTIVE, 1 cancelled and told, 1 INITIATED and told as waiting, {handoffs} hand-offs of their own"
    )
}

/// How often Meta was asked so.
fn times(count: &AtomicUsize, many: usize) {
    while count.load(Ordering::SeqCst) < many {
        thread::yield_now();
    }
}

/// A listing of our side costs as many pages as we have solutions: who waits for one takes the same as the others.
#[test]
fn those_who_come_together_look_at_our_side_together() {
    const MANY: usize = 6;
    let world = World::of(MANY);
    let (apps, door) = (world.apps(), Door::free());
    let label = |at: usize| format!("provider-{at}");
    let paths = apps.iter().enumerate();
    let paths: Vec<String> = paths
        .map(|(at, app)| door.invites(&world, &label(at), &[app]))
        .collect();
    let ours = format!("{PARTNER}/whatsapp_business_solutions");
    let (listings, granted) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let seen = (Arc::clone(&listings), Arc::clone(&granted), ours.clone());
    world.gate.witnessed(move |line| {
        let (listings, granted, ours) = &seen;
        listings.fetch_add(usize::from(line.contains(ours.as_str())), Ordering::SeqCst);
        let apps = line.contains("/me/application_details");
        granted.fetch_add(usize::from(apps), Ordering::SeqCst);
    });
    let watch = door.watch(&world, "");
    // The watch's own look for requests from dashboards.
    times(&listings, 1);
    let first = world.gate.hold_at(1, Moment::AfterMeta, &ours);
    let mut visitors = Vec::new();
    for (at, path) in paths.iter().enumerate() {
        let visitor = door.opens(path);
        visitor.brings(&world.grant(&[&apps[at]]));
        if at == 0 {
            first.reached();
        }
        visitors.push(visitor);
    }
    times(&granted, MANY);
    first.open();
    for (visitor, app) in visitors.iter().zip(&apps) {
        assert_eq!(visitor.ends(), [(app.clone(), "active".to_owned())]);
    }
    // Each needs one before the create, and one that is younger than the create before the accept.
    let looks = listings.load(Ordering::SeqCst) - 1;
    assert!(looks < 2 * MANY, "{looks}");
    watch.stops();
    world.is_whole();
}
