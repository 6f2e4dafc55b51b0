//! How far a job is, as its output shows: percentages, `n/m`, what a regex finds, and the sequences by which programs inform a
//! terminal (OSC 9;4). It reads an output in pieces, in bounded memory and time, and changes nothing of it.

use std::sync::LazyLock;

use activitysmith_kit::publish;
use memchr::{memchr, memchr2_iter};
use regex::bytes::{Captures, Regex};

/// How far a job is, in percent.
pub type Percent = f64;

/// The longest line that is looked at; a longer one is skipped.
const LONGEST_LINE: usize = 4096;
/// So many lines of a piece are looked at, the last ones: what a busy program says between is old at once.
const MOST_LINES: usize = 32;
/// The longest sequence to a terminal that counts, and so what is kept of a piece for the next one.
const LONGEST_SEQUENCE: usize = 16;

/// `42%`, `42.5 %`; not `-3%`, and not the end of another word.
static PERCENTAGE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?-u)(?:^|[^\w.,%+-])(\d{1,3}(?:\.\d+)?)\s?%(?:$|[^\w%])"));
/// `3/10`, `3 / 10`, `3 of 10`; not a date, a path or a version.
static COUNT: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?-u)(?:^|[^\w./:%,+-])(\d{1,9})(?:\s?/\s?| of )(\d{1,9})(?:$|[^\w/:.,%-]|[.,:](?:\s|$))")
});
/// `ESC ] 9 ; 4 ; state ; percent`, ended by BEL or `ESC \`. State 0 takes it away, 3 knows no percentage.
static SEQUENCE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?-u)\x1b\]9;4;[124];(\d{1,3})(?:\x07|\x1b\\)"));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is right")
}

/// What counts as progress.
#[derive(Clone, Debug)]
pub enum Source {
    /// Percentages, counts and sequences. `asked`, the first one counts; else only what was seen to grow, so that a number in
    /// passing is not taken for progress.
    Auto { asked: bool },
    /// What this finds: one group is a percentage, two are a count and its total.
    Regex(Regex),
    /// Each line as a whole is one: `42`, `42%`, `3/10`.
    Lines,
}

/// Reads one output.
#[derive(Debug)]
pub struct Scanner {
    source: Option<Source>,
    /// The line that has begun.
    line: Vec<u8>,
    /// It is too long, and what follows is no beginning of one.
    overlong: bool,
    /// The end of the last piece, where a sequence may have begun.
    before: Vec<u8>,
    /// Sequences were seen: a program that sends them means them, and not what its lines say.
    has_sequences: bool,
    /// What was seen last.
    seen: Option<Candidate>,
    /// It has grown since it was first seen.
    has_grown: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Candidate {
    Percentage(f64),
    Count(u64, u64),
}

/// What a piece of output holds.
#[derive(Debug, Default, PartialEq)]
pub struct Output {
    /// The newest progress in it.
    pub percent: Option<Percent>,
    /// The lines that ended in it, without what commands a terminal; the last ones of many.
    pub lines: Vec<String>,
}

impl Scanner {
    /// Without a source it finds lines alone.
    pub fn new(source: Option<Source>) -> Self {
        Self {
            source,
            line: Vec::new(),
            overlong: false,
            before: Vec::new(),
            has_sequences: false,
            seen: None,
            has_grown: false,
        }
    }

    /// Takes the next piece.
    pub fn read(&mut self, piece: &[u8]) -> Output {
        let mut output = Output::default();
        if matches!(self.source, Some(Source::Auto { .. }))
            && let Some(percent) = self.sequence(piece)
        {
            self.has_sequences = true;
            output.percent = Some(percent);
        }
        let ends: Vec<usize> = last(memchr2_iter(b'\n', b'\r', piece), MOST_LINES + 1);
        let Some((&final_end, _)) = ends.split_last() else {
            self.keep(piece);
            return output;
        };
        // The first line of all begins in an earlier piece; where there are more, it is among those that are passed over.
        let (mut start, passed_over) = if ends.len() > MOST_LINES { (ends[0] + 1, 1) } else { (0, 0) };
        if passed_over > 0 {
            self.forget();
        }
        for &end in &ends[passed_over..] {
            self.keep(&piece[start..end]);
            if !self.overlong {
                let line = std::mem::take(&mut self.line);
                self.take_line(&line, &mut output);
            }
            self.forget();
            start = end + 1;
        }
        self.keep(&piece[final_end + 1..]);
        output
    }

