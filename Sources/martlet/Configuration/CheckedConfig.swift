import ArgumentParser
import Foundation
import MartletConfig
import MartletDataPlane

/// A configuration read and compiled as `run` would, with everything that was found on the way.
///
/// Host names are not looked up, so the outcome is the same on any machine.
struct CheckedConfig {
    let result: ConfigLoadResult
    /// `nil` if there is an error.
    let plan: Plan?
    let diagnostics: [Diagnostic]

    init(path: String) {
        self.init(
            ConfigLoader.load(
                path: path, environment: ProcessInfo.processInfo.environment,
                now: Int64(Date.now.timeIntervalSince1970)))
    }

    init(_ result: ConfigLoadResult) {
        self.result = result
        var diagnostics = result.diagnostics
        if let document = result.document {
            let now = Int64(Date.now.timeIntervalSince1970)
            self.plan = try? PlanCompiler.compile(
                document.strict(at: now), version: 1, addresses: ResolvedAddresses(), now: now,
                diagnostics: &diagnostics)
        } else {
            self.plan = nil
        }
        self.diagnostics = diagnostics
    }

    var errorCount: Int { self.diagnostics.count { $0.severity == .error } }
    var warningCount: Int { self.diagnostics.count { $0.severity == .warning } }

    var text: String { DiagnosticPrinter(sources: self.result.sources).text(self.diagnostics) }
    var json: String { DiagnosticPrinter().json(self.diagnostics) }

    /// The plan; without one, prints why and ends the command.
    func get(_ output: OutputOption) throws -> Plan {
        guard let plan = self.plan else {
            if output.isJSON {
                StandardStreams.write(self.json)
            } else {
                StandardStreams.writeError(self.text)
            }
            throw ExitStatus.invalid
        }
        return plan
    }
}
