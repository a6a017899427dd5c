//! Objections.

use serde::{Deserialize, Serialize};

use crate::case::wire_enum;

wire_enum! {
    /// What a citizen objects to.
    ObjectionKind {
        /// It says returned, but I have nothing.
        NotReceived = "not_received",
        /// Closed without a result.
        ClosedWithoutResult = "closed_without_result",
        /// I hold a receipt, but the code is unknown. Needs no case.
        UnknownCode = "unknown_code",
        /// The date was moved.
        DateMoved = "date_moved",
        /// Stopped or sent back without ground.
        StoppedWithoutGround = "stopped_without_ground",
        /// Asked to pay extra.
        AskedToPayExtra = "asked_to_pay_extra",
    }
}

/// `POST /api/v1/objections`.
#[derive(Clone, Serialize, Deserialize)]
pub struct ObjectionRequest {
    /// The case, or the unknown code on the receipt.
    pub case_code: String,
    /// The proof; needed for every kind but `unknown_code`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
    /// Machine name of the kind.
    pub kind: String,
    /// What happened, in the reporter's words, up to [`MAX_OBJECTION_TEXT`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Longest text of an objection, in characters.
pub const MAX_OBJECTION_TEXT: usize = 2000;

/// The receipt for an objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectionReceipt {
    /// The reference number.
    pub reference: String,
}
