// Where the texts of states and requests are, for `Scale`.
//
// Generated from the core's models by `cargo xtask generate`; not to be edited.

import ActivitySmithNative

extension LiveActivity.SegmentedProgress: Weighed {
    func weigh(on scale: inout Scale) {
        title.weigh(on: &scale)
        subtitle?.weigh(on: &scale)
        stepColors?.weigh(on: &scale)
        icon?.weigh(on: &scale)
        badge?.weigh(on: &scale)
        extra.weigh(on: &scale)
    }
}

extension LiveActivity.Progress: Weighed {
    func weigh(on scale: inout Scale) {
        title.weigh(on: &scale)
        subtitle?.weigh(on: &scale)
        icon?.weigh(on: &scale)
        badge?.weigh(on: &scale)
        extra.weigh(on: &scale)
    }
}

extension LiveActivity.Metrics: Weighed {
    func weigh(on scale: inout Scale) {
        title.weigh(on: &scale)
        metrics.weigh(on: &scale)
        subtitle?.weigh(on: &scale)
        icon?.weigh(on: &scale)
        extra.weigh(on: &scale)
    }
}

extension LiveActivity.Stats: Weighed {
    func weigh(on scale: inout Scale) {
        title.weigh(on: &scale)
        metrics.weigh(on: &scale)
        subtitle?.weigh(on: &scale)
        icon?.weigh(on: &scale)
        extra.weigh(on: &scale)
    }
}

extension LiveActivity.Alert: Weighed {
    func weigh(on scale: inout Scale) {
        title.weigh(on: &scale)
        message.weigh(on: &scale)
        subtitle?.weigh(on: &scale)
        icon?.weigh(on: &scale)
        badge?.weigh(on: &scale)
        extra.weigh(on: &scale)
    }
}

extension LiveActivity.Timer: Weighed {
    func weigh(on scale: inout Scale) {
        title.weigh(on: &scale)
        subtitle?.weigh(on: &scale)
        icon?.weigh(on: &scale)
        extra.weigh(on: &scale)
    }
}

extension LiveActivity.Value: Weighed {
    func weigh(on scale: inout Scale) {
        title.weigh(on: &scale)
        value.weigh(on: &scale)
        subtitle?.weigh(on: &scale)
        icon?.weigh(on: &scale)
        badge?.weigh(on: &scale)
        extra.weigh(on: &scale)
    }
}

extension LiveActivity.Update: Weighed {
    func weigh(on scale: inout Scale) {
        title.weigh(on: &scale)
        subtitle?.weigh(on: &scale)
        value?.weigh(on: &scale)
        metrics?.weigh(on: &scale)
        message?.weigh(on: &scale)
        stepColors?.weigh(on: &scale)
        icon?.weigh(on: &scale)
        badge?.weigh(on: &scale)
        extra.weigh(on: &scale)
    }
}

extension LiveActivity.Metric: Weighed {
    func weigh(on scale: inout Scale) {
        label.weigh(on: &scale)
        value.weigh(on: &scale)
        unit?.weigh(on: &scale)
        extra.weigh(on: &scale)
    }
}

extension LiveActivity.Icon: Weighed {
    func weigh(on scale: inout Scale) {
        symbol.weigh(on: &scale)
        extra.weigh(on: &scale)
    }
}

extension LiveActivity.Badge: Weighed {
    func weigh(on scale: inout Scale) {
        title.weigh(on: &scale)
        extra.weigh(on: &scale)
    }
}

extension LiveActivity.OpenUrl: Weighed {
    func weigh(on scale: inout Scale) {
        title.weigh(on: &scale)
        url.weigh(on: &scale)
        extra.weigh(on: &scale)
    }
}

extension LiveActivity.Webhook: Weighed {
    func weigh(on scale: inout Scale) {
        title.weigh(on: &scale)
        url.weigh(on: &scale)
        body?.weigh(on: &scale)
        extra.weigh(on: &scale)
    }
}

extension LiveActivity.PushAlert: Weighed {
    func weigh(on scale: inout Scale) {
        title?.weigh(on: &scale)
        body?.weigh(on: &scale)
        extra.weigh(on: &scale)
    }
}

extension StreamRequest: Weighed {
    func weigh(on scale: inout Scale) {
        contentState.weigh(on: &scale)
        action?.weigh(on: &scale)
        secondaryAction?.weigh(on: &scale)
        alert?.weigh(on: &scale)
        channels?.weigh(on: &scale)
        tags?.weigh(on: &scale)
        metadata?.weigh(on: &scale)
        extra.weigh(on: &scale)
    }
}

extension EndRequest: Weighed {
    func weigh(on scale: inout Scale) {
        contentState?.weigh(on: &scale)
        action?.weigh(on: &scale)
        secondaryAction?.weigh(on: &scale)
        alert?.weigh(on: &scale)
        tags?.weigh(on: &scale)
        metadata?.weigh(on: &scale)
        extra.weigh(on: &scale)
    }
}

extension LiveActivity.ContentState: Weighed {
    func weigh(on scale: inout Scale) {
        switch self {
        case .segmentedProgress(let segmentedProgress): segmentedProgress.weigh(on: &scale)
        case .progress(let progress): progress.weigh(on: &scale)
        case .metrics(let metrics): metrics.weigh(on: &scale)
        case .stats(let stats): stats.weigh(on: &scale)
        case .alert(let alert): alert.weigh(on: &scale)
        case .timer(let timer): timer.weigh(on: &scale)
        case .value(let value): value.weigh(on: &scale)
        case .update(let update): update.weigh(on: &scale)
        }
    }
}

extension LiveActivity.Action: Weighed {
    func weigh(on scale: inout Scale) {
        switch self {
        case .openUrl(let openUrl): openUrl.weigh(on: &scale)
        case .webhook(let webhook): webhook.weigh(on: &scale)
        }
    }
}
