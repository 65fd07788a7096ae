import MartletJSON
import MartletSecurity

extension JSONDocument {
    /// What the object says under a key; `nil` if nothing, or anything but a string.
    func text(_ key: StaticString) -> [UInt8]? {
        guard let node = self.value(of: key, in: 0), self.kind(node) == .string else { return nil }
        return self.string(node).copy
    }
}
