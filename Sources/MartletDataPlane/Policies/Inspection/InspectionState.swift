import MartletAlgorithms
import MartletHTTP
import MartletInspection
import NIOCore

/// One worker's inspector for one row of the plan's inspections.
///
/// Confined to the worker's loop and used for one request at a time; keeps its buffers. It is made
/// anew when an exception is over.
package final class InspectionState {
    private(set) var inspector: RequestInspector
    /// Nanoseconds since 1970, at which the next exception is over; `.min` before the first use.
    private var nextEnd = Int64.min

    package init() { self.inspector = RequestInspector(InspectionSettings()) }

    /// - `now`: nanoseconds since 1970.
    func prepare(_ policy: InspectionPolicy, now: Int64) {
        if now >= self.nextEnd {
            var settings = policy.settings
            self.nextEnd = .max
            for timed in policy.exceptions where !timed.expiry.isOver(at: now) {
                settings.exceptions.append(timed.exception)
                self.nextEnd = min(self.nextEnd, timed.expiry.end)
            }
            self.inspector = RequestInspector(settings)
        }
        self.inspector.reset()
    }

    func inspect(_ head: RequestHead) {
        self.inspect(head.headers)
        self.inspect(head.headers, path: head.path, query: head.hasQuery ? head.query : .empty)
    }

    /// `Content-Type` first, as it says how others are read.
    private func inspect(_ headers: borrowing HeaderList) {
        for isContentType in [true, false] {
            for index in headers.fields.indices where !headers.fields[index].isRemoved {
                let field = headers.fields[index]
                guard (field.known == .contentType) == isContentType else { continue }
                self.inspector.inspectHeader(
                    name: headers.span(field.name), value: headers.span(field.value))
            }
        }
    }

    private func inspect(_ headers: borrowing HeaderList, path: ByteRange, query: ByteRange) {
        self.inspector.inspectPath(headers.span(path))
        if !query.isEmpty { self.inspector.inspectQuery(headers.span(query)) }
    }

    /// As each of the types that it is said to be: an upstream may believe any of them.
    func inspectBody(_ headers: borrowing HeaderList, _ body: ByteBuffer) {
        var hasType = false
        for index in headers.fields.indices where headers.fields[index].known == .contentType {
            let field = headers.fields[index]
            guard !field.isRemoved else { continue }
            hasType = true
            self.inspector.inspectBody(
                body.readableBytesUInt8Span, contentType: headers.span(field.value))
        }
        if !hasType {
            self.inspector.inspectBody(body.readableBytesUInt8Span, contentType: Span())
        }
    }
}
