//! Many links at one address, tickets, and what is glued to a link.

use std::sync::Mutex;

use super::*;

/// A book whose pages can be rewritten.
#[derive(Default)]
struct Book(Mutex<Vec<(String, KnownLink)>>);

impl Book {
    fn write(&self, path: &str, label: &str, standing: LinkStanding) {
        let mut links = self.0.lock().unwrap();
        links.retain(|(known, _)| known != path);
        let link = KnownLink {
            label: Some(label.into()),
            standing,
            lang: None,
        };
        links.push((path.to_owned(), link));
    }
}

impl LinkBook for Book {
    fn find(&self, path: &str, _: Timestamp) -> Option<KnownLink> {
        let links = self.0.lock().unwrap();
        let found = links.iter().find(|(known, _)| known == path)?;
        Some(found.1.clone())
    }
}

const ONE: &str = "/aaaaaaaaaaaaaaaaaaaaa1";
const TWO: &str = "/aaaaaaaaaaaaaaaaaaaaa2";

async fn with_book() -> (Catcher, Arc<Book>, tempfile::TempDir) {
    let (dir, book) = (tempfile::tempdir().unwrap(), Arc::new(Book::default()));
    let config = PageConfig {
        links: Links::Book(Arc::clone(&book) as Arc<dyn LinkBook>),
        story: PagePurpose::Onboard,
        ..config(dir.path(), ListenMode::Http)
    };
    (bind(config, LONG).await, book, dir)
}

#[tokio::test]
async fn links_that_are_made_and_taken_back_while_it_runs() {
    let (catcher, book, _dir) = with_book().await;
    assert_eq!(
        catcher.url(),
        format!("http://localhost:{}", catcher.port())
    );
    assert_eq!(catcher.ticket_url().unwrap(), None);
    assert_eq!(status(&get(&catcher, ONE).await), 404);
    for (standing, expected, says, kind) in [
        (
            LinkStanding::Unattended,
            503,
            "Please come back a little later",
            "link_unattended",
        ),
        (
            LinkStanding::Expired,
            410,
            "This link has expired",
            "link_expired",
        ),
        (
            LinkStanding::Revoked,
            410,
            "This link holds no more",
            "link_revoked",
        ),
    ] {
        book.write(ONE, "Acme", standing);
        let answer = get(&catcher, ONE).await;
        assert_eq!(status(&answer), expected);
        assert!(
            answer.contains(says) && !answer.contains("nonce\":"),
            "{answer}"
        );
        let happening = catcher.next().await;
        assert_eq!(happening.event.kind(), kind);
        assert_eq!(happening.label.as_deref(), Some("Acme"));
    }
    book.write(ONE, "Acme", LinkStanding::Awaited);
    let nonce = nonce_at(&catcher, ONE).await;
    // A page that is open when its days end may still bring its token; one whose link was taken back may not.
    let body = json!({"accessToken": TOKEN});
    book.write(ONE, "Acme", LinkStanding::Revoked);
    assert_eq!(status(&post(&catcher, &nonce, "/token", &body).await), 410);
    book.write(ONE, "Acme", LinkStanding::Expired);
    assert_eq!(status(&post(&catcher, &nonce, "/token", &body).await), 202);
}

fn row(name: &str) -> ProgressRow {
    ProgressRow {
        app_id: "1".parse().unwrap(),
        app_name: name.to_owned(),
        state: RowState::Creating,
        solution_id: None,
        solution_name: None,
        note: None,
    }
}

#[tokio::test]
async fn two_visitors_at_two_links_see_their_own_only() {
    let (catcher, book, _dir) = with_book().await;
    book.write(ONE, "Acme", LinkStanding::Awaited);
    book.write(TWO, "Brio", LinkStanding::Awaited);
    let mut visitors = Vec::new();
    for (path, label) in [(ONE, "Acme"), (TWO, "Brio")] {
        let nonce = nonce_at(&catcher, path).await;
        let body = json!({"accessToken": format!("{TOKEN}{label}")});
        assert_eq!(status(&post(&catcher, &nonce, "/token", &body).await), 202);
        visitors.push((nonce, label));
    }
    // Both are checked at once.
    let mut ids = Vec::new();
    for (_, label) in &visitors {
        let happening = catcher.next().await;
        assert!(matches!(happening.event, PageEvent::Grant(_)));
        assert_eq!(happening.label.as_deref(), Some(*label));
        ids.push(happening.visitor.unwrap());
    }
    for (id, (_, label)) in ids.iter().zip(&visitors) {
        catcher.judged(*id, Verdict::Accepted);
        catcher.page_of(*id).show(Progress {
            rows: vec![row(label)],
            ..Progress::default()
        });
    }
    for (nonce, label) in &visitors {
        let shown = state(&catcher, nonce).await;
        assert_eq!(shown["progress"]["rows"][0]["app_name"], **label);
    }
    let stranger = nonce_at(&catcher, ONE).await;
    assert_eq!(state(&catcher, &stranger).await["progress"], json!(null));
    for nonce in [&visitors[0].0, &visitors[1].0] {
        post(&catcher, nonce, "/event", &json!({"kind": "left"})).await;
    }
    catcher.close(Duration::from_secs(600)).await;
}

