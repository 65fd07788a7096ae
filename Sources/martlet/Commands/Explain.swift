import ArgumentParser
import MartletConfig
import MartletDataPlane
import MartletHTTP
import NIOCore
import NIOPosix

/// `martlet explain`: what would become of a request, step by step, without sending it.
struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what would become of a request, without sending it.",
        discussion: """
            The request goes through the code that serves traffic. Values are shown as they would \
            be sent, secrets among them. Identifiers are made up.
            """)

    @OptionGroup var config: ConfigOption
    @OptionGroup var output: OutputOption

    @Option(help: ArgumentHelp("Which listener gets it; the first without.", valueName: "name"))
    var listener: String?

    @Option(help: ArgumentHelp("The address of the client.", valueName: "address"))
    var from = "127.0.0.1"

    @Option(
        name: [.customShort("H"), .customLong("header")],
        help: ArgumentHelp("A header line such as 'x-a: b'; may be repeated.", valueName: "line"))
    var headers: [String] = []

    @Flag(name: .customLong("http1.0"), help: "An HTTP/1.0 request.")
    var isVersion10 = false

    @Argument(help: "The method, such as GET.")
    var method: String

    @Argument(help: "The URL, or its path alone.")
    var url: String

    func validate() throws {
        guard ClientAddress(parsing: Array(self.from.utf8).span) != nil else {
            throw ValidationError("`\(self.from)` is not an address such as 192.0.2.1.")
        }
        let texts = [self.method, self.url] + self.headers
        guard !texts.contains(where: { $0.utf8.contains(10) || $0.utf8.contains(13) }) else {
            throw ValidationError("A line break cannot be part of a method, a URL or a header.")
        }
    }

    func run() async throws {
        let plan = try CheckedConfig(path: self.config.path).get(self.output)
        let index = try self.listenerIndex(plan)
        let request = self.request(plan.listeners[index])
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let report = try await loop.submit {
            DryRun(plan, eventLoop: loop).run(request, listener: index)
        }.get()
        if self.output.isJSON {
            print(ExplanationDocument.value(report, plan).text())
        } else {
            StandardStreams.write(ExplanationText(report, request, plan).text)
        }
    }

    private func listenerIndex(_ plan: Plan) throws -> Int {
        guard let name = self.listener else { return 0 }
        guard let index = plan.listeners.firstIndex(where: { $0.name == name }) else {
            let names = plan.listeners.map(\.name).joined(separator: ", ")
            throw ValidationError("There is no listener `\(name)`, but there is \(names).")
        }
        return index
    }

    private func request(_ listener: ListenerPlan) -> ComposedRequest {
        ComposedRequest(
            method: self.method, url: self.url, headers: self.headers,
            minorVersion: self.isVersion10 ? 0 : 1,
            defaultHost: "localhost:\(listener.address.port)",
            peer: ClientAddress(parsing: Array(self.from.utf8).span) ?? .unspecified)
    }
}
