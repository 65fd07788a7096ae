import MartletJSON

/// What a session says: claims of the ID token that something asks for, and when it ends.
enum SessionContent {
    static func make(_ claims: JSONDocument, keeping names: [String], expiry: Int64) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("exp")
        writer.number(expiry)
        for name in names where name != "exp" {
            guard let node = claims.value(of: Array(name.utf8).span, in: 0) else { continue }
            writer.key(Array(name.utf8).span)
            writer.compact(node, of: claims)
        }
        writer.endObject()
        return Array(writer.bytes)
    }
}
