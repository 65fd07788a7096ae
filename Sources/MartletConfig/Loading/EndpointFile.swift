/// A file with a list of endpoints, written by whoever knows where an upstream is.
///
/// Part of the configuration: read, checked and watched with it, so that a bad one changes nothing.
/// What it holds is taken as it is: no variables, no secrets, no other files.
enum EndpointFile {
    static let bytesMax = 1024 * 1024
    static let endpointCountMax = 1000

    /// - Returns: `nil` after a diagnostic.
    static func read(
        _ name: String, at node: ConfigNode, _ decoder: inout ConfigDecoder
    ) -> [EndpointConfig]? {
        let file = decoder.files.resolve(name, in: node.location.file)
        decoder.filesRead.append(file)
        let text: String
        do throws(ConfigFiles.Failure) {
            text = try decoder.files.read(file, bytesMax: Self.bytesMax)
        } catch {
            decoder.add(
                at: node, "the file \(node.quoted) cannot be used: \(error.reason)",
                hint: error.hint)
            return nil
        }
        decoder.sourcesRead[file] = SourceText(text)
        var composer = YAMLComposer(file: file, environment: [:], isSubstituting: false)
        let root = composer.compose(text)
        decoder.diagnostics += composer.diagnostics
        guard let root, !root.isNull else {
            if composer.diagnostics.isEmpty {
                decoder.add(
                    at: SourceLocation(file: file, line: 1, column: 1), "the file is empty",
                    hint: "write a list of endpoints", related: node.location)
            }
            return nil
        }
        let before = decoder.diagnostics.count
        guard var endpoints = EndpointConfig.fileKind.decode(root, &decoder),
            decoder.diagnostics.count == before
        else { return nil }
        guard endpoints.count <= Self.endpointCountMax else {
            decoder.add(at: root, "more than \(Self.endpointCountMax) endpoints")
            return nil
        }
        for index in endpoints.indices { endpoints[index].isFromFile = true }
        return endpoints
    }
}
