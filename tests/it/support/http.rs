//! HTTP/1.1 as far as tests need it: requests read whole, answers written as told, and a small client.
//!
//! The one decision: bytes, not a library. A scripted service must also be able to answer wrongly (cut, garbled,
//! hung up), which a library would not let it do.

use std::{
    fmt::{Display, Write as _},
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
};

use serde_json::Value;

use super::{API_VERSION, Latch, PATIENCE};

/// A request as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// `GET`, `POST`…
    pub(crate) method: String,
    /// The path without the query and, where it is the usual one, without the version.
    pub(crate) path: String,
    /// The query's pairs, decoded, in order.
    pub(crate) query: Vec<(String, String)>,
    /// The headers in order; names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body, whole.
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// Reads one request; `None` when the other side closed before it began.
    pub(super) fn read(stream: &mut impl BufRead) -> io::Result<Option<Self>> {
        let Some(head) = read_head(stream)? else {
            return Ok(None);
        };
        let mut words = head.first.split(' ');
        let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let body = read_body(stream, &head.headers, false)?;
        Ok(Some(Self {
            method: method.to_owned(),
            path: without_version(path).to_owned(),
            query: pairs(query.as_bytes()),
            headers: head.headers,
            body,
        }))
    }

    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, &name.to_ascii_lowercase())
    }

    /// A query parameter's value.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        find(&self.query, name)
    }

    /// The token of the `Authorization` header.
    pub(crate) fn token(&self) -> Option<&str> {
        self.header("authorization")?.strip_prefix("Bearer ")
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null when it is empty or none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body as a form's pairs.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        pairs(&self.body)
    }

    /// `POST /1/accept`, for messages and lists.
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// A path of the Graph API as the tests write it: without the version that is asked for where nobody chooses one.
pub(super) fn without_version(path: &str) -> &str {
    let rest = path
        .strip_prefix('/')
        .and_then(|path| path.strip_prefix(API_VERSION));
    rest.filter(|rest| rest.starts_with('/')).unwrap_or(path)
}

/// What a scripted service answers.
#[derive(Clone)]
pub(crate) struct Reply {
    pub(super) form: Form,
    headers: Vec<(String, String)>,
    latch: Option<Latch>,
}

#[derive(Clone)]
pub(super) enum Form {
    /// An answer with a status and a body.
    Whole(u16, &'static str, Vec<u8>),
    /// The same, cut off in the middle of the body.
    Cut(u16, &'static str, Vec<u8>),
    /// These bytes, whatever they are; then the connection closes.
    Raw(Vec<u8>),
    /// No answer: the connection closes.
    HangUp,
    /// What the closure makes of the request.
    Made(Arc<dyn Fn(&Request) -> Reply + Send + Sync>),
}

impl From<Form> for Reply {
    fn from(form: Form) -> Self {
        Self {
            form,
            headers: Vec::new(),
            latch: None,
        }
    }
}

impl Reply {
    /// JSON with a status.
    pub(crate) fn json(status: u16, body: impl Into<Value>) -> Self {
        Form::Whole(status, "application/json", to_bytes(&body.into())).into()
    }

    /// A page with a status, as a proxy in between answers.
    pub(crate) fn html(status: u16, body: &str) -> Self {
        Form::Whole(status, "text/html; charset=utf-8", body.into()).into()
    }

    /// JSON whose second half never comes.
    pub(crate) fn cut(status: u16, body: impl Into<Value>) -> Self {
        Form::Cut(status, "application/json", to_bytes(&body.into())).into()
    }

    /// These bytes in place of an HTTP answer.
    pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Form::Raw(bytes.into()).into()
    }

    /// Closes the connection after the request was read.
    pub(crate) fn hang_up() -> Self {
        Form::HangUp.into()
    }

    /// Asks a closure at the time of the request.
    pub(crate) fn with(make: impl Fn(&Request) -> Self + Send + Sync + 'static) -> Self {
        Form::Made(Arc::new(make)).into()
    }

    /// One more header.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Holds the answer back until the latch opens.
    pub(crate) fn after(mut self, latch: &Latch) -> Self {
        self.latch = Some(latch.clone());
        self
    }

    /// Sends the answer; whether the connection may carry another request.
    pub(super) fn send(&self, request: &Request, stream: &mut impl Write) -> io::Result<bool> {
        if let Some(latch) = &self.latch
            && !latch.pass()
        {
            return Ok(false);
        }
        match &self.form {
            Form::Made(make) => {
                let mut reply = make(request);
                reply.headers.extend(self.headers.iter().cloned());
                reply.send(request, stream)
            }
            Form::HangUp => Ok(false),
            Form::Raw(bytes) => stream.write_all(bytes).map(|()| false),
            Form::Whole(status, kind, body) => {
                stream.write_all(&self.head(*status, kind, body.len()))?;
                stream.write_all(body)?;
                stream.flush().map(|()| true)
            }
            Form::Cut(status, kind, body) => {
                stream.write_all(&self.head(*status, kind, body.len()))?;
                stream.write_all(&body[..body.len() / 2]).map(|()| false)
            }
        }
    }

    fn head(&self, status: u16, kind: &str, length: usize) -> Vec<u8> {
        let headers = lines(self.headers.iter().map(|(name, value)| (name, value)));
        let head = format!(
            "HTTP/1.1 {status} Scripted\r\n\
             content-type: {kind}\r\ncontent-length: {length}\r\n{headers}\r\n"
        );
        head.into_bytes()
    }
}

/// An answer as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// The headers in order; names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body, whole.
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, &name.to_ascii_lowercase())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null when it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// Sends `GET path` to a server on this machine.
#[track_caller]
pub(crate) fn get(server: SocketAddr, path: &str) -> Answer {
    request(server, "GET", path, &[], "")
}