    /// Takes what was left without an end.
    pub fn finish(&mut self) -> Output {
        self.read(b"\n")
    }

    fn keep(&mut self, part: &[u8]) {
        if self.line.len() + part.len() > LONGEST_LINE {
            self.overlong = true;
            self.line = Vec::new();
        } else if !self.overlong {
            self.line.extend_from_slice(part);
        }
    }

    fn forget(&mut self) {
        self.line.clear();
        self.overlong = false;
    }

    fn take_line(&mut self, line: &[u8], output: &mut Output) {
        let plain = if memchr(0x1b, line).is_some() { &strip_ansi_escapes::strip(line)[..] } else { line };
        let candidate = if self.has_sequences { None } else { self.candidate(plain) };
        if let Some(percent) = candidate.and_then(|candidate| self.accept(candidate)) {
            output.percent = Some(percent);
        }
        let text: String = String::from_utf8_lossy(plain).chars().filter(|char| !char.is_control()).collect();
        if !text.trim().is_empty() {
            output.lines.push(text.trim().to_owned());
        }
    }

    fn candidate(&self, line: &[u8]) -> Option<Candidate> {
        match self.source.as_ref()? {
            Source::Auto { .. } => count(COUNT.captures_iter(line).last())
                .or_else(|| percentage(PERCENTAGE.captures_iter(line).last()))
                .filter(|found| found.is_plausible()),
            Source::Regex(regex) => {
                let found = regex.captures_iter(line).last();
                let found = if regex.captures_len() > 2 { count(found) } else { percentage(found) };
                found.filter(|found| found.is_plausible())
            }
            Source::Lines => {
                let text = std::str::from_utf8(line).ok()?.trim();
                match text.split_once('/') {
                    Some((done, total)) => Candidate::of_count(done.trim().parse().ok()?, total.trim().parse().ok()?),
                    None => Candidate::of_percentage(text.trim_end_matches('%').trim_end().parse().ok()?),
                }
            }
        }
    }

    /// The percentage, if it counts.
    fn accept(&mut self, candidate: Candidate) -> Option<Percent> {
        let before = self.seen.replace(candidate);
        let grows = before.is_some_and(|before| candidate.grows_from(before));
        self.has_grown |= grows || !matches!(self.source, Some(Source::Auto { asked: false }));
        self.has_grown.then(|| candidate.percent())
    }

    /// The last sequence that ends in this piece.
    fn sequence(&mut self, piece: &[u8]) -> Option<Percent> {
        if self.before.is_empty() && memchr(0x1b, piece).is_none() {
            return None;
        }
        let with_before = [&self.before, piece].concat();
        let found = percentage(SEQUENCE.captures_iter(&with_before).last()).filter(|found| found.is_plausible());
        // An incomplete sequence may go on in the next piece. A whole one is dropped, so it does not count again.
        let tail = &with_before[with_before.len().saturating_sub(LONGEST_SEQUENCE)..];
        let begins = memchr::memrchr(b']', tail).map_or(tail.len(), |at| at.saturating_sub(1));
        let open = tail.get(begins..).filter(|rest| !rest.is_empty() && !SEQUENCE.is_match(rest));
        self.before = match open {
            Some(rest) => rest.to_vec(),
            None if tail.last() == Some(&0x1b) => vec![0x1b],
            None => Vec::new(),
        };
        found.map(Candidate::percent)
    }
}

impl Candidate {
    /// A computed percentage may be out of its range; the core clamps it.
    fn of_percentage(percentage: f64) -> Option<Self> {
        percentage.is_finite().then_some(Self::Percentage(percentage))
    }

