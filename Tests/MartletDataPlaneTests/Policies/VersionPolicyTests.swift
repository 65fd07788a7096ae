import MartletConfig
import MartletDataPlane
import MartletHTTP
import Testing

@Suite struct VersionPolicyTests {
    private static func config(
        deprecated: Int? = 1_688_169_599, sunset: Int? = 1_719_791_999,
        successor: String? = "/v2", documentation: String? = "https://docs.example.com/v2"
    ) -> VersionConfig {
        var config = VersionConfig()
        config.deprecated = deprecated
        config.sunset = sunset
        config.successor = successor
        config.documentation = documentation
        return config
    }

    private func lines(_ config: VersionConfig) -> [String] {
        var headers = EditedRequest.list(["a: 1"])
        VersionPolicy(config).apply(to: &headers)
        return EditedRequest.lines(headers)
    }

    /// The example of RFC 9745 §2.1, and RFC 8594's form of the date.
    @Test func saysAllOfTheSchedule() {
        #expect(
            self.lines(Self.config()) == [
                "a: 1", "deprecation: @1688169599", "sunset: Sun, 30 Jun 2024 23:59:59 GMT",
                "link: </v2>; rel=\"successor-version\"",
                "link: <https://docs.example.com/v2>; rel=\"deprecation\"; type=\"text/html\"",
            ])
    }

    @Test func saysOnlyWhatThereIs() {
        let config = Self.config(deprecated: nil, successor: nil, documentation: nil)
        #expect(self.lines(config) == ["a: 1", "sunset: Sun, 30 Jun 2024 23:59:59 GMT"])
        let deprecated = Self.config(sunset: nil, successor: nil, documentation: nil)
        #expect(self.lines(deprecated) == ["a: 1", "deprecation: @1688169599"])
    }

    @Test(
        arguments: [
            (1_688_169_598, false), (1_719_791_998, false), (1_719_791_999, true), (1 << 40, true),
        ] as [(Int64, Bool)])
    func isGoneFromItsLastDayOn(seconds: Int64, isGone: Bool) {
        #expect(VersionPolicy(Self.config()).isGone(at: seconds) == isGone)
        #expect(!VersionPolicy(Self.config(sunset: nil)).isGone(at: seconds))
    }
}
