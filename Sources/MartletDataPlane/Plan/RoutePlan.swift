package import MartletConfig
package import MartletHTTP

/// One route, compiled: what is not a step.
package struct RoutePlan: Sendable {
    package let name: String
    /// `nil` for a route that a step answers.
    package let upstream: Int?
    package let hostField: HostField
    package let allowedTraits: PathTraits
    /// Overrides the listener's.
    package let bodyBytesMax: Int?
    /// Overrides the upstream's.
    package let responseTicks: UInt64?
    /// Where the programs of this route's path patterns begin in `Plan.programs`.
    package let firstProgram: Int
}

/// Which `Host` the upstream sees, compiled.
package enum HostField: Sendable, Equatable {
    case preserve
    case upstream
    case literal([UInt8])

    package init(_ config: HostConfig) {
        switch config {
        case .preserve: self = .preserve
        case .upstream: self = .upstream
        case .literal(let host): self = .literal(Array(host.utf8))
        }
    }
}

/// The steps of one path pattern of a route.
///
/// Patterns differ in their captures, so each has its own.
package struct RouteProgram: Sendable, BitwiseCopyable {
    package let requestSteps: StepRange
    package let responseSteps: StepRange
}

/// A run of steps in `Plan.steps`.
package struct StepRange: Sendable, BitwiseCopyable {
    package let start: UInt32
    package let count: UInt16

    package static let empty = StepRange(start: 0, count: 0)
}
