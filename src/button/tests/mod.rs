//! The whole button over real sockets.
//!
//! The one decision: no test waits for a clock. Limits come in as values: so small that they are over at
//! once, or so large that only the right behaviour ends the test.

use std::{
    net::{IpAddr, SocketAddr},
    path::Path,
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use rustls::{
    ClientConfig, RootCertStore, pki_types::CertificateDer, pki_types::pem::PemObject as _,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{brand::Brand, *};
use crate::{
    http_server::{
        gate::{Gate, GateProtocol},
        limits::Limits,
    },
    lang::Lang,
};

/// Limits that no test lives to see.
const LONG: Limits = Limits {
    life: Duration::from_secs(600),
    handshake: Duration::from_secs(600),
    linger: Duration::from_secs(600),
    finish: Duration::from_secs(600),
    ..Limits::USUAL
};

const TOKEN: &str = "EAATESTTOKEN0123456789";

fn config(dir: &Path, mode: ListenMode) -> PageConfig {
    PageConfig {
        partner_app_id: "634974688087057".parse().unwrap(),
        partner_name: "Lucky <Shrub>".into(),
        api_version: "v26.0".into(),
        login_config_id: None,
        mode,
        listen: None,
        port: 0,
        state_dir: dir.to_owned(),
        links: Links::One(Link::ephemeral(), None),
        sdk: Sdk::Meta,
        story: PagePurpose::ServeButton,
        lang: Lang::En,
        brand: Brand::default(),
        app_secret: None,
        side: None,
    }
}

async fn bind(config: PageConfig, limits: Limits) -> Catcher {
    Catcher::bind_with(config, limits, Timestamp::now())
        .await
        .unwrap()
}

/// A button over plain http, with a directory that lives as long.
async fn plain(limits: Limits) -> (Catcher, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    (
        bind(config(dir.path(), ListenMode::Http), limits).await,
        dir,
    )
}

async fn connect(catcher: &Catcher) -> TcpStream {
    TcpStream::connect(("127.0.0.1", catcher.port()))
        .await
        .unwrap()
}

/// Sends bytes and reads until the other side closes; a reset counts as closed.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, bytes: &[u8]) -> String {
    let mut answer = Vec::new();
    let _ = stream.write_all(bytes).await;
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

async fn ask(catcher: &Catcher, request: &str) -> String {
    talk(connect(catcher).await, request.as_bytes()).await
}

fn status(answer: &str) -> u16 {
    answer
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or(0)
}

async fn get(catcher: &Catcher, path: &str) -> String {
    let port = catcher.port();
    ask(
        catcher,
        &format!("GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n"),
    )
    .await
}

/// The path of its link.
fn path(catcher: &Catcher) -> String {
    let url: url::Url = catcher.url().parse().unwrap();
    url.path().to_owned()
}

/// A visitor's nonce, as the page's script finds it.
async fn nonce(catcher: &Catcher) -> String {
    nonce_at(catcher, &path(catcher)).await
}

async fn nonce_at(catcher: &Catcher, path: &str) -> String {
    let page = get(catcher, path).await;
    let config = page
        .split("id=\"config\">")
        .nth(1)
        .unwrap()
        .split("</script>")
        .next()
        .unwrap();
    let config: Value = serde_json::from_str(config).unwrap();
    config["nonce"].as_str().unwrap().to_owned()
}

async fn post(catcher: &Catcher, nonce: &str, path: &str, body: &Value) -> String {
    let (port, body) = (catcher.port(), body.to_string());
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n\
         Content-Type: application/json\r\nX-Mps-Nonce: {nonce}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    ask(catcher, &request).await
}

async fn state(catcher: &Catcher, nonce: &str) -> Value {
    let port = catcher.port();
    let request =
        format!("GET /state HTTP/1.1\r\nHost: localhost:{port}\r\nX-Mps-Nonce: {nonce}\r\n\r\n");
    let answer = ask(catcher, &request).await;
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

/// How many sockets of ours lie in the directory.
fn sockets(dir: &Path) -> usize {
    let entries = std::fs::read_dir(dir.join("button")).unwrap();
    entries
        .filter(|entry| {
            entry
                .as_ref()
                .unwrap()
                .path()
                .extension()
                .is_some_and(|e| e == "sock")
        })
        .count()
}

mod links;
mod listener;
mod token;
