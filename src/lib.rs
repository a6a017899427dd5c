//! The widget behind `<dung-hen>`: everything the element shows below its look-up form.
//!
//! What it is: look-up, the public and the holder's view of a case, the deadline with its reasons,
//! apology letters and notices, the rating and the objection, in Vietnamese and English.
//!
//! What it never does: law or arithmetic on dates (the server words and computes them), routing,
//! storing, or touching anything outside the element's shadow root. The form itself, and the custom
//! element around all of this, are `public/embed.js`. The contract with the server is `docs/API.md`,
//! with the host page `docs/EMBED.md`.

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
