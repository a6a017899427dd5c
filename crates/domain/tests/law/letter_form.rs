//! The fields of the letter of apology: Mẫu 04 of TT 01/2018/TT-VPCP, and of TT 03/2025/TT-VPCP.

use dung_hen_domain::letter::{FieldState, LetterField, Sent, fields, missing};
use dung_hen_domain::rules::LetterForm::{Circular2018, Circular2025};

const WHOLE: Sent = Sent {
    agency: true,
    number: true,
    previous_due: true,
    reason: true,
    revised_due: true,
    signer: true,
};

#[test]
fn a_whole_letter_lacks_nothing() {
    for form in [Circular2018, Circular2025] {
        assert_eq!(missing(form, WHOLE), []);
    }
}

#[test]
fn each_field_that_was_not_sent_is_named() {
    use LetterField::{Agency, Number, PreviousDue, Reason, RevisedDue, Signer};
    assert_eq!(
        missing(Circular2018, Sent::default()),
        [Agency, Number, PreviousDue, Reason, RevisedDue, Signer]
    );
    let without_reason = Sent {
        reason: false,
        ..WHOLE
    };
    assert_eq!(missing(Circular2025, without_reason), [Reason]);
}

/// The applicant's name and address are dropped at the door: never said to be missing.
#[test]
fn what_is_not_kept_is_not_called_missing() {
    for form in [Circular2018, Circular2025] {
        let all = fields(form, Sent::default());
        assert!(all.contains(&(LetterField::Addressee, FieldState::NotSent)));
        assert!(all.contains(&(LetterField::Issued, FieldState::Present)));
    }
    // Only the form of 2025 asks how often the time was extended.
    assert!(!Circular2018.fields().contains(&LetterField::Extensions));
    assert!(Circular2025.fields().contains(&LetterField::Extensions));
}
