//! The parts of the configuration, as the audit log tells them apart.

use super::Province;
use crate::tag;

impl Province {
    /// What the audit log says of each part: by a short hash, so that it is seen which part
    /// is another one since when.
    #[must_use]
    pub fn sections(&self) -> Vec<(&'static str, String)> {
        let tag = |part: String| tag::of(part.as_bytes());
        let hours = (&self.working_hours, &self.same_day_cut_off, &self.agencies);
        vec![
            (
                "settings.thresholds",
                format!(
                    "{}, reminded {} working days before",
                    tag(format!("{:?}", self.targets)),
                    self.remind_working_days
                ),
            ),
            (
                "settings.limits",
                tag(format!(
                    "{:?}{:?}{:?}",
                    self.http, self.access, self.retention
                )),
            ),
            (
                "settings.calendar",
                tag(format!("{:?}{hours:?}", self.calendar)),
            ),
            ("settings.objections", tag(format!("{:?}", self.objections))),
            (
                "settings.officers",
                format!(
                    "{}, {}",
                    self.officers.len(),
                    tag(format!("{:?}", self.officers))
                ),
            ),
            (
                "settings.connections",
                tag(format!(
                    "{:?}{:?}{:?}",
                    self.webhooks, self.pulls, self.portals
                )),
            ),
        ]
    }
}
