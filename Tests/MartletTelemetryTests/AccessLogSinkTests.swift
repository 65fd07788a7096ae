import Foundation
import MartletTelemetry
import Testing

@Suite struct AccessLogSinkTests {
    /// A folder that is gone after the test.
    private final class Folder {
        let path: String

        init() throws {
            let url = FileManager.default.temporaryDirectory
                .appendingPathComponent("martlet-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            self.path = url.path
        }

        deinit { try? FileManager.default.removeItem(atPath: self.path) }

        func text(_ name: String) throws -> String {
            try String(contentsOfFile: "\(self.path)/\(name)", encoding: .utf8)
        }
    }

    private static let wait = 30_000_000_000

    @Test func writesBatchesInOrder() throws {
        let folder = try Folder()
        let sink = try AccessLogSink(
            destination: .file("\(folder.path)/log"), bytesBufferedMax: 1 << 20)
        for number in 0..<500 {
            #expect(sink.append(Array("line \(number)\n".utf8), lineCount: 1))
        }
        #expect(sink.append([], lineCount: 0))
        #expect(sink.close(withinNanoseconds: Self.wait))
        #expect(try folder.text("log") == (0..<500).map { "line \($0)\n" }.joined())
        #expect(sink.linesDropped == 0)
    }

    /// Memory of batches comes back, emptied, and no more of it than a few batches need.
    @Test func memoryIsUsedAgain() throws {
        let folder = try Folder()
        let sink = try AccessLogSink(
            destination: .file("\(folder.path)/log"), bytesBufferedMax: 1 << 20)
        #expect(sink.takeSpare().capacity == 0)
        for _ in 0..<9 { sink.append([UInt8](repeating: 10, count: 5000), lineCount: 5000) }
        #expect(sink.flush(withinNanoseconds: Self.wait))
        var spares = (0..<9).map { _ in sink.takeSpare() }
        #expect(spares.allSatisfy { $0.isEmpty })
        #expect(spares.count { $0.capacity >= 5000 } == 4)
        spares[0].append(10)
        #expect(sink.append(spares[0], lineCount: 1))
        #expect(sink.close(withinNanoseconds: Self.wait))
        #expect(try folder.text("log").utf8.count == 45_001)
    }

    @Test func appendsToWhatIsThere() throws {
        let folder = try Folder()
        for text in ["one\n", "two\n"] {
            let sink = try AccessLogSink(
                destination: .file("\(folder.path)/log"), bytesBufferedMax: 100)
            sink.append(Array(text.utf8), lineCount: 1)
            #expect(sink.close(withinNanoseconds: Self.wait))
        }
        #expect(try folder.text("log") == "one\ntwo\n")
    }

    @Test func manyWorkersLoseNothing() async throws {
        let folder = try Folder()
        let sink = try AccessLogSink(
            destination: .file("\(folder.path)/log"), bytesBufferedMax: 1 << 20)
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    for number in 0..<200 {
                        sink.append(Array("\(worker) \(number)\n".utf8), lineCount: 1)
                    }
                }
            }
        }
        #expect(sink.close(withinNanoseconds: Self.wait))
        let lines = try folder.text("log").split(separator: "\n").map(String.init)
        #expect(lines.count == 800)
        for worker in 0..<4 {
            let own = lines.filter { $0.hasPrefix("\(worker) ") }
            #expect(own == (0..<200).map { "\(worker) \($0)" }, "in order for each worker")
        }
    }

    @Test func aBatchThatDoesNotFitIsDroppedAndCounted() throws {
        let folder = try Folder()
        let sink = try AccessLogSink(destination: .file("\(folder.path)/log"), bytesBufferedMax: 4)
        #expect(!sink.append(Array("12345".utf8), lineCount: 3))
        #expect(sink.linesDropped == 3)
        #expect(sink.append(Array("123\n".utf8), lineCount: 1))
        #expect(sink.flush(withinNanoseconds: Self.wait))
        #expect(sink.append(Array("456\n".utf8), lineCount: 1), "room is given back")
        #expect(sink.close(withinNanoseconds: Self.wait))
        #expect(try folder.text("log") == "123\n456\n")
        #expect(sink.linesDropped == 3)
    }

    /// A FIFO whose reader does not read: the writer waits, the workers do not.
    @Test func aDestinationThatStandsStillDropsAndRecovers() throws {
        let folder = try Folder()
        let path = "\(folder.path)/fifo"
        try #require(unsafe mkfifo(path, 0o600) == 0)
        let reader = unsafe open(path, O_RDONLY | O_NONBLOCK)
        try #require(reader >= 0)
        let sink = try AccessLogSink(destination: .file(path), bytesBufferedMax: 256 * 1024)
        let batch = [UInt8](repeating: 10, count: 64 * 1024)
        var taken = 0
        while sink.append(batch, lineCount: 2) {
            taken += 1
            try #require(taken < 100, "the buffer has no end")
        }
        #expect(sink.linesDropped == 2)
        #expect(!sink.flush(withinNanoseconds: 1_000_000))
        var received = 0
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while received < taken * batch.count {
            var state = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
            try #require(unsafe poll(&state, 1, 30_000) == 1)
            received += max(unsafe read(reader, &buffer, buffer.count), 0)
        }
        #expect(sink.close(withinNanoseconds: Self.wait))
        #expect(received == taken * batch.count)
        #expect(sink.linesDropped == 2)
        _ = close(reader)
    }

    @Test func reopenFollowsARename() throws {
        let folder = try Folder()
        let sink = try AccessLogSink(
            destination: .file("\(folder.path)/log"), bytesBufferedMax: 100)
        sink.append(Array("old\n".utf8), lineCount: 1)
        #expect(sink.flush(withinNanoseconds: Self.wait))
        try FileManager.default.moveItem(
            atPath: "\(folder.path)/log", toPath: "\(folder.path)/log.1")
        try sink.reopen()
        sink.append(Array("new\n".utf8), lineCount: 1)
        #expect(sink.close(withinNanoseconds: Self.wait))
        #expect(try folder.text("log.1") == "old\n")
        #expect(try folder.text("log") == "new\n")
    }

    @Test func aFailedReopenKeepsTheOldFile() throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/sub", withIntermediateDirectories: false)
        let sink = try AccessLogSink(
            destination: .file("\(folder.path)/sub/log"), bytesBufferedMax: 100)
        try FileManager.default.moveItem(
            atPath: "\(folder.path)/sub", toPath: "\(folder.path)/moved")
        #expect(throws: AccessLogOpenError(path: "\(folder.path)/sub/log", code: ENOENT)) {
            try sink.reopen()
        }
        sink.append(Array("still\n".utf8), lineCount: 1)
        #expect(sink.close(withinNanoseconds: Self.wait))
        #expect(try folder.text("moved/log") == "still\n")
    }

    @Test func whatCannotBeWrittenIsCounted() throws {
        let sink = try AccessLogSink(destination: .file("/dev/full"), bytesBufferedMax: 100)
        #expect(sink.append(Array("lost\nlost\n".utf8), lineCount: 2))
        #expect(sink.close(withinNanoseconds: Self.wait))
        #expect(sink.linesDropped == 2)
    }

    @Test func nothingIsTakenAfterTheEnd() throws {
        let folder = try Folder()
        let sink = try AccessLogSink(
            destination: .file("\(folder.path)/log"), bytesBufferedMax: 100)
        #expect(sink.close(withinNanoseconds: Self.wait))
        #expect(!sink.append([10], lineCount: 1))
        #expect(sink.linesDropped == 1)
        #expect(sink.close(withinNanoseconds: Self.wait), "closing twice is harmless")
    }
}
