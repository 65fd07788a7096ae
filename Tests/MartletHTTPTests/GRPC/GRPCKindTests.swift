import MartletHTTP
import Testing

@Suite struct GRPCKindTests {
    @Test(arguments: [
        ("application/grpc", GRPCKind.grpc), ("application/grpc+proto", .grpc),
        ("Application/GRPC;charset=utf-8", .grpc), ("application/grpc-web", .web),
        ("application/grpc-web+proto", .web), ("application/grpc-web-text", .webText),
        ("application/grpc-web-text+proto", .webText), ("application/grpc-webby", .none),
        ("application/grpcx", .none), ("application/json", .none), ("", .none),
        ("application/grp", .none),
    ])
    func kind(contentType: String, kind: GRPCKind) {
        #expect(GRPCKind(contentType: Array(contentType.utf8).span) == kind)
    }

    @Test(arguments: GRPCKind.allCases)
    func itsOwnTypeIsRecognised(kind: GRPCKind) {
        #expect(GRPCKind(contentType: Array(kind.mediaType.description.utf8).span) == kind)
    }
}
