//! Sockets: accepted up to a number, each with a time for every wait, and closed in order at the end.

use std::convert::Infallible;
use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

use super::Http;
use super::limits::Limits;

/// The other end of the connection. Used for limits, never stored and never logged.
#[derive(Clone, Copy)]
pub struct Peer(pub IpAddr);

/// Serves until `stop` is done, then finishes what is under way.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    http: Arc<Http>,
    stop: impl Future<Output = ()>,
) {
    let limits = http.limits;
    let room = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let stopping = async {
        stop.await;
        http.drain();
        sleep(limits.drain).await;
    };
    tokio::pin!(stopping);
    loop {
        // A place first: who finds none waits in the kernel's queue, and costs nothing here.
        let accepted = async {
            let place = Arc::clone(&room).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            pair = accepted => pair,
            () = &mut stopping => break,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of file descriptors, mostly: trying again at once would only burn the processor.
            tracing::warn!("a connection could not be accepted");
            sleep(std::time::Duration::from_millis(50)).await;
            continue;
        };
        let connection = graceful.watch(connection(stream, app.clone(), limits, Peer(peer.ip())));
        let open = http.telemetry.connected();
        tokio::spawn(async move {
            // An error here is a client that went away or was too slow; both are its own affair.
            let _ = connection.await;
            drop((place, open));
        });
    }
    drop(listener);
    if timeout(limits.finish, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests under way were cut off");
    }
}

type Socket = TokioIo<std::pin::Pin<Box<TimeoutStream<TcpStream>>>>;

fn connection(
    stream: TcpStream,
    app: Router,
    limits: Limits,
    peer: Peer,
) -> http1::Connection<
    Socket,
    impl hyper::service::HttpService<Incoming, ResBody = Body, Error = Infallible, Future: Send>,
> {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.write));
    let service = service_fn(move |request: Request<Incoming>| {
        let app = app.clone();
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(peer);
            let answer: Result<Response, Infallible> = app.oneshot(request).await;
            answer
        }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_headers(limits.headers)
        .max_header_size(limits.head_bytes)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
}