#[tokio::test]
async fn what_a_message_glues_to_a_link_is_taken_off() {
    let (catcher, _dir) = plain(LONG).await;
    let link = path(&catcher);
    for glued in [".", ")", "/", "%29", "?fbclid=x"] {
        let answer = get(&catcher, &format!("{link}{glued}")).await;
        if glued.starts_with('?') {
            assert_eq!(status(&answer), 200);
        } else {
            assert_eq!(status(&answer), 303, "{glued}");
            assert!(
                answer.contains(&format!("\r\nLocation: {link}\r\n")),
                "{answer}"
            );
        }
    }
    assert_eq!(status(&get(&catcher, &format!("{ONE}.")).await), 404);
}

#[tokio::test]
async fn a_ticket_leads_to_the_link_once_and_a_second_use_ends_both() {
    let (catcher, _dir) = plain(LONG).await;
    let link = path(&catcher);
    let ticket: url::Url = catcher.ticket_url().unwrap().unwrap().parse().unwrap();
    assert!(!ticket.path().contains(&link[1..]));
    let answer = get(&catcher, ticket.path()).await;
    assert_eq!(status(&answer), 303);
    assert!(
        answer.contains(&format!("\r\nLocation: {link}\r\n")),
        "{answer}"
    );
    let thief = nonce(&catcher).await;
    assert_eq!(status(&get(&catcher, ticket.path()).await), 404);
    assert_eq!(catcher.next().await.event, PageEvent::TicketTaken);
    assert_eq!(status(&get(&catcher, &link).await), 404, "the old one");
    assert_eq!(state(&catcher, &thief).await["phase"], "ended");
    let body = json!({"accessToken": TOKEN});
    assert_eq!(status(&post(&catcher, &thief, "/token", &body).await), 410);
    assert_ne!(path(&catcher), link);
    assert_eq!(status(&get(&catcher, &path(&catcher)).await), 200);
    assert_eq!(status(&get(&catcher, ticket.path()).await), 404);
}

#[tokio::test]
async fn a_previewer_is_nobody() {
    let (catcher, _dir) = plain(LONG).await;
    let (port, link) = (catcher.port(), path(&catcher));
    let request = format!(
        "GET {link} HTTP/1.1\r\nHost: localhost:{port}\r\nUser-Agent: WhatsApp/2.23.20.0 A\r\n\r\n"
    );
    let answer = ask(&catcher, &request).await;
    assert_eq!(status(&answer), 200);
    assert!(answer.contains("<title>Connect your app with Lucky &lt;Shrub&gt;</title>"));
    assert!(!answer.contains("nonce\":"), "{answer}");
    assert_eq!(catcher.next().await.event, PageEvent::Previewed);
}

#[tokio::test]
async fn the_other_loopback_address_is_held_or_its_holder_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let only_v4 = |port| PageConfig {
        listen: "127.0.0.1".parse().ok(),
        port,
        ..config(dir.path(), ListenMode::Http)
    };
    let v6 = |port| std::net::TcpListener::bind((std::net::Ipv6Addr::LOCALHOST, port));
    let catcher = bind(only_v4(0), LONG).await;
    let port = catcher.port();
    assert!(v6(port).is_err(), "nobody else gets it");
    assert!(
        catcher
            .notes()
            .iter()
            .all(|note| !note.text.contains("Another program"))
    );
    catcher.close(Duration::ZERO).await;
    let Ok(_other) = v6(port) else { return };
    let catcher = bind(only_v4(port), LONG).await;
    let notes: Vec<_> = catcher.notes().into_iter().map(|note| note.text).collect();
    assert!(
        notes
            .concat()
            .contains(&format!("Another program has [::1]:{port}")),
        "{notes:?}"
    );
}

#[tokio::test]
async fn a_storm_of_silent_connections_cuts_no_begun_request_off() {
    let (catcher, _dir) = plain(Limits {
        connections: 8,
        ..LONG
    })
    .await;
    let mut begun = connect(&catcher).await;
    begun.write_all(b"GET /page.js HT").await.unwrap();
    let mut silent = Vec::new();
    for _ in 0..200 {
        silent.push(connect(&catcher).await);
    }
    let port = catcher.port();
    let rest = format!("TP/1.1\r\nHost: localhost:{port}\r\n\r\n");
    assert_eq!(status(&talk(begun, rest.as_bytes()).await), 200);
}

#[tokio::test]
async fn a_published_port_answers_to_its_own_name_only() {
    let dir = tempfile::tempdir().unwrap();
    let mode = ListenMode::Https {
        cert: None,
        key: None,
        published: "https://localhost:9443".parse().ok(),
    };
    let catcher = bind(config(dir.path(), mode), LONG).await;
    assert!(catcher.url().starts_with("https://localhost:9443/"));
    assert_eq!(
        catcher.ticket_url().unwrap(),
        None,
        "a browser here would not come here"
    );
    for (host, expected) in [
        ("localhost:9443".to_owned(), 200),
        (format!("localhost:{}", catcher.port()), 421),
    ] {
        let stream = listener::tls_client(dir.path())
            .connect(
                "localhost".to_owned().try_into().unwrap(),
                connect(&catcher).await,
            )
            .await
            .unwrap();
        let request = format!("GET {} HTTP/1.1\r\nHost: {host}\r\n\r\n", path(&catcher));
        assert_eq!(status(&talk(stream, request.as_bytes()).await), expected);
    }
}
