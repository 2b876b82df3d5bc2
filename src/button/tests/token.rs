//! What comes to the page and what it fetches.

use super::*;
use crate::button::link::new_path;

#[tokio::test]
async fn a_token_from_the_click_to_the_end() {
    let (catcher, _dir) = plain(LONG).await;
    let nonce = nonce(&catcher).await;
    assert_eq!(
        status(&post(&catcher, &nonce, "/event", &json!({"kind": "opened"})).await),
        200
    );
    assert_eq!(catcher.next().await.event, PageEvent::Opened);

    let body = json!({"accessToken": TOKEN, "userID": "998877", "expiresIn": 6543});
    assert_eq!(status(&post(&catcher, &nonce, "/token", &body).await), 202);
    let Happening {
        visitor: Some(visitor),
        event: PageEvent::Grant(grant),
        ..
    } = catcher.next().await
    else {
        panic!()
    };
    assert_eq!(
        (grant.token.secret().expose(), grant.expires_in),
        (TOKEN, Some(6543))
    );
    assert_eq!(
        status(&post(&catcher, &nonce, "/token", &body).await),
        202,
        "sent twice"
    );
    assert_eq!(state(&catcher, &nonce).await["phase"], "checking");

    catcher.judged(visitor, Verdict::Refused(TokenReason::Expired));
    assert_eq!(state(&catcher, &nonce).await["refused"]["code"], "expired");
    catcher.judged(visitor, Verdict::Accepted);
    let shown = state(&catcher, &nonce).await;
    assert_eq!(
        (&shown["phase"], &shown["last"]),
        (&json!("accepted"), &json!(true))
    );
    assert_eq!(status(&post(&catcher, &nonce, "/token", &body).await), 410);
    catcher.close(Duration::from_secs(600)).await;
}

