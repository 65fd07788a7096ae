/// Judges the fields of one field section in the order in which they come (RFC 9113 §8.1, §8.3).
///
/// Lives for one block. Once something is wrong nothing more is stored, but the block is read on,
/// so that the dynamic table stays in step; bounded by `listBytesExcess`.
struct HTTP2FieldSection: BitwiseCopyable {
    /// How many times the limit a block may stand for before its connection is ended, and the
    /// least: a client with too large a cookie is told so, a bomb (RFC 7541 §7.3) is not read.
    private static let excessFactor = 4
    private static let excessMin = 64 * 1024

    private let limits: HeadLimits
    let isTrailers: Bool
    private var listBytes = 0
    private var hasRegularField = false
    private(set) var outcome = HPACKDecoder.Outcome.complete

    init(limits: HeadLimits, isTrailers: Bool) {
        self.limits = limits
        self.isTrailers = isTrailers
    }

    /// Whether the block stands for so much that it cannot be meant well.
    var isExcessive: Bool {
        self.listBytes > max(self.limits.headBytesMax * Self.excessFactor, Self.excessMin)
    }

    /// Counts a field, and says whether it is to be stored.
    ///
    /// - `fieldCount`, `pseudo`: what was stored before it.
    mutating func admits(
        _ field: HPACKField, fieldCount: Int, pseudo: HTTP2PseudoFields
    ) -> Bool {
        self.listBytes += field.size
        guard self.outcome == .complete else { return false }
        if self.listBytes > self.limits.headBytesMax {
            self.outcome = .tooLarge(.headerSectionTooLarge)
        } else if let fault = field.fault {
            self.outcome = .malformed(fault)
        } else if let name = field.pseudo {
            self.judge(name, pseudo)
        } else {
            self.hasRegularField = true
            if fieldCount >= self.limits.fieldCountMax {
                self.outcome = .tooLarge(.tooManyHeaderFields)
            } else if self.isTrailers, TrailerFields.verdict(field.known) == .refuse {
                self.outcome = .malformed(.forbiddenTrailerField)
            }
        }
        return self.outcome == .complete
    }

    private mutating func judge(_ name: HTTP2PseudoFields.Name, _ pseudo: HTTP2PseudoFields) {
        if self.isTrailers || self.hasRegularField {
            self.outcome = .malformed(.pseudoFieldMisplaced)
        } else if pseudo[name] != nil {
            self.outcome = .malformed(.pseudoFieldRepeated)
        }
    }
}
