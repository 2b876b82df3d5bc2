//! The gate in front of tiny_http: who may come in, how many, how much, how long.
//!
//! The one decision: the gate reads one complete request per connection and only then asks the inner
//! server, so nothing that sends slowly, endlessly or nonsense costs more than its own socket. When it is
//! full, the oldest connection that has not sent a byte gives way, and only where there is none the oldest without a
//! complete request: idle sockets (a browser opens some in advance) can never shut the page out, nor cut a request
//! off that has begun. It has a thread and a runtime of its own: whatever a run is busy with, nobody at its page waits.

use std::{
    fmt, io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
};

use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, oneshot},
    task::{AbortHandle, Id, JoinError, JoinSet},
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

use super::{
    framing::{Framing, framing},
    inner, large,
    limits::Limits,
    reply::Reply,
    routes::Routes,
};

/// What a gate speaks.
#[derive(Clone)]
pub(crate) enum GateProtocol {
    /// Plain http. Whoever comes with https cannot be answered, so it is said here.
    Http { on_tls: Arc<dyn Fn() + Send + Sync> },
    /// https; those who come with http (a browser does, when only `localhost:8443` is typed) are sent to the same path
    /// of `origin`.
    Https {
        tls: Arc<ServerConfig>,
        origin: String,
    },
}

/// How far a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// It has not sent a byte.
    Silent,
    /// It has sent something.
    Begun,
    /// It has sent a request, which is being answered.
    Complete,
}

/// The stage of a connection, set by its task and read by the gate.
#[derive(Clone)]
struct SharedStage(Arc<AtomicU8>);

impl SharedStage {
    fn new() -> Self {
        Self(Arc::new(AtomicU8::new(Stage::Silent as u8)))
    }

    fn set(&self, stage: Stage) {
        self.0.store(stage as u8, Ordering::Relaxed);
    }

    fn is(&self, stage: Stage) -> bool {
        self.0.load(Ordering::Relaxed) == stage as u8
    }
}

impl fmt::Debug for GateProtocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http { .. } => "Http",
            Self::Https { .. } => "Https",
        })
    }
}

/// The first byte of a TLS handshake.
const TLS_HANDSHAKE: u8 = 0x16;

/// The open gate. Dropped, it closes by itself, a little later.
pub(crate) struct Gate {
    stop: oneshot::Sender<()>,
    closed: oneshot::Receiver<()>,
}

impl Gate {
    /// Opens the gate on listeners.
    pub(crate) fn open(
        listeners: Vec<TcpListener>,
        speaks: GateProtocol,
        inner: impl Into<Routes>,
        limits: Limits,
    ) -> io::Result<Self> {
        let (stop, stopped) = oneshot::channel();
        let (close, closed) = oneshot::channel();
        let keeper = GateTask {
            speaks,
            inner: inner.into(),
            limits,
            open: Vec::new(),
            tasks: JoinSet::new(),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let listeners = {
            let moved = listeners.into_iter().map(TcpListener::into_std);
            let _inside = runtime.enter();
            moved
                .map(|listener| listener.and_then(TcpListener::from_std))
                .collect::<io::Result<Vec<_>>>()?
        };
        std::thread::Builder::new()
            .name("gate".to_owned())
            .spawn(move || {
                runtime.block_on(keeper.keep(listeners, stopped));
                // Whoever does not wait for it has closed it all the same.
                let _ = close.send(());
            })?;
        Ok(Self { stop, closed })
    }

    /// Closes every socket; requests under way are finished.
    pub(crate) async fn close(self) {
        drop(self.stop);
        let _ = self.closed.await;
    }
}

/// One open connection.
struct OpenConnection {
    id: Id,
    stage: SharedStage,
    abort: AbortHandle,
}

/// Keeps the gate.
struct GateTask {
    speaks: GateProtocol,
    inner: Routes,
    limits: Limits,
    /// The oldest first.
    open: Vec<OpenConnection>,
    tasks: JoinSet<()>,
}

impl GateTask {
    /// Lets connections in until it is stopped.
    async fn keep(mut self, listeners: Vec<TcpListener>, mut stopped: oneshot::Receiver<()>) {
        loop {
            tokio::select! {
                _ = &mut stopped => break,
                Some(ended) = self.tasks.join_next_with_id() => self.forget(ended),
                accepted = accept(&listeners), if self.has_room() => match accepted {
                    Ok((stream, peer)) => {
                        self.make_room().await;
                        self.let_in(stream, peer);
                    }
                    Err(_) => tokio::time::sleep(self.limits.breath).await,
                },
            }
        }
        drop(listeners);
        for open in self
            .open
            .iter()
            .filter(|open| !open.stage.is(Stage::Complete))
        {
            open.abort.abort();
        }
        let finished = async { while self.tasks.join_next().await.is_some() {} };
        let _ = timeout(self.limits.finish, finished).await;
        self.tasks.shutdown().await;
    }

