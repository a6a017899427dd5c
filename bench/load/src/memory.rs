//! An axum handler that returns the same bytes from memory: what a look-up cannot be quicker than.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
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
}

pub(super) fn run(args: &Args) -> Result<(), String> {
    let bytes = Bytes::from(
        std::fs::read(&args.answer)
            .map_err(|error| format!("{}: {error}", args.answer.display()))?,
    );
    // The question is read whole, as the server has to.
    let answer = move |_question: Bytes| {
        let bytes = bytes.clone();
        async move { ([(CONTENT_TYPE, "application/json")], bytes) }
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
