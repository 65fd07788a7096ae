#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The few functions of real numbers that decisions need, kept in one place so that no other file
/// imports the C library.
///
/// Pure: the same argument gives the same result, and none of them traps.
package enum RealFunctions {
    package static func exponential(_ value: Double) -> Double { exp(value) }

    package static func logarithm(_ value: Double) -> Double { log(value) }

    package static func power(_ value: Double, _ exponent: Double) -> Double {
        pow(value, exponent)
    }

    /// The logarithm of a sum of two numbers that are given by their logarithms, without leaving
    /// the range of `Double` in between.
    package static func logarithmOfSum(_ first: Double, _ second: Double) -> Double {
        let (low, high) = first < second ? (first, second) : (second, first)
        guard low > -.infinity else { return high }
        return high + log1p(exp(low - high))
    }
}

extension Double {
    /// The number as an integer: what is not a number, or below zero, becomes 0, what is too large
    /// the greatest integer.
    package var clampedToUInt64: UInt64 {
        guard self > 0 else { return 0 }
        // 2⁶⁴ itself is the first that does not fit.
        guard self < 18_446_744_073_709_551_616 else { return .max }
        return UInt64(self)
    }
}
