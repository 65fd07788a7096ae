import MartletConfig
import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A listener that could not be opened, told with its address.
struct ListenFailure: Error, CustomStringConvertible {
    let listener: String
    let address: SocketAddressConfig
    let reason: String

    init(_ listener: String, _ address: SocketAddressConfig, _ error: any Error) {
        self.listener = listener
        self.address = address
        self.reason =
            switch (error as? IOError)?.errnoCode {
            case EADDRINUSE: "the address is in use"
            case EADDRNOTAVAIL: "this machine does not have the address"
            case EACCES: "the port needs a privilege that the process lacks"
            default: "\(error)"
            }
    }

    var description: String {
        let host = self.address.host.contains(":") ? "[\(self.address.host)]" : self.address.host
        return "\(self.listener) cannot listen on \(host):\(self.address.port): \(self.reason)"
    }
}
