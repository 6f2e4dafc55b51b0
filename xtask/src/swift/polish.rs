//! What is changed in the Swift that UniFFI writes: by exact steps, which fail where it is not written as expected.

use crate::failure::{Failure, Result};
use crate::generate::template::spelled;

/// How UniFFI carries durations: as a double that stops the program when it is negative or large.
const DOUBLES: &str = "\
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> TimeInterval {
        let seconds: UInt64 = try readInt(&buf)
        let nanoseconds: UInt32 = try readInt(&buf)
        return Double(seconds) + (Double(nanoseconds) / 1.0e9)
    }

    public static func write(_ value: TimeInterval, into buf: inout [UInt8]) {
        if value.rounded(.down) > Double(Int64.max) {
            fatalError(\"Duration overflow, exceeds max bounds supported by Uniffi\")
        }

        if value < 0 {
            fatalError(\"Invalid duration, must be non-negative\")
        }

        let seconds = UInt64(value)
        let nanoseconds = UInt32((value - Double(seconds)) * 1.0e9)
        writeInt(&buf, seconds)
        writeInt(&buf, nanoseconds)
    }
";

/// What it gets instead: Swift's own durations, none of which stops anything.
const DURATIONS: &str = "\
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Duration {
        let seconds: UInt64 = try readInt(&buf)
        let nanoseconds: UInt32 = try readInt(&buf)
        return .seconds(Int64(clamping: seconds)) + .nanoseconds(Int64(nanoseconds))
    }

    public static func write(_ value: Duration, into buf: inout [UInt8]) {
        let (seconds, attoseconds) = max(value, .zero).components
        writeInt(&buf, UInt64(clamping: seconds))
        writeInt(&buf, UInt32(clamping: attoseconds / 1_000_000_000))
    }
";

/// How UniFFI reads what crosses: through generic code of Foundation, which costs Swift a sixth of a call.
const SLOW: [&str; 2] = [
    "\
    let _ = withUnsafeMutableBytes(of: &value, { reader.data.copyBytes(to: $0, from: range)})
",
    "\
    var value = [UInt8](repeating: 0, count: count)
    value.withUnsafeMutableBufferPointer({ buffer in
        reader.data.copyBytes(to: buffer, from: range)
    })
",
];

/// The same, without detours.
const FAST: [&str; 2] = [
    "\
    withUnsafeMutableBytes(of: &value) { value in
        reader.data.withUnsafeBytes { value.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
",
    "\
    let value = reader.data.withUnsafeBytes { [UInt8]($0[range]) }
",
];

/// With Swift's own durations, quick to read, and with documentation that names fields as Swift does, and Rust's items without
/// their addresses.
pub(super) fn polished(text: &str) -> Result<String> {
    let mut text = text.to_owned();
    for (theirs, ours) in std::iter::once((DOUBLES, DURATIONS)).chain(SLOW.into_iter().zip(FAST)) {
        if text.matches(theirs).count() != 1 {
            let first = theirs.trim().lines().next().unwrap_or_default();
            return Err(
                Failure::new(format!("UniFFI does not write `{first}` any more")).hint(format!("mend {}", file!()))
            );
        }
        text = text.replace(theirs, ours);
    }
    Ok(without_trailing_spaces(&spelled(&without_links(&text.replace("TimeInterval", "Duration")))))
}

/// ``[`Update`](crate::Update)`` becomes `` `Update` ``.
fn without_links(text: &str) -> String {
    let mut parts = text.split("[`");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let Some((name, rest)) = part.split_once("`]") else {
            plain += &format!("[`{part}");
            continue;
        };
        let rest = rest.strip_prefix("(crate::").and_then(|rest| rest.split_once(')')).map_or(rest, |(_, rest)| rest);
        plain += &format!("`{name}`{rest}");
    }
    plain
}

pub(super) fn without_trailing_spaces(text: &str) -> String {
    text.trim_end().lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_become_code_and_lists_stay() {
        assert_eq!(
            without_links("An [`Update`](crate::Update) or [`Extra`], not `[:]` or [1]."),
            "An `Update` or `Extra`, not `[:]` or [1]."
        );
    }

    #[test]
    fn what_uniffi_writes_in_another_way_is_noticed() {
        let theirs = format!("{}{}{DOUBLES}", SLOW[0], SLOW[1]);
        let ours = format!("{}{}{DURATIONS}let a: Duration?\n", FAST[0], FAST[1]);
        assert_eq!(polished(&format!("{theirs}let a: TimeInterval?  \n\n")).unwrap(), ours);
        assert!(polished(DOUBLES).is_err());
    }
}
