//! What the kept figures were counted with. A database without cases takes over what its first case is counted with, so
//! that nothing need be counted again at the next start; who writes with other settings than the figures have leaves word
//! with each case (`agrees`), and the watch counts that again.

use dung_hen_domain::figures::METHOD;

use super::Counting;
use crate::store::{StoreError, Writer};

/// Under this name; empty while every case is counted again.
pub(super) const COUNTED_WITH: &str = "counted_with";

/// The method, the calendar and the units that ended: what any case may count otherwise with.
pub(super) fn settings(counting: &Counting) -> String {
    let reference = &counting.reference;
    let with = format!(
        "{METHOD} {} {}",
        reference.calendar.version(),
        reference.histories()
    );
    with.trim_end().to_owned()
}

/// Before the first case is written: the figures of a database without any are those of `counting`, so that nothing
/// need be counted again at the next start.
///
/// # Errors
/// [`StoreError`].
pub fn begin(writer: &mut Writer<'_>, counting: &Counting) -> Result<(), StoreError> {
    if writer.figure_state(COUNTED_WITH)?.is_none() {
        writer.begin_figures(COUNTED_WITH, &settings(counting))?;
    }
    Ok(())
}

/// Whether the kept figures were counted with what `counting` has; nobody changes that before the transaction ends.
/// Where nothing says with what, every case will be counted again, and this one need not be named.
pub(super) fn agrees(writer: &mut Writer<'_>, counting: &Counting) -> Result<bool, StoreError> {
    let with = writer.held_figure_state(COUNTED_WITH)?;
    Ok(with.is_none_or(|with| with == settings(counting)))
}
