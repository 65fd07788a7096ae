import Foundation

/// One `-----BEGIN …-----` block of a file (RFC 7468), decoded.
///
/// Text around the blocks is passed over, as `openssl x509 -text` puts some there.
package struct PEMBlock: Sendable, Equatable {
    /// `CERTIFICATE`, `PRIVATE KEY` and so on.
    package let label: String
    package let content: [UInt8]
    /// The old form of an encrypted key says so above its content (RFC 1421 §4.6.1.1).
    package let isEncrypted: Bool

    package enum Problem: Error, Sendable, Equatable {
        /// The block with this label has no end.
        case unfinished(String)
        /// What stands in the block with this label is not base64.
        case notBase64(String)
    }

    /// Every block of a text, in order.
    package static func read(_ text: String) throws(Problem) -> [PEMBlock] {
        var blocks: [PEMBlock] = []
        var open: (label: String, body: String, isEncrypted: Bool)?
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmingCharacters(in: .whitespaces)
            if let label = self.label(of: line, "-----BEGIN ") {
                if let open { throw .unfinished(open.label) }
                open = (label, "", false)
            } else if let label = self.label(of: line, "-----END ") {
                guard let block = open else { continue }
                guard label == block.label else { throw .unfinished(block.label) }
                blocks.append(try self.decode(block))
                open = nil
            } else if line.contains(":") {
                if line.contains("ENCRYPTED") { open?.isEncrypted = true }
            } else {
                open?.body += line
            }
        }
        if let open { throw .unfinished(open.label) }
        return blocks
    }

    private static func label(of line: String, _ mark: String) -> String? {
        guard line.hasPrefix(mark), line.hasSuffix("-----"), line.count > mark.count + 5 else {
            return nil
        }
        return String(line.dropFirst(mark.count).dropLast(5))
    }

    private static func decode(
        _ block: (label: String, body: String, isEncrypted: Bool)
    ) throws(Problem) -> PEMBlock {
        // The content of an encrypted block follows a line of parameters and is of no use anyway.
        let content = Data(base64Encoded: block.body)
        guard let content, !content.isEmpty else { throw .notBase64(block.label) }
        return PEMBlock(
            label: block.label, content: Array(content), isEncrypted: block.isEncrypted)
    }
}
