import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Takes batches of finished lines from the workers and writes them in a thread of its own.
///
/// Owned by the process, shared by all workers. A worker hands over a whole batch, at most every
/// 50 ms or 32 KiB, so the lock is no matter. At most `bufferedBytesMax` wait; a batch that does
/// not fit is dropped and its lines are counted, so that a slow disk never slows an answer.
package final class AccessLogSink: Sendable {
    private struct Batch {
        var bytes: [UInt8]
        var lineCount: Int
    }

    private struct Waiting {
        var batches: [Batch] = []
        /// Memory of batches that are written, for the next ones: the same again is still in a
        /// cache, and memory that is new each time pushes other things out of it.
        var spares: [[UInt8]] = []
        /// Of the batches waiting and of those being written.
        var bytesBuffered = 0
        var isWriting = false
        var isClosed = false
        var linesDropped: UInt64 = 0
    }

    private let destination: AccessLogDestination
    private let bytesBufferedMax: Int
    private let waiting = Mutex(Waiting())
    /// Held while writing; only the writer's queue takes it, except at the end.
    private let descriptor: Mutex<Int32>
    private let writer = DispatchQueue(label: "martlet.access-log")

    /// Opens the destination.
    package init(
        destination: AccessLogDestination, bytesBufferedMax: Int
    ) throws(AccessLogOpenError) {
        self.destination = destination
        self.bytesBufferedMax = bytesBufferedMax
        self.descriptor = Mutex(try destination.open())
    }

    deinit {
        self.destination.close(self.descriptor.withLock { $0 })
    }

    /// Lines lost so far because the buffer was full or the destination failed.
    package var linesDropped: UInt64 { self.waiting.withLock { $0.linesDropped } }

    private static let sparesMax = 4
    private static let spareBytesMax = 256 * 1024

    /// Memory for the next batch, without content.
    package func takeSpare() -> [UInt8] {
        self.waiting.withLock { $0.spares.popLast() } ?? []
    }

    /// Takes a batch of whole lines.
    ///
    /// Never waits for the destination.
    ///
    /// - Returns: false if the batch was dropped.
    @discardableResult
    package func append(_ bytes: [UInt8], lineCount: Int) -> Bool {
        guard !bytes.isEmpty else { return true }
        let (isTaken, isFirst) = self.waiting.withLock { waiting -> (Bool, Bool) in
            let room = self.bytesBufferedMax - waiting.bytesBuffered
            guard !waiting.isClosed, bytes.count <= room else {
                waiting.linesDropped &+= UInt64(max(lineCount, 0))
                return (false, false)
            }
            waiting.batches.append(Batch(bytes: bytes, lineCount: lineCount))
            waiting.bytesBuffered += bytes.count
            let isFirst = !waiting.isWriting
            waiting.isWriting = true
            return (true, isFirst)
        }
        if isFirst { self.writer.async { self.writeWaiting() } }
        return isTaken
    }

    /// Opens the file anew, after it was renamed (SIGUSR1).
    ///
    /// On an error the old one is kept.
    package func reopen() throws(AccessLogOpenError) {
        guard case .file = self.destination else { return }
        let opened = try self.destination.open()
        // Behind what is being written, so that no line is torn between two files.
        self.writer.async {
            let old = self.descriptor.withLock { descriptor in
                let old = descriptor
                descriptor = opened
                return old
            }
            self.destination.close(old)
        }
    }

    /// Takes no more batches and waits until those taken are written.
    ///
    /// - Returns: false if that took longer than `nanoseconds`.
    @discardableResult
    package func close(withinNanoseconds nanoseconds: Int) -> Bool {
        self.waiting.withLock { $0.isClosed = true }
        return self.flush(withinNanoseconds: nanoseconds)
    }

    /// Waits until every batch taken so far is written.
    ///
    /// Blocks: not for an event loop.
    ///
    /// - Returns: false if that took longer than `nanoseconds`.
    @discardableResult
    package func flush(withinNanoseconds nanoseconds: Int) -> Bool {
        let written = DispatchSemaphore(value: 0)
        self.writer.async { written.signal() }
        return written.wait(timeout: .now() + .nanoseconds(nanoseconds)) == .success
    }

    // MARK: The writer's queue

    private func writeWaiting() {
        while true {
            var batches: [Batch] = []
            self.waiting.withLock { waiting in
                swap(&batches, &waiting.batches)
                if batches.isEmpty { waiting.isWriting = false }
            }
            guard !batches.isEmpty else { return }
            for index in batches.indices { self.write(&batches[index]) }
        }
    }

    private func write(_ batch: inout Batch) {
        let isWritten = self.descriptor.withLock { Self.write(batch.bytes.span, to: $0) }
        let byteCount = batch.bytes.count
        var spare: [UInt8] = []
        swap(&spare, &batch.bytes)
        spare.removeAll(keepingCapacity: spare.capacity <= Self.spareBytesMax)
        self.waiting.withLock { waiting in
            waiting.bytesBuffered -= byteCount
            if !isWritten { waiting.linesDropped &+= UInt64(max(batch.lineCount, 0)) }
            if waiting.spares.count < Self.sparesMax { waiting.spares.append(spare) }
        }
    }

    /// Writes everything, waiting for a pipe with a full buffer; false if the system refuses.
    private static func write(_ bytes: Span<UInt8>, to descriptor: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            let rest = bytes.extracting(written..<bytes.count)
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe writeBytes(descriptor, buffer.baseAddress, buffer.count)
            }
            if count > 0 {
                written += count
                continue
            }
            guard count < 0 else { return false }
            switch errno {
            case EINTR: continue
            case EAGAIN, EWOULDBLOCK:
                // Someone made the pipe non-blocking for everybody who shares it.
                var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&state, 1, 1000)
            default: return false
            }
        }
        return true
    }
}

// Outside the class, whose own `write` would hide the system's.
private func writeBytes(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
    unsafe write(descriptor, start, count)
}
