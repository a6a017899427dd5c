//! The fields of a letter of apology, as the official form has them, and which of them a letter lacks.
//!
//! Mẫu 04 of TT 01/2018/TT-VPCP by the letters that agencies issue on it; Mẫu 04 of TT 03/2025/TT-VPCP as a
//! study lists it (docs/LAW.md, *secondary*). What the form says of the applicant is not kept here and so never
//! called missing.

use crate::case::wire_enum;
use crate::rules::LetterForm;

wire_enum! {
    /// A field of the form.
    LetterField {
        /// The issuing agency.
        Agency = "agency",
        /// Number of the letter.
        Number = "number",
        /// Day of issue.
        Issued = "issued",
        /// The case: its code, its reception, its procedure.
        Case = "case",
        /// The date that was promised.
        PreviousDue = "previous_due",
        /// Why it was not kept.
        Reason = "reason",
        /// The new date.
        RevisedDue = "revised_due",
        /// Who signed.
        Signer = "signer",
        /// Name, address and phone of the applicant.
        Addressee = "addressee",
        /// How often the time was extended, and how often it may be.
        Extensions = "extensions",
    }
}

/// What is known of a field of one letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldState {
    /// Sent.
    Present,
    /// The form asks for it, and it was not sent.
    Missing,
    /// It is worked out from the facts of the case, or is the applicant's and not kept here.
    NotSent,
}

/// Which of the fields that are sent a letter has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields of LetterField")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a form: each box is ticked or not"
)]
pub struct Sent {
    pub agency: bool,
    pub number: bool,
    pub previous_due: bool,
    pub reason: bool,
    pub revised_due: bool,
    pub signer: bool,
}

impl LetterForm {
    /// The fields of the form, in its order.
    #[must_use]
    pub const fn fields(self) -> &'static [LetterField] {
        use LetterField::{
            Addressee, Agency, Case, Extensions, Issued, Number, PreviousDue, Reason, RevisedDue,
            Signer,
        };
        match self {
            Self::Circular2018 => &[
                Agency,
                Number,
                Issued,
                Addressee,
                Case,
                PreviousDue,
                Reason,
                RevisedDue,
                Signer,
            ],
            Self::Circular2025 => &[
                Agency,
                Number,
                Issued,
                Addressee,
                Case,
                PreviousDue,
                Reason,
                RevisedDue,
                Extensions,
                Signer,
            ],
        }
    }
}

/// Every field of `form` with what is known of it. A letter without a day of issue is none, so that field
/// is always present.
#[must_use]
pub fn fields(form: LetterForm, sent: Sent) -> Vec<(LetterField, FieldState)> {
    let ticked = |sent| {
        if sent {
            FieldState::Present
        } else {
            FieldState::Missing
        }
    };
    form.fields()
        .iter()
        .map(|field| {
            let state = match field {
                LetterField::Agency => ticked(sent.agency),
                LetterField::Number => ticked(sent.number),
                LetterField::Issued => FieldState::Present,
                LetterField::PreviousDue => ticked(sent.previous_due),
                LetterField::Reason => ticked(sent.reason),
                LetterField::RevisedDue => ticked(sent.revised_due),
                LetterField::Signer => ticked(sent.signer),
                LetterField::Case | LetterField::Addressee | LetterField::Extensions => {
                    FieldState::NotSent
                }
            };
            (*field, state)
        })
        .collect()
}

/// The fields that the form asks for and the letter lacks.
#[must_use]
pub fn missing(form: LetterForm, sent: Sent) -> Vec<LetterField> {
    fields(form, sent)
        .into_iter()
        .filter_map(|(field, state)| (state == FieldState::Missing).then_some(field))
        .collect()
}

/// Who named the date of a letter: its signer and agency, as far as said.
#[must_use]
pub fn signed_by(signer: Option<&String>, agency: Option<&String>) -> Option<String> {
    let said: Vec<&str> = [signer, agency]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    (!said.is_empty()).then(|| said.join(", "))
}
