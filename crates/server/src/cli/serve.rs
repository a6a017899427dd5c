//! `server serve` and `server demo`.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{NaiveDateTime, Timelike as _};
use clap::Args;
use tokio::net::TcpListener;
use tokio::signal;

use super::{advice, invented, own_key, waiting};
use crate::clock::Clock;
use crate::config::{Province, overrides};
use crate::connector::intake::import_text;
use crate::connector::pull::{self, Pull};
use crate::figures::{Counting, places, watch};
use crate::guard::Guard;
use crate::http::{Http, serve, surround};
use crate::keys::Keys;
use crate::outgoing;
use crate::outgoing::courier::Courier;
use crate::outgoing::endpoint::Endpoint;
use crate::recompute;
use crate::reference::Reference;
use crate::service::retention::keep_erasing;
use crate::state::{AppState, Parts, connector_key_from};
use crate::steady::Steady;
use crate::store::{Store, StoreError};

pub(super) const SAMPLE_PROVINCE: &str = include_str!("../../../../data/sample/province.toml");
pub(super) const SAMPLE_CASES: &str = include_str!("../../../../data/sample/cases.ndjson");

#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    data: super::DataArgs,
    /// The province's configuration.
    #[arg(long, env = "DUNG_HEN_PROVINCE")]
    province: PathBuf,
    /// Key that connectors show as `Authorization: Bearer …`; without it their address is closed.
    #[arg(long, env = "DUNG_HEN_CONNECTOR_KEY", hide_env_values = true)]
    connector_key: Option<String>,
    /// Secret of the portal that signs its tokens with HS256, 32 characters or more.
    #[arg(long, env = "DUNG_HEN_PORTAL_SECRET", hide_env_values = true)]
    portal_secret: Option<String>,
    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// Directory of the demonstration's database, emptied at each start. Without it a directory of its own is
    /// made, and removed at the end: two demonstrations never touch each other.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Without the invented ratings that the board shows: nobody has rated anything yet.
    #[arg(long)]
    unrated: bool,
    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Debug, Args)]
