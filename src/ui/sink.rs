//! Where the bytes of a stream go.

use std::io::{self, Write as _};

/// Where the bytes go: the process's streams, or memory in tests.
#[derive(Debug, Clone)]
pub(super) enum Sink {
    Out,
    Err,
    #[cfg(test)]
    Memory(Memory),
}

/// How much of what comes in pieces is written at once, in bytes.
const AT_ONCE: usize = 64 * 1024;

impl Sink {
    /// Text that comes in pieces, with nobody else's between them.
    pub(super) fn write_pieces(&self, pieces: impl Iterator<Item = String>) -> io::Result<()> {
        let held = matches!(self, Self::Err).then(|| io::stderr().lock());
        let mut gathered = String::new();
        for piece in pieces {
            gathered.push_str(&piece);
            if gathered.len() >= AT_ONCE {
                self.write(&gathered)?;
                gathered.clear();
            }
        }
        self.write(&gathered)?;
        drop(held);
        Ok(())
    }

    /// One text.
    pub(super) fn write(&self, text: &str) -> io::Result<()> {
        match self {
            Self::Out => {
                let mut out = io::stdout().lock();
                out.write_all(text.as_bytes())?;
                out.flush()
            }
            Self::Err => io::stderr().lock().write_all(text.as_bytes()),
            #[cfg(test)]
            Self::Memory(bytes) => {
                bytes
                    .lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner)
                    .extend_from_slice(text.as_bytes());
                Ok(())
            }
        }
    }
}

/// The bytes that a [`Ui`] wrote to one stream of its twin in memory.
#[cfg(test)]
pub type Memory = std::sync::Arc<std::sync::Mutex<Vec<u8>>>;
