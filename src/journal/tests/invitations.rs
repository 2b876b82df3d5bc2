//! Invitations in a real journal.

use super::*;

both_stores! {
    a_known_label_keeps_its_link_and_takes_the_new_values,
    a_link_that_is_over_is_told_so_and_a_new_one_takes_its_place,
    what_an_older_mps_promised_is_taken_over_once,
    how_far_a_label_is_stands_in_the_rows_of_its_apps,
    no_secret_gets_into_an_invitation,
}

fn store(journal: &Journal) -> Invitations {
    Invitations::of(journal.clone(), "900".parse().unwrap())
}

fn label(text: &str) -> LinkLabel {
    text.parse().unwrap()
}

fn draft(text: &str) -> InvitationDraft {
    InvitationDraft::new(label(text), 7)
}

fn apps(ids: &[&str]) -> Vec<AppId> {
    ids.iter().map(|id| id.parse().unwrap()).collect()
}

/// Makes a link over, as time would.
async fn age(home: &Home, journal: &Journal, path: &'static str) {
    #[cfg(target_os = "linux")]
    if let Some(url) = &home.database {
        let server = postgres_server::PostgresServer::shared().unwrap();
        let database = url.split(['/', '?']).nth(3).unwrap();
        let over = "2026-01-02T03:04:05.000000Z";
        let sql = format!(
            "UPDATE mps.invitations SET made_at = '{over}', expires_at = '{over}' WHERE path = '{path}'"
        );
        server.sql(database, &sql);
        return;
    }
    let _ = home;
    let write = move |conn: &Connection| {
        let sql = "UPDATE invitations SET made_at = ?1, expires_at = ?1 WHERE path = ?2";
        conn.execute(sql, ["2026-01-02T03:04:05.000000Z", path])?;
        Ok(())
    };
    journal.file().writer.write(Box::new(write)).await.unwrap();
}

async fn a_known_label_keeps_its_link_and_takes_the_new_values(dir: Home) {
    let store = store(&open(dir.path()));
    let first = InvitationDraft {
        app_ids: Change::Set(apps(&["1", "2"])),
        name: Change::Set(Some("{app_name}".to_owned())),
        lang: Change::Set(Some("es".to_owned())),
        ..draft("acme")
    };
    let first = store.put(first, "/one".to_owned()).await.unwrap();
    assert_eq!(first.expectation.app_ids, apps(&["1", "2"]));
    let second = InvitationDraft {
        app_ids: Change::Set(apps(&["3"])),
        messaging: Change::Set(Some("partner".to_owned())),
        lang: Change::Set(None),
        days: 30,
        ..draft("acme")
    };
    let second = store.put(second, "/two".to_owned()).await.unwrap();
    assert_eq!(
        (second.path.as_str(), second.made_at),
        ("/one", first.made_at)
    );
    assert!(second.expires_at > first.expires_at);
    let expected = Expectation {
        app_ids: apps(&["3"]),
        messaging: Some("partner".to_owned()),
        name: Some("{app_name}".to_owned()),
        lang: None,
    };
    assert_eq!(second.expectation, expected);
    // Fewer days take nothing back, and who says nothing changes nothing.
    let third = store.put(draft("acme"), "/three".to_owned()).await.unwrap();
    assert_eq!(third, second);
    let other = store
        .put(draft("other"), "/three".to_owned())
        .await
        .unwrap();
    assert_eq!(
        (other.path.as_str(), other.expectation),
        ("/three", Expectation::default())
    );
}

async fn a_link_that_is_over_is_told_so_and_a_new_one_takes_its_place(dir: Home) {
    let journal = open(dir.path());
    let store = store(&journal);
    let now = Timestamp::now;
    let first = InvitationDraft {
        app_ids: Change::Set(apps(&["1"])),
        ..draft("acme")
    };
    store.put(first, "/one".to_owned()).await.unwrap();
    assert!(store.revoke(&label("nobody")).await.unwrap().is_none());
    let revoked = store.revoke(&label("acme")).await.unwrap().unwrap();
    assert_eq!(revoked.validity(now()), LinkValidity::Revoked);
    let second = store.put(draft("acme"), "/two".to_owned()).await.unwrap();
    assert_eq!(
        (second.path.as_str(), &second.expectation),
        ("/two", &revoked.expectation)
    );
    age(&dir, &journal, "/two").await;
    let third = store.put(draft("acme"), "/three".to_owned()).await.unwrap();
    for (path, validity) in [
        ("/one", Some(LinkValidity::Revoked)),
        ("/two", Some(LinkValidity::Expired)),
        ("/three", Some(LinkValidity::Valid)),
        ("/four", None),
    ] {
        let found = store.find_by_path(path).await.unwrap();
        assert_eq!(found.map(|found| found.validity(now())), validity, "{path}");
    }
    assert_eq!(
        store.find_by_label(&label("acme")).await.unwrap(),
        Some(third)
    );
    assert_eq!(store.list().await.unwrap().len(), 1, "a label is one");
    // Another app of ours, another profile: other invitations.
    let others = Invitations::of(journal.clone(), "901".parse().unwrap());
    assert_eq!(others.find_by_path("/three").await.unwrap(), None);
    assert_eq!(others.find_by_label(&label("acme")).await.unwrap(), None);
}