/// Sends a request with a `Host` of its own and closes the connection after the answer.
#[track_caller]
pub(crate) fn request(
    server: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let headers = lines(headers.iter().map(|(name, value)| (name, value)));
    let host = if headers.to_ascii_lowercase().contains("host:") {
        String::new()
    } else {
        format!("host: {server}\r\n")
    };
    let length = body.len();
    let text = format!(
        "{method} {path} HTTP/1.1\r\n{host}{headers}\
         connection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    exchange(connect(server), text.as_bytes()).expect("an HTTP answer")
}

/// A connection to a server on this machine, for tests that speak byte by byte.
#[track_caller]
pub(crate) fn connect(server: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(server).expect("the server listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
    stream
}

/// Sends bytes over a connection (a TLS one too) and reads one answer.
pub(crate) fn exchange(mut stream: impl Read + Write, bytes: &[u8]) -> io::Result<Answer> {
    stream.write_all(bytes)?;
    stream.flush()?;
    let mut stream = BufReader::new(stream);
    let head = read_head(&mut stream)?.ok_or(io::ErrorKind::UnexpectedEof)?;
    let status = head
        .first
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok());
    Ok(Answer {
        status: status.ok_or(io::ErrorKind::InvalidData)?,
        body: read_body(&mut stream, &head.headers, true)?,
        headers: head.headers,
    })
}

struct Head {
    first: String,
    headers: Vec<(String, String)>,
}

fn read_head(stream: &mut impl BufRead) -> io::Result<Option<Head>> {
    let mut first = String::new();
    if stream.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let Some((name, value)) = line.split_once(':') else {
            let first = first.trim_end().to_owned();
            return Ok(Some(Head { first, headers }));
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

fn read_body(
    stream: &mut impl BufRead,
    headers: &[(String, String)],
    answer: bool,
) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    if find(headers, "transfer-encoding") == Some("chunked") {
        loop {
            let mut line = String::new();
            stream.read_line(&mut line)?;
            let size =
                usize::from_str_radix(line.trim(), 16).map_err(|_| io::ErrorKind::InvalidData)?;
            let mut chunk = vec![0; size + 2];
            stream.read_exact(&mut chunk)?;
            body.extend_from_slice(&chunk[..size]);
            if size == 0 {
                return Ok(body);
            }
        }
    }
    match find(headers, "content-length").map(str::parse) {
        Some(Ok(length)) => {
            body.resize(length, 0);
            stream.read_exact(&mut body)?;
        }
        // An answer without a length goes on until the connection ends.
        _ if answer => drop(stream.read_to_end(&mut body)?),
        _ => {}
    }
    Ok(body)
}

/// Header lines.
fn lines(headers: impl Iterator<Item = (impl Display, impl Display)>) -> String {
    headers.fold(String::new(), |mut lines, (name, value)| {
        // Writing to a string does not fail.
        let _ = write!(lines, "{name}: {value}\r\n");
        lines
    })
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

fn to_bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}
