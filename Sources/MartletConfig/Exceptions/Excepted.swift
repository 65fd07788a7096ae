/// A setting that may take a protection away, with the terms on which it does.
///
/// The setting itself reads as if there were no terms; `$name` is both.
@propertyWrapper
package struct Excepted<Value: Sendable & Equatable>: Sendable, Equatable {
    package var wrappedValue: Value
    /// `nil` if the value was written alone.
    package var exception: ExceptionConfig?

    package var projectedValue: Excepted<Value> {
        get { self }
        set { self = newValue }
    }

    package init(wrappedValue: Value) { self.wrappedValue = wrappedValue }

    package init(_ value: Value, exception: ExceptionConfig? = nil) {
        self.wrappedValue = value
        self.exception = exception
    }
}

/// A list of which each element may have terms of its own.
@propertyWrapper
package struct ExceptedList<Element: Sendable & Equatable>: Sendable, Equatable {
    package var projectedValue: [Excepted<Element>]

    package var wrappedValue: [Element] {
        get { self.projectedValue.map(\.wrappedValue) }
        set { self.projectedValue = newValue.map { Excepted($0) } }
    }

    package init(wrappedValue: [Element]) {
        self.projectedValue = wrappedValue.map { Excepted($0) }
    }
}

extension Array {
    /// Those that were written without terms.
    func unstated<Value>() -> [Value] where Element == Excepted<Value> {
        self.filter { $0.exception == nil }.map(\.wrappedValue)
    }
}
