//! TLS: whom we trust, and what is said when we do not. HTTP/2 is taken where it is offered.

use std::{path::PathBuf, sync::Arc};

use rustls::{ServerConfig, pki_types::PrivateKeyDer};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::server::{config, user};
use crate::graph::{ClientConfig, Error, Graph, Sent, Token};

/// The TLS of a server that speaks HTTP/2 only, and its certificate.
pub(super) fn acceptor(name: &str) -> (TlsAcceptor, String) {
    let pair = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(pair.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![pair.cert.der().clone()], key)
        .unwrap();
    tls.alpn_protocols = vec![b"h2".to_vec()];
    (TlsAcceptor::from(Arc::new(tls)), pair.cert.pem())
}

/// An HTTPS server that answers everything with an app, and its certificate.
async fn start(name: &str) -> (String, String) {
    let (acceptor, pem) = acceptor(name);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut connection = h2::server::handshake(stream).await.unwrap();
            while let Some(Ok((_, mut respond))) = connection.accept().await {
                let mut body = respond
                    .send_response(http::Response::new(()), false)
                    .unwrap();
                body.send_data(r#"{"id":"1","name":"over TLS"}"#.into(), true)
                    .unwrap();
            }
        }
    });
    (format!("https://127.0.0.1:{port}"), pem)
}

async fn read(config: ClientConfig) -> Result<String, Error> {
    let graph = Graph::new(config).unwrap();
    let app = graph
        .app(Token::User(&user()), &"1".parse().unwrap())
        .await?;
    Ok(app.name)
}

fn with(base: &str, ca_file: Option<PathBuf>) -> ClientConfig {
    ClientConfig {
        base: base.parse().unwrap(),
        ca_file,
        ..config()
    }
}

#[tokio::test]
async fn an_authority_of_the_operators() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("ca.pem");
    let (base, pem) = start("127.0.0.1").await;
    std::fs::write(&file, pem).unwrap();
    assert_eq!(read(with(&base, Some(file))).await.unwrap(), "over TLS");
}

#[tokio::test]
async fn strangers_and_false_names_are_not_trusted() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("ca.pem");
    let (base, pem) = start("graph.example").await;
    std::fs::write(&file, pem).unwrap();
    for ca_file in [None, Some(file)] {
        let error = read(with(&base, ca_file.clone())).await.unwrap_err();
        let stranger = ca_file.is_none();
        assert!(
            error.to_string().contains("cannot be trusted"),
            "{error} {:?}",
            error.causes()
        );
        let advice = error.advice().unwrap();
        assert_eq!(advice.contains("--ca-file FILE"), stranger, "{advice}");
        assert_eq!(
            (error.sent(), error.tries(), error.whole_run()),
            (Sent::Never, 1, true)
        );
    }
}
