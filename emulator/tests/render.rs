//! The pictures: what they say for each type, that they are well-formed whatever a state holds, and that nothing becomes markup.

use activitysmith_emulator::Timestamp;
use activitysmith_emulator::render::{Picture, Surface, Theme};
use roxmltree::{Document, Node};
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

fn svg(body: &Value) -> String {
    Picture::of_request(body, NOW).svg()
}

/// A body with this state and two buttons.
fn with_buttons(content_state: &Value) -> Value {
    json!({
        "content_state": content_state,
        "action": {"title": "Log", "type": "open_url", "url": "https://ci.example.com/17"},
        "secondary_action": {"title": "Stop", "type": "webhook", "url": "https://ci.example.com/stop"},
    })
}

fn texts(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap_or_else(|error| panic!("{error}: {svg}"));
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.filter_map(|node| node.text()).map(ToOwned::to_owned).collect()
}

fn find<'a>(document: &'a Document<'a>, tag: &str) -> Vec<Node<'a, 'a>> {
    document.descendants().filter(|node| node.tag_name().name() == tag).collect()
}

/// One state of each type.
fn every_type() -> [Value; 7] {
    let icon = json!({"symbol": "bolt.fill", "color": "orange"});
    [
        json!({"title": "Reindex", "type": "progress", "percentage": 42, "icon": icon, "badge": {"title": "Canary"}}),
        json!({"title": "Deploy", "type": "segmented_progress", "number_of_steps": 5, "current_step": 2, "step_colors": ["green", "red"]}),
        json!({"title": "Host", "type": "metrics", "metrics": [{"label": "CPU", "value": 64, "unit": "%"}, {"label": "Disk", "value": 9.5}]}),
        json!({"title": "Shop", "type": "stats", "metrics": [{"label": "Revenue", "value": "$9,001", "color": "green"}]}),
        json!({"title": "Outage", "type": "alert", "message": "Payments fail", "icon": icon}),
        json!({"title": "Window", "type": "timer", "duration_seconds": 90}),
        json!({"title": "Queue", "type": "value", "value": "0007", "badge": {"title": "High", "color": "red"}}),
    ]
}

#[test]
fn each_type_shows_what_it_is_about() {
    let expected: [&[&str]; 7] = [
        &["Reindex", "Canary", "42%"],
        &["Deploy", "2 of 5"],
        &["Host", "CPU", "64", "%", "Disk", "9.5"],
        &["Shop", "Revenue", "$9,001"],
        &["Outage", "Payments fail"],
        &["Window", "1:30"],
        &["Queue", "0007", "High"],
    ];
    for (state, expected) in every_type().iter().zip(expected) {
        let texts = texts(&svg(&json!({"content_state": state})));
        for text in expected {
            assert!(texts.iter().any(|shown| shown == text), "{text} is not in {texts:?}");
        }
    }
}

#[test]
fn what_a_reader_hears_is_whole() {
    let title = "A title that is much too long to be shown on a card that is as wide as a phone";
    let text = svg(&json!({"content_state": {"title": title, "type": "progress", "percentage": 99.9}}));
    let document = Document::parse(&text).unwrap();
    let root = document.root_element();
    assert_eq!(root.attribute("aria-label"), Some(format!("{title}, 99%").as_str()));
    assert!(texts(&text).iter().any(|shown| shown.ends_with('…')));
}

#[test]
fn the_first_button_of_a_kind_that_opens_something_is_a_link() {
    for state in every_type() {
        let text = svg(&with_buttons(&state));
        let document = Document::parse(&text).unwrap();
        let links = find(&document, "a");
        assert_eq!(links.len(), 1, "{text}");
        assert_eq!(links[0].attribute("href"), Some("https://ci.example.com/17"));
        assert_eq!(links[0].attribute("rel"), Some("noopener noreferrer"));
        let has_room = matches!(state["type"].as_str(), Some("progress" | "segmented_progress" | "alert" | "value"));
        assert_eq!(texts(&text).contains(&"Stop".to_owned()), has_room, "{text}");
    }
}

