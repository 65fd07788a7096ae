import MartletConfig
import MartletJSON
import NIOCore

/// One way in which a copy's answer differs.
package struct MirrorDifference: Sendable, Equatable {
    package enum Kind: String, Sendable, Equatable, CaseIterable {
        case status, header
        /// A body that is no JSON, or is in one of the answers only.
        case body
        case missing, added, type, value, length
    }

    package let kind: Kind
    /// A field's name, or the place in a JSON body with `*` for indices.
    package let place: String
    package let expected: String
    package let found: String
}

/// Compares two answers to the same request.
package enum MirrorComparison {
    /// - Returns: `nil` if the bodies could not be looked into, and nothing else differs.
    package static func differences(
        _ plan: MirrorPlan, expected: MirrorAnswer, found: MirrorAnswer
    ) -> [MirrorDifference]? {
        var differences: [MirrorDifference] = []
        if expected.status != found.status {
            differences.append(
                MirrorDifference(
                    kind: .status, place: "", expected: "\(expected.status)",
                    found: "\(found.status)"))
        }
        for (index, name) in plan.config.headers.enumerated()
        where expected.fields[index] != found.fields[index] {
            differences.append(
                MirrorDifference(
                    kind: .header, place: name, expected: expected.fields[index] ?? "",
                    found: found.fields[index] ?? ""))
        }
        guard expected.body != found.body else { return differences }
        if expected.isEncoded || found.isEncoded { return differences.isEmpty ? nil : differences }
        guard expected.isJSON, let left = self.document(expected, plan) else {
            return differences + [self.bodyDifference(expected, found)]
        }
        guard let right = self.document(found, plan) else {
            return differences + [self.bodyDifference(expected, found)]
        }
        return differences
            + plan.comparison.differences(between: left, and: right).map(MirrorDifference.init)
    }

    private static func bodyDifference(
        _ expected: MirrorAnswer, _ found: MirrorAnswer
    ) -> MirrorDifference {
        MirrorDifference(
            kind: .body, place: "", expected: "\(expected.body.readableBytes) bytes",
            found: "\(found.body.readableBytes) bytes")
    }

    private static func document(_ answer: MirrorAnswer, _ plan: MirrorPlan) -> JSONDocument? {
        var limits = JSONLimits()
        limits.bytesMax = plan.config.bodyBytesMax
        limits.stringBytesMax = plan.config.bodyBytesMax
        limits.allowsDuplicateKeys = true
        let bytes = Array(answer.body.readableBytesView)
        return try? JSONDocument(bytes.span, limits: limits)
    }
}

extension MirrorDifference {
    init(_ difference: JSONDifference) {
        let kind: Kind =
            switch difference.kind {
            case .missing: .missing
            case .added: .added
            case .type: .type
            case .value: .value
            case .length: .length
            }
        self.init(
            kind: kind, place: difference.place, expected: difference.expected,
            found: difference.found)
    }
}
