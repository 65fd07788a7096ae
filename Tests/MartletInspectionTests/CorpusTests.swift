import Foundation
import MartletInspection
import Testing

/// Rates on requests that others collected and on ordinary traffic: the table of
/// `docs/injection-filter.md`.
///
///     ORDINARY_REQUESTS=100000 scripts/unit-tests --filter MartletInspectionTests.CorpusTests
@Suite struct CorpusTests {
    /// Classes of the collection, with the least part of attacks that must be found.
    static let classes: [(group: String, name: String, least: Double)] = [
        ("913", "scanners", 0.9), ("921", "header and LDAP injection", 0.9),
        ("930", "traversal, local files", 0.9), ("931", "remote files", 0.9),
        ("932", "command injection", 0.95), ("933", "PHP injection", 0.95),
        ("934", "Node, Ruby, templates, SSRF", 0.95), ("941", "cross-site scripting", 0.95),
        ("942", "SQL injection", 0.95), ("944", "Java injection", 0.98),
        ("920", "protocol (partly other policies)", 0.4),
    ]

    struct Rate {
        var hits = 0
        var count = 0
        var part: Double { self.count == 0 ? 0 : Double(self.hits) / Double(self.count) }
        var text: String {
            "\(self.hits)/\(self.count) \((self.part * 1000).rounded() / 10) %"
        }
    }

    static func rates(
        _ cases: [CorpusCase], _ level: InspectionLevel
    ) -> [String: Rate] {
        var inspector = RequestInspector(Inspected.settings(level))
        var rates: [String: Rate] = [:]
        for entry in cases {
            entry.inspect(with: &inspector)
            for key in [entry.group, "all"] {
                let key = "\(entry.label.rawValue) \(key)"
                rates[key, default: Rate()].count += 1
                if inspector.isAttack { rates[key, default: Rate()].hits += 1 }
            }
        }
        return rates
    }

    @Test func ratesOnTheCollection() {
        let cases = CorpusCase.load()
        guard !cases.isEmpty else { return }
        let rates = Self.rates(cases, .standard)
        let strict = Self.rates(cases, .strict)
        let unseen = Self.rates(cases.filter { $0.half == .validation }, .standard)
        print("class | attacks | kept apart | level 2 | labelled benign")
        for entry in Self.classes {
            let attack = rates["attack \(entry.group)"] ?? Rate()
            print(
                entry.name, attack.text, unseen["attack \(entry.group)"]?.text ?? "-",
                strict["attack \(entry.group)"]?.text ?? "-",
                rates["benign \(entry.group)"]?.text ?? "-", separator: " | ")
            #expect(attack.part >= entry.least, "\(entry.name): \(attack.text)")
        }
        for label in ["attack", "other", "benign"] {
            print(
                "all \(label)", rates["\(label) all"]?.text ?? "-",
                unseen["\(label) all"]?.text ?? "-", strict["\(label) all"]?.text ?? "-",
                separator: " | ")
        }
        // Each of them is explained below; the same number means the same requests.
        let known = Self.attacksLabelledBenign.count
        #expect((rates["benign all"] ?? Rate()).hits <= known, "\(known) of them are attacks")
    }

    /// Which of the requests labelled benign are reported: each is an attack that the label's own
    /// rule is not meant for, and says so here.
    @Test func whatIsReportedOfTheBenign() {
        var inspector = RequestInspector(InspectionSettings())
        var unexplained: [String] = []
        for entry in CorpusCase.load() where entry.label == .benign {
            entry.inspect(with: &inspector)
            guard inspector.isAttack, Self.attacksLabelledBenign[entry.id] == nil else { continue }
            unexplained.append("\(entry.id) \(Inspected.ids(of: inspector)) \(entry.text)")
        }
        for text in unexplained { print("benign and reported:", text) }
        #expect(unexplained.isEmpty, "an ordinary request is reported")
    }

    static let attacksLabelledBenign: [String: String] = [
        "920640-2": "a method's test; select(sleep(10)) in JSON",
        "932230-2": "wget and curl behind semicolons",
        "932230-10": "system('echo cd /tmp;wget …')",
        "932230-15": "cat /etc/passwd", "932230-21": "cat /etc/passwd",
        "932230-26": "/bin/cat /etc/passwd in backticks", "932230-46": ";cat /path/file.gz",
        "932260-15": "ti''me curl", "942360-30": "'||(select(pg_sleep(15))where(true))||'",
    ]

    @Test func ordinaryTrafficPasses() {
        // Without optimisation a request takes a hundred times as long.
        #if DEBUG
        let usual = 3000
        #else
        let usual = 100_000
        #endif
        let wanted = ProcessInfo.processInfo.environment["ORDINARY_REQUESTS"] ?? ""
        let count = Int(wanted) ?? usual
        var traffic = OrdinaryTraffic(seed: 20_260_101)
        var inspector = RequestInspector(InspectionSettings())
        var hits = 0
        for _ in 0..<count {
            let request = traffic.request()
            request.inspect(with: &inspector)
            guard inspector.isAttack else { continue }
            hits += 1
            if hits <= 20 {
                print("ordinary and reported:", Inspected.ids(of: inspector), request.text)
            }
        }
        print("ordinary traffic, seed 20260101: \(hits) of \(count) reported")
        #expect(hits * 1000 < count, "0.1 %")
    }
}
