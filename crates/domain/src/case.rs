//! The ten national states of a case and the step they amount to.
//!
//! Codes as provincial systems send them (`TrangThaiHoSo`, strings "1" to "10").
//! "Late" is never a state: it is derived (`timeliness`).

/// A value with a stable machine name on the wire.
pub trait WireName: Copy + 'static {
    /// Every value.
    const ALL: &'static [Self];
    /// The machine name, lower snake case.
    fn name(self) -> &'static str;
    /// The value with this machine name.
    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.name() == name)
    }
}

/// Declares an enum with its wire names.
macro_rules! wire_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $value:ident = $wire:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $value),+ }
        impl $crate::case::WireName for $name {
            const ALL: &'static [Self] = &[$(Self::$value),+];
            fn name(self) -> &'static str {
                match self { $(Self::$value => $wire),+ }
            }
        }
    };
}
pub(crate) use wire_enum;

wire_enum! {
    /// The state of a case (`TrangThaiHoSo`).
    CaseStatus {
        /// 1 *Mới đăng ký*: filed, not yet received.
        Registered = "registered",
        /// 2 *Được tiếp nhận*.
        Received = "received",
        /// 3 *Không được tiếp nhận*.
        NotAccepted = "not_accepted",
        /// 4 *Đang xử lý*.
        Processing = "processing",
        /// 5 *Yêu cầu bổ sung giấy tờ*: the period restarts when the full dossier is in.
        SupplementRequested = "supplement_requested",
        /// 6 *Yêu cầu thực hiện nghĩa vụ tài chính*.
        PaymentRequested = "payment_requested",
        /// 7 *Công dân yêu cầu rút hồ sơ*.
        Withdrawn = "withdrawn",
        /// 8 *Dừng xử lý*.
        Stopped = "stopped",
        /// 9 *Đã xử lý xong*: awaits collection.
        Finished = "finished",
        /// 10 *Đã trả kết quả*.
        Returned = "returned",
    }
}

impl CaseStatus {
    /// The state with this national code, `"1"` to `"10"`.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let index: usize = code.parse().ok()?;
        if code.starts_with('0') || code.starts_with('+') {
            return None;
        }
        Self::ALL.get(index.checked_sub(1)?).copied()
    }

    /// The national code, 1 to 10.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8 + 1
    }

    /// Whether the competent agency holds a received case: counted as *received* in the figures.
    #[must_use]
    pub fn is_received(self) -> bool {
        !matches!(self, Self::Registered | Self::NotAccepted)
    }

    /// Whether nothing more will happen.
    #[must_use]
    pub fn is_closed(self) -> bool {
        matches!(
            self,
            Self::NotAccepted | Self::Withdrawn | Self::Stopped | Self::Returned
        )
    }

    /// Whether a result exists.
    #[must_use]
    pub fn is_finished(self) -> bool {
        matches!(self, Self::Finished | Self::Returned)
    }

    /// Whether the agency waits for the applicant; such a case is never late by the clock alone.
    #[must_use]
    pub fn is_paused(self) -> bool {
        matches!(self, Self::SupplementRequested | Self::PaymentRequested)
    }

    /// The step reached out of [`STEPS`]; `None` where the case left the path.
    #[must_use]
    pub fn step(self) -> Option<u8> {
        match self {
            Self::Registered => Some(1),
            Self::Received => Some(2),
            Self::Processing | Self::SupplementRequested | Self::PaymentRequested => Some(3),
            Self::Finished => Some(4),
            Self::Returned => Some(5),
            Self::NotAccepted | Self::Withdrawn | Self::Stopped => None,
        }
    }
}

wire_enum! {
    /// What a result says, where the sender tells (`KetQuaGiaiQuyet`, an extension of ours). A refusal after appraisal is
    /// recorded as a result (NĐ 61/2018 Điều 19(8)), so no state tells it; one at the counter is
    /// [`CaseStatus::NotAccepted`].
    Decision {
        /// 1: what was applied for is granted.
        Granted = "granted",
        /// 2: it is refused, in writing.
        Refused = "refused",
    }
}

impl Decision {
    /// What this code of the envelope says, `"1"` or `"2"`.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "1" => Some(Self::Granted),
            "2" => Some(Self::Refused),
            _ => None,
        }
    }
}

/// Filed, received, in processing, finished, returned.
pub const STEPS: u8 = 5;

wire_enum! {
    /// How a case was filed (`KenhThucHien`).
    Channel {
        /// 1, or missing: at the counter.
        Direct = "direct",
        /// 2: online.
        Online = "online",
        /// 3: by public post.
        Postal = "postal",
    }
}

wire_enum! {
    /// The level of an agency.
    Level {
        /// Ministries and their branches in the province.
        Ministry = "ministry",
        /// Provincial departments.
        Province = "province",
        /// Districts, until 30 June 2025.
        District = "district",
        /// Communes, wards, townships.
        Commune = "commune",
        /// Not known to the configuration.
        Unknown = "unknown_level",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ten_codes_are_the_national_ones() {
        for (code, status) in [
            ("1", CaseStatus::Registered),
            ("2", CaseStatus::Received),
            ("3", CaseStatus::NotAccepted),
            ("4", CaseStatus::Processing),
            ("5", CaseStatus::SupplementRequested),
            ("6", CaseStatus::PaymentRequested),
            ("7", CaseStatus::Withdrawn),
            ("8", CaseStatus::Stopped),
            ("9", CaseStatus::Finished),
            ("10", CaseStatus::Returned),
        ] {
            assert_eq!(CaseStatus::from_code(code), Some(status));
            assert_eq!(status.code().to_string(), code);
            assert_eq!(CaseStatus::from_name(status.name()), Some(status));
        }
        for code in ["0", "11", "", "x", "01", "+1", "-1"] {
            assert_eq!(CaseStatus::from_code(code), None, "{code}");
        }
    }
}
