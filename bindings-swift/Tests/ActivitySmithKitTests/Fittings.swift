// How the JSON of the shared vectors becomes typed models, where it fits them.
//
// Generated from the core's models by `cargo xtask generate`; not to be edited.

import ActivitySmithKit
import ActivitySmithNative

extension LiveActivity.SegmentedProgress: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        var members = try Members(json, type: "segmented_progress")
        self.init(
            title: try members.required("title"),
            numberOfSteps: try members.required("number_of_steps"),
            currentStep: try members.required("current_step"),
            subtitle: try members.optional("subtitle"),
            color: try members.optional("color"),
            stepColor: try members.optional("step_color"),
            stepColors: try members.optional("step_colors"),
            icon: try members.optional("icon"),
            badge: try members.optional("badge"),
            extra: try members.extra())
        try members.end()
    }
}

extension LiveActivity.Progress: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        var members = try Members(json, type: "progress")
        self.init(
            title: try members.required("title"),
            subtitle: try members.optional("subtitle"),
            percentage: try members.optional("percentage"),
            value: try members.optional("value"),
            upperLimit: try members.optional("upper_limit"),
            color: try members.optional("color"),
            icon: try members.optional("icon"),
            badge: try members.optional("badge"),
            extra: try members.extra())
        try members.end()
    }
}

extension LiveActivity.Metrics: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        var members = try Members(json, type: "metrics")
        self.init(
            title: try members.required("title"),
            metrics: try members.required("metrics"),
            subtitle: try members.optional("subtitle"),
            color: try members.optional("color"),
            icon: try members.optional("icon"),
            extra: try members.extra())
        try members.end()
    }
}

extension LiveActivity.Stats: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        var members = try Members(json, type: "stats")
        self.init(
            title: try members.required("title"),
            metrics: try members.required("metrics"),
            subtitle: try members.optional("subtitle"),
            color: try members.optional("color"),
            icon: try members.optional("icon"),
            extra: try members.extra())
        try members.end()
    }
}

extension LiveActivity.Alert: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        var members = try Members(json, type: "alert")
        self.init(
            title: try members.required("title"),
            message: try members.required("message"),
            subtitle: try members.optional("subtitle"),
            color: try members.optional("color"),
            icon: try members.optional("icon"),
            badge: try members.optional("badge"),
            extra: try members.extra())
        try members.end()
    }
}

extension LiveActivity.Timer: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        var members = try Members(json, type: "timer")
        self.init(
            title: try members.required("title"),
            subtitle: try members.optional("subtitle"),
            durationSeconds: try members.optional("duration_seconds"),
            countsDown: try members.optional("counts_down"),
            isRunning: try members.optional("is_running"),
            color: try members.optional("color"),
            icon: try members.optional("icon"),
            extra: try members.extra())
        try members.end()
    }
}

extension LiveActivity.Value: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        var members = try Members(json, type: "value")
        self.init(
            title: try members.required("title"),
            value: try members.required("value"),
            subtitle: try members.optional("subtitle"),
            color: try members.optional("color"),
            icon: try members.optional("icon"),
            badge: try members.optional("badge"),
            extra: try members.extra())
        try members.end()
    }
}

extension LiveActivity.Update: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        var members = try Members(json, type: nil)
        self.init(
            title: try members.required("title"),
            subtitle: try members.optional("subtitle"),
            numberOfSteps: try members.optional("number_of_steps"),
            currentStep: try members.optional("current_step"),
            percentage: try members.optional("percentage"),
            value: try members.optional("value"),
            upperLimit: try members.optional("upper_limit"),
            metrics: try members.optional("metrics"),
            message: try members.optional("message"),
            durationSeconds: try members.optional("duration_seconds"),
            countsDown: try members.optional("counts_down"),
            isRunning: try members.optional("is_running"),
            color: try members.optional("color"),
            stepColor: try members.optional("step_color"),
            stepColors: try members.optional("step_colors"),
            icon: try members.optional("icon"),
            badge: try members.optional("badge"),
            extra: try members.extra())
        try members.end()
    }
}

extension LiveActivity.Metric: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        var members = try Members(json, type: nil)
        self.init(
            label: try members.required("label"),
            value: try members.required("value"),
            unit: try members.optional("unit"),
            color: try members.optional("color"),
            extra: try members.extra())
        try members.end()
    }
}