struct CommonArgs {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080", env = "DUNG_HEN_LISTEN", value_parser = advice::listen)]
    listen: SocketAddr,
    /// The built element and portal page; without it what the program carries.
    #[arg(long, env = "DUNG_HEN_DIST")]
    dist: Option<PathBuf>,
    /// Play at this moment instead of now (RFC 3339).
    #[arg(long)]
    clock: Option<Clock>,
    /// Address for Prometheus (`/metrics`): for the operator's network, not for the world.
    #[arg(long, env = "DUNG_HEN_METRICS_LISTEN", value_parser = advice::listen)]
    metrics_listen: Option<SocketAddr>,
    /// How the log is written, to the standard error.
    #[arg(long, default_value = "text", env = "DUNG_HEN_LOG_FORMAT")]
    log_format: LogFormat,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum LogFormat {
    /// For a person who reads along.
    Text,
    /// One JSON object a line.
    Json,
}

pub(super) fn serve(args: ServeArgs) -> Result<(), String> {
    for name in super::variables::unknown() {
        eprintln!("server: {name}: {}", super::variables::NO_SETTING);
    }
    let province = super::province_of(&args.province)?;
    let (settings, origins) = (province.http, province.origins.clone());
    let guard = Guard::of(&province, args.portal_secret.as_deref())
        .map_err(|error| error.of(&args.province).to_string())?;
    let (store, keys) = args.data.open_or_make()?;
    let clock = args.common.clock.unwrap_or(Clock::System);
    let reference = Reference::new(province)?;
    note_settings(&store, &keys, &args.province, &reference, clock.now())?;
    for against in super::outages::against(&reference, clock.now()) {
        eprintln!("server: {against}; {}", super::outages::TODO);
    }
    let steady = steady(&store, clock);
    let state = AppState::from(Parts {
        waiting: waiting(&args.data.data)?,
        store,
        keys,
        clock,
        steady: Arc::new(steady),
        reference: Arc::new(reference),
        dist: args.common.dist.clone(),
        connector_key: connector_key_from(args.connector_key),
        http: Arc::new(Http::new(settings.into(), origins)),
        guard: Arc::new(guard),
        gates: Arc::default(),
        owed: Arc::default(),
        issuers: Arc::default(),
        demo: false,
    });
    let province = &state.reference.province;
    let endpoints = Endpoint::all(province, &args.province).map_err(|error| error.to_string())?;
    let pulls = Pull::all(province, &args.province).map_err(|error| error.to_string())?;
    let courier = Courier::new(
        state.store.clone(),
        clock,
        Arc::clone(&state.http),
        endpoints,
    )?;
    run(state, courier, pulls, &args.common)
}

/// A clock that a person has set stands still; the machine's is measured beside the last time that the database knows of.
fn steady(store: &Store, clock: Clock) -> Steady {
    match clock {
        Clock::Fixed(_) => Steady::default(),
        // Where the database does not answer nothing is known, and nothing can be erased in it.
        Clock::System => Steady::watching(outgoing::watch::last(store).ok().flatten(), clock.now()),
    }
}

/// Who started the service with other settings (limits, targets, agencies, adopted text) or another calendar is in the
/// audit log, by a fingerprint of them. A database that cannot take the note does not keep the service from starting:
/// it answers that its store is unavailable, and can be restored while it runs.
fn note_settings(
    store: &Store,
    keys: &Keys,
    file: &Path,
    reference: &Reference,
    now: NaiveDateTime,
) -> Result<(), String> {
    let settings = Province::fingerprint(file).map_err(|error| error.to_string())?;
    let subject = format!(
        "settings {settings}, calendar {}",
        reference.calendar.version()
    );
    let mut changes = vec![("settings", subject)];
    changes.extend(reference.province.sections());
    let (keys, actor) = (keys.clone(), super::key::actor());
    let noted: Result<_, StoreError> = store.write_now(move |writer| {
        for (act, subject) in &changes {
            writer.audit_change(&keys, now, &actor, act, subject)?;
        }
        Ok(())
    });
    if let Err(error) = noted {
        eprintln!("server: the settings could not be noted in the audit log: {error}");
    }
    Ok(())
}

pub(super) fn demo(args: DemoArgs) -> Result<(), String> {
    let province =
        Province::parse_with(SAMPLE_PROVINCE, &overrides()).map_err(|error| error.to_string())?;
    let fixed = province
        .demo_clock
        .as_deref()
        .and_then(|text| text.parse().ok());
    let (settings, origins) = (province.http, province.origins.clone());
    let clock = args.common.clock.or(fixed).unwrap_or(Clock::System);
    let own = match args.data {
        Some(_) => None,
        None => {
            Some(tempfile::tempdir().map_err(|error| format!("no temporary directory: {error}"))?)
        }
    };
    let data = args
        .data
        .as_deref()
        .or(own.as_ref().map(tempfile::TempDir::path))
        .unwrap_or(Path::new("."));
    empty(data)?;
    let (store, keys) = own_key::open(data, None)?;
    let reference = Arc::new(Reference::new(province)?);
    import_text(&store, SAMPLE_CASES, &keys, clock.now(), &reference)
        .map_err(|error| format!("sample: {error}"))?;
    if !args.unrated {
        invented::fill(&store, &reference, clock.now())
            .map_err(|error| format!("sample: {error}"))?;
    }
    let state = AppState::from(Parts {
        waiting: waiting(data)?,
        store,
        keys,
        clock,
        steady: Arc::default(),
        reference,
        dist: args.common.dist.clone(),
        connector_key: None,
        http: Arc::new(Http::new(settings.into(), origins)),
        guard: Arc::default(),
        gates: Arc::default(),
        owed: Arc::default(),
        issuers: Arc::default(),
        demo: true,
    });
    let http = Arc::clone(&state.http);
    let courier = Courier::new(state.store.clone(), clock, http, Vec::new())?;
    run(state, courier, Vec::new(), &args.common)
}

/// Removes the files that a demonstration makes, never the directory as a whole.
fn empty(data: &Path) -> Result<(), String> {
    for name in [
        "dung-hen.db",
        "dung-hen.db-wal",
        "dung-hen.db-shm",
        "waiting/ratings",
        "waiting/entering",
    ] {
        let path = data.join(name);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(format!("{}: {error}", path.display()));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Work that has begun is waited for so long at the end, after everything else has stopped.
const LAST: std::time::Duration = std::time::Duration::from_secs(2);

fn run(
    state: AppState,
    courier: Courier,
    pulls: Vec<Pull>,
    args: &CommonArgs,
) -> Result<(), String> {
    if let Some(dist) = &args.dist
        && !dist.join("index.html").is_file()
    {
        return Err(format!(
            "{}: no index.html there; build the element first (make widget)",
            dist.display()
        ));
    }
    start_log(args.log_format);
    surround::quiet_panics();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .on_thread_park(state.store.rest())
        .build()
        .map_err(|error| format!("cannot start: {error}"))?;
    let done = runtime.block_on(listen(
        state,
        courier,
        pulls,
        args.listen,
        args.metrics_listen,
    ));
    // Work that hangs in the database ends with the process: nothing of it was acknowledged.
    runtime.shutdown_timeout(LAST);
    done
}

/// Logs go to stderr; stdout is for what a person or a script waits for.
fn start_log(format: LogFormat) {
    let filter =
        tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // Where nobody reads the log any more, to say so there would end the service.
        .log_internal_errors(false)
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
}

async fn listen(
    state: AppState,
    courier: Courier,
    pulls: Vec<Pull>,
    address: SocketAddr,
    metrics: Option<SocketAddr>,
) -> Result<(), String> {
    let listener = bind(address).await?;
    let http = Arc::clone(&state.http);
    let operators = match metrics {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    say(&format!("listening on http://{address}"));
    if let Some(operators) = operators {
        let address = operators.local_addr().map_err(|error| error.to_string())?;
        say(&format!("metrics on http://{address}/metrics"));
        // Ends with the process: the last figures may still be read while requests are finished.
        let app = crate::routes::telemetry(Arc::clone(&http));
        tokio::spawn(serve::serve(
            operators,
            app,
            Arc::clone(&http),
            std::future::pending(),
        ));
    }
    if state.demo {
        let now = state.now();
        say(&format!(
            "demonstration of {} at {}",
            state.reference.province.name.vi,
            dung_hen_domain::civil::rfc3339(now)
        ));
    }
    let (clock, steady) = (state.clock, Arc::clone(&state.steady));
    let reference = Arc::clone(&state.reference);
    tokio::spawn(watch::run(
        state.store.clone(),
        move |now| Counting::new(&reference, now),
        move || Some(clock.now()).filter(|now| steady.holds(*now)),
    ));
    tokio::spawn(places::keep_up(
        state.store.clone(),
        Arc::clone(&state.reference),
    ));
    tokio::spawn(crate::service::objection::keep_erasing(state.clone()));
    tokio::spawn(outgoing::watch::run(
        state.store.clone(),
        Arc::clone(&state.reference),
        clock,
        Arc::clone(&state.steady),
    ));
    courier.start();
    for pull in pulls {
        let (store, keys) = (state.store.clone(), state.keys.clone());
        let reference = Arc::clone(&state.reference);
        tokio::spawn(pull::run(pull, store, keys, reference, clock));
    }
    tokio::spawn(crate::service::senders::keep_measuring(state.clone()));
    compute_again(&state);
    tokio::spawn(keep_house(state.clone()));
    tokio::spawn(crate::service::brief::keep_making(state.clone()));
    let retention = state.reference.province.retention;
    tokio::spawn(keep_erasing(state.clone(), retention));
    let app = crate::routes::service(state.clone());
    let longest = http.limits.finish;
    serve::serve(listener, app, http, stop()).await;
    // Nobody adds to what is owed any more. Both share one time: packaging/dung-hen.service counts on it.
    let end = tokio::time::Instant::now() + longest;
    let written = tokio::time::timeout_at(end, state.owed.write(&state.store)).await;
    if !matches!(written, Ok(Ok(()))) {
        tracing::error!("wrong proofs and notices of the last moment are not in the database");
    }
    // What has company need not wait for the next start; but where another server is at it, or the database hangs, it does.
    let settled = tokio::time::timeout_at(end, crate::service::settle::settle(&state)).await;
    match settled {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(
            error.kind = error.code(),
            "ratings could not enter the database"
        ),
        Err(_) => tracing::warn!("ratings with company wait for the next start"),
    }
    say("stopped");
    Ok(())
}

/// Open cases that another calendar computed are computed again, while the server serves.
fn compute_again(state: &AppState) {
    let (store, reference, now) = (
        state.store.clone(),
        Arc::clone(&state.reference),
        state.now(),
    );
    tokio::task::spawn_blocking(move || match recompute::apply(&store, &reference, now) {
        Ok(done) => tracing::info!(
            calendar.version = reference.calendar.version(),
            cases.computed = done.computed,
            cases.moved = done.moved,
            "open cases are computed with this calendar"
        ),
        // The next start goes on from there.
        Err(error) => {
            tracing::error!(error.kind = ?error.kind(), "open cases could not be computed again");
        }
    });
}

/// What ratings need from time alone: at the start, and every day after three in the morning.
async fn keep_house(state: AppState) {
    const LOOK: std::time::Duration = std::time::Duration::from_secs(600);
    let mut done = None;
    loop {
        let now = state.now();
        let due = done.is_none_or(|day| day < now.date() && now.hour() >= 3);
        if due && state.steady.holds(now) {
            match crate::service::settle::keep_house(&state).await {
                Ok(()) => done = Some(now.date()),
                Err(error) => {
                    tracing::error!(error.kind = error.code(), "ratings: housekeeping failed")
                }
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address)
        .await
        .map_err(|error| advice::listening(address, &error))
}

/// A line for whoever started this; one who no longer listens does not stop the service.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Ctrl-C or a polite kill.
async fn stop() {
    let interrupt = async {
        let _ = signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        if let Ok(mut signals) = signal::unix::signal(signal::unix::SignalKind::terminate()) {
            signals.recv().await;
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
