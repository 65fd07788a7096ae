import FuzzDriver
import MartletConfig

// Configuration: any text is a document or has diagnostics that say where.
unsafe fuzz { start, count in
    let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
    let text = unsafe String(decoding: buffer, as: UTF8.self)
    // Other files are not what is tested, and a fuzzer had better not open them.
    if text.contains("include") || text.contains("file:") || text.contains("{{file") { return -1 }
    let result = ConfigLoader.load(text: text, file: "fuzz.yaml", environment: ["NAME": "value"])
    let errors = result.diagnostics.filter { $0.severity == .error }
    precondition((result.document == nil) == !errors.isEmpty, "refused without a reason")
    for diagnostic in result.diagnostics {
        precondition(diagnostic.location.line >= 0 && diagnostic.location.column >= 0)
        precondition(!diagnostic.message.isEmpty)
    }
    return 0
}