    fn of_count(done: u64, total: u64) -> Option<Self> {
        (total > 0).then_some(Self::Count(done, total))
    }

    /// Whether it is progress if it was found in other output. A rounding error is allowed.
    fn is_plausible(self) -> bool {
        match self {
            Self::Percentage(percentage) => (0.0..100.000_001).contains(&percentage),
            Self::Count(done, total) => done <= total,
        }
    }

    fn percent(self) -> Percent {
        match self {
            Self::Percentage(percentage) => percentage.floor(),
            // In whole steps: finer ones cannot be seen.
            Self::Count(done, total) => publish::percentage(done, total) as f64,
        }
    }

    fn grows_from(self, before: Self) -> bool {
        match (before, self) {
            (Self::Percentage(before), Self::Percentage(now)) => now > before,
            (Self::Count(before, total), Self::Count(now, of)) => now > before && of >= total,
            _ => false,
        }
    }
}

fn percentage(found: Option<Captures<'_>>) -> Option<Candidate> {
    let text = found?;
    let text = std::str::from_utf8(text.get(1)?.as_bytes()).ok()?;
    Candidate::of_percentage(text.trim().trim_end_matches('%').parse().ok()?)
}

fn count(found: Option<Captures<'_>>) -> Option<Candidate> {
    let found = found?;
    let number = |group| std::str::from_utf8(found.get(group)?.as_bytes()).ok()?.trim().parse().ok();
    Candidate::of_count(number(1)?, number(2)?)
}

/// The last few items of many.
fn last<T>(items: impl DoubleEndedIterator<Item = T>, most: usize) -> Vec<T> {
    let mut last: Vec<T> = items.rev().take(most).collect();
    last.reverse();
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percents(source: Source, pieces: &[&[u8]]) -> Vec<f64> {
        let mut scanner = Scanner::new(Some(source));
        let mut percents: Vec<_> = pieces.iter().filter_map(|piece| scanner.read(piece).percent).collect();
        percents.extend(scanner.finish().percent);
        percents
    }

    fn auto(text: &str) -> Option<f64> {
        percents(Source::Auto { asked: true }, &[text.as_bytes()]).pop()
    }

    #[test]
    fn progress_is_found_as_programs_write_it() {
        for (text, percent) in [
            ("42%", 42.0),
            ("  1,234,567  42%   11.2MB/s    0:00:10", 42.0),
            ("[12/340] Compiling serde", 3.0),
            ("Step 3/10 : RUN make", 30.0),
            ("(3 of 4)", 75.0),
            ("Receiving objects:  67% (2/3), 1.2 MiB", 66.0),
            ("\u{1b}[32m42%\u{1b}[0m", 42.0),
            ("[=====>    ] 50.5 %", 50.0),
            ("done: 10/10.", 100.0),
            ("99%\r100%\r", 100.0),
        ] {
            assert_eq!(auto(text), Some(percent), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_progress_is_none() {
        for text in [
            "2026/11/25",
            "11/25/2026",
            "usr/1/2/3",
            "v1/2",
            "-3%",
            "120%",
            "a42%",
            "1.2/3.4",
            "5/3",
            "0/0",
            "10.0.0.0/8",
            "%d%%",
            "https://example.com/1/2",
            "",
            "ratio 3:1/2",
        ] {
            assert_eq!(auto(text), None, "{text}");
        }
    }

    #[test]
    fn progress_that_was_not_asked_for_counts_once_it_has_grown() {
        let unasked = || Source::Auto { asked: false };
        assert_eq!(percents(unasked(), &[b"disk 80% full\n", b"disk 80% full\n", b"1/1 ok\n"]), [0.0; 0]);
        assert_eq!(percents(unasked(), &[b"1/3\n", b"2/3\n", b"3/3\n"]), [66.0, 100.0]);
    }

    #[test]
    fn a_line_counts_when_it_has_ended_however_it_is_cut() {
        let asked = || Source::Auto { asked: true };
        assert_eq!(percents(asked(), &[b"1", b"/3", b"0\n"]), [3.0]);
        assert_eq!(percents(asked(), &[b"1/30"]), [3.0]);
        let many: Vec<u8> = (0..1000).flat_map(|number| format!("{number}/1000\n").into_bytes()).collect();
        assert_eq!(percents(asked(), &[b"5", &many]), [99.0]);
    }

    #[test]
    fn a_line_without_end_takes_no_memory() {
        let mut scanner = Scanner::new(Some(Source::Auto { asked: true }));
        for _ in 0..1000 {
            assert_eq!(scanner.read(&vec![b'x'; 65536]), Output::default());
            assert!(scanner.line.capacity() <= 2 * LONGEST_LINE && scanner.before.is_empty());
        }
        assert_eq!(scanner.read(b" 5%\n7%\n").percent, Some(7.0));
    }

    #[test]
    fn sequences_to_a_terminal_count_however_they_are_cut_and_lines_no_more() {
        let asked = || Source::Auto { asked: true };
        assert_eq!(percents(asked(), &[b"\x1b]9;4;1;42\x07"]), [42.0]);
        assert_eq!(percents(asked(), &[b"\x1b]9;4;1;42\x1b\\", b"7%\n"]), [42.0]);
        assert_eq!(percents(asked(), &[b"a\x1b", b"]9;4;", b"1;4", b"2\x07b"]), [42.0]);
        assert_eq!(percents(asked(), &[b"\x1b]9;4;3;0\x07", b"\x1b]9;4;0;0\x07"]), [0.0; 0]);
        assert_eq!(percents(asked(), &[b"\x1b]9;4;1;1\x07", b"x", b"y"]), [1.0]);
    }

    #[test]
    fn a_regex_finds_a_percentage_or_a_count() {
        let regex = |pattern| Source::Regex(Regex::new(pattern).unwrap());
        assert_eq!(percents(regex(r"at (\d+)"), &[b"at 40 of it\n"]), [40.0]);
        assert_eq!(percents(regex(r"(\d+) files, (\d+)"), &[b"5 files, 20\n"]), [25.0]);
        assert_eq!(percents(regex(r"at (\w+)"), &[b"at home\n"]), [0.0; 0]);
    }

    #[test]
    fn a_descriptor_takes_whole_lines() {
        assert_eq!(
            percents(Source::Lines, &[b"42\n", b"43%\n", b"3/4\n", b"maybe 5%\n", b"NaN\n", b"inf\n", b"0/0\n"]),
            [42.0, 43.0, 75.0]
        );
    }

    #[test]
    fn what_is_computed_may_be_out_of_its_range() {
        assert_eq!(
            percents(Source::Lines, &[b"100.00000000000001\n", b"101%\n", b"-1\n", b"11/10\n"]),
            [100.0, 101.0, -1.0, 100.0]
        );
        let most = format!("{most}/{most}\n", most = u64::MAX);
        assert_eq!(percents(Source::Lines, &[most.as_bytes()]), [100.0]);
        let regex = |pattern| Source::Regex(Regex::new(pattern).unwrap());
        assert_eq!(percents(regex("at (.*)"), &[b"at 100.00000000000001\n", b"at nan\n"]), [100.0]);
        assert_eq!(percents(regex("at (.*)"), &[b"at 101\n", b"at -1\n"]), [0.0; 0]);
        assert_eq!(auto("100.00000000000001%"), Some(100.0));
    }

    #[test]
    fn lines_are_told_without_what_commands_a_terminal() {
        let output = Scanner::new(None).read(b"\x1b[31mred\x1b[0m\n\n  two \x07\n\xff\n");
        assert_eq!(output.lines, ["red", "two", "\u{fffd}"]);
    }
}