#[test]
fn a_timer_carries_what_it_takes_to_go_on() {
    let text = svg(&json!({"content_state": {"title": "T", "type": "timer", "duration_seconds": 90.5}}));
    let document = Document::parse(&text).unwrap();
    let timer = document.descendants().find(|node| node.has_attribute("data-timer")).unwrap();
    let data = ["data-timer", "data-running", "data-at", "data-seconds", "data-duration"];
    let data = data.map(|name| timer.attribute(name).unwrap());
    assert_eq!(data, ["down", "true", "1790000000000", "90.5", "90.5"]);
    assert!(document.descendants().any(|node| node.has_attribute("data-timer-bar")));
}

#[test]
fn markup_is_shown_and_not_obeyed() {
    let evil = "</text><script>alert(1)</script>\"><img src=x onerror='alert(1)'>&lt;";
    let mut state = json!({
        "title": evil, "subtitle": evil, "message": evil, "value": evil, "color": evil, "step_color": evil,
        "icon": {"symbol": evil, "color": evil}, "badge": {"title": evil, "color": evil},
        "metrics": [{"label": evil, "value": evil, "unit": evil, "color": evil}],
    });
    for kind in ["progress", "segmented_progress", "metrics", "stats", "alert", "timer", "value", evil] {
        state["type"] = kind.into();
        for url in ["javascript:alert(1)", "https://example.com/\"><script>alert(1)</script>"] {
            let body = json!({
                "content_state": state,
                "action": {"title": evil, "type": "open_url", "url": url},
                "secondary_action": {"title": evil, "type": "webhook", "url": url, "method": evil},
            });
            for surface in Surface::ALL {
                let text = Picture::of_request(&body, NOW).surface(surface).svg();
                let document = Document::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
                for node in document.descendants().filter(Node::is_element) {
                    let known = ["svg", "g", "a", "text", "title", "rect", "path", "circle"];
                    assert!(known.contains(&node.tag_name().name()), "{text}");
                    for attribute in node.attributes() {
                        assert!(!attribute.name().starts_with("on") && attribute.name() != "style", "{text}");
                        let is_link = attribute.name() == "href";
                        assert!(!is_link || attribute.value().starts_with("https://"), "{text}");
                    }
                }
                assert!(document.root_element().attribute("aria-label").unwrap().contains("<script>"));
            }
        }
    }
}

/// Values that a field may hold although it should not.
fn odd_values() -> Vec<Value> {
    let long = "x".repeat(100_000);
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(1e308),
        json!(-1e308),
        json!(u64::MAX),
        json!(0.000_001),
        json!(""),
        json!(" \n\t "),
        json!("\u{0}\u{b}\u{fffe}\u{202e}abc"),
        json!("👩‍👩‍👧‍👦 e\u{301} 日本語 עברית"),
        json!(long),
        json!([]),
        json!({}),
        json!([null, 1, "a", {"label": 1}]),
        json!({"title": [], "symbol": {}, "color": 5}),
        deep,
    ]
}

#[test]
fn whatever_a_state_holds_gives_a_well_formed_picture_of_a_sane_size() {
    let fields = [
        "title",
        "subtitle",
        "type",
        "message",
        "icon",
        "badge",
        "color",
        "percentage",
        "value",
        "upper_limit",
        "number_of_steps",
        "current_step",
        "step_color",
        "step_colors",
        "metrics",
        "duration_seconds",
        "counts_down",
        "is_running",
    ];
    for state in every_type() {
        for field in fields {
            for odd in odd_values() {
                let mut body = with_buttons(&state);
                body["content_state"][field] = odd;
                for surface in Surface::ALL {
                    let text = Picture::of_request(&body, NOW).surface(surface).svg();
                    let document = Document::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
                    let size = |name| document.root_element().attribute(name).unwrap().parse::<f32>().unwrap();
                    assert!(
                        (30.0..=400.0).contains(&size("width")) && (30.0..=400.0).contains(&size("height")),
                        "{text}"
                    );
                    assert!(!text.contains("NaN") && !text.contains("inf\""), "{text}");
                }
            }
        }
    }
}

