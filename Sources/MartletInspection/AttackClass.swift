/// What an attack aims at: the unit in which scores are told and rates are measured.
package enum AttackClass: UInt8, CaseIterable, Sendable {
    case sqlInjection
    case noSQLInjection
    /// LDAP filters and XPath expressions.
    case directoryInjection
    case crossSiteScripting
    /// Leaving a folder, and files that nobody outside should name.
    case pathTraversal
    case remoteFileInclusion
    /// URLs that make the server call an inner address.
    case requestForgery
    case commandInjection
    /// PHP, Java, JavaScript on a server, Ruby, Perl, Python and templates.
    case codeInjection
    /// Line breaks that end a header, and requests inside of requests.
    case headerInjection
    /// External entities and includes.
    case xmlInjection
    /// Tools that look for holes.
    case scanner
    /// What two readers would understand differently: itself a way past a filter.
    case ambiguity

    /// The stable name, as in logs and metrics.
    package var name: StaticString {
        switch self {
        case .sqlInjection: "sql-injection"
        case .noSQLInjection: "nosql-injection"
        case .directoryInjection: "directory-injection"
        case .crossSiteScripting: "cross-site-scripting"
        case .pathTraversal: "path-traversal"
        case .remoteFileInclusion: "remote-file-inclusion"
        case .requestForgery: "request-forgery"
        case .commandInjection: "command-injection"
        case .codeInjection: "code-injection"
        case .headerInjection: "header-injection"
        case .xmlInjection: "xml-injection"
        case .scanner: "scanner"
        case .ambiguity: "ambiguity"
        }
    }
}
