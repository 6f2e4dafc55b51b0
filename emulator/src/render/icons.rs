//! Symbols: our own drawings for what common SF Symbols mean, on a grid of 24 by 24. Whatever else is named gets a stand-in that
//! shows the name.

/// A drawing: outlines that are stroked two units wide with round ends, and areas that are filled.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drawing {
    pub(super) lines: &'static str,
    pub(super) areas: &'static str,
}

/// The drawing for a symbol. `server.rack`, `bolt.fill` and `bolt.circle.fill` are found by their first words.
pub(super) fn find(symbol: &str) -> Option<Drawing> {
    let mut name = symbol;
    loop {
        if let Some((_, lines, areas)) = DRAWINGS.iter().find(|(names, ..)| names.split(' ').any(|known| known == name))
        {
            return Some(Drawing { lines, areas });
        }
        name = name.rsplit_once('.')?.0;
    }
}

/// The names by which a drawing is found, its lines, its areas.
const DRAWINGS: &[(&str, &str, &str)] = &[
    (
        "bolt",
        "",
        "M13.6 2.2 4.7 13.1c-.5.7-.1 1.6.8 1.6h5l-1.1 6.5c-.2 1 1 1.5 1.6.8l8.4-10.8c.5-.7.1-1.6-.8-1.6h-4.9l1.4-6.6c.2-1-.9-1.5-1.5-.8z",
    ),
    ("checkmark", "M4.5 12.8 9.6 18 19.5 6.8", ""),
    ("checkmark.circle checkmark.seal", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8 12.3l2.9 2.9L16 9.4", ""),
    ("xmark multiply", "M6 6l12 12M18 6 6 18", ""),
    ("xmark.circle xmark.octagon", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M9 9l6 6M15 9l-6 6", ""),
    (
        "exclamationmark.triangle",
        "M10.4 4.3 2.9 17.4A1.9 1.9 0 0 0 4.5 20.2h15a1.9 1.9 0 0 0 1.6-2.8L13.6 4.3a1.9 1.9 0 0 0-3.2 0zM12 9.5v4.2",
        "M12 15.8a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4z",
    ),
    ("exclamationmark", "M12 4v10", "M12 17.4a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z"),
    (
        "exclamationmark.circle",
        "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7.8v5",
        "M12 14.9a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4z",
    ),
    (
        "info info.circle",
        "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 11.3v5",
        "M12 6.8a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4z",
    ),
    (
        "questionmark questionmark.circle",
        "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M9.4 9.4a2.7 2.7 0 1 1 3.9 2.4c-.9.5-1.3 1-1.3 1.9",
        "M12 15.6a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4z",
    ),
    ("bell", "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 21h4", ""),
    ("clock", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5.2l3.3 2", ""),
    ("timer stopwatch gauge speedometer", "M12 5a8 8 0 1 0 0 16 8 8 0 0 0 0-16M9.5 2h5M12 13l3-3.6", ""),
    (
        "hourglass",
        "M6.5 3h11M6.5 21h11M7.5 3v3.5c0 2.5 4.5 4 4.5 5.5s-4.5 3-4.5 5.5V21M16.5 3v3.5c0 2.5-4.5 4-4.5 5.5s4.5 3 4.5 5.5V21",
        "",
    ),
    (
        "calendar",
        "M5.5 5h13A1.5 1.5 0 0 1 20 6.5v12a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18.5v-12A1.5 1.5 0 0 1 5.5 5zM4 10h16M8 2.8V6M16 2.8V6",
        "",
    ),
    (
        "arrow.triangle.2.circlepath arrow.clockwise arrow.counterclockwise arrow.2.circlepath repeat",
        "M20 11.5a8 8 0 0 0-14.2-4.4L4 9.2M4 4.5v4.7h4.7M4 12.5a8 8 0 0 0 14.2 4.4l1.8-2.1M20 19.5v-4.7h-4.7",
        "",
    ),
    ("arrow.up", "M12 20V4.5M5.5 11 12 4.5l6.5 6.5", ""),
    ("arrow.down", "M12 4v15.5M5.5 13l6.5 6.5 6.5-6.5", ""),
    ("arrow.right chevron.right", "M4 12h15.5M13 5.5l6.5 6.5-6.5 6.5", ""),
    ("arrow.left chevron.left", "M20 12H4.5M11 5.5 4.5 12l6.5 6.5", ""),
    ("arrow.up.right arrow.up.forward", "M6 18 18 6M8.5 6H18v9.5", ""),
    (
        "arrow.triangle.branch arrow.branch",
        "M7 8v8M7 12.5c0-3 10-1.5 10-5M7 3.5A2.3 2.3 0 1 0 7 8a2.3 2.3 0 0 0 0-4.5M17 3A2.3 2.3 0 1 0 17 7.5 2.3 2.3 0 0 0 17 3M7 16a2.3 2.3 0 1 0 0 4.6A2.3 2.3 0 0 0 7 16",
        "",
    ),
    (
        "square.and.arrow.up arrow.up.doc icloud.and.arrow.up",
        "M12 15V3.5M7.5 8 12 3.5 16.5 8M5 12.5v6A1.5 1.5 0 0 0 6.5 20h11a1.5 1.5 0 0 0 1.5-1.5v-6",
        "",
    ),
    (
        "square.and.arrow.down arrow.down.doc icloud.and.arrow.down",
        "M12 3.5V15M7.5 10.5 12 15l4.5-4.5M5 14v4.5A1.5 1.5 0 0 0 6.5 20h11a1.5 1.5 0 0 0 1.5-1.5V14",
        "",
    ),
    (
        "server.rack xserve",
        "M5 4h14a1 1 0 0 1 1 1v4.5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM5 13.5h14a1 1 0 0 1 1 1V19a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1v-4.5a1 1 0 0 1 1-1zM12.5 7.2h4M12.5 16.8h4",
        "M7.8 5.9a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6zM7.8 15.5a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6z",
    ),
    (
        "externaldrive internaldrive cylinder opticaldiscdrive archivebox",
        "M12 3c4.4 0 8 1.3 8 3v12c0 1.7-3.6 3-8 3s-8-1.3-8-3V6c0-1.7 3.6-3 8-3zM4 6c0 1.7 3.6 3 8 3s8-1.3 8-3M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3",
        "",
    ),
    ("cloud icloud", "M7 19a4.5 4.5 0 0 1-.6-8.96A6 6 0 0 1 17.9 9.1 5 5 0 0 1 17.5 19z", ""),
    (
        "gear gearshape gearshape.2",
        "M12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M12 2.8v2.4M12 18.8v2.4M2.8 12h2.4M18.8 12h2.4M5.5 5.5l1.7 1.7M16.8 16.8l1.7 1.7M5.5 18.5l1.7-1.7M16.8 7.2l1.7-1.7M12 5.2a6.8 6.8 0 1 0 0 13.6 6.8 6.8 0 0 0 0-13.6",
        "",
    ),
    (
        "hammer wrench wrench.and.screwdriver screwdriver",
        "M20.3 7.1a5 5 0 0 1-6.6 5.5L7 19.3a2.1 2.1 0 0 1-3-3l6.7-6.7a5 5 0 0 1 5.5-6.6L13 6.2 13.4 9.6l3.6.4z",
        "",
    ),
    ("shippingbox cube cube.box", "M12 2.8 20 7.2v9.6l-8 4.4-8-4.4V7.2zM4 7.2l8 4.5 8-4.5M12 11.7v9.5M8 5l8 4.5", ""),
    ("magnifyingglass", "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.4 15.4 20.5 20.5", ""),
    ("chart.bar chart chart.bar.xaxis waveform cellularbars", "M5 20v-6M12 20V4M19 20V9.5", ""),
    ("chart.line.uptrend.xyaxis chart.xyaxis.line waveform.path.ecg", "M3.5 17.5 9 11.5l4 3.5 7.5-9M15.5 6h5v5", ""),
    ("chart.pie", "M12 3a9 9 0 1 0 9 9h-9zM15.5 3.7a9 9 0 0 1 4.8 4.8h-4.8z", ""),
    (
        "cpu memorychip",
        "M7.5 6h9A1.5 1.5 0 0 1 18 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 6 16.5v-9A1.5 1.5 0 0 1 7.5 6zM10 10h4v4h-4zM9.5 2.8V6M14.5 2.8V6M9.5 18v3.2M14.5 18v3.2M2.8 9.5H6M2.8 14.5H6M18 9.5h3.2M18 14.5h3.2",
        "",
    ),
    (
        "thermometer",
        "M12 3a2.5 2.5 0 0 1 2.5 2.5v8.2a4.3 4.3 0 1 1-5 0V5.5A2.5 2.5 0 0 1 12 3zM12 9v6.5",
        "M12 15a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
    ),
    (
        "flame",
        "M12 2.8c.6 3.7 6 5.9 6 11.2a6 6 0 0 1-12 0c0-2.3 1.1-3.7 2.3-4.9.3 1.7 1 2.5 2 2.9C9.8 8.7 10 5.3 12 2.8z",
        "",
    ),
    ("drop humidity", "M12 3c3.6 4.3 6 7.6 6 10.8a6 6 0 0 1-12 0C6 10.6 8.4 7.3 12 3z", ""),
    ("leaf tree", "M5 19c0-9.5 5-14 15-14 0 10-4.5 14.5-12 13.5M5 20.5c1-4.5 3.5-8 8-10.5", ""),
    ("heart", "M12 20.2 4.6 12.8a4.9 4.9 0 0 1 6.9-6.9l.5.5.5-.5a4.9 4.9 0 0 1 6.9 6.9z", ""),
    ("star sparkles wand.and.stars", "M12 3l2.7 5.7 6.3.8-4.6 4.3 1.2 6.2L12 17l-5.6 3 1.2-6.2L3 9.5l6.3-.8z", ""),
    ("person", "M12 3.5a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6z", ""),
    (
        "person.2 person.3",
        "M9 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M2.5 20c.5-3.7 3-5.5 6.5-5.5s6 1.8 6.5 5.5zM15.5 4.8a3.5 3.5 0 0 1 0 6.4M18 14.9c2 .7 3.2 2.4 3.5 5.1",
        "",
    ),
    (
        "lock lock.shield",
        "M6.5 11h11a1.5 1.5 0 0 1 1.5 1.5v6a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5v-6A1.5 1.5 0 0 1 6.5 11zM8 11V7.5a4 4 0 0 1 8 0V11",
        "",
    ),
    ("key", "M8 11a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M11.2 12.3 19.5 4M16 7.5l3 3M13.5 10l2 2", ""),
    (
        "shield checkmark.shield",
        "M12 2.8 19.5 5.5V11c0 5-3 8.3-7.5 10.2C7.5 19.3 4.5 16 4.5 11V5.5zM8.7 11.8l2.4 2.4 4.3-4.6",
        "",
    ),
    (
        "doc doc.text doc.on.doc newspaper list.bullet text.alignleft",
        "M7 2.8h7l5 5v11.7a1.5 1.5 0 0 1-1.5 1.5H7a1.5 1.5 0 0 1-1.5-1.5V4.3A1.5 1.5 0 0 1 7 2.8zM14 2.8v5h5M9 12.5h6M9 16.5h6",
        "",
    ),
    (
        "folder tray",
        "M3.5 7A1.5 1.5 0 0 1 5 5.5h4.5l2 2.5H19a1.5 1.5 0 0 1 1.5 1.5v8.5a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 18z",
        "",
    ),
    ("paperplane", "M20.5 3.5 3.5 10.2l6.8 3.5 3.5 6.8zM20.5 3.5 10.3 13.7", ""),
    (
        "envelope",
        "M4.5 5.5h15A1.5 1.5 0 0 1 21 7v10a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17V7a1.5 1.5 0 0 1 1.5-1.5zM3.5 7l8.5 6.5L20.5 7",
        "",
    ),
    (
        "message bubble.left text.bubble",
        "M5 4h14a1.5 1.5 0 0 1 1.5 1.5v10A1.5 1.5 0 0 1 19 17h-7l-4.5 4v-4H5a1.5 1.5 0 0 1-1.5-1.5v-10A1.5 1.5 0 0 1 5 4z",
        "",
    ),
    (
        "phone iphone",
        "M8.5 2.8h7A1.5 1.5 0 0 1 17 4.3v15.4a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 7 19.7V4.3a1.5 1.5 0 0 1 1.5-1.5zM10.8 18h2.4",
        "",
    ),
    ("play", "", "M7 4.6v14.8c0 1 1.1 1.6 1.9 1.1l11.6-7.4c.8-.5.8-1.7 0-2.2L8.9 3.5C8.1 3 7 3.6 7 4.6z"),
    ("pause", "M8.5 5v14M15.5 5v14", ""),
    ("stop", "", "M7 5h10a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z"),
    (
        "dollarsign creditcard banknote",
        "M4.5 5h15A1.5 1.5 0 0 1 21 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5v-11A1.5 1.5 0 0 1 4.5 5zM3 9.5h18M6.5 15h4",
        "",
    ),
    (
        "cart bag basket",
        "M2.5 4h2.7l2.3 11h10.3l2.2-8H6",
        "M9 18a1.6 1.6 0 1 0 0 3.2A1.6 1.6 0 0 0 9 18zM16.5 18a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2z",
    ),
    ("house building building.2", "M3.5 11 12 3.5l8.5 7.5M5.5 9.5V20h13V9.5M10 20v-5.5h4V20", ""),
    ("globe network", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18", ""),
    (
        "wifi antenna.radiowaves.left.and.right dot.radiowaves.left.and.right",
        "M3 9.5a13 13 0 0 1 18 0M6.3 13.2a8 8 0 0 1 11.4 0M9.6 16.7a3.4 3.4 0 0 1 4.8 0",
        "M12 18.3a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6z",
    ),
    (
        "car bus tram truck.box",
        "M4 16.5V12l2-5.5A1.5 1.5 0 0 1 7.4 5.5h9.2A1.5 1.5 0 0 1 18 6.5l2 5.5v4.5zM4 12h16M6 16.5V19M18 16.5V19",
        "M7.8 13.2a1.1 1.1 0 1 0 0 2.2 1.1 1.1 0 0 0 0-2.2zM16.2 13.2a1.1 1.1 0 1 0 0 2.2 1.1 1.1 0 0 0 0-2.2z",
    ),
    (
        "airplane",
        "M10.2 13.8 3 11.5l1.5-1.5 7 .8 4.7-4.8c1.3-1.3 3-1.7 3.6-1.1s.2 2.3-1.1 3.6L13.9 13.2l.8 7L13.2 21.7z",
        "",
    ),
    (
        "cup.and.saucer mug fork.knife",
        "M4.5 8h12v7a4 4 0 0 1-4 4h-4a4 4 0 0 1-4-4zM16.5 9.5h1.7a2.8 2.8 0 0 1 0 5.6h-1.7M8.5 2.8v2M12.5 2.8v2",
        "",
    ),
    (
        "sun.max sun.min",
        "M12 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M12 2.5V4M12 20v1.5M2.5 12H4M20 12h1.5M5.3 5.3l1 1M17.7 17.7l1 1M5.3 18.7l1-1M17.7 6.3l1-1",
        "",
    ),
    ("moon", "M20 14.3A8.5 8.5 0 1 1 9.7 4a7 7 0 0 0 10.3 10.3z", ""),
    (
        "terminal chevron.left.forwardslash.chevron.right curlybraces",
        "M5 4.5h14A1.5 1.5 0 0 1 20.5 6v12a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 18V6A1.5 1.5 0 0 1 5 4.5zM7.5 9l3 3-3 3M13 15h3.5",
        "",
    ),
    (
        "ladybug ant",
        "M12 8a5 5 0 0 1 5 5v2a5 5 0 0 1-10 0v-2a5 5 0 0 1 5-5zM9 8.7V7a3 3 0 0 1 6 0v1.7M12 13v7M3.5 14H7M17 14h3.5M5 8l2.5 2.5M19 8l-2.5 2.5M5 20l2.5-2M19 20l-2.5-2",
        "",
    ),
    ("flag", "M5.5 21V4M5.5 4.5c4-2 7 2 13 0v9c-6 2-9-2-13 0", ""),
    ("tag", "M3.5 4.5v7l9 9 8-8-9-9h-7a1 1 0 0 0-1 1z", "M8 6.8a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z"),
    (
        "battery battery.100 battery.50 battery.25",
        "M4 7.5h13A1.5 1.5 0 0 1 18.5 9v6a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 15V9A1.5 1.5 0 0 1 4 7.5zM21.5 11v2",
        "M5.5 10h6v4h-6z",
    ),
    (
        "trash",
        "M4 6.5h16M9.5 6.5V4h5v2.5M6 6.5l.9 13A1.5 1.5 0 0 0 8.4 21h7.2a1.5 1.5 0 0 0 1.5-1.5l.9-13M10 10.5v6.5M14 10.5v6.5",
        "",
    ),
    (
        "link",
        "M10 14a4 4 0 0 0 5.7 0l3.6-3.6a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.6 3.6a4 4 0 0 0 5.7 5.7l1.6-1.6",
        "",
    ),
    (
        "eye",
        "M2.5 12C5 7.5 8.2 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5S5 16.5 2.5 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6",
        "",
    ),
    (
        "music.note headphones",
        "M9 18V5.5l11-2.5v12.5M6.3 15.5a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4M17.3 13a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4",
        "",
    ),
    (
        "camera photo video film",
        "M4.5 7H8l1.5-2.5h5L16 7h3.5A1.5 1.5 0 0 1 21 8.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5v-9A1.5 1.5 0 0 1 4.5 7zM12 9.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7",
        "",
    ),
    ("testtube.2 flask", "M9.5 3v6L4.6 18A2 2 0 0 0 6.4 21h11.2a2 2 0 0 0 1.8-3L14.5 9V3M8 3h8M7.2 14.5h9.6", ""),
    ("figure figure.run figure.walk sportscourt dumbbell", "M7 8v8M17 8v8M7 12h10M4 10v4M20 10v4", ""),
    ("circle record.circle", "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17", ""),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_is_found_by_its_first_words() {
        let lines = |symbol| find(symbol).map(|drawing| drawing.lines);
        assert_eq!(lines("server.rack"), lines("server.rack.fill"));
        assert_eq!(lines("checkmark.circle.fill"), lines("checkmark.circle"));
        assert_ne!(lines("checkmark.circle"), lines("checkmark"));
        for unknown in ["", ".", "server", "no.such.symbol", "<script>"] {
            assert!(find(unknown).is_none(), "{unknown}");
        }
    }

    #[test]
    fn no_name_has_two_drawings() {
        let names: Vec<_> = DRAWINGS.iter().flat_map(|(names, ..)| names.split(' ')).collect();
        let unique: std::collections::HashSet<_> = names.iter().collect();
        assert_eq!(names.len(), unique.len());
    }
}