#[test]
fn what_is_no_state_at_all_is_a_picture_too() {
    for body in odd_values() {
        for body in [body.clone(), json!({"content_state": body, "action": body, "secondary_action": body})] {
            assert!(Document::parse(&svg(&body)).is_ok());
        }
    }
}

#[test]
fn what_is_drawn_stays_on_the_card() {
    for state in every_type() {
        for surface in Surface::ALL {
            let body = with_buttons(&state);
            let text = Picture::of_request(&body, NOW).surface(surface).svg();
            let document = Document::parse(&text).unwrap();
            let number = |node: Node<'_, '_>, name: &str| {
                node.attribute(name).map_or(0.0, |value| value.parse::<f32>().unwrap())
            };
            let (width, height) = (number(document.root_element(), "width"), number(document.root_element(), "height"));
            for rect in find(&document, "rect") {
                assert!(
                    number(rect, "x") >= 0.0 && number(rect, "x") + number(rect, "width") <= width + 0.01,
                    "{text}"
                );
                assert!(
                    number(rect, "y") >= 0.0 && number(rect, "y") + number(rect, "height") <= height + 0.01,
                    "{text}"
                );
            }
            for line in find(&document, "text") {
                assert!(
                    (0.0..=height).contains(&number(line, "y")) && (0.0..=width).contains(&number(line, "x")),
                    "{text}"
                );
            }
        }
    }
}

#[test]
fn a_picture_is_the_same_each_time_and_differs_by_theme_and_surface() {
    let body = with_buttons(&every_type()[0]);
    let draw = |theme, surface| Picture::of_request(&body, NOW).theme(theme).surface(surface).svg();
    assert_eq!(draw(Theme::Dark, Surface::Lock), draw(Theme::Dark, Surface::Lock));
    assert_ne!(draw(Theme::Dark, Surface::Lock), draw(Theme::Light, Surface::Lock));
    assert_ne!(draw(Theme::Dark, Surface::Lock), draw(Theme::Dimmed, Surface::Lock));
    assert_ne!(draw(Theme::Dark, Surface::Lock), draw(Theme::Dark, Surface::IslandExpanded));
}

#[test]
fn names_of_themes_and_surfaces_are_read_back() {
    for theme in Theme::ALL {
        assert_eq!(Theme::parse(theme.as_str()), Some(theme));
    }
    for surface in Surface::ALL {
        assert_eq!(Surface::parse(surface.as_str()), Some(surface));
    }
    assert_eq!((Theme::parse("Dark"), Surface::parse("")), (None, None));
}

#[cfg(feature = "png")]
mod png {
    use super::*;

    #[test]
    fn a_png_is_as_many_times_larger_as_it_is_asked_to_be() {
        let body = with_buttons(&every_type()[0]);
        for scale in [1.0, 2.0] {
            let png = Picture::of_request(&body, NOW).png(scale).unwrap();
            assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
            assert_eq!(u32::from_be_bytes(png[16..20].try_into().unwrap()), (372.0 * scale) as u32);
        }
    }

    #[test]
    fn a_scale_that_makes_no_picture_is_refused() {
        let body = with_buttons(&every_type()[0]);
        for scale in [0.0, -1.0, f32::NAN, f32::INFINITY, 1000.0] {
            assert!(Picture::of_request(&body, NOW).png(scale).is_err(), "{scale}");
        }
    }

    #[test]
    fn what_no_font_has_is_still_seen() {
        // A private character, for which no font of any machine should have a picture.
        let draw = |value: &str| {
            let body = json!({"content_state": {"title": "T", "type": "value", "value": value}});
            Picture::of_request(&body, NOW).png(1.0).unwrap()
        };
        assert_eq!(draw("\u{10fabc}"), draw("?"));
        assert_ne!(draw("\u{10fabc}"), draw(""));
    }

    #[test]
    fn odd_states_have_pngs() {
        for odd in odd_values() {
            let body = json!({"content_state": {"title": odd, "type": "value", "value": odd}});
            assert!(Picture::of_request(&body, NOW).png(0.5).is_ok());
        }
    }
}
