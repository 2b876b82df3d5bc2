//! The inner server, and the way to it from the gate; the only use of tiny_http here.
//!
//! The one decision: nobody else gets there. On Unix it is a socket in a directory that is ours alone.
//! Where that cannot be (Windows, or a path longer than a socket's address can be) it is a loopback port
//! that answers only peers whose address the gate wrote down before it sent a byte.

use std::{
    collections::HashSet,
    io::{self, Read as _, Write as _},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
};

use super::reply::Reply;

/// Longest path of a Unix socket, in bytes: 108 on Linux and 104 on macOS, with the final zero.
#[cfg(unix)]
const MAX_PATH: usize = 103;

/// Where the inner server listens.
#[derive(Debug, Clone)]
pub(crate) enum InnerAddress {
    /// A socket in our own directory.
    #[cfg(unix)]
    Unix(Arc<SocketFile>),
    /// A loopback port.
    Loopback {
        /// Its address.
        addr: SocketAddr,
        /// Who may speak to it.
        peers: Peers,
    },
}

/// The listener that the inner server is to be started on.
pub(crate) enum InnerListener {
    /// See [`InnerAddress::Unix`].
    #[cfg(unix)]
    Unix(std::os::unix::net::UnixListener),
    /// See [`InnerAddress::Loopback`].
    Loopback(std::net::TcpListener),
}

/// Opens the inner listener, in `directory` if it can be.
pub(crate) fn open(directory: &Path, name: &str) -> io::Result<(InnerAddress, InnerListener)> {
    #[cfg(unix)]
    if let Some(opened) = open_unix(directory, name) {
        return Ok(opened);
    }
    let _ = (directory, name);
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let inner = InnerAddress::Loopback {
        addr: listener.local_addr()?,
        peers: Peers::default(),
    };
    Ok((inner, InnerListener::Loopback(listener)))
}

/// The Unix way; None where the path is too long or the file system knows no sockets.
#[cfg(unix)]
fn open_unix(directory: &Path, name: &str) -> Option<(InnerAddress, InnerListener)> {
    remove_stale(directory);
    let path = directory.join(format!("{name}.sock"));
    if path.as_os_str().len() > MAX_PATH {
        return None;
    }
    let listener = std::os::unix::net::UnixListener::bind(&path).ok()?;
    Some((
        InnerAddress::Unix(Arc::new(SocketFile(path))),
        InnerListener::Unix(listener),
    ))
}

/// Removes the sockets of runs that were killed: nobody listens there.
#[cfg(unix)]
fn remove_stale(directory: &Path) {
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        let socket = path
            .extension()
            .is_some_and(|extension| extension == "sock");
        if socket
            && std::os::unix::net::UnixStream::connect(&path)
                .is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
        {
            let _ = std::fs::remove_file(&path);
        }
    }
}

/// The file of a socket; it goes when the last user goes.
#[derive(Debug)]
pub(crate) struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl InnerAddress {
    /// Whether the inner server may answer a peer.
    pub(crate) fn knows(&self, peer: Option<&SocketAddr>) -> bool {
        match self {
            #[cfg(unix)]
            Self::Unix(_) => true,
            Self::Loopback { peers, .. } => peer.is_some_and(|peer| peers.lock().contains(peer)),
        }
    }

    /// Sends one request to the inner server and its answer to `client`.
    pub(crate) async fn pass<W: AsyncWrite + Unpin>(
        &self,
        request: &[u8],
        client: &mut W,
    ) -> io::Result<()> {
        match self {
            #[cfg(unix)]
            Self::Unix(file) => {
                let stream = tokio::net::UnixStream::connect(&file.0).await?;
                exchange(stream, request, client).await
            }
            Self::Loopback { addr, peers } => {
                let stream = TcpStream::connect(addr).await?;
                stream.set_nodelay(true)?;
                let _known = peers.know(stream.local_addr()?);
                exchange(stream, request, client).await
            }
        }
    }
}

/// One request there, one answer back. Our half is closed at once, so the inner server sees that no second
/// request follows and ends the connection after its answer.
async fn exchange<S, W>(mut stream: S, request: &[u8], client: &mut W) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
    W: AsyncWrite + Unpin,
{
    stream.write_all(request).await?;
    stream.shutdown().await?;
    tokio::io::copy(&mut stream, client).await?;
    Ok(())
}

/// The peers that the gate opened.
#[derive(Debug, Clone, Default)]
pub(crate) struct Peers(Arc<Mutex<HashSet<SocketAddr>>>);

impl Peers {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<SocketAddr>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Knows a peer as long as the guard lives.
    fn know(&self, peer: SocketAddr) -> PeerGuard<'_> {
        self.lock().insert(peer);
        PeerGuard { peers: self, peer }
    }
}

/// Forgets a peer when it goes.
struct PeerGuard<'a> {
    peers: &'a Peers,
    peer: SocketAddr,
}

impl Drop for PeerGuard<'_> {
    fn drop(&mut self) {
        self.peers.lock().remove(&self.peer);
    }
}

/// The header in which the gate tells where a request came from.
const PEER_HEADER: &str = "X-Mps-Peer";