async fn what_an_older_mps_promised_is_taken_over_once(dir: Home) {
    let store = store(&open(dir.path()));
    let made_at = Timestamp::now().as_second() - 24 * 60 * 60;
    let made_at = Timestamp::from_second(made_at).unwrap();
    let promised = |path: &str, until| PromisedLink {
        label: label("acme"),
        path: path.to_owned(),
        made_at,
        until,
    };
    store
        .take_over(vec![promised("/old", Timestamp::UNIX_EPOCH)])
        .await
        .unwrap();
    store
        .take_over(vec![promised("/older", Timestamp::MAX)])
        .await
        .unwrap();
    let found = store.put(draft("acme"), "/new".to_owned()).await.unwrap();
    assert_eq!(found.path, "/old");
    assert_eq!(
        found.expires_at,
        made_at + jiff::SignedDuration::from_hours(24 * 7)
    );
}

async fn how_far_a_label_is_stands_in_the_rows_of_its_apps(dir: Home) {
    let journal = open(dir.path());
    let store = store(&journal);
    let far = || async {
        let list = store.list().await.unwrap();
        (
            list[0].state,
            list[0].app_ids.clone(),
            list[0].solution_ids.len(),
        )
    };
    store.put(draft("acme"), "/one".to_owned()).await.unwrap();
    assert_eq!(far().await, (LinkState::Unopened, vec![], 0));
    store.note_opened("/one").await.unwrap();
    assert_eq!(far().await.0, LinkState::Opened);
    store.note_signed_in("/one").await.unwrap();
    assert_eq!(far().await.0, LinkState::SignedIn);
    let row = |owner: u32, state, label: Option<&str>| Entry {
        state,
        solution_id: Some((700 + owner).to_string().parse().unwrap()),
        link_label: label.map(str::to_owned),
        ..intent(owner)
    };
    journal
        .put(row(1, State::Created, Some("acme")), None)
        .await
        .unwrap();
    journal
        .put(row(2, State::Failed, Some("other")), None)
        .await
        .unwrap();
    journal
        .put(row(3, State::Accepted, None), None)
        .await
        .unwrap();
    assert_eq!(far().await, (LinkState::Initiated, apps(&["1"]), 1));
    journal
        .put(row(1, State::Accepted, Some("acme")), None)
        .await
        .unwrap();
    assert_eq!(far().await.0, LinkState::Active);
    let expects = InvitationDraft {
        app_ids: Change::Set(apps(&["3", "4"])),
        ..draft("acme")
    };
    store.put(expects, "/two".to_owned()).await.unwrap();
    assert_eq!(
        far().await,
        (LinkState::SignedIn, apps(&["3", "4", "1"]), 2)
    );
    store.revoke(&label("acme")).await.unwrap();
    assert_eq!(far().await.0, LinkState::Revoked);
    let reader = Journal::open_read_only(dir.path()).unwrap().unwrap();
    let looked = reader.invitations("default", "graph.facebook.com", &"900".parse().unwrap());
    assert_eq!(looked.unwrap().len(), 1);
    assert_eq!(
        reader.apps_of(&label("acme")).unwrap(),
        apps(&["3", "4", "1"])
    );
    let mut others = reader
        .invitations("other", "graph.facebook.com", &"900".parse().unwrap())
        .unwrap();
    assert!(others.pop().is_none());
}

async fn no_secret_gets_into_an_invitation(dir: Home) {
    let store = store(&open(dir.path()));
    let leaks = InvitationDraft {
        name: Change::Set(Some("EAATESTTOKEN0123456789abc".to_owned())),
        ..draft("acme")
    };
    let put = store.put(leaks, "/one".to_owned()).await.unwrap();
    assert!(!put.expectation.name.clone().unwrap().contains("TESTTOKEN"));
    assert!(!format!("{put:?}").contains("/one"));
}
