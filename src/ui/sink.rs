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

impl Sink {
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
