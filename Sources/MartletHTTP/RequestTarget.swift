package enum RequestTargetError: UInt8, Error, Sendable, BitwiseCopyable, CaseIterable { case placeholder }
package enum RequestTarget {
    package static func resolve(_ target: ByteRange, head: RequestHead) -> RequestTargetError? { head.path = target; return nil }
}
