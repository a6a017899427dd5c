//! TT 01/2018/TT-VPCP Điều 9, Mẫu 04: the fields of the letter of apology.

use dung_hen_domain::letter::{FieldState, LetterField, Sent, fields, missing};
use dung_hen_domain::rules::LetterForm::Circular2018;

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
    assert_eq!(missing(Circular2018, WHOLE), []);
}

#[test]
fn each_field_that_was_not_sent_is_named() {
    use LetterField::{Agency, Number, PreviousDue, Reason, RevisedDue, Signer};
    assert_eq!(
        missing(Circular2018, Sent::default()),
        [Agency, Number, PreviousDue, Reason, RevisedDue, Signer]
    );
}

/// The applicant's name and address are dropped at the door: never said to be missing.
#[test]
fn what_is_not_kept_is_not_called_missing() {
    let all = fields(Circular2018, Sent::default());
    assert!(all.contains(&(LetterField::Addressee, FieldState::NotSent)));
    assert!(all.contains(&(LetterField::Issued, FieldState::Present)));
}
