import Foundation
import MartletInspection

/// One request of the public collection: an attack, or something that one rule must let pass.
struct CorpusCase {
    enum Label: String { case attack, benign, other }
    enum Half { case tuning, validation }

    var id: String
    var label: Label
    /// The other rule set's paranoia level.
    var level: Int
    var path: [UInt8]
    var query: [UInt8]
    var headers: [(name: [UInt8], value: [UInt8])]
    var body: [UInt8]
    var text: String

    static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/conformance/crs/corpus.json").standardizedFileURL

    static func load() -> [CorpusCase] {
        guard let data = try? Data(contentsOf: Self.file),
            let cases = try? JSONSerialization.jsonObject(with: data) as? [[String: Any]]
        else {
            print("skipped: no conformance data in \(Self.file.path)")
            return []
        }
        return cases.compactMap(Self.init)
    }

    private init?(_ object: [String: Any]) {
        guard let id = object["id"] as? String, let name = object["label"] as? String,
            let label = Label(rawValue: name), let request = object["req"] as? [String: Any]
        else { return nil }
        self.id = id
        self.label = label
        self.level = object["pl"] as? Int ?? 1
        let uri = request["uri"] as? String ?? "/"
        let target = uri.prefix { $0 != "#" }
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.path = Array((parts.first ?? "").utf8)
        self.query = parts.count > 1 ? Array(parts[1].utf8) : []
        let headers = request["headers"] as? [String: Any] ?? [:]
        self.headers = headers.sorted { $0.key < $1.key }.map {
            (Array($0.key.utf8), Array("\($0.value)".utf8))
        }
        self.body = Array((request["data"] as? String ?? "").utf8)
        self.text =
            "\(request["method"] ?? "GET") \(uri) \(headers.filter { Self.isShown($0.key) })"
            + " \(request["data"] ?? "")"
    }

    private static func isShown(_ header: String) -> Bool {
        !["accept", "host", "user-agent", "accept-encoding", "accept-language", "content-length"]
            .contains(header.lowercased())
    }

    /// The first three digits of the rule that the case belongs to: its class.
    var group: String { String(self.id.prefix(3)) }

    /// A sixth of the cases was kept apart while the detectors were made, and read only afterwards.
    var half: Half {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in self.id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        var mixed = (hash ^ (hash &>> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed &>> 27)) &* 0x94d0_49bb_1331_11eb
        mixed ^= mixed &>> 31
        return hash &>> 20 & 1 == 1 && mixed % 3 == 0 ? .validation : .tuning
    }

    /// Gives the request to an inspector, as a proxy would.
    func inspect(with inspector: inout RequestInspector) {
        inspector.reset()
        let type = self.headers.first {
            String(decoding: $0.name, as: UTF8.self).lowercased() == "content-type"
        }
        if let type { inspector.inspectHeader(name: type.name.span, value: type.value.span) }
        inspector.inspectPath(self.path.span)
        inspector.inspectQuery(self.query.span)
        for header in self.headers where header.name != type?.name {
            inspector.inspectHeader(name: header.name.span, value: header.value.span)
        }
        let contentType = type?.value ?? []
        inspector.inspectBody(self.body.span, contentType: contentType.span)
    }
}
