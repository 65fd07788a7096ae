import MartletHTTP
import Testing

/// What `body` writes into `capacity` bytes, or `nil` if it did not fit.
func written(
    capacity: Int = 4096, _ body: (inout ByteCursor) throws -> Void
) rethrows -> [UInt8]? {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 1)
    defer { unsafe memory.deallocate() }
    var cursor = unsafe ByteCursor(memory)
    try body(&cursor)
    guard !cursor.isOverfull else { return nil }
    return unsafe Array(memory[..<cursor.count])
}

@Suite struct ByteCursorTests {
    static func text(capacity: Int = 4096, _ body: (inout ByteCursor) -> Void) -> String? {
        written(capacity: capacity, body).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func piecesStandOneBehindTheOther() {
        var headers = HeaderList()
        let range = headers.appendBytes("range")
        let text = Self.text { cursor in
            cursor.write("a: ")
            cursor.write([0x62, 0x63])
            cursor.write(range, of: headers)
            cursor.writeByte(0x0a)
        }
        #expect(text == "a: bcrange\n")
    }

    @Test(arguments: [(0, "0", "0"), (9, "9", "9"), (255, "255", "ff"), (4096, "4096", "1000")])
    func number(number: Int, decimal: String, hexadecimal: String) {
        #expect(Self.text { $0.writeDecimal(number) } == decimal)
        #expect(Self.text { $0.writeHexadecimal(number) } == hexadecimal)
    }

    @Test(
        arguments: [
            (0, 3, "000"), (7, 1, "7"), (7, 3, "007"), (1234, 3, "1234"), (999, 3, "999"),
            (5, 0, "5"),
        ] as [(UInt64, Int, String)])
    func numberWithLeadingZeros(number: UInt64, width: Int, expected: String) {
        #expect(Self.text { $0.writeDecimal(number, width: width) } == expected)
        #expect(
            Self.text(capacity: expected.count - 1) { $0.writeDecimal(number, width: width) } == nil
        )
    }

    @Test func theLargestNumberFits() {
        #expect(Self.text { $0.writeDecimal(UInt64.max) } == "18446744073709551615")
        #expect(Self.text { $0.writeDecimal(Int.max) } == "9223372036854775807")
        #expect(Self.text { $0.writeHexadecimal(.max) } == "7fffffffffffffff")
    }

    @Test func whatDoesNotFitMakesItOverfullAndNothingIsWrittenBehindTheEnd() {
        #expect(Self.text(capacity: 3) { $0.write("abc") } == "abc")
        #expect(Self.text(capacity: 2) { $0.write("abc") } == nil)
        #expect(Self.text(capacity: 0) { $0.writeByte(1) } == nil)
        #expect(Self.text(capacity: 0) { $0.write([]) }?.isEmpty == true)
        #expect(
            Self.text(capacity: 2) {
                $0.write("ab")
                $0.insertRoom(1, at: 0)
            } == nil)
    }

    @Test func bytesAreOverwrittenInPlace() {
        let text = Self.text { cursor in
            cursor.write("abc")
            cursor.overwrite(at: 1, with: UInt8(ascii: "X"))
        }
        #expect(text == "aXc")
    }

    @Test(arguments: 0...3)
    func roomIsMadeAnywhere(index: Int) {
        let text = Self.text { cursor in
            cursor.write("abc")
            cursor.insertRoom(2, at: index)
            cursor.overwrite(at: index, with: UInt8(ascii: "-"))
            cursor.overwrite(at: index + 1, with: UInt8(ascii: "-"))
        }
        var expected = "abc"
        expected.insert(
            contentsOf: "--", at: expected.index(expected.startIndex, offsetBy: index))
        #expect(text == expected)
    }

    @Test func goingBackDoesNothingOnceOverfull() {
        let text = Self.text(capacity: 1) { cursor in
            cursor.write("ab")
            cursor.overwrite(at: 7, with: 1)
            cursor.insertRoom(1, at: 9)
        }
        #expect(text == nil)
    }
}
