//! TT 03/2025/TT-VPCP Phụ lục I, Mẫu 04: the letter of apology and request for more time (secondary, docs/LAW.md).

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
fn what_was_not_sent_is_named() {
    assert_eq!(missing(Circular2025, WHOLE), []);
    let without_reason = Sent {
        reason: false,
        ..WHOLE
    };
    assert_eq!(missing(Circular2025, without_reason), [LetterField::Reason]);
}

/// How often the time was extended is asked by the form of 2025 and not by that of 2018.
#[test]
fn the_form_of_2025_asks_how_often_the_time_was_extended() {
    assert!(!Circular2018.fields().contains(&LetterField::Extensions));
    assert!(Circular2025.fields().contains(&LetterField::Extensions));
    let all = fields(Circular2025, Sent::default());
    assert!(all.contains(&(LetterField::Addressee, FieldState::NotSent)));
}
