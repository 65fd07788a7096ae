import MartletInspection
import Testing

/// The glance must never miss what the look would find.
@Suite struct DetectorPanelTests {
    /// A value with a harmless comma looks the same to all detectors, but is always looked at.
    @Test(arguments: [
        "java.lang.Runtime", "information_schema.x", "process.env", "Get-ChildItem x", "../x",
        "time ifconfig", "if not exist a b", "window.location", "1 union select a from b",
    ])
    func theGlanceFindsWhatTheLookFinds(_ text: String) {
        let strict = Set(Inspected.value(text, .strict))
        let standard = Set(Inspected.value(text))
        #expect(!standard.isEmpty && standard.isSubset(of: strict))
    }

    /// A path's values end at its slashes; stars between them may stand for folders.
    @Test func pathsCutCalls() {
        #expect(Inspected.path("/sleep(5/x") == [])
        #expect(Inspected.path("/a/1/**/2") == [])
        #expect(Inspected.path("/1%20and%20sleep(5)/x").contains("sql-delay"))
    }

    @Test func everyPartIsLookedAt() {
        #expect(Inspected.path("/x'%20or%20'a'='a") != [])
        #expect(Inspected.query("x'or'a'%3D'a") != [])
        #expect(Inspected.header("Cookie", "x'or'a'%3D'a=1") != [])
    }
}
