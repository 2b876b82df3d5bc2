//! Where a request ends.
//!
//! The one decision: the gate passes on one complete request per connection and nothing after it, so the
//! inner server never waits for a slow sender and has nothing to take for a second request. Only what the
//! end depends on, and what the inner server cannot bear, is read here; what a request means is `judge`'s
//! matter.

/// Longest head, in bytes. Browsers stay under 2 KiB on a page without cookies; other programs on
/// localhost may have set some.
const MAX_HEAD: usize = 16 * 1024;

/// How much of a request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Not all of it. `wants_continue`: the head is there and asks for `100 Continue` before the body.
    More { wants_continue: bool },
    /// All of it, so many bytes.
    Complete(usize),
    /// It will never be one that we take; the status says why.
    Bad(u16),
}

/// How much of a request is in `bytes`, of which a connection may send `most`.
pub(crate) fn framing(bytes: &[u8], most: usize) -> Framing {
    // Neither TLS on the plain port nor any other protocol begins with a capital letter.
    if bytes.first().is_some_and(|byte| !byte.is_ascii_uppercase()) {
        return Framing::Bad(400);
    }
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return if bytes.len() > MAX_HEAD {
            Framing::Bad(431)
        } else {
            Framing::More {
                wants_continue: false,
            }
        };
    };
    if end > MAX_HEAD {
        return Framing::Bad(431);
    }
    let Some(head) = std::str::from_utf8(&bytes[..end])
        .ok()
        .filter(|head| head.is_ascii())
    else {
        return Framing::Bad(400);
    };
    match lines(head)
        .and_then(|()| version(head))
        .and_then(|()| body(head))
        .and_then(|body| fields(head).map(|()| body))
    {
        Err(status) => Framing::Bad(status),
        Ok(body) if body > most.saturating_sub(end + 4) => Framing::Bad(413),
        Ok(body) if bytes.len() >= end + 4 + body => Framing::Complete(end + 4 + body),
        Ok(_) => Framing::More {
            wants_continue: header(head, "expect").next().is_some(),
        },
    }
}

/// Whether each line is one: no other line end or control character within it, and none that goes on from the line above. What
/// the inner server would make of those is nobody's guess (its CVE-2026-66753 is about such bytes).
fn lines(head: &str) -> Result<(), u16> {
    let odd = |byte: u8| byte.is_ascii_control() && byte != b'\t';
    let mut lines = head.split("\r\n");
    if lines.any(|line| line.starts_with([' ', '\t']) || line.bytes().any(odd)) {
        return Err(400);
    }
    Ok(())
}

/// Whether the first line is of a version that the inner server knows, and if not, the status. It must never
/// see another: tiny_http waits for itself, for ever, when it means to refuse HTTP/2.0.
fn version(head: &str) -> Result<(), u16> {
    let line = head.split("\r\n").next().unwrap_or_default();
    match line.split(' ').collect::<Vec<_>>()[..] {
        [_, _, "HTTP/1.1" | "HTTP/1.0"] => Ok(()),
        [_, _, other] if other.starts_with("HTTP/") => Err(505),
        _ => Err(400),
    }
}

/// Whether each line is a field that the inner server reads, and asks for nothing that it knows not: its own answers to
/// those, 400 and 417, would name it and lack our headers.
fn fields(head: &str) -> Result<(), u16> {
    for line in head.split("\r\n").skip(1) {
        let name = line.split_once(':').map(|(name, _)| name);
        if name.is_none_or(|name| name.is_empty() || name.contains(char::is_whitespace)) {
            return Err(400);
        }
    }
    let known = |value: &str| value.eq_ignore_ascii_case("100-continue");
    if header(head, "expect").all(known) {
        Ok(())
    } else {
        Err(417)
    }
}

/// Bytes of the body that a head announces, or the status for a head that leaves it open.
fn body(head: &str) -> Result<usize, u16> {
    if header(head, "transfer-encoding").next().is_some() {
        return Err(411);
    }
    let mut lengths = header(head, "content-length");
    match (lengths.next(), lengths.next()) {
        (None, _) => Ok(0),
        (Some(length), None)
            if !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            length.parse().map_err(|_| 413)
        }
        _ => Err(400),
    }
}

/// What a head that has come whole says, for those who decide by more than its length.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head<'a> {
    pub(crate) method: &'a str,
    pub(crate) target: &'a str,
    /// Bytes of the body that it announces.
    pub(crate) body: usize,
    text: &'a str,
}

impl<'a> Head<'a> {
    /// The values of one header.
    pub(crate) fn header(self, name: &str) -> impl Iterator<Item = &'a str> {
        header(self.text, name)
    }
}

