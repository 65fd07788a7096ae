import Glibc
import MartletInspection
import Testing

@Suite struct RequestInspectorTests {
    /// The time for a text and for one eight times as long: hostile input must not be worse
    /// than linear by much.
    ///
    /// Bounds are wide, since a machine may be busy.
    @Test(arguments: [
        "'", "<", "(", "[", "{", "$", "%25", "&#60;", "\\u003c", "../", "a=", "on=", "/*", "-- ",
        "union ", "select ", "$a[", "${", "{{", "`", ";id ", "javascript:", ")(", "0x2e", "or 1=1 ",
        "http://", "if a==", "\n", "bin/", "window[", "function(", "while(", "data:", "<!--",
        "'or'",
        "<x:", "bin/x;", "jar:' ", "'||", "@@", "/?*", "xmlns=", "at java.lang.", "(a)(", "a.b(c",
        "a(", "$(", "x.", "case when ", "import ", "for %a in ", "get-item ", "<?", "\"a\":",
    ])
    func timeIsLinear(_ unit: String) {
        func seconds(_ count: Int) -> Double {
            let text = Array(String(repeating: unit, count: count / unit.utf8.count).utf8)
            let type = Array("text/plain".utf8)
            var inspector = RequestInspector(InspectionSettings())
            let start = Self.threadSeconds
            inspector.inspectBody(text.span, contentType: type.span)
            return Self.threadSeconds - start
        }
        #expect(Self.isLinear(seconds), "\(unit)")
    }

    /// Line breaks in the name of a form's field, which has rules of its own.
    @Test(arguments: ["\n", "\n:", "a\nb: "])
    func timeIsLinearInNames(_ unit: String) {
        func seconds(_ count: Int) -> Double {
            let text = Array(String(repeating: unit, count: count / unit.utf8.count).utf8)
            var inspector = RequestInspector(InspectionSettings())
            let start = Self.threadSeconds
            inspector.inspectBody(text.span, contentType: Span())
            return Self.threadSeconds - start
        }
        #expect(Self.isLinear(seconds), "\(unit)")
    }

    static func isLinear(_ seconds: (Int) -> Double) -> Bool {
        let short = seconds(2_000)
        let long = seconds(16_000)
        if long >= max(short * 8 * 4, 0.2) { print("\(short) s, then \(long) s") }
        return long < max(short * 8 * 4, 0.2)
    }

    @Test func bodiesAreCut() {
        var settings = InspectionSettings()
        settings.limits.bodyBytesMax = 100
        var inspector = RequestInspector(settings)
        let body = Array((String(repeating: "a", count: 200) + "<script>").utf8)
        let type = Array("text/plain".utf8)
        inspector.inspectBody(body.span, contentType: type.span)
        var report = inspector.report
        #expect(report.isTruncated && report.rules.isEmpty)
        inspector.reset()
        report = inspector.report
        #expect(!report.isTruncated)
    }

    @Test func anEscapeInJSONsNeighbourIsOrdinary() {
        var inspector = RequestInspector(InspectionSettings())
        let name = Array("Content-Type".utf8)
        let value = Array("application/json".utf8)
        let query = Array("a=%5Cu0061".utf8)
        inspector.inspectHeader(name: name.span, value: value.span)
        inspector.inspectQuery(query.span)
        #expect(Inspected.ids(of: inspector) == [])
        inspector.reset()
        inspector.inspectQuery(query.span)
        #expect(Inspected.ids(of: inspector) == ["ambiguous-letter"])
    }

    /// The processor time of this thread: other tests run beside this one.
    static var threadSeconds: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Random bytes in every part: nothing traps.
    ///
    /// The seed is in the message.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func noInputTraps(_ seed: UInt64) {
        let signs = Array("'\"<>(){}[]$%&;|\\/.=*#-+`~!@:, \nuo".utf8)
        var chance = OrdinaryTraffic(seed: seed)
        var inspector = RequestInspector(Inspected.settings(seed % 2 == 0 ? .standard : .strict))
        for _ in 0..<300 {
            inspector.reset()
            let bytes = (0..<chance.below(120)).map { _ in
                chance.chance(50)
                    ? signs[chance.below(signs.count)] : UInt8(truncatingIfNeeded: chance.next())
            }
            inspector.inspectPath(bytes.span)
            inspector.inspectQuery(bytes.span)
            for name in ["Cookie", "User-Agent", "Content-Type", "X-File-Name", "Referer", "X"] {
                let name = Array(name.utf8)
                inspector.inspectHeader(name: name.span, value: bytes.span)
            }
            for type in ["application/json", "application/xml", "text/plain", "", "a/b", "form"] {
                let type = Array(type.utf8)
                inspector.inspectBody(bytes.span, contentType: type.span)
            }
            let type = Array("multipart/form-data; boundary=-".utf8)
            inspector.inspectBody(bytes.span, contentType: type.span)
        }
    }
}
