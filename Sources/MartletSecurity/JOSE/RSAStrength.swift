/// What an RSA public key must be so that a signature of it means something.
package enum RSAStrength {
    /// RFC 7518 §3.3; and no more than costs a worker a tenth of a millisecond or two.
    static let modulusBits = 2048...8192
    /// Greater exponents only cost time; libraries refuse them too.
    private static let exponentBytesMax = 4

    /// - `modulus`, `exponent`: big-endian, without leading zeros.
    package static func isSufficient(modulus: [UInt8], exponent: [UInt8]) -> Bool {
        guard let first = modulus.first, let last = modulus.last, first > 0, last & 1 == 1,
            let exponentLast = exponent.last, exponentLast & 1 == 1,
            exponent.count <= self.exponentBytesMax
        else { return false }
        let bits = modulus.count * 8 - first.leadingZeroBitCount
        let isOne = exponent == [1]
        return self.modulusBits.contains(bits) && !isOne && !self.isFactorable(modulus)
    }

    /// Whether the modulus bears the mark of the generator of CVE-2017-15361 ("ROCA"), whose keys
    /// can be factored: modulo each of these primes it is a power of 65537.
    private static func isFactorable(_ modulus: [UInt8]) -> Bool {
        self.markPrimes.allSatisfy { prime in
            let residue = modulus.reduce(UInt32(0)) { ($0 << 8 | UInt32($1)) % prime }
            var power: UInt32 = 1
            repeat {
                if power == residue { return true }
                power = power * (65537 % prime) % prime
            } while power != 1
            return false
        }
    }

    private static let markPrimes: [UInt32] = [
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
        101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
    ]
}
