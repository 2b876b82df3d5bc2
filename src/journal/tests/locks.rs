//! Locks of keys between handles and tasks; between processes see `processes`.

use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

both_stores! {
    a_key_has_one_holder_and_others_are_free,
    a_wait_that_is_given_up_does_not_keep_the_lock,
    the_lock_protects_what_is_done_inside_it,
}

async fn a_key_has_one_holder_and_others_are_free(dir: Home) {
    let (first, second) = (open(dir.path()), open(dir.path()));
    let calls = AtomicU32::new(0);
    let count = |_| {
        calls.fetch_add(1, Ordering::Relaxed);
    };
    let held = first.lock(&key(1), count).await.unwrap();
    let _other = second.lock(&key(2), count).await.unwrap();
    let elsewhere = RunIdentity {
        host: "http://127.0.0.1:1".to_owned(),
        ..who("r")
    };
    let (there, _) = Journal::open(dir.path(), elsewhere, Redactor::default()).unwrap();
    let _there = there.lock(&key(1), count).await.unwrap();
    assert_eq!(calls.load(Ordering::Relaxed), 0, "nobody had to wait");

    let wanted = key(1);
    let mut waiting = Box::pin(second.lock(&wanted, count));
    let told = std::future::poll_fn(|cx| {
        cx.waker().wake_by_ref();
        match calls.load(Ordering::Relaxed) {
            0 => std::task::Poll::Pending,
            _ => std::task::Poll::Ready(()),
        }
    });
    tokio::select! {
        biased;
        _ = &mut waiting => panic!("it is held"),
        () = told => {}
    }
    assert_eq!(calls.load(Ordering::Relaxed), 1, "the wait is told, once");
    drop(held);
    let _mine = waiting.await.unwrap();
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}

async fn a_wait_that_is_given_up_does_not_keep_the_lock(dir: Home) {
    let journal = open(dir.path());
    let held = journal.lock(&key(1), |_| ()).await.unwrap();
    let wanted = key(1);
    let mut waiting = Box::pin(journal.lock(&wanted, |_| ()));
    assert!(futures_util::poll!(waiting.as_mut()).is_pending());
    drop(waiting);
    drop(held);
    let _again = journal.lock(&key(1), |_| ()).await.unwrap();
}

async fn the_lock_protects_what_is_done_inside_it(dir: Home) {
    let made = AtomicU32::new(0);
    let one = async || {
        let journal = open(dir.path());
        let _lock = journal.lock(&key(1), |_| ()).await.unwrap();
        if journal.entry(&key(1)).await.unwrap().is_none() {
            made.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            journal.put(intent(1), None).await.unwrap();
        }
    };
    futures_util::future::join_all((0..8).map(|_| one())).await;
    assert_eq!(made.load(Ordering::Relaxed), 1);
}

/// The lock files of a state directory.
#[cfg(unix)]
fn lock_files(dir: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(dir.join("locks")).unwrap();
    files.map(|file| file.unwrap().path()).collect()
}

#[cfg(unix)]
#[tokio::test]
async fn a_lock_file_goes_with_its_lock_and_whoever_waited_has_one_that_counts() {
    let dir = tempfile::tempdir().unwrap();
    let (first, second) = (open(dir.path()), open(dir.path()));
    let held = first.lock(&key(1), |_| ()).await.unwrap();
    assert_eq!(lock_files(dir.path()).len(), 1);
    let wanted = key(1);
    let mut waiting = Box::pin(second.lock(&wanted, |_| ()));
    assert!(futures_util::poll!(waiting.as_mut()).is_pending());
    // Its file is gone with the first lock, so that the one which waited makes its own.
    drop(held);
    let mine = waiting.await.unwrap();
    let mut third = Box::pin(first.lock(&wanted, |_| ()));
    assert!(futures_util::poll!(third.as_mut()).is_pending());
    drop(mine);
    drop(third.await.unwrap());
    assert_eq!(lock_files(dir.path()), Vec::<PathBuf>::new());
}

#[cfg(unix)]
#[tokio::test]
async fn what_killed_runs_left_is_swept_and_what_is_held_stays() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    let held = journal.lock(&key(1), |_| ()).await.unwrap();
    let left = dir.path().join("locks/2-900-x.lock");
    let young = dir.path().join("locks/3-900-x.lock");
    for file in [&left, &young] {
        fs::write(file, "").unwrap();
    }
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 24 * 60 * 60);
    for file in lock_files(dir.path()) {
        if file != young {
            fs::File::options()
                .write(true)
                .open(file)
                .unwrap()
                .set_modified(long_ago)
                .unwrap();
        }
    }
    drop(open(dir.path()));
    let stay = lock_files(dir.path());
    assert!(!stay.contains(&left) && stay.contains(&young), "{stay:?}");
    assert_eq!(stay.len(), 2, "{stay:?}");
    drop(held);
    assert_eq!(lock_files(dir.path()), [young]);
}