/// The head of a request, if it is there and one that [`framing`] takes.
pub(crate) fn head(bytes: &[u8]) -> Option<Head<'_>> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let text = std::str::from_utf8(&bytes[..end]).ok()?;
    lines(text).and_then(|()| version(text)).ok()?;
    let mut words = text.split(' ');
    Some(Head {
        method: words.next()?,
        target: words.next()?,
        body: body(text).ok()?,
        text,
    })
}

/// The values of one header.
fn header<'a>(head: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    head.split("\r\n")
        .skip(1)
        .filter_map(|line| line.split_once(':'))
        .filter(move |(field, _)| field.trim().eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 64 * 1024;

    #[test]
    fn where_a_request_ends() {
        let more = Framing::More {
            wants_continue: false,
        };
        for (text, expected) in [
            ("", more),
            ("G", more),
            ("GET / HTTP/1.1\r\nHost: x\r\n", more),
            ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", Framing::Complete(27)),
            (
                "GET / HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n",
                Framing::Complete(18),
            ),
            ("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", more),
            (
                "POST / HTTP/1.1\r\ncontent-length:3\r\n\r\nabcd",
                Framing::Complete(40),
            ),
            (
                "POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n",
                Framing::More {
                    wants_continue: true,
                },
            ),
            (
                "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
                Framing::Bad(400),
            ),
            (
                "GET / HTTP/1.1\r\nA: b\nTransfer-Encoding: chunked\r\n\r\n",
                Framing::Bad(400),
            ),
            (
                "GET / HTTP/1.1\r\nA: b\rContent-Length: 3\r\n\r\n",
                Framing::Bad(400),
            ),
            (
                "GET / HTTP/1.1\r\nA: b\r\n Content-Length: 3\r\n\r\n",
                Framing::Bad(400),
            ),
            ("GET / HTTP/1.1\r\nA: \0\r\n\r\n", Framing::Bad(400)),
            (
                "POST / HTTP/1.1\r\nTransfer-Encoding : xchunked\r\n\r\n",
                Framing::Bad(411),
            ),
            (
                "POST / HTTP/1.1\r\nContent-Length: +3\r\n\r\nabc",
                Framing::Bad(400),
            ),
            (
                "POST / HTTP/1.1\r\nContent-Length: \r\n\r\n",
                Framing::Bad(400),
            ),
            (
                "POST / HTTP/1.1\r\nContent-Length: 70000\r\n\r\n",
                Framing::Bad(413),
            ),
            (
                "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
                Framing::Bad(413),
            ),
            (
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
                Framing::Bad(411),
            ),
            ("GET / HTTP/1.1\r\nHost\r\n\r\n", Framing::Bad(400)),
            ("GET / HTTP/1.1\r\n: x\r\n\r\n", Framing::Bad(400)),
            ("GET / HTTP/1.1\r\nHost : x\r\n\r\n", Framing::Bad(400)),
            ("GET / HTTP/1.1\r\nA b: x\r\n\r\n", Framing::Bad(400)),
            (
                "GET / HTTP/1.1\r\nExpect: a-miracle\r\n\r\n",
                Framing::Bad(417),
            ),
            (
                "GET / HTTP/1.1\r\nExpect: 100-Continue\r\n\r\n",
                Framing::Complete(40),
            ),
            ("GET / HTTP/1.0\r\n\r\n", Framing::Complete(18)),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Framing::Bad(505)),
            ("GET / HTTP/2.0 HTTP/1.1\r\n\r\n", Framing::Bad(400)),
            ("GET / HTTP/1.1 \r\n\r\n", Framing::Bad(400)),
            ("GET / RTSP/1.0\r\n\r\n", Framing::Bad(400)),
            ("GET /\r\n\r\n", Framing::Bad(400)),
            ("GET / HTTP/1.1\r\nX: ä\r\n\r\n", Framing::Bad(400)),
            ("\u{16}\u{3}\u{1}", Framing::Bad(400)),
            ("get / HTTP/1.1\r\n\r\n", Framing::Bad(400)),
        ] {
            assert_eq!(framing(text.as_bytes(), MOST), expected, "{text:?}");
        }
    }

    #[test]
    fn a_head_of_more_than_16_kib_is_too_long() {
        let of = |length: usize| format!("{:a<length$}", "GET / HTTP/1.1\r\nX: ");
        let more = Framing::More {
            wants_continue: false,
        };
        for (length, open, ended) in [
            (16_384, more, Framing::Complete(16_388)),
            (16_385, Framing::Bad(431), Framing::Bad(431)),
            (40_000, Framing::Bad(431), Framing::Bad(431)),
        ] {
            let head = of(length);
            assert_eq!(framing(head.as_bytes(), MOST), open, "{length}");
            let head = head + "\r\n\r\n";
            assert_eq!(framing(head.as_bytes(), MOST), ended, "{length}");
        }
    }

    #[test]
    fn a_request_of_more_than_it_may_be_is_too_long() {
        let request = "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc";
        let length = request.len();
        for (most, expected) in [
            (length, Framing::Complete(length)),
            (length - 1, Framing::Bad(413)),
            (length - 3, Framing::Bad(413)),
            (0, Framing::Bad(413)),
        ] {
            assert_eq!(framing(request.as_bytes(), most), expected, "{most}");
        }
    }

    #[test]
    fn what_a_head_says() {
        let request = "POST /a?b HTTP/1.1\r\nHost: x\r\nA: 1\r\na : 2\r\nContent-Length: 3\r\n\r\n";
        let said = head(request.as_bytes()).unwrap();
        assert_eq!((said.method, said.target, said.body), ("POST", "/a?b", 3));
        assert_eq!(said.header("A").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(said.header("B").next(), None);
        for wrong in [
            "POST / HTTP/1.1\r\nHost: x\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: x\r\n\r\n",
            "POST / HTTP/2.0\r\n\r\n",
            "POST / HTTP/1.1\r\nA: b\nc\r\n\r\n",
        ] {
            assert!(head(wrong.as_bytes()).is_none(), "{wrong:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn fuzz_framing_of_any_bytes(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..600)) {
            if let Framing::Complete(length) = framing(&bytes, MOST) {
                proptest::prop_assert!(length <= bytes.len());
            }
        }

        #[test]
        fn what_comes_later_changes_nothing(body in "[a-z]{0,40}", rest in "\\PC{0,40}") {
            let request = format!("POST /token HTTP/1.1\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            let complete = Framing::Complete(request.len());
            proptest::prop_assert_eq!(framing(request.as_bytes(), MOST), complete);
            proptest::prop_assert_eq!(framing(format!("{request}{rest}").as_bytes(), MOST), complete);
            proptest::prop_assert!(!matches!(framing(&request.as_bytes()[..request.len() - 1], MOST), Framing::Complete(_)));
        }
    }

    /// Pieces of requests, right and wrong ones, in any order.
    fn pieces() -> impl proptest::strategy::Strategy<Value = Vec<u8>> {
        let piece = proptest::sample::select(vec![
            "GET / HTTP/1.1\r\n",
            "POST /token HTTP/1.1\r\n",
            "GET / HTTP/1.0\r\n",
            "Host: localhost:1\r\n",
            "Content-Length: 3\r\n",
            "Content-Length: 03\r\n",
            "content-length:0\r\n",
            "Content-Length: 3, 3\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Transfer-Encoding\t: x\r\n",
            "Expect: 100-continue\r\n",
            "Expect: more\r\n",
            "X: y\r\n",
            " folded\r\n",
            "no colon\r\n",
            "\r\n",
            "\n",
            "\r",
            "\0",
            ":",
            " ",
            "abc",
            "5\r\n",
            "\u{e9}",
        ]);
        let pieces = proptest::collection::vec(piece, 0..12);
        proptest::strategy::Strategy::prop_map(pieces, |pieces| pieces.concat().into_bytes())
    }

    proptest::proptest! {
        #[test]
        fn fuzz_framing_of_pieces(bytes in pieces()) {
            let Framing::Complete(length) = framing(&bytes, MOST) else {
                return Ok(());
            };
            // It ends where it ends, whatever comes behind it, and not before.
            proptest::prop_assert_eq!(framing(&bytes[..length], MOST), Framing::Complete(length));
            for less in 0..length {
                proptest::prop_assert!(!matches!(framing(&bytes[..less], MOST), Framing::Complete(_)));
            }
            // Everybody else who reads it finds the same end: no length but one, and nothing that they may take for one.
            let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
            let head = std::str::from_utf8(&bytes[..end]).unwrap().to_ascii_lowercase();
            let names = head.split("\r\n").skip(1).filter_map(|line| line.split(':').next());
            let named = |name: &str| names.clone().filter(|other| other.trim() == name).count();
            proptest::prop_assert_eq!(named("transfer-encoding"), 0);
            proptest::prop_assert!(named("content-length") <= 1);
            for line in head.split("\r\n") {
                proptest::prop_assert!(!line.contains(['\r', '\n', '\0']));
            }
        }
    }
}
