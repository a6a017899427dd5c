//! The objection: a kind, a few words, a reference number.

use dung_hen_domain::wire::{MAX_OBJECTION_TEXT, ObjectionReceipt};

use super::Fault;

/// Where the objection stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum ObjectionPhase {
    /// The citizen is writing.
    #[default]
    Writing,
    /// Sent without saying what it is about.
    Missing,
    /// Sent with a text that is too long.
    TooLong,
    /// On its way.
    Sending,
    /// It did not arrive, as far as we know.
    Failed(Fault),
    /// It arrived: reference number, day to answer, who reads it.
    Done(ObjectionReceipt),
}

/// The objection about the case on show. Lives as long as that view.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Objection {
    /// Machine name of the kind.
    pub(crate) kind: Option<String>,
    /// What happened, in the citizen's words.
    pub(crate) text: String,
    /// How the citizen can be reached, where they say so.
    pub(crate) contact: String,
    /// Whether that may be kept.
    pub(crate) consent: bool,
    /// Whether a report about money or conduct names the case.
    pub(crate) name_case: bool,
    /// Where it stands.
    pub(crate) phase: ObjectionPhase,
    /// The same for every attempt to send the same words, so that they arrive once.
    pub(crate) number: Option<String>,
}

impl Objection {
    /// Takes the kind; whether that changes what is shown.
    pub(crate) fn choose(&mut self, kind: &str) -> bool {
        self.kind = Some(kind.into());
        self.settle()
    }

    /// Takes the text; whether that changes what is shown.
    pub(crate) fn write(&mut self, text: String) -> bool {
        self.text = text;
        self.settle()
    }

    /// Takes the contact; whether that changes what is shown.
    pub(crate) fn reach(&mut self, contact: String) -> bool {
        self.contact = contact;
        self.settle()
    }

    /// Turns the consent over; whether that changes what is shown.
    pub(crate) fn consent(&mut self) -> bool {
        self.consent = !self.consent;
        self.settle()
    }

    /// Turns over whether the case is named; whether that changes what is shown.
    pub(crate) fn name_case(&mut self) -> bool {
        self.name_case = !self.name_case;
        self.settle()
    }

    fn settle(&mut self) -> bool {
        // Other words are another report.
        self.number = None;
        let faulty = matches!(
            self.phase,
            ObjectionPhase::Missing | ObjectionPhase::TooLong
        );
        if faulty {
            self.phase = ObjectionPhase::Writing;
        }
        faulty
    }

    /// Begins sending; false where it is not complete or on its way already.
    pub(crate) fn begin(&mut self, draw: impl FnOnce() -> Option<String>) -> bool {
        if matches!(
            self.phase,
            ObjectionPhase::Sending | ObjectionPhase::Done(_)
        ) {
            return false;
        }
        self.phase = if self.kind.is_none() {
            ObjectionPhase::Missing
        } else if self.text.chars().count() > MAX_OBJECTION_TEXT {
            ObjectionPhase::TooLong
        } else {
            ObjectionPhase::Sending
        };
        if self.phase == ObjectionPhase::Sending && self.number.is_none() {
            self.number = draw();
        }
        self.phase == ObjectionPhase::Sending
    }

    /// Takes what came of it.
    pub(crate) fn finish(&mut self, answer: Result<ObjectionReceipt, Fault>) {
        self.phase = match answer {
            Ok(receipt) => ObjectionPhase::Done(receipt),
            Err(fault) => ObjectionPhase::Failed(fault),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_objection_needs_a_kind_and_a_text_that_fits() {
        let mut objection = Objection::default();
        assert!(!objection.begin(|| Some("n".into())));
        assert_eq!(objection.phase, ObjectionPhase::Missing);
        objection.choose("date_moved");
        objection.write("ạ".repeat(MAX_OBJECTION_TEXT + 1));
        assert!(!objection.begin(|| Some("n".into())));
        assert_eq!(objection.phase, ObjectionPhase::TooLong);
        objection.write("ạ".repeat(MAX_OBJECTION_TEXT));
        assert!(objection.begin(|| Some("n".into())));
        assert!(!objection.begin(|| Some("n".into())));
    }

    #[test]
    fn after_a_failure_nothing_typed_is_lost() {
        let mut objection = Objection::default();
        objection.choose("not_received");
        objection.write("Tôi chưa nhận được".into());
        objection.begin(|| Some("n".into()));
        objection.finish(Err(Fault::Offline));
        assert_eq!(objection.text, "Tôi chưa nhận được");
        assert_eq!(objection.number.as_deref(), Some("n"));
        assert!(objection.begin(|| Some("n".into())));
        objection.finish(Ok(ObjectionReceipt {
            reference: "PA-1".into(),
            due_text: Default::default(),
            goes_to: Default::default(),
        }));
        assert!(!objection.begin(|| Some("n".into())));
    }
}
