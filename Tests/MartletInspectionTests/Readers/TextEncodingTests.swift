import MartletInspection
import Testing

/// Readers of JSON and XML find out the encoding by themselves, so it hides nothing.
@Suite struct TextEncodingTests {
    enum Form: CaseIterable {
        case utf8, utf16Little, utf16Big, utf32Little, utf32Big

        func bytes(_ text: String, hasMark: Bool) -> [UInt8] {
            let text = (hasMark ? "\u{feff}" : "") + text
            switch self {
            case .utf8: return Array(text.utf8)
            case .utf16Little: return text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
            case .utf16Big: return text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
            case .utf32Little:
                return text.unicodeScalars.flatMap { scalar in
                    (0..<4).map { UInt8(scalar.value >> (8 * $0) & 255) }
                }
            case .utf32Big:
                return text.unicodeScalars.flatMap { scalar in
                    (0..<4).map { UInt8(scalar.value >> (24 - 8 * $0) & 255) }
                }
            }
        }
    }

    private func rules(_ text: String, _ type: String, _ form: Form, hasMark: Bool) -> [String] {
        Inspected.body(form.bytes(text, hasMark: hasMark), type, InspectionSettings())
    }

    @Test(arguments: Form.allCases, [true, false])
    func findsAttacks(form: Form, hasMark: Bool) {
        let json = #"{"name":"x' union select password from users -- "}"#
        for type in ["application/json", "application/octet-stream", "image/png", "text/plain"] {
            #expect(
                self.rules(json, type, form, hasMark: hasMark).contains("sql-union"),
                "\(type) \(form)")
        }
        let xml =
            #"<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a/>"#
        let found = self.rules(xml, "application/xml", form, hasMark: hasMark)
        #expect(!found.isEmpty)
        #expect(self.rules(xml, "application/xml", .utf8, hasMark: false) == found)
        #expect(self.rules(xml, "application/pdf", form, hasMark: hasMark) == found)
    }

    @Test(arguments: Form.allCases, [true, false])
    func letsOrdinaryTextPass(form: Form, hasMark: Bool) {
        let json = #"{"name":"Zoë O'Brien 😀","note":"select a seat from the list"}"#
        let isOdd = form == .utf8 && hasMark
        #expect(
            self.rules(json, "application/json", form, hasMark: hasMark)
                == (isOdd ? ["ambiguous-json"] : []))
        let xml = #"<?xml version="1.0"?><order id="7"><name>Zoë O'Brien</name></order>"#
        #expect(self.rules(xml, "text/xml", form, hasMark: hasMark) == [])
    }

    @Test func aZeroByteHidesNoText() {
        let text = [0] + Array("<script>alert(1)</script>".utf8)
        #expect(Inspected.body(text, "text/plain", InspectionSettings()).contains("xss-tag"))
        #expect(Inspected.body([0, 0, 0, 1, 0x27, 0xff], "image/png", InspectionSettings()) == [])
        #expect(Inspected.body([0xff, 0xfe, 0], "application/json", InspectionSettings()) != ["x"])
    }
}
