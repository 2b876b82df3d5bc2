//! The gate in front of tiny_http: who may come in, how many, how much, how long.
//!
//! The one decision: the gate reads one complete request per connection and only then asks the inner
//! server, so nothing that sends slowly, endlessly or nonsense costs more than its own socket. When it is
//! full, the oldest connection without a complete request gives way: idle sockets (a browser opens some in
//! advance) can never shut the page out.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::{AbortHandle, Id, JoinHandle, JoinSet},
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

use super::{
    framing::{Framing, framing},
    inner::InnerAddress,
    reply::Reply,
};

/// The numbers of the gate, all of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Connections at once. A browser has six per page; a page has three files and a poll.
    pub(crate) connections: usize,
    /// Bytes that a connection may send. A token with all beside it has under 4 KiB, heads under 16.
    pub(crate) bytes: usize,
    /// How long a connection may live. Everything here takes milliseconds; a phone's network some seconds.
    pub(crate) life: Duration,
    /// How long its TLS handshake may take, two round trips.
    pub(crate) handshake: Duration,
    /// How long a refused sender may go on, so that its answer is not lost in a reset.
    pub(crate) linger: Duration,
    /// How long requests under way are waited for at the end.
    pub(crate) finish: Duration,
    /// How long to wait after a failed accept (no file handles left), which would else be tried in a circle.
    pub(crate) breath: Duration,
}

impl Limits {
    /// Those in use.
    pub(crate) const USUAL: Self = Self {
        connections: 64,
        bytes: 64 * 1024,
        life: Duration::from_secs(30),
        handshake: Duration::from_secs(5),
        linger: Duration::from_secs(1),
        finish: Duration::from_secs(1),
        breath: Duration::from_millis(50),
    };
}

/// What a gate speaks.
#[derive(Clone)]
pub(crate) enum GateProtocol {
    /// Plain http.
    Http,
    /// https; those who come with http (a browser does, when only `localhost:8443` is typed) are sent to `url`.
    Https { tls: Arc<ServerConfig>, url: String },
}

/// The open gate. Dropped, it closes by itself, a little later.
pub(crate) struct Gate {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Gate {
    /// Opens the gate on listeners.
    pub(crate) fn open(
        listeners: Vec<TcpListener>,
        speaks: GateProtocol,
        inner: InnerAddress,
        limits: Limits,
    ) -> Self {
        let (stop, stopped) = oneshot::channel();
        let keeper = GateTask {
            speaks,
            inner,
            limits,
            open: Vec::new(),
            tasks: JoinSet::new(),
        };
        let task = tokio::spawn(keeper.keep(listeners, stopped));
        Self { stop, task }
    }

    /// Closes every socket; requests under way are finished.
    pub(crate) async fn close(self) {
        drop(self.stop);
        let _ = self.task.await;
    }
}

/// One open connection.
struct OpenConnection {
    id: Id,
    /// Whether it sent a complete request.
    complete: Arc<AtomicBool>,
    abort: AbortHandle,
}

/// Keeps the gate.
struct GateTask {
    speaks: GateProtocol,
    inner: InnerAddress,
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
                Some(ended) = self.tasks.join_next_with_id() => {
                    let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
                    self.open.retain(|open| open.id != id);
                }
                accepted = accept(&listeners), if self.has_room() => match accepted {
                    Ok(stream) => self.let_in(stream),
                    Err(_) => tokio::time::sleep(self.limits.breath).await,
                },
            }
        }
        drop(listeners);
        for open in self
            .open
            .iter()
            .filter(|open| !open.complete.load(Ordering::Relaxed))
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
        self.open.len() < self.limits.connections || self.oldest_idle().is_some()
    }

    /// The oldest connection without a complete request.
    fn oldest_idle(&self) -> Option<usize> {
        self.open
            .iter()
            .position(|open| !open.complete.load(Ordering::Relaxed))
    }

    /// Takes a connection, if need be in the place of another.
    fn let_in(&mut self, stream: TcpStream) {
        if self.open.len() >= self.limits.connections
            && let Some(oldest) = self.oldest_idle()
        {
            self.open.remove(oldest).abort.abort();
        }
        let complete = Arc::new(AtomicBool::new(false));
        let connection = Connection {
            speaks: self.speaks.clone(),
            inner: self.inner.clone(),
            limits: self.limits,
            complete: Arc::clone(&complete),
        };
        let life = self.limits.life;
        let abort = self.tasks.spawn(async move {
            // What went wrong on a stranger's connection is the stranger's concern.
            let _ = timeout(life, connection.serve(stream)).await;
        });
        self.open.push(OpenConnection {
            id: abort.id(),
            complete,
            abort,
        });
    }
}

/// The next connection at any of the listeners.
async fn accept(listeners: &[TcpListener]) -> io::Result<TcpStream> {
    std::future::poll_fn(|context| {
        for listener in listeners {
            if let std::task::Poll::Ready(accepted) = listener.poll_accept(context) {
                return std::task::Poll::Ready(accepted.map(|(stream, _)| stream));
            }
        }
        std::task::Poll::Pending
    })
    .await
}

/// One connection.
struct Connection {
    speaks: GateProtocol,
    inner: InnerAddress,
    limits: Limits,
    complete: Arc<AtomicBool>,
}

impl Connection {
    /// From the first byte to the last.
    async fn serve(self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let GateProtocol::Https { tls, url } = &self.speaks else {
            return self.exchange(stream).await;
        };
        let handshake = async {
            let mut first = [0];
            stream.peek(&mut first).await?;
            if first[0].is_ascii_uppercase() {
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
            Ok(request) => {
                self.complete.store(true, Ordering::Relaxed);
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
    ) -> io::Result<Result<Vec<u8>, u16>> {
        let mut bytes = Vec::new();
        let mut continued = false;
        loop {
            match framing(&bytes, self.limits.bytes) {
                Framing::Complete(length) => {
                    bytes.truncate(length);
                    return Ok(Ok(bytes));
                }
                Framing::Bad(status) => return Ok(Err(status)),
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
