import MartletConfig
import MartletHTTP
import NIOCore

/// One endpoint of an upstream as it is now: written, of a file, or found by a look-up.
struct ExpandedEndpoint {
    /// With the host, port, weight and priority that the look-up says.
    var config: EndpointConfig
    /// `host:port`: its name in metrics and logs, and over reloads.
    var text: String
    /// What its certificate must be for.
    var certificateName: String
    var addresses: [SocketAddress]
    var refused: [RefusedAddress]
}

/// Makes an upstream's endpoints of what is configured and what was looked up.
///
/// Every address that comes out of here has been checked, but those that were written into the
/// configuration itself. An entry that stands for several stays one without an address while
/// nothing is known of it.
struct EndpointExpansion {
    /// Of one upstream; what is beyond is left out.
    static let endpointCountMax = 1000

    let addresses: ResolvedAddresses
    let egress: EgressRule
    private var endpoints: [ExpandedEndpoint] = []
    private var texts: Set<String> = []

    static func expand(
        _ config: UpstreamConfig, _ addresses: ResolvedAddresses, egress: EgressRule
    ) -> [ExpandedEndpoint] {
        var expansion = EndpointExpansion(addresses: addresses, egress: egress)
        for endpoint in config.endpoints { expansion.add(endpoint) }
        return expansion.endpoints
    }

    private init(addresses: ResolvedAddresses, egress: EgressRule) {
        self.addresses = addresses
        self.egress = egress
    }

    private mutating func add(_ config: EndpointConfig) {
        if config.isService { return self.addService(config) }
        let checked = self.addresses.addresses(of: config, egress: self.egress)
        guard config.isEachAddress, !checked.allowed.isEmpty else {
            return self.append(
                ExpandedEndpoint(
                    config: config, text: Self.text(config.host, config.port),
                    certificateName: config.host, addresses: checked.allowed,
                    refused: checked.refused),
                // What is written twice is meant twice.
                isFound: false)
        }
        for (index, address) in checked.allowed.enumerated() {
            self.append(
                ExpandedEndpoint(
                    config: config, text: Self.text(address.ipAddress ?? "", config.port),
                    certificateName: config.host, addresses: [address],
                    refused: index == 0 ? checked.refused : []),
                isFound: true)
        }
    }

    private mutating func addService(_ config: EndpointConfig) {
        let records = self.addresses.services[config.host] ?? []
        let domain = Self.domain(ofService: config.host)
        guard !records.isEmpty else {
            return self.append(
                ExpandedEndpoint(
                    config: config, text: config.host, certificateName: domain, addresses: [],
                    refused: []),
                isFound: true)
        }
        let weights = ServiceRecord.weights(records)
        for (record, weight) in zip(records, weights) {
            var found = config
            found.host = record.target
            found.port = record.port
            found.weight = weight
            found.priority = record.priority
            // The target is DNS's word: not even its `localhost` may lead to this machine.
            let checked = EgressCheck.split(
                self.addresses.names[record.target] ?? [], host: config.host, port: record.port,
                self.egress)
            self.append(
                ExpandedEndpoint(
                    config: found, text: Self.text(record.target, record.port),
                    certificateName: domain,
                    addresses: checked.allowed, refused: checked.refused),
                isFound: true)
        }
    }

    /// - `isFound`: by a look-up, whose second mention of an endpoint says nothing new.
    private mutating func append(_ endpoint: ExpandedEndpoint, isFound: Bool) {
        guard self.texts.insert(endpoint.text).inserted || !isFound,
            self.endpoints.count < Self.endpointCountMax || !isFound
        else { return }
        self.endpoints.append(endpoint)
    }

    private static func text(_ host: String, _ port: Int) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// What a certificate must be for (RFC 6125 §6.2.1): the target is not to be trusted.
    static func domain(ofService name: String) -> String {
        name.split(separator: ".").dropFirst(2).joined(separator: ".")
    }
}
