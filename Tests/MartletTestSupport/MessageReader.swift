/// Reads HTTP/1.1 messages from a peer's side, simply and slowly: nothing of Martlet's own codec.
///
/// Believes what it reads; whatever it cannot make sense of is `isBroken`.
package struct MessageReader {
    package struct Message: Equatable {
        package var startLine = ""
        /// Names in lower case.
        package var fields: [(name: String, value: String)] = []
        package var body: [UInt8] = []

        package func first(_ name: String) -> String? {
            self.fields.first { $0.name == name }?.value
        }

        /// The second word of a status line.
        package var status: Int? {
            let words = self.startLine.split(separator: " ")
            return words.count > 1 ? Int(words[1]) : nil
        }

        package var bodyText: String { String(decoding: self.body, as: UTF8.self) }

        package static func == (left: Message, right: Message) -> Bool {
            left.startLine == right.startLine && left.body == right.body
                && left.fields.elementsEqual(right.fields) { $0 == $1 }
        }
    }

    private var bytes: [UInt8] = []
    /// For each response still to come, whether its request was HEAD.
    package var expectsHead: [Bool] = []
    package private(set) var messages: [Message] = []
    package private(set) var isBroken = false
    /// Bytes of a message that is not whole.
    package var restCount: Int { self.bytes.count }

    package init() {}

    package mutating func take(_ bytes: [UInt8]) {
        self.bytes += bytes
        while !self.isBroken, let (message, count) = self.message() {
            self.bytes.removeFirst(count)
            if message.status ?? 0 >= 200, !self.expectsHead.isEmpty {
                self.expectsHead.removeFirst()
            }
            self.messages.append(message)
        }
    }

    /// The connection has ended: a body delimited by that is whole now.
    package mutating func end() {
        guard !self.bytes.isEmpty, let (message, headCount) = self.head(),
            message.first("content-length") == nil, message.first("transfer-encoding") == nil
        else { return }
        var whole = message
        whole.body = Array(self.bytes[headCount...])
        self.bytes = []
        self.messages.append(whole)
    }

    private func head() -> (Message, Int)? {
        guard let end = self.find([13, 10, 13, 10], from: 0) else { return nil }
        let text = String(decoding: self.bytes[..<end], as: UTF8.self)
        var lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        var message = Message()
        message.startLine = lines.removeFirst()
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            message.fields.append(
                (parts[0].lowercased(), String(parts[1].drop { $0 == " " })))
        }
        return (message, end + 4)
    }

    private mutating func message() -> (Message, Int)? {
        guard let (head, headCount) = self.head() else { return nil }
        var message = head
        let isResponse = message.startLine.hasPrefix("HTTP/")
        if isResponse {
            let status = message.status ?? 0
            if status >= 200, self.expectsHead.first == true { return (message, headCount) }
            if status < 200 || status == 204 || status == 304 { return (message, headCount) }
        }
        if message.first("transfer-encoding") == "chunked" {
            guard let (body, end) = self.chunked(from: headCount) else { return nil }
            message.body = body
            return (message, end)
        }
        guard let length = message.first("content-length") else {
            return isResponse ? nil : (message, headCount)
        }
        guard let count = Int(length), self.bytes.count >= headCount + count else { return nil }
        message.body = Array(self.bytes[headCount..<headCount + count])
        return (message, headCount + count)
    }

    private mutating func chunked(from start: Int) -> ([UInt8], Int)? {
        var body: [UInt8] = []
        var position = start
        while let line = self.find([13, 10], from: position) {
            let text = String(decoding: self.bytes[position..<line], as: UTF8.self)
            guard let count = Int(text, radix: 16) else {
                self.isBroken = true
                return nil
            }
            position = line + 2
            if count == 0 {
                // The trailer section ends with an empty line.
                while let end = self.find([13, 10], from: position) {
                    if end == position { return (body, end + 2) }
                    position = end + 2
                }
                return nil
            }
            guard self.bytes.count >= position + count + 2 else { return nil }
            body += self.bytes[position..<position + count]
            position += count + 2
        }
        return nil
    }

    private func find(_ pattern: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + pattern.count <= self.bytes.count {
            if self.bytes[index] == pattern[0],
                self.bytes[index..<index + pattern.count].elementsEqual(pattern)
            {
                return index
            }
            index += 1
        }
        return nil
    }
}
