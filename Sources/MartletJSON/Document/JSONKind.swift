/// What a JSON value is.
package enum JSONKind: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    case null, `false`, `true`, number, string, array, object

    package var isContainer: Bool { self.rawValue >= JSONKind.array.rawValue }
    package var isBoolean: Bool { self == .true || self == .false }
}
