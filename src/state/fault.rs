//! Why a call did not give an answer.

use std::sync::Arc;

use dung_hen_domain::wire::Problem;

/// A call that failed, told apart by what the citizen can do about it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fault {
    /// The server refused and said why, in both languages.
    Problem(Arc<Problem>),
    /// Nothing reached the server.
    Offline,
    /// The server did not answer in time.
    Timeout,
    /// Something answered that is not our server, or not in a form we know.
    Nonsense,
}

impl Fault {
    /// The machine name: the server's code, or our own.
    pub(crate) fn reason(&self) -> &str {
        match self {
            Self::Problem(problem) => &problem.code,
            Self::Offline => "offline",
            Self::Timeout => "timeout",
            Self::Nonsense => "nonsense",
        }
    }

    /// Whether the same call may succeed when it is simply repeated.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::Problem(problem) => problem.status >= 500,
            _ => true,
        }
    }

    /// Whether the typed case code is at fault.
    pub(crate) fn is_about_code(&self) -> bool {
        self.reason() == "invalid_case_code"
    }

    /// Whether the server does not know the case (or says no more than that).
    pub(crate) fn is_unknown_case(&self) -> bool {
        matches!(self.reason(), "case_not_found" | "no_match")
    }

    /// Whole minutes to wait, rounded up, where the server named a time.
    pub(crate) fn wait_minutes(&self) -> Option<u32> {
        match self {
            Self::Problem(problem) => problem
                .retry_after_s
                .map(|seconds| seconds.div_ceil(60).max(1)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(code: &str, status: u16, retry_after_s: Option<u32>) -> Fault {
        Fault::Problem(Arc::new(Problem {
            kind: "about:blank".into(),
            status,
            code: code.into(),
            title: String::new(),
            message: Default::default(),
            retry_after_s,
        }))
    }

    #[test]
    fn only_what_may_pass_is_offered_again() {
        for (fault, again) in [
            (Fault::Offline, true),
            (Fault::Timeout, true),
            (Fault::Nonsense, true),
            (problem("internal", 500, None), true),
            (problem("no_match", 404, None), false),
            (problem("too_many_attempts", 429, Some(61)), false),
        ] {
            assert_eq!(fault.may_pass(), again, "{}", fault.reason());
        }
    }

    #[test]
    fn waiting_is_rounded_up_to_minutes() {
        for (seconds, minutes) in [(0, 1), (1, 1), (60, 1), (61, 2), (900, 15)] {
            assert_eq!(
                problem("too_many_attempts", 429, Some(seconds)).wait_minutes(),
                Some(minutes)
            );
        }
        assert_eq!(Fault::Offline.wait_minutes(), None);
    }
}
