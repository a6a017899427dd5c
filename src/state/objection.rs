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
    /// It arrived, with this reference number.
    Done(String),
}

/// The objection about the case on show. Lives as long as that view.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Objection {
    /// Machine name of the kind.
    pub(crate) kind: Option<String>,
    /// What happened, in the citizen's words.
    pub(crate) text: String,
    /// Where it stands.
    pub(crate) phase: ObjectionPhase,
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

    fn settle(&mut self) -> bool {
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
    pub(crate) fn begin(&mut self) -> bool {
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
        self.phase == ObjectionPhase::Sending
    }

    /// Takes what came of it.
    pub(crate) fn finish(&mut self, answer: Result<ObjectionReceipt, Fault>) {
        self.phase = match answer {
            Ok(receipt) => ObjectionPhase::Done(receipt.reference),
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
        assert!(!objection.begin());
        assert_eq!(objection.phase, ObjectionPhase::Missing);
        objection.choose("date_moved");
        objection.write("ạ".repeat(MAX_OBJECTION_TEXT + 1));
        assert!(!objection.begin());
        assert_eq!(objection.phase, ObjectionPhase::TooLong);
        objection.write("ạ".repeat(MAX_OBJECTION_TEXT));
        assert!(objection.begin());
        assert!(!objection.begin());
    }

    #[test]
    fn after_a_failure_nothing_typed_is_lost() {
        let mut objection = Objection::default();
        objection.choose("not_received");
        objection.write("Tôi chưa nhận được".into());
        objection.begin();
        objection.finish(Err(Fault::Offline));
        assert_eq!(objection.text, "Tôi chưa nhận được");
        assert!(objection.begin());
        objection.finish(Ok(ObjectionReceipt {
            reference: "PA-1".into(),
            due_text: Default::default(),
            goes_to: Default::default(),
        }));
        assert!(!objection.begin());
    }
}
