import ArgumentParser
import AsyncHTTPClient
import Foundation
import MartletConfig
import NIOCore
import NIOHTTP1

/// `martlet reload`: has a running Martlet read its configuration again.
struct Reload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have a running Martlet read its configuration again.",
        discussion: "A wrong configuration changes nothing: what ran before runs on.")

    @OptionGroup var output: OutputOption

    @Option(
        help: ArgumentHelp(
            "The running process's admin listener.", valueName: "host:port"))
    var admin = "127.0.0.1:9900"

    private static let answerBytesMax = 16 * 1024 * 1024

    private struct Answer: Decodable {
        var generation: UInt64?
        var detail: String?
        var text: String?
    }

    func run() async throws {
        let (status, body): (UInt, ByteBuffer)
        do {
            (status, body) = try await self.post()
        } catch {
            StandardStreams.printError("error: no answer from http://\(self.admin): \(error)")
            throw ExitStatus.failure
        }
        let text = String(buffer: body)
        if self.output.isJSON {
            StandardStreams.write(text)
        } else {
            self.report(status, try? JSONDecoder().decode(Answer.self, from: Data(text.utf8)))
        }
        switch status {
        case 200: return
        case 422: throw ExitStatus.invalid
        default: throw ExitStatus.failure
        }
    }

    private func post() async throws -> (UInt, ByteBuffer) {
        var request = HTTPClientRequest(url: "http://\(self.admin)/v1/reload")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(string: "{}"))
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: Self.clientConfiguration)
        do {
            // Names are looked up before it answers, so it may take a while.
            let response = try await client.execute(request, timeout: .seconds(60))
            let body = try await response.body.collect(upTo: Self.answerBytesMax)
            try await client.shutdown()
            return (response.status.code, body)
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    /// Nobody is there, or somebody is: no second try, no proxy, no redirect.
    private static var clientConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(2)
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    private func report(_ status: UInt, _ answer: Answer?) {
        if status == 200, let generation = answer?.generation {
            print("ok: generation \(generation)")
            return
        }
        if let text = answer?.text { StandardStreams.writeError(text) }
        StandardStreams.printError("error: \(answer?.detail ?? "the answer is \(status)")")
    }
}
