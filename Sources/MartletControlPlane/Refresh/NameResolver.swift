import CNameLookup
package import MartletDataPlane
package import MartletHTTP
package import NIOCore
package import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Asks the system's files and DNS servers what names stand for, off the request path.
///
/// Everything that is asked at once waits together, on one thread and at most ten seconds.
package struct NameResolver: Sendable {
    private static let milliseconds: Int32 = 10_000
    /// Of one round; the rest comes after it.
    private static let questionsMax = 256

    private let threads: NIOThreadPool

    package init(threads: NIOThreadPool = .singleton) {
        self.threads = threads
    }

    /// - Returns: an answer for each question.
    package func ask(_ questions: [NameQuestion]) async -> [NameAnswer] {
        var answers: [NameAnswer] = []
        while answers.count < questions.count {
            let round = Array(questions[answers.count...].prefix(Self.questionsMax))
            answers +=
                (try? await self.threads.runIfActive { Self.lookUp(round) })
                ?? round.map { _ in .failed(reason: "the process is ending") }
        }
        return answers
    }

    /// Looks one name up for a call that Martlet makes by itself, such as for a key set.
    ///
    /// Whoever calls dials one of the addresses, and never the name: it could stand for another
    /// address by then. A numeric host, written by the operator, stands for itself.
    package func addresses(
        of host: String, port: Int, egress: EgressRule
    ) async throws(EgressFailure) -> [SocketAddress] {
        if let address = try? SocketAddress(ipAddress: host, port: port) { return [address] }
        guard case .addresses(let found, _)? = await self.ask([.addresses(host)]).first else {
            throw .notResolved
        }
        let checked = EgressCheck.split(found, host: host, port: port, egress)
        guard !checked.allowed.isEmpty else { throw .prohibited(checked.refused) }
        return checked.allowed
    }

    // MARK: One round

    private static func lookUp(_ questions: [NameQuestion]) -> [NameAnswer] {
        let names = questions.map { Array($0.name.utf8CString) }
        // One buffer for all names, so that none has to be kept alive by itself.
        var bytes: [CChar] = []
        var starts: [Int] = []
        for name in names {
            starts.append(bytes.count)
            bytes += name
        }
        return unsafe bytes.withUnsafeBufferPointer { text in
            guard let start = text.baseAddress else { return [] }
            var queries = unsafe zip(questions, starts).map { question, offset in
                var query = unsafe name_lookup_query()
                unsafe query.name = unsafe start + offset
                unsafe query.kind = question.kind
                return unsafe query
            }
            let count = Int32(unsafe queries.count)
            unsafe name_lookup_run(&queries, count, Self.families(), Self.milliseconds)
            defer { unsafe name_lookup_free(&queries, count) }
            return unsafe queries.map { unsafe Self.answer($0) }
        }
    }

    private static func answer(_ query: name_lookup_query) -> NameAnswer {
        guard unsafe query.status == 0, let first = unsafe query.records else {
            let reason = unsafe String(cString: name_lookup_reason(query.status))
            return .failed(reason: reason)
        }
        let records = unsafe UnsafeBufferPointer(start: first, count: Int(query.count))
        guard unsafe query.kind == Int32(NAME_LOOKUP_SERVICES.rawValue) else {
            // Sorted, so that the same addresses in another order are no change.
            let texts = Set(unsafe records.compactMap { Self.addressText($0) }).sorted()
            return .addresses(
                texts.compactMap { try? SocketAddress(ipAddress: $0, port: 0) },
                ttlSeconds: unsafe query.ttl)
        }
        let services = Set(unsafe records.map { Self.service($0) }).sorted { one, other in
            (one.priority, one.target, one.port, one.weight)
                < (other.priority, other.target, other.port, other.weight)
        }
        return unsafe .services(services, ttlSeconds: query.ttl)
    }

    private static func addressText(_ record: name_lookup_record) -> String? {
        var record = record
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = record.family == 4 ? AF_INET : AF_INET6
        let length = socklen_t(text.count)
        guard unsafe inet_ntop(family, &record.address, &text, length) != nil else { return nil }
        return Self.string(text)
    }

    private static func service(_ record: name_lookup_record) -> ServiceRecord {
        let target = unsafe withUnsafeBytes(of: record.target) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return ServiceRecord(
            target: target.lowercased(), port: Int(record.port), priority: Int(record.priority),
            weight: Int(record.weight))
    }

    private static func string(_ text: [CChar]) -> String {
        String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Families that this machine has an address of beyond its loopback interface; both, if none.
    ///
    /// Addresses that nobody here can reach are not asked for.
    private static func families() -> Int32 {
        var list: UnsafeMutablePointer<ifaddrs>?
        let all = Int32(NAME_LOOKUP_IPV4.rawValue | NAME_LOOKUP_IPV6.rawValue)
        guard unsafe getifaddrs(&list) == 0 else { return all }
        defer { unsafe freeifaddrs(list) }
        var found: UInt32 = 0
        var next = unsafe list
        while let entry = unsafe next {
            unsafe next = unsafe entry.pointee.ifa_next
            guard let address = unsafe entry.pointee.ifa_addr else { continue }
            switch Int32(unsafe address.pointee.sa_family) {
            case AF_INET:
                let first = unsafe address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    unsafe UInt32(bigEndian: $0.pointee.sin_addr.s_addr) >> 24
                }
                if first != 127 { found |= NAME_LOOKUP_IPV4.rawValue }
            case AF_INET6:
                let isLoopback = unsafe address.withMemoryRebound(
                    to: sockaddr_in6.self, capacity: 1
                ) { pointer in
                    var bytes = unsafe pointer.pointee.sin6_addr
                    return unsafe withUnsafeBytes(of: &bytes) { unsafe Array($0) }
                        == [UInt8](repeating: 0, count: 15) + [1]
                }
                if !isLoopback { found |= NAME_LOOKUP_IPV6.rawValue }
            default: break
            }
        }
        return found == 0 ? all : Int32(found)
    }
}

extension NameQuestion {
    fileprivate var kind: Int32 {
        switch self {
        case .addresses: Int32(NAME_LOOKUP_ADDRESSES.rawValue)
        case .services: Int32(NAME_LOOKUP_SERVICES.rawValue)
        }
    }
}

/// Why a name leads nowhere that may be dialled.
package enum EgressFailure: Error, Sendable, Equatable {
    case notResolved
    case prohibited([RefusedAddress])
}
