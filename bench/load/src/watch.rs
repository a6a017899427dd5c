//! One round of both watches on a store: the figures of what the clock alone changes, and what is told of it. What each
//! took in processor time, all threads, and how many cases it was.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use dung_hen_server::clock::Clock;
use dung_hen_server::config::Province;
use dung_hen_server::figures::{self, Counting};
use dung_hen_server::outgoing;
use dung_hen_server::recompute;
use dung_hen_server::reference::Reference;
use dung_hen_server::store::Store;
use serde_json::{Value, json};

use crate::cpu_seconds;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Data directory.
    #[arg(long)]
    data: PathBuf,
    /// The province's configuration.
    #[arg(long)]
    province: PathBuf,
    /// The moment.
    #[arg(long)]
    clock: Clock,
}

pub(super) fn run(args: &Args) -> Result<(), String> {
    let province = Province::load(&args.province).map_err(|error| error.to_string())?;
    let reference = Arc::new(Reference::new(province)?);
    let store =
        Store::open_file(&args.data.join("dung-hen.db")).map_err(|error| error.to_string())?;
    let now = args.clock.now();
    let counting = Counting::new(&reference, now);
    let figures = took(|| {
        figures::watch::bring_up(&store, &counting, |_| {})
            .map(|done| json!({ "turned": done.turned, "recounted": done.recounted }))
    })?;
    let told = took(|| {
        outgoing::watch::tell(&store, &reference, now)
            .map(|told| json!({ "looked": told.looked, "overdue": told.overdue }))
    })?;
    // What a start looks for beside: open cases that another calendar computed.
    let calendar = took(|| {
        recompute::apply(&store, &reference, now).map(|done| json!({ "computed": done.computed }))
    })?;
    println!(
        "{}",
        json!({ "figures": figures, "told": told, "calendar": calendar })
    );
    Ok(())
}

fn took<E: std::fmt::Display>(work: impl FnOnce() -> Result<Value, E>) -> Result<Value, String> {
    let (before, began) = (cpu_seconds(), Instant::now());
    let done = work().map_err(|error| error.to_string())?;
    Ok(json!({
        "done": done,
        "ms": began.elapsed().as_secs_f64() * 1e3,
        "processor_ms": (cpu_seconds() - before) * 1e3,
    }))
}
