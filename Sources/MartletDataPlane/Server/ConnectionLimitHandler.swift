import MartletHTTP
import NIOCore

/// Tells a client that came over the listener's connection limit, and closes.
final class ConnectionLimitHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelActive(context: ChannelHandlerContext) {
        let error = ProxyError.listenerConnectionLimit
        // No request has been read, so there is no id.
        let body = ProblemDocument.make(
            status: error.status, error: error, detail: error.detail, requestID: .empty,
            of: HeaderList())
        var buffer = context.channel.allocator.buffer(capacity: 512)
        buffer.writeHead(capacity: 512 + body.count) { cursor in
            HeadWriter.writeStatusLine(error.status, to: &cursor)
            cursor.write("content-type: application/problem+json\r\n")
            cursor.write("proxy-status: martlet; error=")
            cursor.write(error.proxyStatusType)
            cursor.write("\r\nretry-after: 1\r\nconnection: close\r\n")
            HeadWriter.writeFraming(.length(body.count), to: &cursor)
            cursor.write("\r\n")
            cursor.write(body)
        }
        // Half of the close: the client's request may be on its way and must not reset the answer.
        context.writeAndFlush(self.wrapOutboundOut(buffer), promise: nil)
        context.close(mode: .output, promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        context.close(promise: nil)
    }
}
