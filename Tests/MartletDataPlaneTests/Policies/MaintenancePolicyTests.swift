import MartletConfig
import MartletDataPlane
import MartletHTTP
import Testing

@Suite struct MaintenancePolicyTests {
    private func reply(_ policy: MaintenancePolicy, _ address: String) throws -> LocalReply? {
        let parsed = ClientAddress(parsing: Array(address.utf8).span)
        return policy.reply(to: try #require(parsed), row: 3)
    }

    @Test func everybodyIsToldByDefault() throws {
        let policy = try MaintenancePolicy(MaintenanceConfig(), reply: nil)
        #expect(try self.reply(policy, "10.0.0.1") == .maintenance(3))
        #expect(LocalReply.maintenance(3).error == .maintenance)
    }

    @Test func testersAreServed() throws {
        var config = MaintenanceConfig()
        config.allow = ["10.1.0.0/16", "2001:db8::/32"]
        let policy = try MaintenancePolicy(config, reply: 7)
        #expect(try self.reply(policy, "10.1.2.3") == nil)
        #expect(try self.reply(policy, "2001:db8::1") == nil)
        #expect(try self.reply(policy, "10.2.0.1") == .fixed(7))
    }

    @Test func refusesWhatIsNoBlock() {
        var config = MaintenanceConfig()
        config.allow = ["10.1.0.0/99"]
        #expect(throws: InvalidPolicy.self) { try MaintenancePolicy(config, reply: nil) }
    }
}
