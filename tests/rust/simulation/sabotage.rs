//! Bugs that are planted between the library and the network, to see that the judge finds them.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sabotage {
    None,
    /// An update that comes while a request is under way is dropped: a throttle without a trailing edge.
    LosesTheLastState,
    /// A request whose answer was lost is sent again as it was, with its alert.
    RepeatsAlerts,
    /// A retry that nobody has called off goes out after the end.
    SendsAfterTheEnd,
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
}
