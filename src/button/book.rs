//! The book of links: which paths lead to the page, and for whom.
//!
//! The one decision: the book is asked at every request, so a link that is made, revoked or runs out while the page is
//! served counts at once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use subtle::ConstantTimeEq;

use super::link;
use crate::http_server::error::Error;

/// A path that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownLink {
    /// Whom it is for; None for the link of a run without a label.
    pub label: Option<Arc<str>>,
    /// Whether it leads to the page.
    pub standing: LinkStanding,
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
}

impl SingleLink {
    /// The book of this link.
    pub(super) fn new(path: String, label: Option<Arc<str>>, until: Option<Timestamp>) -> Self {
        Self {
            label,
            until,
            path: Mutex::new(path),
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
        same.then(|| KnownLink {
            label: self.label.clone(),
            standing: match self.until {
                Some(until) if now >= until => LinkStanding::Expired,
                _ => LinkStanding::Awaited,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_link_its_end_and_its_successor() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let book = SingleLink::new("/a".into(), Some("Acme".into()), Some(at(10)));
        let standing = |path: &str, second| book.find(path, at(second)).map(|link| link.standing);
        assert_eq!(standing("/a", 9), Some(LinkStanding::Awaited));
        assert_eq!(standing("/a", 10), Some(LinkStanding::Expired));
        assert_eq!(standing("/b", 9), None);
        assert_eq!(book.renew().unwrap(), "/a");
        assert_eq!(standing("/a", 9), None);
        assert_eq!(standing(&book.path(), 9), Some(LinkStanding::Awaited));
    }
}
