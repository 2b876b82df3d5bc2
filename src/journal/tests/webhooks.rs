//! Webhooks in the store: doubles, restarts, what is due.

use super::*;
use crate::journal::{ForwardedPost, HeardChange, KeptChange, PostKind, Webhooks};

both_stores! {
    doubles_are_dropped_and_what_is_not_delivered_stays_over_restarts,
    whoever_only_reads_hears_of_a_solution,
    what_is_sent_on_keeps_its_bytes_until_it_is_done,
}

fn change(identity: &str, solution: Option<&str>) -> HeardChange {
    HeardChange {
        identity: identity.to_owned(),
        change: format!("{{\"of\":\"{identity}\"}}"),
        solution_id: solution.map(|id| id.parse().unwrap()),
    }
}

fn webhooks(dir: JournalPlace) -> Webhooks {
    Webhooks::of(open(dir), "2".parse().unwrap())
}

fn names(kept: &[KeptChange]) -> Vec<&str> {
    kept.iter()
        .map(|kept| kept.heard.identity.as_str())
        .collect()
}

async fn doubles_are_dropped_and_what_is_not_delivered_stays_over_restarts(dir: Home) {
    let store = webhooks(dir.path());
    assert_eq!(store.newest().await.unwrap(), 0);
    store
        .take(
            vec![
                change("a", Some("7")),
                change("a", Some("7")),
                change("b", None),
            ],
            None,
        )
        .await
        .unwrap();
    let first = store.undelivered(0, 10).await.unwrap();
    assert_eq!(names(&first), ["a", "b"]);
    store.delivered(first[0].id).await.unwrap();
    drop(store);

    let store = webhooks(dir.path());
    store
        .take(vec![change("a", Some("7")), change("c", Some("7"))], None)
        .await
        .unwrap();
    let left = store.undelivered(0, 10).await.unwrap();
    assert_eq!(names(&left), ["b", "c"]);
    assert_eq!(
        names(&store.undelivered(left[0].id, 10).await.unwrap()),
        ["c"]
    );
    assert_eq!(names(&store.undelivered(0, 1).await.unwrap()), ["b"]);
    let all = store.since(Timestamp::MIN, 0, 10).await.unwrap();
    assert_eq!(names(&all), ["a", "b", "c"]);
    assert_eq!(names(&store.after(all[1].id, 10).await.unwrap()), ["c"]);
    assert_eq!(store.newest().await.unwrap(), all[2].id);
    let later = all[2]
        .came_at
        .checked_add(jiff::SignedDuration::from_secs(1))
        .unwrap();
    assert_eq!(names(&store.since(later, 0, 10).await.unwrap()), [""; 0]);
    store.tidy().await.unwrap();
    assert_eq!(store.after(0, 10).await.unwrap().len(), 3);
    let others = Webhooks::of(open(dir.path()), "3".parse().unwrap());
    assert_eq!(names(&others.undelivered(0, 10).await.unwrap()), [""; 0]);
}

async fn whoever_only_reads_hears_of_a_solution(dir: Home) {
    let store = webhooks(dir.path());
    let reader = Journal::open_read_only(dir.path()).unwrap().unwrap();
    let (partner, seven) = ("2".parse().unwrap(), "7".parse().unwrap());
    let newest = || {
        reader
            .newest_webhook(&who("run").host, &partner, &seven)
            .unwrap()
    };
    assert_eq!(newest(), None);
    store
        .take(vec![change("a", Some("7"))], None)
        .await
        .unwrap();
    store
        .take(vec![change("b", Some("8"))], None)
        .await
        .unwrap();
    assert_eq!(newest(), Some(1));
}

async fn what_is_sent_on_keeps_its_bytes_until_it_is_done(dir: Home) {
    let store = webhooks(dir.path());
    let post = ForwardedPost {
        kind: PostKind::Webhook,
        identity: "x".to_owned(),
        body: b"EAATESTTOKEN0123456789 \xff".to_vec(),
        signature: "sha256=00".to_owned(),
    };
    store.take(Vec::new(), Some(post.clone())).await.unwrap();
    store.take(Vec::new(), Some(post.clone())).await.unwrap();
    let now = Timestamp::now();
    let due = store.due(PostKind::Webhook, now, 10).await.unwrap();
    assert_eq!((due.len(), due[0].tries, &due[0].post), (1, 0, &post));
    let notices = store.due(PostKind::Notice, now, 10).await.unwrap();
    assert!(notices.is_empty(), "what a watch tells is another's");
    let later = now
        .checked_add(jiff::SignedDuration::from_secs(60))
        .unwrap();
    store.tried(&due[0], Some(later)).await.unwrap();
    assert!(
        store
            .due(PostKind::Webhook, now, 10)
            .await
            .unwrap()
            .is_empty()
    );
    let next = store.next_due(PostKind::Webhook).await.unwrap().unwrap();
    assert_eq!(next.as_microsecond(), later.as_microsecond());
    let again = store.due(PostKind::Webhook, later, 10).await.unwrap();
    assert_eq!((again[0].tries, &again[0].post), (1, &post));
    store.tried(&again[0], None).await.unwrap();
    assert_eq!(store.next_due(PostKind::Webhook).await.unwrap(), None);
    store.take(Vec::new(), Some(post)).await.unwrap();
    assert!(
        store
            .due(PostKind::Webhook, later, 10)
            .await
            .unwrap()
            .is_empty()
    );
}
