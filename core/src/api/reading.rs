//! Models from data, such as a configuration file: what the macros of objects need to read them field by field.
//!
//! Only types are looked at. What a field may hold is checked when the model is sent, like that of a model that was built.

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};
use serde_json::Value;

use crate::json::{EXTRA, Extra, Members, with_plain_numbers};

/// The members of an object, their numbers in the form of [`Number`](crate::Number).
pub(super) fn members<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Members, D::Error> {
    let members = Members::deserialize(deserializer)?;
    Ok(members.into_iter().map(|(name, value)| (name, with_plain_numbers(value))).collect())
}

/// Takes out a member that has to be there.
pub(super) fn required<T: DeserializeOwned, E: Error>(members: &mut Members, name: &'static str) -> Result<T, E> {
    optional(members, name)?.ok_or_else(|| E::missing_field(name))
}

/// Takes out a member that may be there.
pub(super) fn optional<T: DeserializeOwned, E: Error>(members: &mut Members, name: &str) -> Result<Option<T>, E> {
    members.shift_remove(name).map(|value| of(value, name)).transpose()
}

/// A value of this type; an error says where it stands.
pub(super) fn of<T: DeserializeOwned, E: Error>(value: Value, name: &str) -> Result<T, E> {
    T::deserialize(value).map_err(|error| E::custom(format_args!("{name}: {error}")))
}

/// Takes out the `type`, which may be left out where only one is possible.
pub(super) fn tag<E: Error>(members: &mut Members, tag: &'static str) -> Result<(), E> {
    match members.shift_remove("type") {
        Some(given) if given != tag => Err(E::custom(format_args!("type: {given} stands where {tag:?} belongs"))),
        _ => Ok(()),
    }
}

/// What is left: fields newer than this release, beside those that stand in an object `extra`.
pub(super) fn extra<E: Error>(mut members: Members) -> Result<Extra, E> {
    let mut extra: Extra = optional(&mut members, EXTRA)?.unwrap_or_default();
    extra.append(&mut members);
    Ok(extra)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        Action, Change, Color, ContentState, EndStreamRequest, Icon, Metadata, Metric, Patch, Progress, StateType,
        Stats, StreamRequest, Timer, WebhookMethod,
    };

    #[test]
    fn a_state_is_read_from_a_configuration_file() {
        let state: ContentState = toml::from_str(
            r#"
            type = "progress"
            title = "Nightly backup"
            value = 9007199254740993
            upper_limit = 1.50
            color = "lime"
            glow = 0.1

            [icon]
            symbol = "server.rack"
            "#,
        )
        .unwrap();
        let expected = Progress::new("Nightly backup")
            .value(9_007_199_254_740_993_u64)
            .upper_limit(1.5)
            .color(Color::Lime)
            .icon("server.rack")
            .extra("glow", 0.1);
        assert_eq!(state, expected.into());
    }

    #[test]
    fn what_is_written_is_read_again() {
        let states = [
            Stats::new("T", [Metric::new("CPU", 7).unit("%"), Metric::new("Up", "3 d")]).into(),
            Timer::countdown("T", 90).is_running(false).extra("glow", json!({ "a": [1, 2.5] })).into(),
            ContentState::from(Change::new("T").value("007").step_colors([Color::Red])),
        ];
        for state in states {
            assert_eq!(serde_json::from_value::<ContentState>(json!(state)).unwrap(), state);
        }
        let request = StreamRequest::new(Progress::new("T").icon(Icon::new("bolt").color(Color::Gray)))
            .action(crate::Webhook::new("Go", "https://a.test").method(WebhookMethod::Get).body(json!({ "z": 1 })))
            .channels(["ops"])
            .tags(crate::Slugs::NONE)
            .metadata([("run", crate::MetadataValue::from("r-1")), ("try", 2.into()), ("dry", false.into())])
            .extra("priority", 3);
        assert_eq!(serde_json::from_str::<StreamRequest>(&json!(request).to_string()).unwrap(), request);
        let end = EndStreamRequest::new().auto_dismiss_seconds(30).content_state(Change::new("Done"));
        assert_eq!(serde_json::from_value::<EndStreamRequest>(json!(end)).unwrap(), end);
    }

    #[test]
    fn a_patch_is_read_from_the_fields_of_the_state_and_those_beside_it() {
        let expected = Patch::new().percentage(42).color(Color::Red).tags(["deploy"]);
        for text in [
            r#"{"percentage": 42.0, "color": "red", "tags": ["deploy"]}"#,
            r#"{"tags": ["deploy"], "content_state": {"percentage": 42, "color": "red"}}"#,
        ] {
            assert_eq!(serde_json::from_str::<Patch>(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn the_last_of_two_equal_setters_wins() {
        assert_eq!(Progress::new("T").percentage(1).percentage(2), Progress::new("T").percentage(2));
        assert_eq!(
            Patch::new().percentage(1).tags(["a"]).tags(["b"]).percentage(2),
            Patch::new().percentage(2).tags(["b"])
        );
    }

    #[test]
    fn what_cannot_be_read_is_named_by_its_place() {
        let refusals = [
            (r#"{"type": "progress"}"#, "missing field `title`"),
            (r#"{"type": "bar", "title": "T"}"#, r#"type: "bar" is unknown; give one of segmented_progress, "#),
            (
                r#"{"type": "progress", "title": "T", "icon": {"symbol": true}}"#,
                "icon: symbol: invalid type: boolean `true`",
            ),
            (r#"{"type": "value", "title": "T", "value": true}"#, "value: expected a number or a string, got true"),
            (r#"{"type": "progress", "title": "T", "percentage": null}"#, "percentage: expected a number, got null"),
            (
                r#"{"type": "progress", "title": "T", "color": "pink"}"#,
                r#"color: "pink" is unknown; give one of lime, "#,
            ),
        ];
        for (text, refusal) in refusals {
            let error = serde_json::from_str::<ContentState>(text).unwrap_err().to_string();
            assert!(error.starts_with(refusal), "{error}");
        }
        let error = serde_json::from_str::<Progress>(r#"{"type": "value", "title": "T"}"#).unwrap_err().to_string();
        assert!(error.starts_with(r#"type: "value" stands where "progress" belongs"#), "{error}");
        let error = serde_json::from_str::<Action>(r#"{"type": "call", "title": "T"}"#).unwrap_err().to_string();
        assert!(error.starts_with(r#"type: "call" is unknown; give one of open_url, webhook"#), "{error}");
        let error = serde_json::from_str::<Metadata>(r#"{"run": []}"#).unwrap_err().to_string();
        assert!(error.starts_with("run: expected a string, a number or a boolean, got []"), "{error}");
    }

    #[test]
    fn a_name_is_read_as_it_is_shown() {
        for color in Color::ALL {
            assert_eq!(color.to_string().parse(), Ok(*color));
        }
        for state_type in StateType::ALL {
            assert_eq!(state_type.as_str().parse(), Ok(*state_type));
        }
        let error = "PATCH".parse::<WebhookMethod>().unwrap_err();
        assert_eq!(error.to_string(), r#""PATCH" is unknown; give one of GET, POST"#);
        assert_eq!(error.known, ["GET", "POST"]);
    }
}
