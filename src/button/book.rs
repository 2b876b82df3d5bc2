//! The book of links: which paths lead to the page, and for whom.
//!
//! The one decision: the book is asked at every request, so a link that is made, revoked or runs out while the page is
//! served counts at once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use subtle::ConstantTimeEq;

use super::link;
use crate::{http_server::error::Error, lang::Lang};

/// A path that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownLink {
    /// Whom it is for; None for the link of a run without a label.
    pub label: Option<Arc<str>>,
    /// Whether it leads to the page.
    pub standing: LinkStanding,
    /// The language of whom it is for, where that is known.
    pub lang: Option<Lang>,
}

/// What a known link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkStanding {
    /// The page: somebody waits for the one who comes.
    Awaited,
    /// A kind word: nobody waits at this moment.
    Unattended,
    /// Its days are over.
    Expired,
    /// It was taken back.
    Revoked,
}

/// Who knows the links. It is asked from a thread that serves everybody, so it answers at once.
pub trait LinkBook: Send + Sync {
    /// What stands at a path (`/` first); None where there is nothing.
    fn find(&self, path: &str, now: Timestamp) -> Option<KnownLink>;
}

/// The book of a page with one link.
pub(super) struct SingleLink {
    label: Option<Arc<str>>,
    /// When the link ends, if it does: a run may outlive it.
    until: Option<Timestamp>,
    path: Mutex<String>,
    /// Who knows whether it was taken back, and what the other links are.
    others: Option<Arc<dyn LinkBook>>,
}

impl SingleLink {
    /// The book of this link.
    pub(super) fn new(
        path: String,
        label: Option<Arc<str>>,
        until: Option<Timestamp>,
        others: Option<Arc<dyn LinkBook>>,
    ) -> Self {
        Self {
            label,
            until,
            path: Mutex::new(path),
            others,
        }
    }

    /// Its path.
    pub(super) fn path(&self) -> String {
        self.lock().clone()
    }

    /// Another path takes the place of this one, which leads nowhere from now on; gives the old one.
    pub(super) fn renew(&self) -> Result<String, Error> {
        let new = link::new_path()?;
        Ok(std::mem::replace(&mut *self.lock(), new))
    }

    fn lock(&self) -> MutexGuard<'_, String> {
        self.path.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LinkBook for SingleLink {
    fn find(&self, path: &str, now: Timestamp) -> Option<KnownLink> {
        // In a time that tells nothing about where they differ.
        let same = bool::from(path.as_bytes().ct_eq(self.lock().as_bytes()));
        let known = self.others.as_ref().and_then(|book| book.find(path, now));
        if !same {
            return known.map(|link| KnownLink {
                standing: match link.standing {
                    // It is another's, and they are not waited for here.
                    LinkStanding::Awaited => LinkStanding::Unattended,
                    over => over,
                },
                ..link
            });
        }
        Some(KnownLink {
            label: self.label.clone(),
            standing: match (known.map(|link| link.standing), self.until) {
                (Some(LinkStanding::Revoked), _) => LinkStanding::Revoked,
                (_, Some(until)) if now >= until => LinkStanding::Expired,
                _ => LinkStanding::Awaited,
            },
            lang: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_link_its_end_and_its_successor() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let book = SingleLink::new("/a".into(), Some("Acme".into()), Some(at(10)), None);
        let standing = |path: &str, second| book.find(path, at(second)).map(|link| link.standing);
        assert_eq!(standing("/a", 9), Some(LinkStanding::Awaited));
        assert_eq!(standing("/a", 10), Some(LinkStanding::Expired));
        assert_eq!(standing("/b", 9), None);
        assert_eq!(book.renew().unwrap(), "/a");
        assert_eq!(standing("/a", 9), None);
        assert_eq!(standing(&book.path(), 9), Some(LinkStanding::Awaited));
    }

    /// Which paths it knows, and what of each.
    struct Journal(Vec<(&'static str, LinkStanding)>);

    impl LinkBook for Journal {
        fn find(&self, path: &str, _: Timestamp) -> Option<KnownLink> {
            let (_, standing) = self.0.iter().find(|(known, _)| *known == path)?;
            Some(KnownLink {
                label: Some("Brio".into()),
                standing: *standing,
                lang: None,
            })
        }
    }

    #[test]
    fn one_link_that_is_taken_back_and_those_of_others() {
        use LinkStanding::{Awaited, Expired, Revoked, Unattended};
        for (path, journal, expected) in [
            ("/a", vec![], Some(Awaited)),
            ("/a", vec![("/a", Awaited)], Some(Awaited)),
            ("/a", vec![("/a", Revoked)], Some(Revoked)),
            ("/b", vec![("/b", Awaited)], Some(Unattended)),
            ("/b", vec![("/b", Expired)], Some(Expired)),
            ("/b", vec![("/b", Revoked)], Some(Revoked)),
            ("/c", vec![("/b", Awaited)], None),
        ] {
            let journal = Arc::new(Journal(journal));
            let book = SingleLink::new("/a".into(), Some("Acme".into()), None, Some(journal));
            let found = book.find(path, Timestamp::UNIX_EPOCH);
            assert_eq!(found.map(|link| link.standing), expected, "{path}");
        }
    }
}
