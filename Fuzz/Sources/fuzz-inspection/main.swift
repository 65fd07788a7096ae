import FuzzDriver
import MartletInspection

// The injection filter: the first byte chooses a part of a request, the rest is the part, on both
// levels. Nothing traps, and what is found once is found again.

let types = [
    "application/json", "application/xml", "text/plain", "", "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=-", "a/b",
].map { Array($0.utf8) }
let names = ["Cookie", "User-Agent", "Content-Type", "X-File-Name", "Referer", "Accept", "X-A"]
    .map { Array($0.utf8) }

func settings(_ level: InspectionLevel) -> InspectionSettings {
    var settings = InspectionSettings()
    settings.level = level
    return settings
}

func inspect(_ kind: Int, _ bytes: [UInt8], _ level: InspectionLevel) -> RuleSet {
    var inspector = RequestInspector(settings(level))
    switch kind % 16 {
    case 0: inspector.inspectPath(bytes.span)
    case 1: inspector.inspectQuery(bytes.span)
    case 2..<9:
        let name = names[kind % 16 - 2]
        inspector.inspectHeader(name: name.span, value: bytes.span)
    default:
        let type = types[kind % 16 - 9]
        inspector.inspectBody(bytes.span, contentType: type.span)
    }
    return inspector.report.rules
}

unsafe fuzz { start, count in
    let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
    guard let first = unsafe buffer.first else { return -1 }
    let bytes = unsafe Array(buffer.dropFirst())
    let kind = Int(first)
    let found = inspect(kind, bytes, .standard)
    precondition(found == inspect(kind, bytes, .standard), "not the same twice")
    _ = inspect(kind, bytes, .strict)
    return 0
}
