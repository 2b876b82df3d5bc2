//! A server that answers by a script and remembers what it was asked.
//!
//! The one decision: replies are taken in order, whatever is asked; a call too many is answered with
//! HTTP 418, which no test expects, and is remembered like all others.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use crate::{
    graph::{CallEvent, ClientConfig, Graph, Observer, Pace, Proxies},
    redact::Redactor,
    secret::{SystemToken, UserToken},
};

/// What the server does with one request.
pub(super) enum Reply {
    /// Answers with a status and a body.
    Body(u16, String),
    /// Answers with headers besides.
    With(u16, &'static [(&'static str, &'static str)], String),
    /// Reads the request and closes the connection.
    Close,
    /// Promises more than it sends, and closes the connection.
    Cut,
    /// Never answers.
    Hang,
}

pub(super) fn ok(body: &str) -> Reply {
    Reply::Body(200, body.to_owned())
}

pub(super) fn status(status: u16, body: &str) -> Reply {
    Reply::Body(status, body.to_owned())
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// `GET /v26.0/me?…`.
    pub(super) line: String,
    /// The header lines, in lower case as far as the names go.
    pub(super) head: String,
    pub(super) body: String,
}

#[derive(Default)]
struct Shared {
    replies: Mutex<VecDeque<Reply>>,
    seen: Mutex<Vec<Seen>>,
    connections: AtomicUsize,
    events: Mutex<Vec<CallEvent>>,
}

impl Observer for Shared {
    fn observe(&self, event: &CallEvent) {
        self.events.lock().unwrap().push(event.clone());
    }

    fn wants_detail(&self) -> bool {
        true
    }
}

/// The running server.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    shared: Arc<Shared>,
}

impl Server {
    pub(super) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            replies: Mutex::new(replies.into_iter().collect()),
            ..Shared::default()
        });
        let worker = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                worker.connections.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(serve(stream, Arc::clone(&worker)));
            }
        });
        Self { address, shared }
    }

    /// A client of this server that waits for nothing.
    pub(super) fn graph(&self) -> Graph {
        Graph::new(self.config()).unwrap()
    }

    pub(super) fn config(&self) -> ClientConfig {
        ClientConfig {
            base: format!("http://{}", self.address).parse().unwrap(),
            observer: Arc::clone(&self.shared) as Arc<dyn Observer>,
            ..config()
        }
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// The request lines, in order.
    pub(super) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }

    pub(super) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::Relaxed)
    }

    pub(super) fn events(&self) -> Vec<CallEvent> {
        self.shared.events.lock().unwrap().clone()
    }
}

/// The settings of a test, against Meta's host.
pub(super) fn config() -> ClientConfig {
    ClientConfig {
        base: "https://graph.facebook.com".parse().unwrap(),
        version: "v26.0".parse().unwrap(),
        ca_file: None,
        proxies: Proxies::default(),
        app_secret: None,
        redactor: Redactor::default(),
        wait_quota: None,
        observer: Arc::new(()),
        pace: Pace {
            request: Duration::from_secs(20),
            ..Pace::instant()
        },
        stop: None,
    }
}

pub(super) const TOKEN: &str = "EAATESTTOKEN0123456789abc";

pub(super) fn user() -> UserToken {
    UserToken::parse(TOKEN).unwrap()
}

pub(super) fn system() -> SystemToken {
    SystemToken::parse(TOKEN).unwrap()
}

async fn serve(mut stream: TcpStream, shared: Arc<Shared>) {
    while let Some(seen) = read(&mut stream).await {
        shared.seen.lock().unwrap().push(seen);
        let reply = shared.replies.lock().unwrap().pop_front();
        let (status, headers, body) = match reply {
            Some(Reply::Body(status, body)) => (status, &[][..], body),
            Some(Reply::With(status, headers, body)) => (status, headers, body),
            Some(Reply::Close) => return,
            Some(Reply::Cut) => {
                let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"solution_id\":\"12";
                let _ = stream.write_all(cut).await;
                return;
            }
            Some(Reply::Hang) => std::future::pending().await,
            None => (418, &[][..], "a call too many".to_owned()),
        };
        let headers: String = headers
            .iter()
            .flat_map(|(name, value)| [name, ": ", value, "\r\n"])
            .collect();
        let length = body.len();
        let answer =
            format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n{headers}\r\n{body}");
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// Reads one request; none at the end of the connection.
async fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer).await {
            Ok(read) if read > 0 => bytes.extend_from_slice(&buffer[..read]),
            _ => return None,
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).unwrap();
    let length = text
        .lines()
        .find_map(|line| {
            line.to_lowercase()
                .strip_prefix("content-length: ")?
                .parse()
                .ok()
        })
        .unwrap_or(0);
    let mut body = bytes.split_off(head);
    while body.len() < length {
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer).await {
            Ok(read) if read > 0 => body.extend_from_slice(&buffer[..read]),
            _ => return None,
        }
    }
    let (line, head) = text.split_once("\r\n").unwrap();
    Some(Seen {
        line: line.strip_suffix(" HTTP/1.1").unwrap_or(line).to_owned(),
        head: head.to_owned(),
        body: String::from_utf8(body).unwrap(),
    })
}
