//! A stream as it is heard: what has come so far, and waiting for what is to come.
//!
//! The one decision: whoever waits is woken by the reader and gives up at a deadline that came in as a value; nothing
//! here sleeps and looks again.

use std::{
    io::Read,
    sync::{Arc, Condvar, Mutex},
    thread,
    time::Instant,
};

/// What came out of a stream; cheap to clone, shared with the thread that reads.
#[derive(Clone, Default)]
pub(crate) struct Heard(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    bytes: Vec<u8>,
    ended: bool,
}

/// Why a wait was in vain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vain {
    /// The stream ended without it.
    Ended,
    /// The deadline passed.
    TooLong,
}

impl Heard {
    /// Reads `stream` to its end on a thread of its own.
    pub(crate) fn listen(mut stream: impl Read + Send + 'static) -> Self {
        let heard = Self::default();
        let shared = heard.clone();
        thread::spawn(move || {
            let mut buffer = [0; 8192];
            // A pseudo-terminal ends with an error (EIO) where a pipe ends with nothing.
            while let Ok(count @ 1..) = stream.read(&mut buffer) {
                shared.change(|state| state.bytes.extend_from_slice(&buffer[..count]));
            }
            shared.change(|state| state.ended = true);
        });
        heard
    }

    /// A stream that says nothing.
    pub(crate) fn silence() -> Self {
        let heard = Self::default();
        heard.change(|state| state.ended = true);
        heard
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.0.0.lock().unwrap());
        self.0.1.notify_all();
    }

    /// Waits until `look` finds something in the bytes so far.
    pub(crate) fn wait_for<T>(
        &self,
        deadline: Instant,
        mut look: impl FnMut(&[u8]) -> Option<T>,
    ) -> Result<T, Vain> {
        let mut state = self.0.0.lock().unwrap();
        loop {
            if let Some(found) = look(&state.bytes) {
                return Ok(found);
            }
            if state.ended {
                return Err(Vain::Ended);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Vain::TooLong);
            }
            state = self.0.1.wait_timeout(state, left).unwrap().0;
        }
    }

    /// Waits for the end; everything that came.
    pub(crate) fn to_end(&self, deadline: Instant) -> Result<Vec<u8>, Vain> {
        match self.wait_for(deadline, |_| None::<()>) {
            Err(Vain::Ended) => Ok(self.so_far()),
            Err(Vain::TooLong) | Ok(()) => Err(Vain::TooLong),
        }
    }

    /// What came so far.
    pub(crate) fn so_far(&self) -> Vec<u8> {
        self.0.0.lock().unwrap().bytes.clone()
    }

    /// What came so far, as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.so_far()).into_owned()
    }
}

/// The first whole line of `bytes` that contains `needle`, without its line end.
pub(crate) fn whole_line(bytes: &[u8], needle: &str) -> Option<String> {
    let end = bytes.iter().rposition(|byte| *byte == b'\n')?;
    String::from_utf8_lossy(&bytes[..end])
        .lines()
        .find(|line| line.contains(needle))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_line_counts_when_it_is_whole() {
        assert_eq!(whole_line(b"one\ntwo", "two"), None);
        assert_eq!(whole_line(b"one\ntwo\n", "tw").as_deref(), Some("two"));
    }

    #[test]
    fn waiting_ends_with_the_stream_or_the_deadline() {
        let soon = Instant::now() + Duration::from_millis(5);
        let heard = Heard::listen(&b"abc"[..]);
        let far = Instant::now() + super::super::PATIENCE;
        assert_eq!(heard.wait_for(far, |_| None::<()>), Err(Vain::Ended));
        assert_eq!(heard.to_end(far).as_deref(), Ok(&b"abc"[..]));
        assert_eq!(
            Heard::default().wait_for(soon, |_| None::<()>),
            Err(Vain::TooLong)
        );
    }
}
