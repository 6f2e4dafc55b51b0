//! Accepts connections, and hands their requests to the API or to the control endpoints.

use std::error::Error as _;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::body::{self, Limited};
use super::{access, delivery};
use crate::api::{ApiRequest, ApiResponse};
use crate::shared::Shared;
use crate::{control, http};

/// How long requests in progress may go on after the emulator was told to stop.
const GRACE: Duration = Duration::from_secs(1);
/// How long a connection may wait for the headers of a request, from its start or from the end of the last answer.
const HEADERS: Duration = Duration::from_secs(30);
/// Pause after a failed accept, which mostly means that the process has no file descriptor left.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);

/// What a connection works on; cheap to clone.
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
    let service = service_fn(move |request| {
        let app = app.clone();
        async move { answer(request, client, &app).await }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADERS);
    let mut connection = builder.serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        ended = &mut connection => Some(ended),
        _ = stopped.changed() => None,
    };
    let ended = if let Some(ended) = ended {
        ended
    } else {
        Pin::new(&mut connection).graceful_shutdown();
        (&mut connection).await
    };
    // Any other error means that the client has gone or does not speak HTTP; there is nobody to tell.
    if ended.is_err_and(|error| is_reset(&error)) {
        // The system then sends a reset instead of an orderly end; if it cannot, the connection just closes.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    }
}

/// Whether a fault asks for the connection to be reset.
fn is_reset(error: &hyper::Error) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    error.is_user() && cause.is_some_and(|cause| cause.kind() == io::ErrorKind::ConnectionReset)
}

/// An error ends the connection without an answer.
async fn answer(request: Request<Incoming>, client: IpAddr, app: &App) -> io::Result<Response<Body>> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let api_path = path.strip_prefix("/api").filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let mut response = match api_path {
        Some(path) => answer_api(&app.shared, &parts, path, client, body).await?,
        None => answer_control(parts, body, app).await?,
    };
    http::mark(&mut response);
    Ok(response)
}

async fn answer_api(
    shared: &Shared,
    parts: &Parts,
    path: &str,
    client: IpAddr,
    body: Incoming,
) -> io::Result<Response<Body>> {
    let began = Instant::now();
    let body = body::read(body, body::LIMIT).await?;
    let headers: Vec<_> =
        parts.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap_or("(not text)"))).collect();
    let mut request = ApiRequest {
        method: parts.method.as_str(),
        path,
        authorization: parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()),
        client,
        body: &[],
        headers: &headers,
        arrival: began.elapsed(),
    };
    let response = shared.at_now(|service, now| match &body {
        Limited::Whole(body, _) => {
            request.body = body;
            service.handle(now, &request)
        }
        Limited::TooLarge(limit) => service.refuse(now, &request, 413, "Payload too large", &body::too_large(*limit)),
    });
    shared.events.wake();

    let ApiResponse { status, headers, extra_headers, content_type, body, delivery } = response;
    delivery::hold_back(delivery).await?;
    let mut response = http::response(status, content_type, delivery::body(delivery, body));
    let owned = extra_headers.into_iter();
    for (name, value) in headers.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(owned) {
        let name = HeaderName::try_from(name).expect("the service's header names are tokens");
        let value = HeaderValue::try_from(value).expect("the service's header values are ASCII");
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

/// The answer of the control endpoints, or of the page.
async fn answer_control(parts: Parts, body: Incoming, app: &App) -> io::Result<Response<Body>> {
    let refusal = access::refusal(&parts);
    let limit = match parts.uri.path() {
        // Nothing is kept of what is refused.
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
