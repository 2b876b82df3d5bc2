//! Lines of a run on a task of its own.

use futures_util::{Stream, stream};
use tokio::{sync::mpsc, task::JoinHandle};

use crate::{commands::Line, context::failure::Failure, exit::Kind};

/// The lines as they come. The task's last steps (the page's last news) belong to the run, and one that broke
/// off is no success.
pub fn to_the_end<T: Send + 'static>(
    received: mpsc::UnboundedReceiver<Result<Line, Failure>>,
    task: JoinHandle<T>,
) -> impl Stream<Item = Result<Line, Failure>> + Send {
    stream::unfold((received, Some(task)), |(mut received, task)| async move {
        if let Some(line) = received.recv().await {
            return Some((line, (received, task)));
        }
        let ended = task?.await;
        ended.is_err().then(|| (Err(broke_off()), (received, None)))
    })
}

/// A defect of ours, told by the panic itself.
pub fn broke_off() -> Failure {
    Failure::new(Kind::Io, "the run broke off")
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt as _;

    use super::*;

    #[tokio::test]
    async fn a_run_that_broke_off_is_no_success() {
        for (breaks, failures) in [(false, 0), (true, 1)] {
            let (lines, received) = mpsc::unbounded_channel::<Result<Line, Failure>>();
            let task = tokio::spawn(async move {
                drop(lines);
                assert!(!breaks, "on purpose");
            });
            let seen: Vec<_> = to_the_end(received, task).collect().await;
            assert_eq!(seen.len(), failures);
            assert!(seen.iter().all(Result::is_err));
        }
    }
}
