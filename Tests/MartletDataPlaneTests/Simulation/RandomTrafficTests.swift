import MartletAlgorithms
import MartletDataPlane
import MartletTestSupport
import NIOCore
import Testing

/// Random traffic through a whole worker: requests cut anywhere, pipelined, with bodies of every
/// framing, slow and absent readers, early answers, resets on both sides, reloads.
///
/// Whatever happens, the answers of a connection come in order and whole up to where it was cut,
/// what the upstream sent is what the client gets, and in the end nothing is left.
@Suite struct RandomTrafficTests {
    @Test(arguments: 0..<60)
    func randomTraffic(seed: UInt64) throws {
        var traffic = try RandomTraffic(seed: seed, hasFaults: seed % 3 != 0)
        try traffic.run(stepCount: 600)
        try traffic.finish()
        traffic.check()
    }

    /// The same, with reads that are sent twice.
    @Test(arguments: 1000..<1040)
    func randomTrafficWithHedges(seed: UInt64) throws {
        var traffic = try RandomTraffic(
            seed: seed, hasFaults: seed % 3 != 0, plan: RandomTraffic.hedgedPlan)
        try traffic.run(stepCount: 600)
        try traffic.finish()
        traffic.check()
    }
}

/// One random run.
///
/// The body of an answer tells which request it answers.
struct RandomTraffic {
    static let plan = """
        listeners: { public: ":0" }
        upstreams:
          origin:
            endpoints: [http://127.0.0.1:1, http://127.0.0.1:2]
            max-connections: 3
            max-pending: 50
        routes:
          - { match: { path: /fixed }, respond: { status: 200, body: fixed } }
          - { match: { prefix: / }, upstream: origin }
        """

    static let hedgedPlan = """
        listeners: { public: ":0" }
        upstreams:
          origin:
            endpoints: [http://127.0.0.1:1, http://127.0.0.1:2, http://127.0.0.1:3]
            max-connections: 5
            max-pending: 50
            hedging: { after: 60ms }
            retries: { attempts: 3, backoff-start: 0s }
            retry-budget: { percent: 1000, min-retries: 10000 }
        routes:
          - { match: { path: /fixed }, respond: { status: 200, body: fixed } }
          - { match: { prefix: / }, upstream: origin }
        """

    private final class Client {
        let channel: SimulatedChannel
        /// Bytes still to be sent, and what was asked for, in order.
        var outgoing: [UInt8] = []
        var expected: [Expectation] = []
        var reader = MessageReader()
        var isCut = false

        init(_ channel: SimulatedChannel) { self.channel = channel }
    }

    private struct Expectation {
        var name: String
        var isHead: Bool
        var bodySum: Int
    }

    private final class Origin {
        let channel: SimulatedChannel
        var reader = MessageReader()
        var answered = 0
        var outgoing: [UInt8] = []
        var closesAfter = false

        init(_ channel: SimulatedChannel) { self.channel = channel }
    }

    private let seed: UInt64
    private let hasFaults: Bool
    private var random: SeededRandom
    private let simulation: SimulatedWorker
    private var clients: [Client] = []
    private var origins: [Origin] = []
    private var requestCount = 0

    private let plan: String

    init(seed: UInt64, hasFaults: Bool, plan: String = Self.plan) throws {
        self.plan = plan
        self.seed = seed
        self.hasFaults = hasFaults
        self.random = SeededRandom(seed: seed)
        self.simulation = try SimulatedWorker(plan, seed: seed)
    }

    private mutating func number(_ bound: Int) -> Int {
        Int(self.random.next(below: UInt64(bound)))
    }

    mutating func run(stepCount: Int) throws {
        for _ in 0..<stepCount {
            try self.step()
            self.simulation.run()
            self.collect()
        }
    }

    private mutating func step() throws {
        switch self.number(100) {
        case 0..<8: try self.connect()
        case 8..<22: self.ask()
        case 22..<50: self.sendFromClient(bytesMax: 5000)
        case 50..<62: try self.answerDial()
        case 62..<84: self.sendFromOrigin(bytesMax: 9000)
        case 84..<90: self.clients.randomElement(using: &self.random)?.channel.addRoom(40_000)
        case 90..<93: self.origins.randomElement(using: &self.random)?.channel.addRoom(40_000)
        case 93..<95: self.simulation.advance(.milliseconds(100))
        case 95: if self.hasFaults { self.cutClient() }
        case 96: if self.hasFaults { self.resetOrigin() }
        case 97: try self.simulation.reload(self.plan)
        case 98: self.endClient()
        default: break
        }
    }

