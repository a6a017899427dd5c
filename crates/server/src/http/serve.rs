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
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

use super::Http;
use super::limits::Limits;

/// The other end of the connection. Used for limits, never stored and never logged.
#[derive(Clone, Copy)]
pub struct Peer(pub IpAddr);

/// What answers requests.
pub trait App: Clone + Send + 'static {
    /// Answers one.
    fn answer(self, request: Request<Body>) -> impl Future<Output = Response> + Send;
}

impl App for Router {
    async fn answer(self, request: Request<Body>) -> Response {
        let Ok(response) = self.oneshot(request).await;
        response
    }
}

/// Those that are cut off at the end are gone within so long, unless they block.
const GONE: std::time::Duration = std::time::Duration::from_secs(1);

/// Serves until `stop` is done, then finishes what is under way. What takes longer than [`Limits::finish`] is cut off:
/// when this returns nobody is answered any more.
pub async fn serve(
    listener: TcpListener,
    app: impl App,
    http: Arc<Http>,
    stop: impl Future<Output = ()>,
) {
    let limits = http.limits;
    let room = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let (cut, is_cut) = watch::channel(());
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
        let mut is_cut = is_cut.clone();
        tokio::spawn(async move {
            tokio::select! {
                // An error here is a client that went away or was too slow; both are its own affair.
                _ = connection => {}
                // When the other end is gone.
                _ = is_cut.changed() => {}
            }
            drop((place, open));
        });
    }
    drop(listener);
    if timeout(limits.finish, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests under way were cut off");
        drop(cut);
        let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
        let _ = timeout(GONE, room.acquire_many(all)).await;
    }
}

type Socket = TokioIo<std::pin::Pin<Box<TimeoutStream<TcpStream>>>>;

fn connection(
    stream: TcpStream,
    app: impl App,
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
            Ok::<_, Infallible>(app.answer(request).await)
        }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_headers(limits.headers)
        .max_header_size(limits.head_bytes)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::time::Duration;

    use super::*;

    /// Begins each answer and ends none.
    #[derive(Clone)]
    struct Endless {
        begun: Arc<tokio::sync::Notify>,
        under_way: Arc<()>,
    }

    impl App for Endless {
        async fn answer(self, _: Request<Body>) -> Response {
            let _here = Arc::clone(&self.under_way);
            self.begun.notify_one();
            std::future::pending().await
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_is_cut_off_at_the_end_is_answered_no_more_when_it_is_over() {
        let limits = Limits {
            finish: Duration::ZERO,
            ..Limits::default()
        };
        let http = Arc::new(Http::new(limits, Vec::new()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let request = b"GET / HTTP/1.1\r\nhost: here\r\n\r\n";
        client.write_all(request).unwrap();
        let begun = Arc::new(tokio::sync::Notify::new());
        let under_way = Arc::new(());
        let app = Endless {
            begun: Arc::clone(&begun),
            under_way: Arc::clone(&under_way),
        };
        serve(listener, app, http, async move { begun.notified().await }).await;
        assert_eq!(Arc::strong_count(&under_way), 1, "somebody still answers");
    }
}
