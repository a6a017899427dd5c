//! Drawings: shapes without words, stretched to the cell they stand in. Colours and strokes are the style sheet's.

use dung_hen_domain::indices::Share;
use maud::{Markup, html};

/// Hundredths of a per cent are fine enough for a drawing.
fn place(value: f64) -> String {
    format!("{:.2}", value.clamp(0.0, 100.0))
}

/// A bar from 0 to 100 per cent, with the target as a line and, for a sample, the interval as a whisker.
pub(crate) fn bar(share: Share, target: Option<f64>, interval: Option<(f64, f64)>) -> Markup {
    let Some(percent) = share.percent() else {
        return html! {};
    };
    html! {
        svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            rect class="back" x="0" y="0" width="100" height="10" {}
            rect class="value" x="0" y="1.5" width=(place(percent)) height="7" {}
            @if let Some((low, high)) = interval {
                line class="interval" x1=(place(low)) y1="5" x2=(place(high)) y2="5" {}
                line class="interval" x1=(place(low)) y1="2.5" x2=(place(low)) y2="7.5" {}
                line class="interval" x1=(place(high)) y1="2.5" x2=(place(high)) y2="7.5" {}
            }
            @if let Some(target) = target {
                line class="target" x1=(place(target)) y1="0" x2=(place(target)) y2="10" {}
            }
        }
    }
}

/// Parts of a whole side by side, in the order given; their classes are `part-0`, `part-1`, …
pub(crate) fn parts(parts: &[u64]) -> Markup {
    let all: u64 = parts.iter().sum();
    let mut from = 0.0;
    html! {
        @if all > 0 {
            svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                @for (number, part) in parts.iter().enumerate() {
                    @let width = *part as f64 * 100.0 / all as f64;
                    rect class=(format!("part-{number}")) x=(place(from)) y="0" width=(place(width)) height="10" {}
                    @let () = from += width;
                }
            }
        }
    }
}

/// Shares month by month as a line, gaps where nothing was counted; the target across.
pub(crate) fn trend(shares: &[Share], target: Option<f64>) -> Markup {
    let step = 100.0 / shares.len().max(1) as f64;
    // From 50 to 100 per cent: below half, the line runs along the floor, and the table says how far.
    let height = |percent: f64| format!("{:.2}", (100.0 - percent.clamp(50.0, 100.0)) * 0.8);
    let points: Vec<Option<(String, String)>> = shares
        .iter()
        .enumerate()
        .map(|(month, share)| {
            let x = (month as f64 + 0.5) * step;
            share.percent().map(|percent| (place(x), height(percent)))
        })
        .collect();
    html! {
        // Room above and below for a dot at 100 and at 50 per cent.
        svg class="trend" viewBox="0 -2 100 44" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            @for percent in [60.0, 70.0, 80.0, 90.0] {
                line class="grid" x1="0" x2="100" y1=(height(percent)) y2=(height(percent)) {}
            }
            @if let Some(target) = target {
                line class="target" x1="0" x2="100" y1=(height(target)) y2=(height(target)) {}
            }
            @for pair in points.windows(2) {
                @if let [Some((x1, y1)), Some((x2, y2))] = pair {
                    line class="line" x1=(x1) y1=(y1) x2=(x2) y2=(y2) {}
                }
            }
            @for (x, y) in points.iter().flatten() {
                // A stroke of no length with round ends: a dot that no stretching turns into an egg.
                line class="dot" x1=(x) y1=(y) x2=(x) y2=(y) {}
            }
        }
    }
}