    // MARK: Clients

    private mutating func connect() throws {
        guard self.clients.count < 6 else { return }
        let client = Client(try self.simulation.connectClient())
        if self.number(3) == 0 { client.channel.setRoom(self.number(3000)) }
        self.clients.append(client)
    }

    private mutating func ask() {
        guard let client = self.clients.randomElement(using: &self.random),
            !client.channel.hasEnded, client.outgoing.count < 200_000
        else { return }
        self.requestCount += 1
        let name = self.number(12) == 0 ? "/fixed" : "/r\(self.requestCount)"
        var method = ["GET", "HEAD", "GET", "DELETE"][self.number(4)]
        var body: [UInt8] = []
        var head = ""
        switch self.number(4) {
        case 0 where name != "/fixed":
            method = "POST"
            body = self.body()
            head = "Content-Length: \(body.count)\r\n"
        case 1 where name != "/fixed":
            method = "PUT"
            body = self.body()
            head = "Transfer-Encoding: chunked\r\n"
        default: break
        }
        let framed = head.hasPrefix("T") ? self.chunked(body) : body
        let text = "\(method) \(name) HTTP/1.1\r\nHost: a.example\r\n\(head)\r\n"
        client.outgoing += Array(text.utf8) + framed
        client.reader.expectsHead.append(method == "HEAD")
        client.expected.append(
            Expectation(
                name: name, isHead: method == "HEAD",
                bodySum: body.reduce(0) { $0 &* 31 &+ Int($1) }))
    }

    private mutating func body() -> [UInt8] {
        let count = [0, 1, 10, 3000, 20_000, 90_000][self.number(6)]
        let start = self.number(251)
        return (0..<count).map { UInt8(truncatingIfNeeded: ($0 &+ start) % 251) }
    }

    private mutating func chunked(_ body: [UInt8]) -> [UInt8] {
        var framed: [UInt8] = []
        var position = 0
        while position < body.count {
            let count = min(1 + self.number(8000), body.count - position)
            framed += Array("\(String(count, radix: 16))\r\n".utf8)
            framed += body[position..<position + count] + [13, 10]
            position += count
        }
        return framed + Array("0\r\n\r\n".utf8)
    }

    private mutating func sendFromClient(bytesMax: Int) {
        guard let client = self.clients.randomElement(using: &self.random),
            !client.outgoing.isEmpty
        else { return }
        let count = min(1 + self.number(bytesMax), client.outgoing.count)
        client.channel.peerSends(Array(client.outgoing.prefix(count)))
        client.outgoing.removeFirst(count)
    }

    private mutating func cutClient() {
        guard !self.clients.isEmpty else { return }
        let client = self.clients.remove(at: self.number(self.clients.count))
        client.channel.peerResets()
    }

    /// A client that has sent all it wants closes its side and still reads.
    private mutating func endClient() {
        guard let client = self.clients.randomElement(using: &self.random),
            client.outgoing.isEmpty, !client.expected.isEmpty
        else { return }
        client.channel.peerEndsSending()
    }

    // MARK: Origins

    private mutating func answerDial() throws {
        guard !self.simulation.connector.dials.isEmpty else { return }
        let index = self.number(self.simulation.connector.dials.count)
        if self.hasFaults, self.number(8) == 0 { return self.simulation.connector.refuse(index) }
        let origin = Origin(try self.simulation.connector.accept(index))
        if self.number(3) == 0 { origin.channel.setRoom(self.number(3000)) }
        self.origins.append(origin)
    }

    private mutating func resetOrigin() {
        guard !self.origins.isEmpty else { return }
        self.origins.remove(at: self.number(self.origins.count)).channel.peerResets()
    }

    private mutating func sendFromOrigin(bytesMax: Int) {
        guard let origin = self.origins.randomElement(using: &self.random) else { return }
        if origin.outgoing.isEmpty, origin.answered < origin.reader.messages.count {
            let request = origin.reader.messages[origin.answered]
            origin.answered += 1
            origin.outgoing = self.answer(request, origin)
        }
        let count = min(1 + self.number(bytesMax), origin.outgoing.count)
        origin.channel.peerSends(Array(origin.outgoing.prefix(count)))
        origin.outgoing.removeFirst(count)
        if origin.closesAfter, origin.outgoing.isEmpty { origin.channel.peerEndsSending() }
    }

