/// What is to be done with a canary after a window.
package enum CanaryVerdict: Sendable, Equatable {
    case `continue`(CanaryWaiting)
    /// Enough was seen in this step, and nothing bad.
    case promote
    case abort(CanaryAbort)
}

/// Why a canary stays at its share for now.
package enum CanaryWaiting: Sendable, Equatable {
    case sampleTooSmall(requestCount: UInt64, needed: UInt64)
    /// It looks worse, but that may be chance.
    case doubtful(strength: Double)

    package var text: String {
        switch self {
        case .sampleTooSmall(let count, let needed):
            "waiting for more requests to the canary: \(count) of \(needed)"
        case .doubtful(let strength):
            "the canary looks worse (evidence \(DecimalText.rounded(strength)) to 1),"
                + " which may be chance"
        }
    }
}

/// Why a canary was taken back.
package enum CanaryAbort: Sendable, Equatable {
    case errorRate(canary: Double, baseline: Double, strength: Double)
    case latency(
        quantile: Double, canaryNanoseconds: UInt64, baselineNanoseconds: UInt64, strength: Double)
    /// Somebody asked for it.
    case requested

    package var text: String {
        switch self {
        case .errorRate(let canary, let baseline, let strength):
            "\(DecimalText.percent(canary)) of the canary's requests failed, and"
                + " \(DecimalText.percent(baseline)) of the baseline's"
                + " (evidence \(DecimalText.rounded(strength)) to 1)"
        case .latency(let quantile, let canary, let baseline, let strength):
            "\(DecimalText.percent(quantile)) of the canary's requests took up to"
                + " \(DecimalText.milliseconds(canary)), and of the baseline's up to"
                + " \(DecimalText.milliseconds(baseline))"
                + " (evidence \(DecimalText.rounded(strength)) to 1)"
        case .requested:
            "taken back on request"
        }
    }
}

/// Numbers for people, without a formatter.
enum DecimalText {
    static func rounded(_ value: Double) -> String { String(value.clampedToUInt64) }

    static func percent(_ fraction: Double) -> String {
        "\(Self.hundredths((fraction * 10_000).rounded().clampedToUInt64)) %"
    }

    static func milliseconds(_ nanoseconds: UInt64) -> String {
        "\(Self.hundredths(nanoseconds / 10_000)) ms"
    }

    private static func hundredths(_ number: UInt64) -> String {
        let rest = number % 100
        guard rest > 0 else { return "\(number / 100)" }
        return rest % 10 == 0
            ? "\(number / 100).\(rest / 10)" : "\(number / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
