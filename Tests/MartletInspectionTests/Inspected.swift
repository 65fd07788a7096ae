import MartletInspection

/// Requests of one value, and the ids of the rules that they break.
enum Inspected {
    static func ids(of inspector: borrowing RequestInspector) -> [String] {
        inspector.report.hits.map { "\($0.rule.id)" }
    }

    static func settings(_ level: InspectionLevel) -> InspectionSettings {
        var settings = InspectionSettings()
        settings.level = level
        return settings
    }

    /// The rules that a query parameter's value breaks.
    static func value(_ text: String, _ level: InspectionLevel = .standard) -> [String] {
        Self.query("v=" + OrdinaryTraffic.percent(text), level)
    }

    /// A query as it stands in the request.
    static func query(_ text: String, _ level: InspectionLevel = .standard) -> [String] {
        var inspector = RequestInspector(Self.settings(level))
        let bytes = Array(text.utf8)
        inspector.inspectQuery(bytes.span)
        return Self.ids(of: inspector)
    }

    static func path(_ text: String, _ level: InspectionLevel = .standard) -> [String] {
        var inspector = RequestInspector(Self.settings(level))
        let bytes = Array(text.utf8)
        inspector.inspectPath(bytes.span)
        return Self.ids(of: inspector)
    }

    static func header(
        _ name: String, _ value: String, _ level: InspectionLevel = .standard
    ) -> [String] {
        var inspector = RequestInspector(Self.settings(level))
        let nameBytes = Array(name.utf8)
        let valueBytes = Array(value.utf8)
        inspector.inspectHeader(name: nameBytes.span, value: valueBytes.span)
        return Self.ids(of: inspector)
    }

    static func body(
        _ text: String, _ type: String, _ level: InspectionLevel = .standard
    ) -> [String] {
        Self.body(Array(text.utf8), type, Self.settings(level))
    }

    static func body(
        _ bytes: [UInt8], _ type: String, _ settings: InspectionSettings
    ) -> [String] {
        var inspector = RequestInspector(settings)
        let typeBytes = Array(type.utf8)
        inspector.inspectBody(bytes.span, contentType: typeBytes.span)
        return Self.ids(of: inspector)
    }

    static let multipart = "multipart/form-data; boundary=xYz"

    /// A multipart body of one part.
    static func part(_ fields: String, _ content: String) -> [String] {
        Self.body("--xYz\r\n\(fields)\r\n\r\n\(content)\r\n--xYz--\r\n", Self.multipart)
    }
}
