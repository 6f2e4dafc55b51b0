//! How often one activity is updated. iOS shows short bursts and then, on average, one update in two minutes; it
//! silently holds back what comes faster.

use std::time::Duration;

use super::budget::Class;
use super::options::Pacing;
use super::rules::PacingRules;
use crate::api::Operation;

#[derive(Clone, Debug)]
pub(super) struct Pacer {
    pacing: Pacing,
    /// When the activity started, or the first answer about it came.
    started: Option<Duration>,
    /// When something was last sent to it.
    last: Option<Duration>,
    /// Updates since it started.
    updates: u32,
}

impl Pacer {
    pub(super) fn new(pacing: Pacing) -> Self {
        Self { pacing, started: None, last: None, updates: 0 }
    }

    /// When an update of this class may go.
    pub(super) fn ready_at(&self, rules: &PacingRules, class: Class) -> Duration {
        let Some(last) = self.last else {
            return Duration::ZERO;
        };
        match (self.pacing, class) {
            (_, Class::Start | Class::BriefStart | Class::End) => Duration::ZERO,
            (Pacing::Every(gap), _) => last.saturating_add(gap),
            (Pacing::Device, Class::Tick) => {
                let gap = self.age(last).min(rules.longest_number_gap).max(rules.first_number_gap);
                let more = rules.reserved_for_changes.saturating_add(1);
                let within_burst = self.updates.saturating_add(more) <= rules.burst;
                let average = if within_burst { Duration::ZERO } else { self.average(rules, more) };
                (last + gap).max(average)
            }
            (Pacing::Device, Class::Transition) => {
                // Out of debt once the average is kept, which may be before the longer wait is over.
                let paid = if self.updates < rules.burst { Duration::ZERO } else { self.average(rules, 1) };
                (last + rules.change_gap).max(paid.min(last + rules.change_gap_in_debt))
            }
        }
    }

    /// When so many more updates would be the average.
    fn average(&self, rules: &PacingRules, more: u32) -> Duration {
        self.started.unwrap_or_default() + rules.average * self.updates.saturating_add(more)
    }

    fn age(&self, now: Duration) -> Duration {
        now.saturating_sub(self.started.unwrap_or(now))
    }

    pub(super) fn sent(&mut self, now: Duration) {
        self.last = Some(now);
    }

    /// Takes what an update has done. One whose outcome is unknown counts as done.
    pub(super) fn done(&mut self, operation: Option<&Operation>, now: Duration) {
        match operation {
            Some(Operation::Started | Operation::Rotated) => {
                self.started = Some(now);
                self.updates = 0;
            }
            Some(Operation::Paused | Operation::Disabled) => {}
            other => {
                // The age of an activity that was started before, say by an earlier run of the program, counts from now.
                self.started.get_or_insert(now);
                self.updates = self.updates.saturating_add(u32::from(!matches!(other, Some(Operation::Noop))));
            }
        }
    }

    /// The service has warned of too many updates: there were more than are counted here.
    pub(super) fn warned(&mut self, rules: &PacingRules, now: Duration) {
        let average = self.age(now).div_duration_f64(rules.average) as u32;
        self.updates = self.updates.max(rules.burst).max(average);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AVERAGE: Duration = Duration::from_secs(120);
    const CHANGES_IN_DEBT: Duration = Duration::from_secs(30);

    fn ready_at(pacer: &Pacer, class: Class) -> Duration {
        pacer.ready_at(&PacingRules::default(), class)
    }

    /// When updates of a class go to an activity that always has one, and whether the service would warn of any.
    fn greedy(pacer: &mut Pacer, class: Class, end: Duration) -> (Vec<Duration>, u32) {
        let (mut sent, mut warnings, mut updates) = (Vec::new(), 0, 0_u32);
        pacer.sent(Duration::ZERO);
        pacer.done(Some(&Operation::Started), Duration::ZERO);
        loop {
            let now = ready_at(pacer, class);
            if now > end {
                return (sent, warnings);
            }
            pacer.sent(now);
            pacer.done(Some(&Operation::Updated), now);
            sent.push(now);
            updates += 1;
            warnings += u32::from(updates > 12 && AVERAGE * updates > now);
        }
    }

    #[test]
    fn ticks_never_meet_the_services_warning() {
        for (seconds, expected) in [(30, 2), (300, 5), (3_600, 19), (8 * 3_600, 124)] {
            let (sent, warnings) = greedy(&mut Pacer::new(Pacing::Device), Class::Tick, Duration::from_secs(seconds));
            assert_eq!((sent.len(), warnings), (expected, 0), "{seconds} s: {sent:?}");
        }
    }

    #[test]
    fn changes_go_at_once_while_there_are_few_and_never_wait_for_long() {
        let (sent, _) = greedy(&mut Pacer::new(Pacing::Device), Class::Transition, Duration::from_secs(600));
        assert_eq!(sent[..12], (1..=12).map(Duration::from_secs).collect::<Vec<_>>());
        assert!(sent[12..].windows(2).all(|pair| pair[1] == pair[0] + CHANGES_IN_DEBT));
    }

    #[test]
    fn a_new_activity_has_a_new_burst() {
        let mut pacer = Pacer::new(Pacing::Device);
        greedy(&mut pacer, Class::Transition, Duration::from_secs(60));
        let now = Duration::from_secs(100);
        pacer.sent(now);
        pacer.done(Some(&Operation::Rotated), now);
        assert_eq!(ready_at(&pacer, Class::Transition), now + Duration::from_secs(1));
    }

    #[test]
    fn a_warning_makes_ticks_wait_until_the_average_is_kept() {
        let mut pacer = Pacer::new(Pacing::Device);
        pacer.sent(Duration::ZERO);
        pacer.done(Some(&Operation::Started), Duration::ZERO);
        let now = Duration::from_secs(40);
        pacer.sent(now);
        pacer.done(Some(&Operation::Updated), now);
        pacer.warned(&PacingRules::default(), now);
        assert_eq!(ready_at(&pacer, Class::Tick), AVERAGE * 15);
    }

    #[test]
    fn an_activity_of_an_earlier_run_is_as_old_as_it_is_known() {
        let mut pacer = Pacer::new(Pacing::Device);
        let boot = Duration::from_secs(1_000_000);
        pacer.sent(boot);
        pacer.done(Some(&Operation::Updated), boot);
        assert_eq!(ready_at(&pacer, Class::Tick), boot + Duration::from_secs(15));
        for _ in 0..12 {
            pacer.done(Some(&Operation::Updated), boot);
        }
        assert_eq!(
            ready_at(&pacer, Class::Transition),
            boot + CHANGES_IN_DEBT,
            "there is debt, whatever the clock says"
        );
    }

    #[test]
    fn a_show_keeps_its_own_pace() {
        let mut pacer = Pacer::new(Pacing::Every(Duration::from_millis(500)));
        pacer.sent(Duration::from_secs(1));
        assert_eq!(ready_at(&pacer, Class::Tick), Duration::from_millis(1_500));
        pacer.pacing = Pacing::Every(Duration::MAX);
        assert_eq!(ready_at(&pacer, Class::Tick), Duration::MAX);
    }
}
