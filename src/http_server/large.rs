//! The one path at which larger bodies may come in.
//!
//! The one decision: nobody's bytes are waited for before the head says that they are a webhook's: the right path, and a
//! signature of the right form. Few are let in at once, and what fits into a usual request needs no leave.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The header that a webhook is signed in.
pub(crate) const SIGNATURE_HEADER: &str = "X-Hub-Signature-256";

/// Most bytes of a webhook's body (graph-api.md, 8.3).
pub(crate) const MOST: usize = 3 << 20;

/// How many larger bodies may be under way at once.
const AT_ONCE: usize = 4;

/// The signature of a header such as `sha256=e7a0…`, if it has the right form.
pub(crate) fn signature(header: &str) -> Option<[u8; 32]> {
    let digits = header.trim().strip_prefix("sha256=")?.as_bytes();
    let digits: &[u8; 64] = digits.try_into().ok()?;
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
    }
    Some(bytes)
}

/// Where larger bodies may come in. A clone counts with the others.
#[derive(Debug, Clone)]
pub(crate) struct LargeBodies {
    path: &'static str,
    leave: Arc<Semaphore>,
}

impl LargeBodies {
    /// Those at a path.
    pub(crate) fn at(path: &'static str) -> Self {
        Self {
            path,
            leave: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Whether a request with this target is of the path.
    pub(crate) fn is_path(&self, target: &str) -> bool {
        target.split('?').next() == Some(self.path)
    }

    /// Leave for one more, as long as it is held.
    pub(crate) fn take(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.leave).try_acquire_owned().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_of_the_right_form() {
        let zeros = format!("sha256={}", "0".repeat(64));
        assert_eq!(signature(&zeros), Some([0; 32]));
        let letters = format!("sha256={}Ab", "0".repeat(62));
        assert_eq!(signature(&letters).map(|bytes| bytes[31]), Some(0xab));
        for odd in [
            String::new(),
            "sha256=".to_owned(),
            zeros.replace("sha256", "sha1"),
            zeros.replace("sha256=", ""),
            zeros.replace('=', ":"),
            format!("{zeros}0"),
            zeros[..70].to_owned(),
            zeros.replace("00000000", "0000000g"),
            format!("sha256={}+1", "0".repeat(62)),
            format!("sha256={}é", "0".repeat(62)),
        ] {
            assert_eq!(signature(&odd), None, "{odd}");
        }
    }

    #[test]
    fn four_at_once() {
        let large = LargeBodies::at("/webhooks");
        let held: Vec<_> = (0..AT_ONCE).map_while(|_| large.take()).collect();
        assert_eq!((held.len(), large.take().is_none()), (AT_ONCE, true));
        drop(held);
        assert!(large.take().is_some());
        for (target, expected) in [
            ("/webhooks", true),
            ("/webhooks?a=b", true),
            ("/webhooks/", false),
            ("/", false),
        ] {
            assert_eq!(large.is_path(target), expected, "{target}");
        }
    }
}
