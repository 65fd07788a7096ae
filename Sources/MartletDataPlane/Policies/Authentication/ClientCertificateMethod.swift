import MartletTLS

/// Client certificates, which the TLS handshake has verified: here it is only found out whose they
/// are.
enum ClientCertificateMethod {
    static func evaluate(
        _ exchange: Exchange, _ state: AuthenticationState
    ) -> AuthenticationPolicy.Outcome {
        guard let certificate = exchange.clientCertificate else { return .absent }
        guard let consumer = self.consumer(certificate, state.plan) else {
            return .refused(.certificateUnknown)
        }
        var identity = state.plan.identity(of: consumer)
        identity.ownTexts = IdentityTexts(
            subject: certificate.subject, credential: certificate.fingerprint,
            groups: state.plan.consumers[Int(consumer)].groupText)
        return .accepted(identity)
    }

    /// The fingerprint is the narrowest, then the alternative names, then the subject.
    private static func consumer(
        _ certificate: ClientCertificate, _ plan: AuthenticationPlan
    ) -> Int32? {
        if let found = plan.certificates[Array("sha256:".utf8) + certificate.fingerprint] {
            return found
        }
        for name in certificate.names {
            if let found = plan.certificates[name] { return found }
        }
        return plan.certificates[Array("subject:".utf8) + certificate.subject]
    }
}
