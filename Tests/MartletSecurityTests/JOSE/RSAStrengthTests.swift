import MartletSecurity
import Testing

@Suite struct RSAStrengthTests {
    /// As many bits, odd, and of no particular kind.
    private static func modulus(bits: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xa7, count: (bits + 7) / 8)
        bytes[0] = UInt8(1 << ((bits - 1) % 8))
        bytes[bytes.count / 2] = 0x35
        return bytes
    }

    @Test(arguments: [
        (1024, false), (2047, false), (2048, true), (4096, true), (8192, true), (8193, false),
    ])
    func lengths(bits: Int, isSufficient: Bool) {
        let found = RSAStrength.isSufficient(
            modulus: Self.modulus(bits: bits), exponent: [1, 0, 1])
        #expect(found == isSufficient)
    }

    @Test(
        arguments: [
            ([], false), ([1], false), ([2], false), ([3], true), ([1, 0, 0], false),
            ([1, 0, 1], true),
            ([1, 0, 0, 0, 1], false),
        ] as [([UInt8], Bool)])
    func exponents(exponent: [UInt8], isSufficient: Bool) {
        let modulus = Self.modulus(bits: 2048)
        #expect(RSAStrength.isSufficient(modulus: modulus, exponent: exponent) == isSufficient)
    }

    @Test func evenModuliAreNone() {
        var modulus = Self.modulus(bits: 2048)
        modulus[modulus.count - 1] = 2
        #expect(!RSAStrength.isSufficient(modulus: modulus, exponent: [1, 0, 1]))
    }

    /// CVE-2017-15361: modulo each of the first primes such a modulus is a power of 65537; this one
    /// is 1, the zeroth.
    @Test func factorableModuliAreKnown() {
        var product: [UInt8] = [1]
        func multiply(by factor: UInt32) {
            var carry: UInt32 = 0
            for index in product.indices.reversed() {
                let value = UInt32(product[index]) * factor + carry
                product[index] = UInt8(truncatingIfNeeded: value)
                carry = value >> 8
            }
            while carry > 0 {
                product.insert(UInt8(truncatingIfNeeded: carry), at: 0)
                carry >>= 8
            }
        }
        for prime in UInt32(2)...167 where (2..<prime).allSatisfy({ prime % $0 != 0 }) {
            multiply(by: prime)
        }
        while product.count < 256 { multiply(by: 251) }
        // Even times odd, plus one.
        product[product.count - 1] += 1
        #expect(!RSAStrength.isSufficient(modulus: product, exponent: [1, 0, 1]))
    }
}
