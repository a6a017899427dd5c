//! An axum handler that returns the same bytes from memory: what a look-up cannot be quicker than. The same body, or the
//! same answer with all that stands on it.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::routing::post;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Address to listen on; port 0 takes a free one, which is printed.
    #[arg(long)]
    listen: SocketAddr,
    /// The address that answers.
    #[arg(long)]
    path: String,
    /// The file whose bytes are the answer.
    #[arg(long)]
    answer: PathBuf,
    /// A header that stands on the answer, `name: value`; as often as there are any.
    #[arg(long = "header")]
    headers: Vec<String>,
}

/// The headers as given, and the kind of the body.
fn headers(lines: &[String]) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for line in lines {
        let wrong = || format!("{line}: no header");
        let (name, value) = line.split_once(": ").ok_or_else(wrong)?;
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
        headers.insert(name, HeaderValue::from_str(value).map_err(|_| wrong())?);
    }
    Ok(headers)
}

pub(super) fn run(args: &Args) -> Result<(), String> {
    let bytes = Bytes::from(
        std::fs::read(&args.answer)
            .map_err(|error| format!("{}: {error}", args.answer.display()))?,
    );
    let headers = headers(&args.headers)?;
    // The question is read whole, as the server has to.
    let answer = move |_question: Bytes| {
        let answer = (headers.clone(), bytes.clone());
        async move { answer }
    };
    let router = Router::new().route(&args.path, post(answer));
    // The same runtime as the server's.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(args.listen)
            .await
            .map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let mut out = std::io::stdout();
        writeln!(out, "listening on http://{address}")
            .and_then(|()| out.flush())
            .map_err(|error| error.to_string())?;
        axum::serve(listener, router)
            .await
            .map_err(|error| error.to_string())
    })
}
