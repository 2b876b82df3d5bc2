//! The first connection: whoever calls while it is being made waits for it, instead of making one of their own.
//!
//! The one decision: only the end of the handshake tells whether the host speaks HTTP/2, where one connection carries
//! all calls; until then the library makes one for each. Where it does not, those who waited make theirs then, and
//! so they do where the first one failed: nobody waits for more than one try.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use tokio::sync::{Mutex, MutexGuard, watch};
use tower_layer::Layer;
use tower_service::Service;

/// The library puts a connection into its pool soon after it was made, in a few steps of tasks that wait for nothing outside…
const UNTIL_POOLED: Duration = Duration::from_millis(20);

/// … and so many turns of the runtime let those steps pass, however busy the machine is: each waits behind what is due.
const TURNS_UNTIL_POOLED: usize = 16;

/// Whether a connection was tried. A clone is the same.
#[derive(Debug, Clone, Default)]
pub(super) struct Opening(Arc<OpeningShared>);

#[derive(Debug, Default)]
struct OpeningShared {
    tried: watch::Sender<bool>,
    first: Mutex<()>,
}

impl Opening {
    /// Waits for the connection that somebody else makes. What comes back is held by whoever makes it.
    pub(super) async fn turn(&self) -> Option<MutexGuard<'_, ()>> {
        let mut tried = self.0.tried.subscribe();
        if *tried.borrow_and_update() {
            return None;
        }
        // The sender lives as long as this.
        let over = async { tried.wait_for(|tried| *tried).await.is_ok() };
        tokio::select! {
            biased;
            first = self.0.first.lock() => Some(first),
            _ = over => {
                for _ in 0..TURNS_UNTIL_POOLED {
                    // A task that does nothing cannot fail.
                    let _ = tokio::spawn(async {}).await;
                }
                tokio::time::sleep(UNTIL_POOLED).await;
                None
            }
        }
    }
}

impl<S> Layer<S> for Opening {
    type Service = Connecting<S>;

    fn layer(&self, connector: S) -> Connecting<S> {
        Connecting {
            connector,
            opening: self.clone(),
        }
    }
}

/// The library's connector, which tells when it has tried.
#[derive(Debug, Clone)]
pub(super) struct Connecting<S> {
    connector: S,
    opening: Opening,
}

impl<S, To> Service<To> for Connecting<S>
where
    S: Service<To>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, to: To) -> Self::Future {
        let (connecting, opening) = (self.connector.call(to), self.opening.clone());
        Box::pin(async move {
            let end = connecting.await;
            opening.0.tried.send_replace(true);
            end
        })
    }
}
