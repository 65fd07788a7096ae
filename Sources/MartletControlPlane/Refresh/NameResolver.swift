package import MartletConfig
package import MartletDataPlane
package import MartletHTTP
package import NIOCore
package import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Looks up the host names of upstreams, off the request path, again and again.
///
/// A name that cannot be resolved for a while keeps its last addresses: an outage of DNS is no
/// reason to lose upstreams that work.
package struct NameResolver: Sendable {
    private let threads: NIOThreadPool

    package init(threads: NIOThreadPool = .singleton) {
        self.threads = threads
    }

    /// Looks every name of a document up.
    ///
    /// - `last`: what is kept for names that fail now.
    /// - Returns: the addresses, and the names that failed.
    package func resolve(
        _ document: ConfigDocument, last: ResolvedAddresses
    ) async -> (addresses: ResolvedAddresses, failed: [String]) {
        var resolved = ResolvedAddresses()
        var failed: [String] = []
        let names = Set(document.upstreams.flatMap(\.endpoints).map(\.host))
        for name in names.sorted() where (try? SocketAddress(ipAddress: name, port: 0)) == nil {
            let found = (try? await self.threads.runIfActive { Self.lookUp(name) }) ?? []
            if found.isEmpty { failed.append(name) }
            resolved.names[name] = found.isEmpty ? last.names[name] ?? [] : found
        }
        return (resolved, failed)
    }

    /// Looks one name up for a call that Martlet makes by itself, such as for a key set.
    ///
    /// Whoever calls dials one of the addresses, and never the name: it could stand for another
    /// address by then. A numeric host, written by the operator, stands for itself.
    package func addresses(
        of host: String, port: Int, egress: EgressRule
    ) async throws(EgressFailure) -> [SocketAddress] {
        if let address = try? SocketAddress(ipAddress: host, port: port) { return [address] }
        let found = (try? await self.threads.runIfActive { Self.lookUp(host) }) ?? []
        guard !found.isEmpty else { throw .notResolved }
        let checked = EgressCheck.split(found, host: host, port: port, egress)
        guard !checked.allowed.isEmpty else { throw .prohibited(checked.refused) }
        return checked.allowed
    }

    /// How long until the next look-up: the shortest interval asked for; `nil` without names.
    package static func interval(_ document: ConfigDocument) -> Duration? {
        document.upstreams.filter { upstream in
            upstream.endpoints.contains { (try? SocketAddress(ipAddress: $0.host, port: 0)) == nil }
        }.map(\.resolveInterval).min()
    }

    /// Every address of a name, sorted, so that an unchanged answer in another order is no change.
    private static func lookUp(_ name: String) -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(name, nil, &hints, &list) == 0 else { return [] }
        defer { unsafe freeaddrinfo(list) }
        var texts: Set<String> = []
        var next = unsafe list
        while let entry = unsafe next {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let length = socklen_t(text.count)
            let status = unsafe getnameinfo(
                entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, length, nil, 0,
                NI_NUMERICHOST)
            if status == 0 {
                let bytes = text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
                texts.insert(String(decoding: bytes, as: UTF8.self))
            }
            unsafe next = unsafe entry.pointee.ai_next
        }
        return texts.sorted().compactMap { try? SocketAddress(ipAddress: $0, port: 0) }
    }
}

/// Why a name leads nowhere that may be dialled.
package enum EgressFailure: Error, Sendable, Equatable {
    case notResolved
    case prohibited([RefusedAddress])
}
