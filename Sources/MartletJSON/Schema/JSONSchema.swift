/// A JSON Schema of draft 2020-12, compiled once and checked against often.
///
/// Immutable, shared by all workers. References lead only to the sources handed in and to the
/// metaschemas of 2020-12: nothing is ever fetched.
package struct JSONSchema: Sendable {
    /// A schema's text and the URI by which others refer to it, if its `$id` does not say.
    package struct Source: Sendable {
        package let uri: String
        package let text: ContiguousArray<UInt8>

        package init(uri: String, text: ContiguousArray<UInt8>) {
            self.uri = uri
            self.text = text
        }
    }

    package struct Options: Sendable {
        /// Whether `format` is checked in each schema, not only where its dialect says so.
        package var assertsFormat = false
        package var limits = JSONSchemaLimits()

        package init() {}
    }

    /// All that was wrong, at most as many as the limits say.
    package struct Failure: Error, Sendable {
        package let errors: [JSONSchemaError]
    }

    let program: Program
    let root: UInt32

    /// Compiles `source`, and of `others` what it refers to.
    package init(
        _ source: Source, others: [Source] = [], options: Options = Options()
    ) throws(Failure) {
        var compiler = Compiler(options)
        self.root = try compiler.compile(source, others)
        self.program = compiler.program
    }

    /// Subschemas, each counted once.
    package var subschemaCount: Int { self.program.subschemas.count }

    /// Regular expressions that have no table and so take more time for each character.
    package var slowPatterns: [String] {
        self.program.expressions.filter { !$0.hasTable }.map(\.pattern)
    }
}
