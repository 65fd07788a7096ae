import Foundation
import Logging
package import MartletConfig
import MartletDataPlane

/// The composition root: builds everything in order and runs it until a signal ends it.
package struct ServerProcess: Sendable {
    /// How the process ends, by the conventions of the command line.
    package enum Exit: Int32, Sendable {
        case ok = 0
        case failure = 1
        case invalidConfig = 2
        case drainDeadline = 3
    }

    private let loaded: LoadedConfig
    private let environment: [String: String]
    private let log: Logger

    package init(_ loaded: LoadedConfig, environment: [String: String]) {
        self.loaded = loaded
        self.environment = environment
        self.log = ProcessLog.logger(loaded.document.telemetry.processLog)
    }

    /// Serves until a signal ends it.
    ///
    /// - `onReady`: called once when every listener is open.
    /// - Throws: why the document cannot be compiled; nothing has been started then.
    package func run(
        onReady: @escaping @Sendable () async -> Void = {}
    ) async throws(InvalidConfig) -> Exit {
        let signals = await ProcessSignal.stream()
        let startNanoseconds = UInt64(Date.now.timeIntervalSince1970 * 1_000_000_000)
        do {
            let controlPlane = try await ControlPlane.start(
                self.loaded, environment: self.environment, log: self.log)
            try await controlPlane.listen()
            return await self.serve(
                controlPlane, signals: signals, startNanoseconds: startNanoseconds,
                onReady: onReady)
        } catch let error as InvalidConfig {
            throw error
        } catch {
            self.log.error("start_failed", metadata: ["reason": "\(error)"])
            return .failure
        }
    }

    private func serve(
        _ controlPlane: ControlPlane, signals: AsyncStream<ProcessSignal>,
        startNanoseconds: UInt64, onReady: @escaping @Sendable () async -> Void
    ) async -> Exit {
        await withThrowingTaskGroup(of: Void.self) { group in
            let (admission, admissionSignal) = AsyncStream.makeStream(of: Bool.self)
            let admin = self.loaded.document.admin
            if admin.enabled {
                let server = AdminServer(
                    admin, controlPlane: controlPlane, startNanoseconds: startNanoseconds)
                let log = self.log
                group.addTask {
                    defer { admissionSignal.finish() }
                    do {
                        try await server.run(log: log) { port in
                            let host = admin.address.host
                            let text = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
                            log.info(
                                "listening", metadata: ["listener": "admin", "address": "\(text)"])
                            admissionSignal.yield(true)
                            admissionSignal.finish()
                        }
                    } catch is CancellationError {
                    } catch {
                        log.error("admin_failed", metadata: ["reason": "\(error)"])
                        throw error
                    }
                }
            } else {
                admissionSignal.yield(true)
                admissionSignal.finish()
            }
            group.addTask { await Self.watchFiles(controlPlane) }
            group.addTask { await Self.refreshAddresses(controlPlane) }
            group.addTask { await Self.endExceptions(controlPlane) }
            group.addTask { await controlPlane.refreshKeys() }
            group.addTask { await controlPlane.endpointWatch.run() }
            group.addTask { await controlPlane.releaseWatch.run() }
            group.addTask { await controlPlane.mirrorWatch.run() }
            group.addTask { await controlPlane.abuseWatch.run() }
            // Without its admin listener nobody could see how the process fares: it does not start.
            guard await admission.first(where: { _ in true }) ?? false else {
                group.cancelAll()
                await controlPlane.stop()
                return .failure
            }
            self.log.info("ready", metadata: ["version": "\(MartletVersion.text)"])
            await onReady()
            let exit = await Self.follow(signals, controlPlane)
            group.cancelAll()
            return exit
        }
    }

    /// Does what the signals say until one of them ends the process.
    private static func follow(
        _ signals: AsyncStream<ProcessSignal>, _ controlPlane: ControlPlane
    ) async -> Exit {
        var drain: Task<Bool, Never>?
        let (ended, endedSignal) = AsyncStream.makeStream(of: Bool.self)
        let following = Task {
            for await signal in signals {
                switch signal {
                case .reload: await controlPlane.reload()
                case .reopenLogs: await controlPlane.reopenLogs()
                case .drain where drain != nil:
                    // Asked twice: now.
                    endedSignal.yield(false)
                case .drain:
                    drain = Task {
                        let isClean = await controlPlane.drain()
                        endedSignal.yield(isClean)
                        return isClean
                    }
                }
            }
        }
        var isClean = true
        for await result in ended {
            isClean = result
            break
        }
        following.cancel()
        await controlPlane.stop()
        return isClean ? .ok : .drainDeadline
    }

    private static func watchFiles(_ controlPlane: ControlPlane) async {
        while (try? await Task.sleep(for: FileWatcher.interval)) != nil {
            await controlPlane.reloadIfChanged()
        }
    }

    private static func endExceptions(_ controlPlane: ControlPlane) async {
        while true {
            // A reload may bring one that ends earlier, and somebody may set the clock.
            let wait = min(await controlPlane.untilNextEnd() ?? .seconds(1), .seconds(1))
            guard (try? await Task.sleep(for: max(wait, .milliseconds(50)))) != nil else { return }
            await controlPlane.endExceptions()
        }
    }

    private static func refreshAddresses(_ controlPlane: ControlPlane) async {
        while true {
            // A reload may bring a name that is due earlier.
            let wait = min(await controlPlane.untilNextLookUp() ?? .seconds(1), .seconds(1))
            guard (try? await Task.sleep(for: max(wait, .milliseconds(50)))) != nil else { return }
            await controlPlane.refreshAddresses()
        }
    }
}
