//! Which inner server a request goes to.
//!
//! The one decision: what has a path and bodies of its own has a thread of its own, so that a flood of it leaves the page
//! at its speed.

use std::{fmt, io, path::Path, sync::Arc};

use tokio::{io::AsyncWrite, sync::OwnedSemaphorePermit};

use super::{
    framing::{self, Head},
    inner::{self, InnerAddress, InnerRequest, InnerServer},
    large::{self, LargeBodies},
    reply::Reply,
};

/// Who answers at a path beside the page.
#[derive(Clone)]
pub(crate) struct SidePath {
    /// The path.
    pub(crate) path: &'static str,
    /// The answer to a request there.
    pub(crate) answer: Arc<dyn Fn(&InnerRequest) -> Reply + Send + Sync>,
}

impl fmt::Debug for SidePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SidePath").field(&self.path).finish()
    }
}

/// Where the gate passes requests on.
#[derive(Debug, Clone)]
pub(crate) struct Routes {
    main: InnerAddress,
    side: Option<(LargeBodies, InnerAddress)>,
}

impl From<InnerAddress> for Routes {
    fn from(main: InnerAddress) -> Self {
        Self { main, side: None }
    }
}

impl Routes {
    /// The same with a path of its own, whose server runs as long as the second one lives. It opens its socket in
    /// `directory`.
    pub(crate) fn with_side(
        self,
        side: SidePath,
        directory: &Path,
        name: &str,
    ) -> io::Result<(Self, InnerServer)> {
        let (address, listener) = inner::open(directory, name)?;
        let server = InnerServer::start("webhooks", listener, address.clone(), move |request| {
            (side.answer)(request)
        })?;
        let routes = Self {
            side: Some((LargeBodies::at(side.path), address)),
            ..self
        };
        Ok((routes, server))
    }

    /// Whether the request that begins so may be larger than others: leave for it, or that there is none now.
    pub(crate) fn large(&self, bytes: &[u8]) -> Option<Result<OwnedSemaphorePermit, u16>> {
        let (large, _) = self.side.as_ref()?;
        framing::head(bytes)
            .filter(|head| may_be_large(*head, large))
            .map(|_| large.take().ok_or(503))
    }

    /// Sends one request to its inner server and the answer to `client`.
    pub(crate) async fn pass<W: AsyncWrite + Unpin>(
        &self,
        request: &[u8],
        client: &mut W,
    ) -> io::Result<()> {
        let side = self.side.as_ref().filter(|(large, _)| {
            framing::head(request).is_some_and(|head| large.is_path(head.target))
        });
        let inner = side.map_or(&self.main, |(_, inner)| inner);
        inner.pass(request, client).await
    }
}

fn may_be_large(head: Head<'_>, large: &LargeBodies) -> bool {
    let mut signatures = head.header(large::SIGNATURE_HEADER);
    let signed = signatures
        .next()
        .is_some_and(|text| large::signature(text).is_some());
    head.method == "POST"
        && large.is_path(head.target)
        && head.body <= large::MOST
        && signed
        && signatures.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_large() {
        let large = LargeBodies::at("/webhooks");
        let signed = format!("X-Hub-Signature-256: sha256={}", "0".repeat(64));
        let head = |line: &str, header: &str, length: usize| {
            format!("{line} HTTP/1.1\r\n{header}\r\nContent-Length: {length}\r\n\r\n")
        };
        for (text, expected) in [
            (head("POST /webhooks", &signed, large::MOST), true),
            (head("POST /webhooks", &signed.to_lowercase(), 70_000), true),
            (head("POST /webhooks", &signed, large::MOST + 1), false),
            (head("PUT /webhooks", &signed, 70_000), false),
            (head("POST /token", &signed, 70_000), false),
            (head("POST /webhooks", "X: y", 70_000), false),
            (head("POST /webhooks", &signed[..60], 70_000), false),
            (
                head("POST /webhooks", &format!("{signed}\r\n{signed}"), 70_000),
                false,
            ),
        ] {
            let found = framing::head(text.as_bytes()).unwrap();
            assert_eq!(may_be_large(found, &large), expected, "{text}");
        }
        assert!(framing::head(b"POST /webhooks HTTP/1.1\r\n").is_none());
    }
}
