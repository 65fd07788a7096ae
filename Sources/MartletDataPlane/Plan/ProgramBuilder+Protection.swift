import MartletConfig
import MartletJSON

/// What stands between routing and the rest: steps that look at requests and refuse some.
///
/// One row for a route, whatever the number of its path patterns, as no capture is used.
extension ProgramBuilder {
    mutating func protectionSteps(
        _ config: RouteConfig, _ index: Int, _ document: ConfigDocument,
        _ diagnostics: inout [Diagnostic]
    ) -> [Step] {
        ProtectionWarnings.add(for: config, index, document, to: &diagnostics)
        var steps: [Step] = []
        if let bots = config.bots {
            steps.append(Self.append(BotFilterPolicy(bots), .botFilter, to: &self.botFilters))
        }
        let path = "routes[\(index)]"
        if let validation = config.validation {
            let schema = Self.schema(validation, index, &diagnostics)
            do throws(InvalidPolicy) {
                let policy = try RequestValidationPolicy(
                    validation, bodyBytesMax: config.maxHeldBodyBytes, schema: schema)
                steps.append(Self.append(policy, .requestValidation, to: &self.requestValidations))
            } catch {
                diagnostics.append(
                    Diagnostic(
                        .error, at: validation.source, path: path + ".validate", error.message))
            }
        }
        if let inspection = config.inspection {
            do throws(InvalidPolicy) {
                let policy = try InspectionPolicy(
                    inspection, bodyBytesMax: config.maxHeldBodyBytes)
                steps.append(Self.append(policy, .inspection, to: &self.inspections))
            } catch {
                let place = inspection.exceptions.first?.source ?? config.source
                diagnostics.append(
                    Diagnostic(.error, at: place, path: path + ".inspect", error.message))
            }
        }
        return steps
    }

    /// Each error of the schema becomes a diagnostic with the place in it.
    private static func schema(
        _ config: RequestValidationConfig, _ index: Int, _ diagnostics: inout [Diagnostic]
    ) -> JSONSchema? {
        guard let body = config.body, let text = body.schema else { return nil }
        var options = JSONSchema.Options()
        options.assertsFormat = body.checksFormats
        let source = { (config: SchemaTextConfig) in
            JSONSchema.Source(uri: config.uri, text: ContiguousArray(config.text.utf8))
        }
        let path = "routes[\(index)].validate.body.schema"
        do throws(JSONSchema.Failure) {
            let schema = try JSONSchema(
                source(text), others: body.references.map(source), options: options)
            for pattern in schema.slowPatterns {
                diagnostics.append(
                    Diagnostic(
                        .warning, at: text.source, path: path,
                        "the pattern `\(pattern)` needs more time for each character than others",
                        hint: "use smaller counts, or classes that exclude each other"))
            }
            return schema
        } catch {
            for problem in error.errors {
                let file = body.references.first { $0.uri == problem.resource } ?? text
                let place = problem.pointer.isEmpty ? "the schema" : "`\(problem.pointer)`"
                diagnostics.append(
                    Diagnostic(
                        .error, at: file.source, path: path, "\(place): \(problem.sentence)"))
            }
            return nil
        }
    }
}
