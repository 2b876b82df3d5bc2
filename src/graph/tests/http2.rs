//! HTTP/2 servers that refuse streams and go away.
//!
//! The one decision: the count is taken at the server. A library that resends by itself shows there and
//! nowhere else. It is done under TLS too, where HTTP/2 is agreed upon as with Meta.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use h2::Reason;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
};

use super::{
    server::{config, system, user},
    tls::acceptor,
};
use crate::graph::{Graph, Sent, Token};

/// What the server does with a POST; a GET is answered with an app.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Refuse,
    Reset,
    GoAway,
    Drop,
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin, fate: Fate, posts: Arc<AtomicUsize>) {
    let mut connection = h2::server::handshake(stream).await.unwrap();
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        if request.method() == "GET" {
            let mut body = respond
                .send_response(http::Response::new(()), false)
                .unwrap();
            body.send_data(r#"{"id":"1234"}"#.into(), true).unwrap();
            continue;
        }
        posts.fetch_add(1, Ordering::Relaxed);
        match fate {
            Fate::Refuse => respond.send_reset(Reason::REFUSED_STREAM),
            Fate::Reset => respond.send_reset(Reason::INTERNAL_ERROR),
            Fate::GoAway => connection.abrupt_shutdown(Reason::NO_ERROR),
            Fate::Drop => return,
        }
    }
}

/// The number of POSTs that reached the server, for a write on a fresh or on a used connection.
async fn posts(fate: Fate, used: bool, tls: bool) -> usize {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (acceptor, pem) = acceptor("127.0.0.1");
    let directory = tempfile::tempdir().unwrap();
    let mut config = config();
    let scheme = if tls {
        let file = directory.path().join("ca.pem");
        std::fs::write(&file, pem).unwrap();
        config.ca_file = Some(file);
        "https"
    } else {
        "http"
    };
    config.base = format!("{scheme}://{}", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, counter) = (acceptor.clone(), Arc::clone(&counter));
            tokio::spawn(async move {
                if tls {
                    serve(acceptor.accept(stream).await.unwrap(), fate, counter).await;
                } else {
                    serve(stream, fate, counter).await;
                }
            });
        }
    });
    let graph = Graph::wired(config, !tls).unwrap();
    if used {
        let id = "1234".parse().unwrap();
        graph.app(Token::User(&user()), &id).await.unwrap();
    }
    let id = "7".parse().unwrap();
    let error = graph
        .accept(&system(), &id, Some(&"9".parse().unwrap()), None)
        .await
        .unwrap_err();
    assert_eq!(
        error.sent(),
        Sent::Unknown,
        "{fate:?}: {error}: {:?}",
        error.causes()
    );
    count.load(Ordering::Relaxed)
}

/// How many connections so many reads at once make.
async fn connections(reads: usize) -> usize {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (acceptor, pem) = acceptor("127.0.0.1");
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("ca.pem");
    std::fs::write(&file, pem).unwrap();
    let mut config = config();
    config.ca_file = Some(file);
    config.base = format!("https://{}", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    let (count, posts) = (Arc::new(AtomicUsize::new(0)), Arc::default());
    let counter = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::Relaxed);
            let (acceptor, posts) = (acceptor.clone(), Arc::clone(&posts));
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    serve(stream, Fate::Drop, posts).await;
                }
            });
        }
    });
    let graph = Graph::new(config).unwrap();
    let (id, user) = ("1234".parse().unwrap(), user());
    let reads = (0..reads).map(|_| graph.app(Token::User(&user), &id));
    for read in futures_util::future::join_all(reads).await {
        read.unwrap();
    }
    count.load(Ordering::Relaxed)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_begin_together_share_one_connection() {
    for reads in [1, 8, 64] {
        assert_eq!(connections(reads).await, 1, "{reads} reads at once");
    }
}

#[tokio::test]
async fn a_write_reaches_the_server_once() {
    for fate in [Fate::Refuse, Fate::Reset, Fate::GoAway, Fate::Drop] {
        for (used, tls) in [(false, false), (true, false), (false, true), (true, true)] {
            let count = posts(fate, used, tls).await;
            assert_eq!(count, 1, "{fate:?}, used: {used}, TLS: {tls}");
        }
    }
}