    /// `name sum padding`, framed in one of the ways there are.
    private mutating func answer(
        _ request: MessageReader.Message, _ origin: Origin
    ) -> [UInt8] {
        let words = request.startLine.split(separator: " ")
        let sum = request.body.reduce(0) { $0 &* 31 &+ Int($1) }
        let padding = [0, 5, 4000, 30_000, 150_000][self.number(5)]
        let body = Array("\(words[1]) \(sum) ".utf8) + [UInt8](repeating: 0x2e, count: padding)
        let interim = self.number(5) == 0 ? "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" : ""
        let isHead = words[0] == "HEAD"
        switch self.number(4) {
        case 0, 1:
            let head = "\(interim)HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n"
            return Array(head.utf8) + (isHead ? [] : body)
        case 2:
            let head = "\(interim)HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            return Array(head.utf8) + (isHead ? [] : self.chunked(body))
        default:
            origin.closesAfter = true
            return Array("\(interim)HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".utf8)
                + (isHead ? [] : body)
        }
    }

    // MARK: Checking

    private mutating func collect() {
        for origin in self.origins {
            origin.reader.take(origin.channel.takeReceived())
            #expect(!origin.reader.isBroken, "\(self.place)")
            #expect(
                origin.reader.messages.count <= origin.answered + 1,
                "\(self.place): two requests at once")
        }
        for client in self.clients { client.reader.take(client.channel.takeReceived()) }
        self.origins.removeAll { $0.channel.isClosed }
    }

    /// For a message: what everybody waits for.
    private var state: String {
        let origins = self.origins.map {
            "origin read \($0.reader.messages.count) +\($0.reader.restCount)B answered "
                + "\($0.answered) left \($0.outgoing.count)B unread \($0.channel.unreadCount)B"
        }
        let clients = self.clients.map {
            "client left \($0.outgoing.count)B unread \($0.channel.unreadCount)B"
        }
        return (origins + clients).joined(separator: "; ")
    }

    private var place: String { "seed \(self.seed)" }

    /// Everybody does what is left to do.
    mutating func finish() throws {
        for client in self.clients { client.channel.addRoom(.max) }
        for _ in 0..<4_000 {
            for origin in self.origins { origin.channel.addRoom(.max) }
            while !self.simulation.connector.dials.isEmpty {
                self.origins.append(Origin(try self.simulation.connector.accept()))
            }
            self.sendFromClient(bytesMax: 100_000)
            self.sendFromOrigin(bytesMax: 100_000)
            self.simulation.run()
            self.collect()
            let isIdle = self.simulation.worker.exchangeCount == 0
            if isIdle, self.clients.allSatisfy({ $0.outgoing.isEmpty || $0.channel.isClosed }) {
                break
            }
        }
    }

    func check() {
        for client in self.clients {
            let answers = client.reader.messages.filter { $0.status ?? 0 >= 200 }
            if !client.channel.hasEnded {
                #expect(
                    answers.count == client.expected.count,
                    "\(self.place): answers missing, \(self.state)")
                #expect(client.reader.restCount == 0, "\(self.place): half an answer")
            }
            #expect(answers.count <= client.expected.count, "\(self.place)")
            for (answer, expected) in zip(answers, client.expected) {
                self.check(answer, expected)
            }
        }
        self.simulation.expectQuiet()
        for client in self.clients { client.channel.peerResets() }
        #expect(self.simulation.worker.connectionCount == 0, "\(self.place)")
    }

    private func check(_ answer: MessageReader.Message, _ expected: Expectation) {
        guard answer.status == 200 else {
            // Without faults, only the queue may be too long, which it never is here.
            #expect(self.hasFaults, "\(self.place): \(answer.startLine)")
            return
        }
        if expected.isHead {
            #expect(answer.body.isEmpty, "\(self.place)")
        } else if expected.name == "/fixed" {
            #expect(answer.bodyText == "fixed", "\(self.place)")
        } else {
            let words = answer.bodyText.prefix(64).split(separator: " ")
            #expect(
                words.prefix(2) == [Substring(expected.name), "\(expected.bodySum)"],
                "\(self.place): \(words.prefix(2)) for \(expected.name)")
        }
    }
}
