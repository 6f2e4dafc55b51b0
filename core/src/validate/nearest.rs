//! The known name that was most likely meant.

/// The nearest of `known`, if it is near enough to be a slip: at most a third of its letters differ.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_ascii_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.len() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_are_understood_and_other_words_are_not() {
        let known = ["title", "subtitle", "number_of_steps"];
        assert_eq!(nearest("subtitel", known), Some("subtitle"));
        assert_eq!(nearest("numberOfSteps", known), Some("number_of_steps"));
        assert_eq!(nearest("TITLE", known), Some("title"));
        assert_eq!(nearest("percentage", known), None);
    }
}
