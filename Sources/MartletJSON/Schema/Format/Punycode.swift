/// The encoding of Unicode labels in ASCII (RFC 3492), for labels of 63 characters at most.
enum Punycode {
    private static let base = 36
    private static let (tMin, tMax, skew, damp) = (1, 26, 38, 700)
    private static let initialBias = 72
    private static let initialScalar = 128

    /// RFC 3492 §6.2; `nil` if it is no encoding of anything.
    static func decoded(_ text: ArraySlice<UInt32>) -> [UInt32]? {
        var output: [UInt32] = []
        var position = text.startIndex
        if let hyphen = text.lastIndex(of: 0x2d) {
            output = text[..<hyphen].map { $0 }
            position = hyphen + 1
        }
        var (scalar, index, bias) = (self.initialScalar, 0, self.initialBias)
        while position < text.endIndex {
            let before = index
            var (weight, step) = (1, self.base)
            while true {
                guard position < text.endIndex, let digit = self.digit(text[position]) else {
                    return nil
                }
                position += 1
                // Sums stay far below overflow: more than a Unicode scalar is refused at once.
                index += digit * weight
                guard index < 1 << 40 else { return nil }
                let threshold = max(self.tMin, min(self.tMax, step - bias))
                if digit < threshold { break }
                weight *= self.base - threshold
                guard weight < 1 << 40 else { return nil }
                step += self.base
            }
            let count = output.count + 1
            bias = self.adapted(index - before, count, isFirst: before == 0)
            scalar += index / count
            index %= count
            guard scalar <= 0x10ffff, !(0xd800...0xdfff ~= scalar) else { return nil }
            output.insert(UInt32(scalar), at: index)
            index += 1
        }
        return output
    }

    /// How many characters the encoding takes (RFC 3492 §6.3).
    static func encodedCount(_ label: [UInt32]) -> Int {
        let basic = label.count { $0 < 0x80 }
        var count = basic > 0 ? basic + 1 : 0
        var (scalar, delta, bias) = (self.initialScalar, 0, self.initialBias)
        var handled = basic
        while handled < label.count {
            let next = Int(label.filter { $0 >= UInt32(scalar) }.min() ?? 0)
            delta += (next - scalar) * (handled + 1)
            scalar = next
            for character in label {
                if character < UInt32(scalar) { delta += 1 }
                guard character == UInt32(scalar) else { continue }
                count += self.digitCount(delta, bias)
                bias = self.adapted(delta, handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            scalar += 1
        }
        return count
    }

    private static func digitCount(_ delta: Int, _ bias: Int) -> Int {
        var (rest, step, count) = (delta, self.base, 1)
        while true {
            let threshold = max(self.tMin, min(self.tMax, step - bias))
            if rest < threshold { return count }
            rest = (rest - threshold) / (self.base - threshold)
            step += self.base
            count += 1
        }
    }

    private static func adapted(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / self.damp : delta / 2
        delta += delta / count
        var step = 0
        while delta > (self.base - self.tMin) * self.tMax / 2 {
            delta /= self.base - self.tMin
            step += self.base
        }
        return step + (self.base - self.tMin + 1) * delta / (delta + self.skew)
    }

    private static func digit(_ scalar: UInt32) -> Int? {
        switch scalar {
        case 0x30...0x39: Int(scalar) - 0x30 + 26
        case 0x41...0x5a: Int(scalar) - 0x41
        case 0x61...0x7a: Int(scalar) - 0x61
        default: nil
        }
    }
}
