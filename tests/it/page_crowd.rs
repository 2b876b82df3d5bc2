//! A crowd at one address: 200 visitors at once behind nginx, each with a link of their own, and 1,000 sockets that say
//! nothing.
//!
//! The one decision: the page is served in this process with a book of links, as a watch serves it, so that the crowd is
//! the page's and not Meta's.

use std::{
    net::{SocketAddr, TcpStream},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use mps::testing::button::{LinkStanding, serve_links};
use serde_json::json;
use tokio::sync::oneshot;

use crate::{
    button::free_port,
    nginx::{Nginx, needs_nginx},
    support::{Home, PATIENCE, http},
};

const VISITORS: usize = 200;
const IDLE: usize = 1_000;
/// How long one page may take on a calm machine.
const PAGE: Duration = Duration::from_millis(100);

fn path(number: usize) -> String {
    format!("/{number:022}")
}

/// From the link to what the page shows at the end.
fn visits(address: SocketAddr, host: &str, number: usize) -> String {
    let page = http::request(address, "GET", &path(number), &[("Host", host)], "");
    assert_eq!(page.status, 200, "{number}");
    let text = page.text();
    let (_, after) = text.split_once("\"nonce\":\"").expect("a nonce");
    let nonce = after.split('"').next().unwrap_or_default();
    let origin = format!("http://{host}");
    let headers = [
        ("Host", host),
        ("Origin", origin.as_str()),
        ("Content-Type", "application/json"),
        ("X-Mps-Nonce", nonce),
    ];
    let token = json!({"accessToken": format!("EAATOKEN{number:010}")}).to_string();
    let brought = http::request(address, "POST", "/token", &headers, &token);
    assert_eq!(brought.status, 202, "{number}");
    loop {
        let state = http::request(address, "GET", "/state", &headers, "").json();
        if state["last"] == true {
            return state["progress"]["rows"][0]["app_name"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
        }
    }
}

#[test]
fn two_hundred_visitors_at_once_see_their_own_and_a_thousand_idle_sockets_hold_up_nobody() {
    if !needs_nginx() {
        return;
    }
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    let raised = rustix::process::Rlimit {
        current: limit.maximum,
        ..limit
    };
    rustix::process::setrlimit(rustix::process::Resource::Nofile, raised).unwrap();
    let (home, back) = (Home::new(), free_port());
    let nginx = Nginx::start(&home, &back, "backlog=511");
    let host = format!("localhost:{}", nginx.address.port());
    let links: Vec<_> = (0..VISITORS)
        .map(|number| {
            (
                path(number),
                format!("visitor-{number}"),
                LinkStanding::Awaited,
            )
        })
        .chain([(path(VISITORS), "late".to_owned(), LinkStanding::Revoked)])
        .collect();
    let (ready, is_ready) = mpsc::channel();
    let (stop, stopped) = oneshot::channel();
    let (port, public, dir) = (
        back.parse().unwrap(),
        format!("http://{host}"),
        home.path().join("state"),
    );
    let watch = thread::spawn(move || {
        serve_links(
            &dir,
            port,
            &public,
            links,
            move || ready.send(()).unwrap(),
            stopped,
        )
    });
    is_ready.recv().unwrap();
    let direct: SocketAddr = ([127, 0, 0, 1], port).into();
    let idle: Vec<TcpStream> = (0..IDLE)
        .map(|_| TcpStream::connect(direct).unwrap())
        .collect();
    let fastest = (0..20)
        .map(|_| {
            let begin = Instant::now();
            let page = http::request(nginx.address, "GET", &path(0), &[("Host", &host)], "");
            assert_eq!(page.status, 200);
            begin.elapsed()
        })
        .min()
        .unwrap();
    assert!(fastest < PAGE, "a page took {fastest:?}");
    let begin = Instant::now();
    let crowd: Vec<_> = (0..VISITORS)
        .map(|number| {
            let (address, host) = (nginx.address, host.clone());
            thread::spawn(move || visits(address, &host, number))
        })
        .collect();
    for (number, visitor) in crowd.into_iter().enumerate() {
        assert_eq!(visitor.join().unwrap(), format!("visitor-{number}"));
    }
    let all = begin.elapsed();
    let revoked = http::request(
        nginx.address,
        "GET",
        &path(VISITORS),
        &[("Host", &host)],
        "",
    );
    assert_eq!(revoked.status, 410);
    drop(idle);
    stop.send(()).unwrap();
    let heard = watch.join().unwrap();
    let tokens = heard.iter().filter(|(_, kind)| *kind == "token_received");
    assert_eq!(tokens.count(), VISITORS);
    assert!(heard.contains(&(Some("late".to_owned()), "link_revoked")));
    assert!(all < PATIENCE, "the crowd took {all:?}");
}