/// A whole request with the header that says where it came from, before any that was sent with it.
pub(crate) fn with_peer(request: &[u8], peer: IpAddr) -> Vec<u8> {
    let end = request.windows(2).position(|window| window == b"\r\n");
    let (line, rest) = request.split_at(end.map_or(request.len(), |at| at + 2));
    [line, format!("{PEER_HEADER}: {peer}\r\n").as_bytes(), rest].concat()
}

/// A request, whole.
#[derive(Debug)]
pub(crate) struct InnerRequest {
    pub(crate) method: String,
    pub(crate) target: String,
    /// Where it came from, as the gate saw it.
    pub(crate) peer: Option<IpAddr>,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl InnerRequest {
    /// Reads a request to its end: the gate has let it through whole, with its length announced.
    fn read(request: &mut tiny_http::Request) -> io::Result<Self> {
        let headers = request.headers().iter().map(|header| {
            let name = header.field.as_str().as_str();
            (name.to_owned(), header.value.as_str().to_owned())
        });
        let mut whole = Self {
            method: request.method().as_str().to_owned(),
            target: request.url().to_owned(),
            peer: None,
            headers: headers.collect(),
            body: Vec::new(),
        };
        whole.peer = whole
            .header(PEER_HEADER)
            .first()
            .and_then(|peer| peer.parse().ok());
        let length = request.body_length().unwrap_or(0) as u64;
        let mut body = request.as_reader().take(length);
        body.read_to_end(&mut whole.body)?;
        Ok(whole)
    }

    /// Every value that a header was sent with, in order.
    pub(crate) fn header(&self, wanted: &str) -> Vec<&str> {
        let wanted = |(name, _): &&(String, String)| name.eq_ignore_ascii_case(wanted);
        let headers = self.headers.iter().filter(wanted);
        headers.map(|(_, value)| value.as_str()).collect()
    }
}

/// The running inner server. One thread answers one request after another: they are whole and small, and nothing
/// that answers waits for anybody.
pub(crate) struct InnerServer {
    server: Arc<tiny_http::Server>,
    thread: Option<JoinHandle<()>>,
}

impl InnerServer {
    /// Starts it on its listener.
    pub(crate) fn start(
        name: &str,
        listener: InnerListener,
        address: InnerAddress,
        answer: impl Fn(&InnerRequest) -> Reply + Send + 'static,
    ) -> io::Result<Self> {
        let listener = match listener {
            #[cfg(unix)]
            InnerListener::Unix(listener) => tiny_http::Listener::from(listener),
            InnerListener::Loopback(listener) => tiny_http::Listener::from(listener),
        };
        let server = tiny_http::Server::from_listener(listener, None).map_err(io::Error::other)?;
        let server = Arc::new(server);
        let own = Arc::clone(&server);
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                while let Ok(request) = own.recv() {
                    if address.knows(request.remote_addr()) {
                        serve(request, &answer);
                    } else {
                        // Dropped, it would be answered by the library, with its name.
                        drop(request.into_writer());
                    }
                }
            })?;
        Ok(Self {
            server,
            thread: Some(thread),
        })
    }
}

impl Drop for InnerServer {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(thread) = self.thread.take() {
            // It never waits for anybody, so this takes no time.
            let _ = thread.join();
        }
    }
}

/// Answers one request. One that broke off on its way in gets no answer.
fn serve(mut request: tiny_http::Request, answer: impl Fn(&InnerRequest) -> Reply) {
    let Ok(whole) = InnerRequest::read(&mut request) else {
        drop(request.into_writer());
        return;
    };
    let reply = answer(&whole).bytes(whole.method == "HEAD");
    let mut writer = request.into_writer();
    // A browser that went away is no error of ours.
    let _ = writer.write_all(&reply).and_then(|()| writer.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_are_forgotten() {
        let peers = Peers::default();
        let peer: SocketAddr = "127.0.0.1:9".parse().unwrap();
        let inner = InnerAddress::Loopback {
            addr: peer,
            peers: peers.clone(),
        };
        assert!(!inner.knows(Some(&peer)) && !inner.knows(None));
        {
            let _known = peers.know(peer);
            assert!(inner.knows(Some(&peer)));
        }
        assert!(!inner.knows(Some(&peer)));
    }

    #[test]
    fn what_the_gate_says_of_the_peer_comes_first() {
        let sent = b"GET / HTTP/1.1\r\nX-Mps-Peer: 9.9.9.9\r\n\r\n";
        let passed = with_peer(sent, Ipv4Addr::LOCALHOST.into());
        assert_eq!(
            String::from_utf8(passed).unwrap(),
            "GET / HTTP/1.1\r\nX-Mps-Peer: 127.0.0.1\r\nX-Mps-Peer: 9.9.9.9\r\n\r\n"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_socket_in_our_directory_or_else_a_port() {
        let dir = tempfile::tempdir().unwrap();
        let (inner, listening) = open(dir.path(), "x").unwrap();
        let file = dir.path().join("x.sock");
        assert!(file.exists() && inner.knows(None));
        drop(listening);
        std::mem::forget(inner);
        assert!(file.exists(), "as after a kill");
        let (inner, _listening) = open(dir.path(), "y").unwrap();
        assert!(!file.exists());
        drop(inner);
        assert!(!dir.path().join("y.sock").exists());
        let (inner, _listening) = open(dir.path(), &"long".repeat(40)).unwrap();
        assert!(matches!(inner, InnerAddress::Loopback { .. }));
    }
}