#[tokio::test]
async fn a_bad_signature_never_becomes_a_grant() {
    let dir = tempfile::tempdir().unwrap();
    let catcher = bind(
        PageConfig {
            app_secret: crate::secret::AppSecret::parse("another").ok(),
            ..config(dir.path(), ListenMode::Http)
        },
        LONG,
    )
    .await;
    let nonce = nonce(&catcher).await;
    let body = json!({"accessToken": TOKEN, "signedRequest": signed_request::tests::VECTOR});
    let answer = post(&catcher, &nonce, "/token", &body).await;
    assert!(
        status(&answer) == 422 && answer.contains(r#"{"refused":{"code":"not_signed"}}"#),
        "{answer}"
    );
    assert!(matches!(
        catcher.next().await.event,
        PageEvent::BadToken { .. }
    ));
    assert_eq!(state(&catcher, &nonce).await["phase"], "open");
}

#[tokio::test]
async fn the_end_waits_until_the_page_has_the_ids() {
    let dir = tempfile::tempdir().unwrap();
    let catcher = bind(
        PageConfig {
            story: PagePurpose::Onboard,
            ..config(dir.path(), ListenMode::Http)
        },
        LONG,
    )
    .await;
    let nonce = nonce(&catcher).await;
    post(&catcher, &nonce, "/token", &json!({"accessToken": TOKEN})).await;
    let visitor = catcher.next().await.visitor.unwrap();
    catcher.judged(visitor, Verdict::Accepted);
    assert_eq!(state(&catcher, &nonce).await["last"], false);
    catcher.page_of(visitor).show(Progress {
        rows: vec![ProgressRow {
            app_id: "1".parse().unwrap(),
            app_name: "Chat".into(),
            state: RowState::Active,
            solution_id: "77".parse().ok(),
            solution_name: None,
            note: None,
        }],
        finished: true,
        ..Progress::default()
    });
    let port = catcher.port();
    let mut page = connect(&catcher).await;
    let close = tokio::spawn(catcher.close(Duration::from_secs(600)));
    // The page asks in two halves, so that the close meets a request under way.
    let request =
        format!("GET /state HTTP/1.1\r\nHost: localhost:{port}\r\nX-Mps-Nonce: {nonce}\r\n\r\n");
    page.write_all(request.as_bytes()).await.unwrap();
    let answer = talk(page, b"").await;
    close.await.unwrap();
    let shown: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(
        shown["progress"]["rows"][0],
        json!({
            "app_id": "1", "app_name": "Chat", "state": "active", "solution_id": "77", "solution_name": null, "note": null
        })
    );
}

#[tokio::test]
async fn a_kept_link_and_the_signpost() {
    let dir = tempfile::tempdir().unwrap();
    let kept = PageConfig {
        links: Links::One(
            Link::kept("Chat Ltd", new_path().unwrap(), Timestamp::MAX),
            None,
        ),
        ..config(
            dir.path(),
            ListenMode::Behind {
                public: "http://localhost:1".parse().unwrap(),
            },
        )
    };
    let catcher = bind(kept.clone(), LONG).await;
    let path = catcher
        .url()
        .rsplit_once('/')
        .map(|(_, word)| format!("/{word}"))
        .unwrap();
    assert_eq!(path.len(), 23);
    assert_eq!(status(&get(&catcher, &path).await), 200);
    assert_eq!(
        status(&get(&catcher, &format!("{path}?fbclid=x")).await),
        200
    );
    let signpost = get(&catcher, "/").await;
    assert!(status(&signpost) == 404 && signpost.contains("mps-link") && !signpost.contains(&path));
    assert!(!format!("{catcher:?}").contains(&path));
    catcher.close(Duration::ZERO).await;
    let catcher = bind(kept, LONG).await;
    assert_eq!(
        status(&get(&catcher, &path).await),
        200,
        "the same after a restart"
    );
}

#[tokio::test]
async fn a_run_that_outlives_its_link_serves_it_no_longer() {
    let dir = tempfile::tempdir().unwrap();
    let before = Timestamp::now() - jiff::SignedDuration::from_hours(1);
    let kept = PageConfig {
        links: Links::One(Link::kept("Chat Ltd", new_path().unwrap(), before), None),
        ..config(
            dir.path(),
            ListenMode::Behind {
                public: "http://localhost:1".parse().unwrap(),
            },
        )
    };
    let catcher = bind(kept, LONG).await;
    let path = catcher.url().rsplit_once(":1").unwrap().1.to_owned();
    let answer = get(&catcher, &path).await;
    assert_eq!(status(&answer), 410);
    assert!(answer.contains("This link has expired"));
    assert!(
        !answer.contains("nonce\":"),
        "and gives nothing away: {answer}"
    );
    let happening = catcher.next().await;
    assert_eq!(happening.event, PageEvent::LinkExpired);
    assert_eq!(happening.label.as_deref(), Some("Chat Ltd"));
}

#[tokio::test]
async fn behind_a_proxy_its_name_is_ours_too() {
    let dir = tempfile::tempdir().unwrap();
    let public = ListenMode::Behind {
        public: "https://name.example".parse().unwrap(),
    };
    let config = PageConfig {
        listen: "127.0.0.1".parse().ok(),
        ..config(dir.path(), public)
    };
    let catcher = bind(config, LONG).await;
    let path = catcher
        .url()
        .strip_prefix("https://name.example")
        .unwrap()
        .to_owned();
    assert!(path.len() == 23);
    let port = catcher.port();
    for (host, expected) in [
        ("name.example".to_owned(), 200),
        ("name.example:443".to_owned(), 200),
        (format!("localhost:{port}"), 200),
        ("other.example".to_owned(), 421),
    ] {
        let answer = ask(
            &catcher,
            &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n"),
        )
        .await;
        assert_eq!(status(&answer), expected, "{host}");
    }
    let probe = catcher.probe().unwrap();
    assert_eq!(probe.url, "https://name.example/probe");
    let answer = ask(
        &catcher,
        "GET /probe HTTP/1.1\r\nHost: name.example\r\n\r\n",
    )
    .await;
    assert!(answer.ends_with(&format!("\r\n\r\n{}", probe.body)));
}

#[tokio::test]
async fn a_long_state_directory_takes_the_loopback_way() {
    let dir = tempfile::tempdir().unwrap();
    let deep = dir.path().join("a-long-name-".repeat(10));
    let catcher = bind(config(&deep, ListenMode::Http), LONG).await;
    assert_eq!(sockets(&deep), 0);
    let nonce = nonce(&catcher).await;
    assert_eq!(
        status(&post(&catcher, &nonce, "/token", &json!({"accessToken": TOKEN})).await),
        202
    );
    assert!(matches!(catcher.next().await.event, PageEvent::Grant(_)));
    catcher.close(Duration::ZERO).await;
}
