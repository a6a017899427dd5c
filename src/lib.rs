//! The widget behind `<dung-hen>`: the answer that the element shows below its look-up form.
//!
//! What it is: look-up, the public and the holder's view of a case, the deadline, apology letters and notices, reports
//! and their answers, in Vietnamese and English.
//!
//! What others do: `public/embed.js` is the custom element with its form, `public/parts/live.js` sends for it, and the
//! parts beside it hold what a citizen fills in or opens (rating, report, the days one by one).
//!
//! What it never does: law or arithmetic on dates (the server words and computes them), routing, storing, or touching
//! anything outside the element's shadow root. The contract with the server is `docs/API.md`, with the host page
//! `docs/EMBED.md`.

mod api;
mod app;
mod components;
mod config;
mod dom;
mod element;
mod html;
mod i18n;
mod state;

pub use element::{Handle, mount};
