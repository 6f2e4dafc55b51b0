//! Which files lead to which, and where that leads back.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The text of each file, by its path within a folder.
pub(super) type Sources = BTreeMap<String, String>;

/// For each file those that it needs, each with one item that it needs of it.
#[derive(Default)]
pub(super) struct Graph(BTreeMap<String, BTreeMap<String, String>>);

impl Graph {
    /// Adds an arrow, if it leads to another file.
    pub(super) fn add(&mut self, from: &str, to: &str, item: &str) {
        if from != to {
            let arrows = self.0.entry(from.to_owned()).or_default();
            arrows.entry(to.to_owned()).or_insert_with(|| item.to_owned());
        }
    }

    /// The sets of files that all lead to one another: the strongly connected components of more than one file.
    ///
    /// For a hundred files a search from each is quick enough, and it gives the ways that [`tour`](Self::tour) needs; Tarjan's
    /// algorithm gives the sets alone.
    pub(super) fn circles(&self) -> BTreeSet<BTreeSet<&str>> {
        let ways: BTreeMap<_, _> = self.0.keys().map(|file| (file.as_str(), self.ways(file))).collect();
        let circle = |(file, to): (_, &BTreeMap<_, _>)| {
            let leads_back = |other: &&str| ways.get(other).is_some_and(|ways| ways.contains_key(file));
            to.keys().copied().filter(leads_back).collect::<BTreeSet<_>>()
        };
        ways.iter().map(circle).filter(|circle| !circle.is_empty()).collect()
    }

    /// A walk through all files of a circle and back to the first, an arrow a line.
    pub(super) fn tour(&self, circle: &BTreeSet<&str>) -> String {
        let mut open = circle.clone();
        let mut tour: Vec<&str> = open.pop_first().into_iter().collect();
        while let [first, .., last] | [first @ last] = tour[..] {
            let ways = self.ways(last);
            let nearest = open.iter().filter_map(|file| ways.get(file)).min_by_key(|way| way.len());
            let Some(way) = nearest.or_else(|| ways.get(first)) else { break };
            tour.extend(&way[1..]);
            if open.is_empty() {
                break;
            }
            open.retain(|file| !way.contains(file));
        }
        tour.windows(2).map(|pair| self.arrow(pair[0], pair[1])).collect::<Vec<_>>().join("\n")
    }

    fn arrow(&self, from: &str, to: &str) -> String {
        format!("{from} -> {to} ({})", self.0[from][to])
    }

    /// The shortest way from a file to each one that it leads to; also back to itself, where there is one.
    fn ways<'a>(&'a self, from: &'a str) -> BTreeMap<&'a str, Vec<&'a str>> {
        let mut ways = BTreeMap::new();
        let mut open = VecDeque::from([vec![from]]);
        while let Some(way) = open.pop_front() {
            for next in way.last().and_then(|last| self.0.get(*last)).into_iter().flat_map(BTreeMap::keys) {
                if !ways.contains_key(next.as_str()) {
                    let longer = [&way[..], &[next]].concat();
                    ways.insert(next.as_str(), longer.clone());
                    open.push_back(longer);
                }
            }
        }
        ways
    }
}

#[cfg(test)]
pub(super) fn sources(files: &[(&str, &str)]) -> Sources {
    files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect()
}

#[cfg(test)]
impl Graph {
    pub(super) fn arrows(&self) -> Vec<String> {
        self.0.iter().flat_map(|(from, arrows)| arrows.keys().map(|to| self.arrow(from, to))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(arrows: &[(&str, &str)]) -> Graph {
        let mut graph = Graph::default();
        for (from, to) in arrows {
            graph.add(from, to, &to.to_uppercase());
        }
        graph
    }

    #[test]
    fn a_circle_is_found_and_told_in_order() {
        let graph = graph(&[("a", "c"), ("c", "b"), ("b", "a"), ("b", "d"), ("e", "a"), ("d", "d")]);
        let circles = graph.circles();
        assert_eq!(circles, BTreeSet::from([BTreeSet::from(["a", "b", "c"])]));
        assert_eq!(graph.tour(&circles.into_iter().next().unwrap()), "a -> c (C)\nc -> b (B)\nb -> a (A)");
    }

    #[test]
    fn circles_that_share_a_file_are_one() {
        let graph = graph(&[("a", "b"), ("b", "a"), ("b", "c"), ("c", "b"), ("x", "y"), ("y", "x")]);
        let circles = graph.circles();
        assert_eq!(circles, BTreeSet::from([BTreeSet::from(["a", "b", "c"]), BTreeSet::from(["x", "y"])]));
        let tour = "a -> b (B)\nb -> c (C)\nc -> b (B)\nb -> a (A)";
        assert_eq!(graph.tour(&circles.into_iter().next().unwrap()), tour);
    }
}
