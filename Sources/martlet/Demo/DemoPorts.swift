import NIOCore
import NIOPosix

/// The ports that the demo uses, all on 127.0.0.1.
struct DemoPorts: Sendable, Equatable {
    var traffic = 8080
    var admin = 9900
    var orders = 9001
    var customers = 9101
    var invoices = 9201

    private var named: [(name: String, port: Int)] {
        [
            ("traffic", self.traffic), ("admin", self.admin), ("orders", self.orders),
            ("customers", self.customers), ("invoices", self.invoices),
        ]
    }

    /// What cannot be listened on now, told for people.
    func taken() async -> [String] {
        var taken: [String] = []
        for (name, port) in self.named {
            guard let channel = try? await Self.bind(port) else {
                taken.append("\(port) (\(name))")
                continue
            }
            try? await channel.close()
        }
        return taken
    }

    /// Ports that are free at this moment.
    static func free() async throws -> DemoPorts {
        var channels: [any Channel] = []
        // Held together, so that no two are the same.
        for _ in 0..<5 { channels.append(try await self.bind(0)) }
        let ports = channels.map { $0.localAddress?.port ?? 0 }
        for channel in channels { try await channel.close() }
        return DemoPorts(
            traffic: ports[0], admin: ports[1], orders: ports[2], customers: ports[3],
            invoices: ports[4])
    }

    private static func bind(_ port: Int) async throws -> any Channel {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            // Connections of an earlier demo may still be in TIME_WAIT.
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: port).get()
    }
}
