/// Why an endpoint takes no traffic for now; empty while it may be picked.
///
/// Set in an `EndpointTable` by whoever finds out: health checks, outlier detection, breakers,
/// name lookups.
package struct EndpointConditions: OptionSet, Sendable, BitwiseCopyable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Its name has no address.
    package static let unresolved = EndpointConditions(rawValue: 1 << 0)
    /// It takes nobody new; clients bound to it stay.
    package static let draining = EndpointConditions(rawValue: 1 << 1)
    /// Its circuit breaker is open.
    package static let broken = EndpointConditions(rawValue: 1 << 2)
    /// As many requests are in flight as it may have.
    ///
    /// Kept by the table itself; comes and goes with each request.
    package static let full = EndpointConditions(rawValue: 1 << 3)
    /// Active health checks fail.
    package static let unhealthy = EndpointConditions(rawValue: 1 << 4)
    /// Outlier detection has taken it out.
    package static let ejected = EndpointConditions(rawValue: 1 << 5)

    /// What a tier in panic overlooks: opinions that may be wrong, unlike facts.
    package static let doubtful: EndpointConditions = [.unhealthy, .ejected]
    /// Everything but `full`: what changes seldom, so that tables are made anew for it.
    package static let lasting: EndpointConditions = [
        .unresolved, .draining, .broken, .unhealthy, .ejected,
    ]
    package static let all: EndpointConditions = [.lasting, .full]
}