    /// Whether there is a place, free or to be given up. Where all are being answered, which takes
    /// milliseconds, the next one waits in the system's queue.
    fn has_room(&self) -> bool {
        self.open.len() < self.limits.connections || self.gives_way().is_some()
    }

    /// The connection that gives way.
    fn gives_way(&self) -> Option<usize> {
        let oldest = |stage| self.open.iter().position(|open| open.stage.is(stage));
        oldest(Stage::Silent).or_else(|| oldest(Stage::Begun))
    }

    /// A connection has ended.
    fn forget(&mut self, ended: Result<(Id, ()), JoinError>) {
        let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
        self.open.retain(|open| open.id != id);
    }

    /// Sees to a place for one more, if need be that of another.
    async fn make_room(&mut self) {
        if self.open.len() < self.limits.connections {
            return;
        }
        // Every task is polled, then woken by what has come: what has begun counts as begun before one is chosen.
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        if let Some(oldest) = self.gives_way() {
            self.open.remove(oldest).abort.abort();
        } else if let Some(ended) = self.tasks.join_next_with_id().await {
            self.forget(ended);
        }
    }

    /// Takes a connection.
    fn let_in(&mut self, stream: TcpStream, peer: SocketAddr) {
        let stage = SharedStage::new();
        let connection = Connection {
            speaks: self.speaks.clone(),
            inner: self.inner.clone(),
            limits: self.limits,
            peer,
            stage: stage.clone(),
        };
        let life = self.limits.life;
        let abort = self.tasks.spawn(async move {
            // What went wrong on a stranger's connection is the stranger's concern.
            let _ = timeout(life, connection.serve(stream)).await;
        });
        self.open.push(OpenConnection {
            id: abort.id(),
            stage,
            abort,
        });
    }
}

/// How much is looked at of what came with http to an https gate.
const FIRST_LINE: usize = 256;

/// The path of the request that begins so, as far as it holds only what an address may; else `/`.
fn plain_path(begun: &[u8]) -> &str {
    let line = std::str::from_utf8(begun).unwrap_or_default();
    let mut words = line.split(' ');
    let (path, version) = (words.nth(1), words.next());
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte);
    match (path, version) {
        (Some(path), Some(_))
            if path.starts_with('/') && !path.starts_with("//") && path.bytes().all(plain) =>
        {
            path
        }
        _ => "/",
    }
}

/// The next connection at any of the listeners.
async fn accept(listeners: &[TcpListener]) -> io::Result<(TcpStream, SocketAddr)> {
    std::future::poll_fn(|context| {
        for listener in listeners {
            if let std::task::Poll::Ready(accepted) = listener.poll_accept(context) {
                return std::task::Poll::Ready(accepted);
            }
        }
        std::task::Poll::Pending
    })
    .await
}

/// One connection.
struct Connection {
    speaks: GateProtocol,
    inner: Routes,
    limits: Limits,
    peer: SocketAddr,
    stage: SharedStage,
}