extension LiveActivity.Icon: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        var members = try Members(json, type: nil)
        self.init(
            symbol: try members.required("symbol"),
            color: try members.optional("color"),
            extra: try members.extra())
        try members.end()
    }
}

extension LiveActivity.Badge: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        var members = try Members(json, type: nil)
        self.init(
            title: try members.required("title"),
            color: try members.optional("color"),
            extra: try members.extra())
        try members.end()
    }
}

extension LiveActivity.OpenUrl: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        var members = try Members(json, type: "open_url")
        self.init(
            title: try members.required("title"),
            url: try members.required("url"),
            extra: try members.extra())
        try members.end()
    }
}

extension LiveActivity.Webhook: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        var members = try Members(json, type: "webhook")
        self.init(
            title: try members.required("title"),
            url: try members.required("url"),
            method: try members.optional("method"),
            body: try members.optional("body"),
            extra: try members.extra())
        try members.end()
    }
}

extension LiveActivity.PushAlert: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        var members = try Members(json, type: nil)
        self.init(
            title: try members.optional("title"),
            body: try members.optional("body"),
            extra: try members.extra())
        try members.end()
    }
}

extension StreamRequest: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        var members = try Members(json, type: nil)
        self.init(
            contentState: try members.required("content_state"),
            action: try members.optional("action"),
            secondaryAction: try members.optional("secondary_action"),
            alert: try members.optional("alert"),
            channels: try members.optional("channels"),
            tags: try members.optional("tags"),
            metadata: try members.optional("metadata"),
            extra: try members.extra())
        try members.end()
    }
}

extension EndRequest: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        var members = try Members(json, type: nil)
        self.init(
            contentState: try members.optional("content_state"),
            autoDismissSeconds: try members.optional("auto_dismiss_seconds"),
            autoDismissMinutes: try members.optional("auto_dismiss_minutes"),
            action: try members.optional("action"),
            secondaryAction: try members.optional("secondary_action"),
            alert: try members.optional("alert"),
            tags: try members.optional("tags"),
            metadata: try members.optional("metadata"),
            extra: try members.extra())
        try members.end()
    }
}

extension LiveActivity.Color: NamedFitting {}

extension LiveActivity.WebhookMethod: NamedFitting {}

extension LiveActivity.StreamResponse {
    /// What is known of it, by the API's own names.
    var known: [String: LiveActivity.JsonValue?] {
        [
            "operation": operation.json,
            "success": success?.json,
            "stream_key": streamKey?.json,
            "timestamp": timestamp?.json,
            "activity_id": activityId?.json,
            "previous_activity_id": previousActivityId?.json,
            "devices_notified": devicesNotified?.json,
            "devices_queued": devicesQueued?.json,
            "users_notified": usersNotified?.json,
            "effective_channel_slugs": effectiveChannelSlugs?.json,
            "tags": tags?.json,
            "warning": warning?.json,
            "ignored": ignored?.json,
            "remote_push_sent": remotePushSent?.json,
            "forced_completion": forcedCompletion?.json,
            "message": message?.json,
            "errors": errors?.json,
        ]
    }
}

extension LiveActivity.ContentState: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        switch json["type"] {
        case .string("segmented_progress"): self = .segmentedProgress(try LiveActivity.SegmentedProgress(fitting: json))
        case .string("progress"): self = .progress(try LiveActivity.Progress(fitting: json))
        case .string("metrics"): self = .metrics(try LiveActivity.Metrics(fitting: json))
        case .string("stats"): self = .stats(try LiveActivity.Stats(fitting: json))
        case .string("alert"): self = .alert(try LiveActivity.Alert(fitting: json))
        case .string("timer"): self = .timer(try LiveActivity.Timer(fitting: json))
        case .string("value"): self = .value(try LiveActivity.Value(fitting: json))
        case nil: self = .update(try LiveActivity.Update(fitting: json))
        default: throw Misfit()
        }
    }
}

extension LiveActivity.Action: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        switch json["type"] {
        case .string("open_url"): self = .openUrl(try LiveActivity.OpenUrl(fitting: json))
        case .string("webhook"): self = .webhook(try LiveActivity.Webhook(fitting: json))
        default: throw Misfit()
        }
    }
}
