import MartletInspection
import Testing

@Suite struct InspectionReportTests {
    @Test func tellsRuleAndParameter() {
        var inspector = RequestInspector(InspectionSettings())
        let query = Array("ok=1&user=x'%20or%20'a'='a".utf8)
        inspector.inspectQuery(query.span)
        let report = inspector.report
        #expect(report.hits.map(\.rule) == [.sqlTautology])
        #expect(report.hits.map(\.part) == [.queryValue])
        #expect(report.hits.map { report.name(of: $0) } == ["user"])
        #expect(report.score == 5 && report.score(of: .sqlInjection) == 5)
        #expect(report.score(of: .crossSiteScripting) == 0)
        let isAttack = inspector.isAttack
        #expect(isAttack)
    }

    @Test func countsARuleOnceAndKeepsFewHits() {
        var inspector = RequestInspector(InspectionSettings())
        let query = Array((0..<50).map { "a\($0)=x'--" }.joined(separator: "&").utf8)
        inspector.inspectQuery(query.span)
        var report = inspector.report
        #expect(report.hits.count == 16 && report.score == 5)
        inspector.reset()
        report = inspector.report
        let isAttack = inspector.isAttack
        #expect(report.hits.isEmpty && report.score == 0 && !isAttack)
    }

    @Test func cutsLongNames() {
        var inspector = RequestInspector(InspectionSettings())
        let query = Array((String(repeating: "n", count: 500) + "=x'--").utf8)
        inspector.inspectQuery(query.span)
        let report = inspector.report
        #expect(report.hits.map { report.name(of: $0).count } == [64])
    }

    @Test func theThresholdDecides() {
        var settings = InspectionSettings()
        settings.threshold = 10
        var inspector = RequestInspector(settings)
        let query = Array("a=x'--".utf8)
        inspector.inspectQuery(query.span)
        let isAttackAlready = inspector.isAttack
        #expect(!isAttackAlready)
        let more = Array("b=%3Cscript%3E".utf8)
        inspector.inspectQuery(more.span)
        let isAttack = inspector.isAttack
        #expect(isAttack)
    }
}
