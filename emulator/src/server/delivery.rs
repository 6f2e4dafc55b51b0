//! Sends an answer in the way that the service asks for: late, in pieces, in part, or not at all.

use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep};

use crate::api::Delivery;

/// Pieces of a body that trickles.
const PIECES: usize = 10;

/// Waits as long as the answer is to be held back. An error if there is to be none.
pub(super) async fn hold_back(delivery: Delivery) -> io::Result<()> {
    match delivery {
        Delivery::After(time) => tokio::time::sleep(time).await,
        Delivery::Never => std::future::pending().await,
        Delivery::Reset => return Err(io::ErrorKind::ConnectionReset.into()),
        Delivery::Whole | Delivery::Cut | Delivery::Trickle(_) => {}
    }
    Ok(())
}

pub(super) fn body(delivery: Delivery, bytes: Vec<u8>) -> Body {
    let whole = Bytes::from(bytes);
    match delivery {
        Delivery::Cut => {
            let half = whole.slice(..whole.len() / 2);
            Body::new(FaultyBody {
                announced: whole.len(),
                pieces: [half].into(),
                breaks_off: true,
                is_sent: false,
                pause: None,
            })
        }
        Delivery::Trickle(time) => {
            let size = whole.len().div_ceil(PIECES).max(1);
            let pieces = (0..whole.len()).step_by(size).map(|from| whole.slice(from..whole.len().min(from + size)));
            let pause = time / u32::try_from(PIECES).expect("it is a small number");
            let pause = Some((pause, Box::pin(tokio::time::sleep(pause))));
            Body::new(FaultyBody {
                announced: whole.len(),
                pieces: pieces.collect(),
                breaks_off: false,
                is_sent: false,
                pause,
            })
        }
        _ => whole.into(),
    }
}

struct FaultyBody {
    announced: usize,
    pieces: VecDeque<Bytes>,
    breaks_off: bool,
    is_sent: bool,
    pause: Option<(Duration, Pin<Box<Sleep>>)>,
}

impl hyper::body::Body for FaultyBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some((pause, sleep)) = &mut self.pause {
            if sleep.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            sleep.as_mut().reset(Instant::now() + *pause);
        }
        match self.pieces.pop_front() {
            Some(piece) => Poll::Ready(Some(Ok(Frame::data(piece)))),
            // The connection would close before the half was sent; with nothing to add, it is sent first.
            None if self.breaks_off && !std::mem::replace(&mut self.is_sent, true) => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            None if self.breaks_off => Poll::Ready(Some(Err(io::ErrorKind::BrokenPipe.into()))),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty() && !self.breaks_off
    }

    fn size_hint(&self) -> SizeHint {
        let left: usize = self.pieces.iter().map(Bytes::len).sum();
        SizeHint::with_exact(if self.breaks_off { self.announced } else { left } as u64)
    }
}
