//! Requests over many connections, as fast as the answers come or at a fixed rate.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::on_one_thread;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Whom to ask.
    #[arg(long)]
    address: SocketAddr,
    /// One request a line: method, path and body, with one space between.
    #[arg(long)]
    requests: PathBuf,
    /// Connections, each with one request under way.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// How long.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Requests a second in all; as fast as answers come where it is not given. Latency then counts from the
    /// moment a request was due, so that a slow answer cannot hide those that had to wait behind it.
    #[arg(long)]
    rate: Option<f64>,
    /// Sends each request once at most, and ends when there are none left.
    #[arg(long)]
    once: bool,
    /// Begins with this request, counted from 0: what was sent before need not be sent again.
    #[arg(long, default_value_t = 0)]
    from: usize,
    /// Sleeps while it waits, where answers wait for a disk: a load that never sleeps would take a processor from them.
    /// At a fixed rate requests then leave with the next whole millisecond, which counts as theirs.
    #[arg(long)]
    sleeps: bool,
}

/// What the connections have in common.
struct Plan {
    address: SocketAddr,
    requests: Vec<Vec<u8>>,
    next: AtomicUsize,
    once: bool,
    until: Instant,
    /// Between two requests of one connection.
    pause: Option<Duration>,
    sleeps: bool,
}

#[derive(Default)]
struct Seen {
    statuses: BTreeMap<u16, u64>,
    nanos: Vec<u64>,
    bytes: u64,
}

pub(super) fn run(args: &Args) -> Result<(), String> {
    let text = std::fs::read_to_string(&args.requests)
        .map_err(|error| format!("{}: {error}", args.requests.display()))?;
    let requests: Vec<Vec<u8>> = text.lines().filter_map(request).collect();
    if requests.is_empty() || args.connections == 0 {
        return Err("no requests, or no connections".to_owned());
    }
    on_one_thread(measure(args, requests), args.sleeps)
}

fn request(line: &str) -> Option<Vec<u8>> {
    let mut parts = line.splitn(3, ' ');
    let (method, path) = (parts.next()?, parts.next()?);
    let body = parts.next().unwrap_or_default();
    Some(
        format!(
            "{method} {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes(),
    )
}

async fn measure(args: &Args, requests: Vec<Vec<u8>>) -> Result<(), String> {
    let began = Instant::now();
    let share = |rate: f64| Duration::from_secs_f64(args.connections as f64 / rate);
    let plan = Arc::new(Plan {
        address: args.address,
        requests,
        next: AtomicUsize::new(args.from),
        once: args.once,
        until: began + Duration::from_secs_f64(args.seconds),
        pause: args.rate.map(share),
        sleeps: args.sleeps,
    });
    let mut tasks = Vec::new();
    for number in 0..args.connections {
        // Spread over one pause, so that a rate is a rate and not a burst.
        let offset = plan.pause.map_or(Duration::ZERO, |pause| {
            pause.mul_f64(number as f64 / args.connections as f64)
        });
        tasks.push(tokio::spawn(connection(Arc::clone(&plan), began + offset)));
    }
    let mut all = Seen::default();
    for task in tasks {
        let seen = task.await.map_err(|error| error.to_string())??;
        for (status, count) in seen.statuses {
            *all.statuses.entry(status).or_default() += count;
        }
        all.nanos.extend(seen.nanos);
        all.bytes += seen.bytes;
    }
    let seconds = began.elapsed().as_secs_f64();
    all.nanos.sort_unstable();
    let at = |share: f64| {
        let index = (all.nanos.len() as f64 * share) as usize;
        all.nanos
            .get(index.min(all.nanos.len().saturating_sub(1)))
            .map_or(0.0, |nanos| *nanos as f64 / 1e6)
    };
    println!(
        "{}",
        json!({
            "requests": all.nanos.len(),
            "per_second": all.nanos.len() as f64 / seconds,
            "bytes": all.bytes,
            "statuses": all.statuses.iter().map(|(k, v)| (k.to_string(), *v)).collect::<BTreeMap<_, _>>(),
            "ms": { "p50": at(0.5), "p90": at(0.9), "p99": at(0.99), "max": at(1.0) },
        })
    );
    Ok(())
}

async fn connection(plan: Arc<Plan>, first: Instant) -> Result<Seen, String> {
    let mut stream = TcpStream::connect(plan.address)
        .await
        .map_err(|error| format!("{}: {error}", plan.address))?;
    stream
        .set_nodelay(true)
        .map_err(|error| error.to_string())?;
    let mut seen = Seen::default();
    let mut buffer = Vec::with_capacity(64 * 1024);
    let mut due = first;
    loop {
        if plan.pause.is_some() {
            if plan.sleeps {
                tokio::time::sleep_until(due).await;
            }
            // Not the runtime's timer: it knows whole milliseconds, in which a dozen requests fall due.
            while Instant::now() < due {
                tokio::task::yield_now().await;
            }
        } else {
            due = Instant::now();
        }
        let turn = plan.next.fetch_add(1, Ordering::Relaxed);
        if Instant::now() >= plan.until || (plan.once && turn >= plan.requests.len()) {
            return Ok(seen);
        }
        let request = &plan.requests[turn % plan.requests.len()];
        stream
            .write_all(request)
            .await
            .map_err(|error| error.to_string())?;
        let (status, bytes) = answer(&mut stream, &mut buffer).await?;
        *seen.statuses.entry(status).or_default() += 1;
        seen.bytes += bytes as u64;
        seen.nanos
            .push(u64::try_from(due.elapsed().as_nanos()).unwrap_or(u64::MAX));
        if let Some(pause) = plan.pause {
            due += pause;
        }
    }
}

/// Status and length of one answer, which states its length.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<(u16, usize), String> {
    buffer.clear();
    loop {
        let read = stream
            .read_buf(buffer)
            .await
            .map_err(|error| error.to_string())?;
        if read == 0 {
            return Err("the server closed a connection".to_owned());
        }
        let Some(head) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let text = std::str::from_utf8(&buffer[..head]).map_err(|error| error.to_string())?;
        let status = text
            .get(9..12)
            .and_then(|status| status.parse().ok())
            .ok_or("not an answer")?;
        let length: usize = text
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse().ok())
            .ok_or("an answer without its length")?;
        let whole = head + 4 + length;
        while buffer.len() < whole {
            let read = stream
                .read_buf(buffer)
                .await
                .map_err(|error| error.to_string())?;
            if read == 0 {
                return Err("the server closed a connection".to_owned());
            }
        }
        return Ok((status, whole));
    }
}
