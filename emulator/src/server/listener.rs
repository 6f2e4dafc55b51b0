//! Accepts connections and feeds their requests to the API or the control endpoints. Answers nothing itself.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::body::{self, Limited};
use super::wire::{Call, Wire};
use super::{Shared, access, api, control, events, http};

/// How long requests in progress may go on after the emulator was told to stop.
const GRACE: Duration = Duration::from_secs(1);
/// How long a connection may stay open before its first byte. What follows is limited where the bytes are read: hyper
/// counts idling as waiting for a header, so that its own limit would end idle connections as early as slow ones.
const FIRST_BYTE: Duration = Duration::from_secs(30);
/// Pause after a failed accept, which mostly means that the process has no file descriptor left.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);

/// The two halves of the server; cheap to clone for each connection.
#[derive(Clone)]
struct App {
    shared: Arc<Shared>,
    control: TowerToHyperService<Router>,
}

/// Serves until the other end of `stopped` is dropped.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>, mut stopped: watch::Receiver<()>) {
    let control = TowerToHyperService::new(control::router(Arc::clone(&shared)));
    let app = App { shared, control };
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = stopped.changed() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(connection(stream, peer.ip(), app.clone(), stopped.clone()));
                }
                Err(_) => tokio::time::sleep(ACCEPT_RETRY).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    let finished = async { while connections.join_next().await.is_some() {} };
    // Whatever is still open after that is closed by dropping the set.
    let _ = tokio::time::timeout(GRACE, finished).await;
}

async fn connection(stream: TcpStream, client: IpAddr, app: App, mut stopped: watch::Receiver<()>) {
    // Without it each small response waits for the client's delayed acknowledgement; nothing is lost if it fails.
    let _ = stream.set_nodelay(true);
    // Readiness alone may be reported without a byte to read.
    let mut byte = [0];
    tokio::select! {
        first = tokio::time::timeout(FIRST_BYTE, stream.peek(&mut byte)) => if first.is_err() { return },
        _ = stopped.changed() => return,
    }
    let call = Arc::new(Call::default());
    let wire = Wire::new(stream, Arc::clone(&call));
    let service = service_fn(move |request| {
        let (app, call) = (app.clone(), Arc::clone(&call));
        async move {
            call.begin();
            let answer = answer(request, client, &app, &call).await;
            match &answer {
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => call.reset(),
                // It lasts for as long as the connection.
                Ok(response) if events::is_endless(response) => {}
                _ => call.end(),
            }
            answer
        }
    });
    let mut connection = std::pin::pin!(http1::Builder::new().serve_connection(TokioIo::new(wire), service));
    // An error means that the client has gone or does not speak HTTP; there is nobody to tell.
    tokio::select! {
        _ = connection.as_mut() => {}
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

/// An error ends the connection without an answer.
async fn answer(request: Request<Incoming>, client: IpAddr, app: &App, call: &Call) -> io::Result<Response<Body>> {
    let began = Instant::now();
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let api_path = path.strip_prefix("/api").filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let mut response = match api_path {
        Some(path) => {
            let body = body::read(body, body::LIMIT).await?;
            api::answer(&app.shared, call, &parts, path, client, &body, began.elapsed()).await?
        }
        None => answer_control(parts, body, app).await?,
    };
    http::mark(&mut response);
    Ok(response)
}

/// The answer of the control endpoints, or of the page.
async fn answer_control(parts: Parts, body: Incoming, app: &App) -> io::Result<Response<Body>> {
    let refusal = access::refusal(&parts);
    let limit = match parts.uri.path() {
        // Of what is refused nothing is kept.
        _ if refusal.is_some() => 0,
        "/_emulator/import" if app.shared.has_control => body::SNAPSHOT_LIMIT,
        _ => body::LIMIT,
    };
    Ok(match (refusal, body::read(body, limit).await?) {
        (Some(message), _) => http::error(403, "Forbidden", message),
        (None, Limited::TooLarge(limit)) => http::error(413, "Payload too large", &body::too_large(limit)),
        (None, Limited::Whole(body, _room)) => {
            let request = Request::from_parts(parts, Body::from(body));
            // The router never fails; its error type has no values.
            let answer = hyper::service::Service::call(&app.control, request).await;
            app.shared.events.wake();
            answer.unwrap_or_else(|never| match never {})
        }
    })
}
