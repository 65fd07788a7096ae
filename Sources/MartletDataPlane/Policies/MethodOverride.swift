import MartletHTTP

/// The fields by which some upstreams take another method than the request's.
///
/// What is allowed by method has to hold for each of them.
enum MethodOverride {
    private static let fields = ["x-http-method-override", "x-http-method", "x-method-override"]
        .map { Array($0.utf8) }

    /// Whether there is no such field, or each names one of `methods`, compared without case.
    static func names(only methods: [[UInt8]], in headers: borrowing HeaderList) -> Bool {
        guard headers.presence & HeaderName.other.bit != 0 else { return true }
        for index in headers.fields.indices where !headers.fields[index].isRemoved {
            for name in self.fields where headers.isField(index, spelled: name) {
                let value = headers.span(headers.fields[index].value)
                guard self.holds(methods, value) else { return false }
            }
        }
        return true
    }

    /// Whether such a field names one of `methods`, alone or in a list, compared without case.
    static func names(anyOf methods: [[UInt8]], in headers: borrowing HeaderList) -> Bool {
        guard headers.presence & HeaderName.other.bit != 0 else { return false }
        for index in headers.fields.indices where !headers.fields[index].isRemoved {
            for name in self.fields where headers.isField(index, spelled: name) {
                var elements = ListElements(headers.fields[index].value)
                while let element = elements.next(in: headers.bytes.span) {
                    if self.holds(methods, headers.span(element)) { return true }
                }
            }
        }
        return false
    }

    private static func holds(_ methods: [[UInt8]], _ value: Span<UInt8>) -> Bool {
        for method in methods where value.isEqualIgnoringCase(to: method.span) { return true }
        return false
    }
}