impl Connection {
    /// From the first byte to the last.
    async fn serve(self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let (tls, origin) = match &self.speaks {
            GateProtocol::Http { on_tls } => {
                let mut first = [0];
                if stream.peek(&mut first).await? == 1 && first[0] == TLS_HANDSHAKE {
                    on_tls();
                }
                return self.exchange(stream).await;
            }
            GateProtocol::Https { tls, origin } => (tls, origin),
        };
        let handshake = async {
            let mut first = [0; FIRST_LINE];
            let length = stream.peek(&mut first).await?;
            self.stage.set(Stage::Begun);
            if first[0].is_ascii_uppercase() {
                let url = format!("{origin}{}", plain_path(&first[..length]));
                let reply = Reply {
                    location: Some(url.clone()),
                    ..Reply::text(302, format!("This page is served over https: {url}\n"))
                };
                self.refuse(&mut stream, &reply).await?;
                return Ok(None);
            }
            TlsAcceptor::from(Arc::clone(tls))
                .accept(stream)
                .await
                .map(Some)
        };
        match timeout(self.limits.handshake, handshake).await {
            Ok(Ok(Some(stream))) => self.exchange(stream).await,
            Ok(Ok(None)) | Err(_) => Ok(()),
            Ok(Err(error)) => Err(error),
        }
    }

    /// One request, one answer, and the end.
    async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(&self, mut stream: S) -> io::Result<()> {
        match self.request(&mut stream).await? {
            Ok((request, _leave)) => {
                self.stage.set(Stage::Complete);
                let request = inner::with_peer(&request, self.peer.ip());
                self.inner.pass(&request, &mut stream).await?;
                stream.shutdown().await
            }
            Err(status) => {
                let reply = Reply::text(status, "This is no request that mps takes.\n");
                self.refuse(&mut stream, &reply).await
            }
        }
    }

    /// Reads one complete request, or finds the status that refuses it.
    async fn request<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: &mut S,
    ) -> io::Result<Result<(Vec<u8>, Option<OwnedSemaphorePermit>), u16>> {
        let mut bytes = Vec::new();
        let mut continued = false;
        let (mut most, mut leave) = (self.limits.bytes, None);
        loop {
            match framing(&bytes, most) {
                Framing::Complete(length) => {
                    bytes.truncate(length);
                    return Ok(Ok((bytes, leave)));
                }
                Framing::Bad(status) => match self.inner.large(&bytes) {
                    Some(Ok(permit)) if status == 413 && leave.is_none() => {
                        leave = Some(permit);
                        most += large::MOST;
                        continue;
                    }
                    Some(Err(full)) if status == 413 => return Ok(Err(full)),
                    _ => return Ok(Err(status)),
                },
                Framing::More { wants_continue } => {
                    if wants_continue && !continued {
                        continued = true;
                        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
                    }
                }
            }
            if stream.read_buf(&mut bytes).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.stage.set(Stage::Begun);
        }
    }

    /// Answers, then swallows a little of what the sender still sends: a socket closed on unread bytes
    /// would be reset, and the answer lost.
    async fn refuse<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: &mut S,
        reply: &Reply,
    ) -> io::Result<()> {
        stream.write_all(&reply.bytes(false)).await?;
        stream.shutdown().await?;
        let mut swallowed = stream.take(self.limits.bytes as u64);
        let _ = timeout(
            self.limits.linger,
            tokio::io::copy(&mut swallowed, &mut tokio::io::sink()),
        )
        .await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::plain_path;

    #[test]
    fn only_a_plain_path_is_kept() {
        for (begun, path) in [
            ("GET /aB-_1 HTTP/1.1\r\n", "/aB-_1"),
            ("GET / HTTP/1.1\r\n", "/"),
            ("GET //evil.example HTTP/1.1", "/"),
            ("GET /a\r\nX: y HTTP/1.1", "/"),
            ("GET /cut-of", "/"),
            ("GET http://evil/ HTTP/1.1", "/"),
            ("\u{16}\u{3}", "/"),
            ("", "/"),
        ] {
            assert_eq!(plain_path(begun.as_bytes()), path, "{begun:?}");
        }
    }
}
