/// How far a version of an API is on its way out.
package struct VersionConfig: Sendable, Equatable {
    /// Seconds since 1970.
    package var deprecated: Int?
    /// From then on it is answered with 410.
    package var sunset: Int?
    /// Where the next version is: a path, or a URL.
    package var successor: String?
    /// Where the change is explained.
    package var documentation: String?
    package var source = SourceLocation.unknown

    package init() {}
}
