//! Bugs that are planted between the library and the network, to see that the judge finds them.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sabotage {
    None,
    /// An update that comes while a request is under way is dropped: a throttle without a trailing edge.
    LosesTheLastState,
    /// A request whose answer was lost is sent again as it was, with its alert.
    RepeatsAlerts,
    /// A retry that was not cancelled is sent after the end.
    SendsAfterTheEnd,
    /// What is refused for its key is repeated as if the network had failed.
    IgnoresPauses,
    /// What is to be shown later is shown at once.
    ShowsTooEarly,
    /// A success ends as a failure does, which is always shown.
    WaitsForDisplays,
    /// A publisher that is closed goes on.
    ForgetsToClose,
    /// Nothing says what became of a flush.
    LosesOutcomes,
    /// An operation has its outcome twice.
    RepeatsOutcomes,
    /// A warning is logged at each failure.
    RepeatsWarnings,
    /// Each client of an account has a budget of its own, as if it were alone.
    SharesNothing,
}

impl Sabotage {
    pub fn loses_the_last_state(self) -> bool {
        self == Self::LosesTheLastState
    }

    pub fn repeats_alerts(self) -> bool {
        self == Self::RepeatsAlerts
    }

    pub fn sends_after_the_end(self) -> bool {
        self == Self::SendsAfterTheEnd
    }

    pub fn ignores_pauses(self) -> bool {
        self == Self::IgnoresPauses
    }

    pub fn shows_too_early(self) -> bool {
        self == Self::ShowsTooEarly
    }

    pub fn waits_for_displays(self) -> bool {
        self == Self::WaitsForDisplays
    }

    pub fn forgets_to_close(self) -> bool {
        self == Self::ForgetsToClose
    }

    pub fn loses_outcomes(self) -> bool {
        self == Self::LosesOutcomes
    }

    pub fn repeats_outcomes(self) -> bool {
        self == Self::RepeatsOutcomes
    }

    pub fn repeats_warnings(self) -> bool {
        self == Self::RepeatsWarnings
    }

    pub fn shares_nothing(self) -> bool {
        self == Self::SharesNothing
    }
}
