/// Bytes of a head, grown at the end and reused from head to head.
///
/// One owner and no copies, so that an append costs a bounds check and the copying: an array would
/// ask each time whether somebody shares it. Every access is checked against what was written.
@safe package struct ByteStore: ~Copyable {
    /// What the first byte allocates: trailers, for one, hardly ever come.
    private static var initialCapacity: Int { 512 }

    private var base: UnsafeMutablePointer<UInt8>
    package private(set) var capacity: Int
    package private(set) var count = 0

    package init() {
        self.capacity = 0
        unsafe self.base = .allocate(capacity: 0)
    }

    deinit {
        unsafe self.base.deallocate()
    }

    package subscript(index: Int) -> UInt8 {
        get {
            precondition(index >= 0 && index < self.count)
            return unsafe self.base[index]
        }
        set {
            precondition(index >= 0 && index < self.count)
            unsafe self.base[index] = newValue
        }
    }

    package var span: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            let span = unsafe Span(_unsafeStart: self.base, count: self.count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// What outlives the store's next head.
    package func copy(_ range: Range<Int>) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= self.count)
        return unsafe Array(
            UnsafeBufferPointer(start: self.base + range.lowerBound, count: range.count))
    }

    package mutating func append(_ byte: UInt8) {
        self.reserve(1)
        unsafe self.base[self.count] = byte
        self.count &+= 1
    }

    mutating func append(_ first: UInt8, _ second: UInt8) {
        self.reserve(2)
        unsafe self.base[self.count] = first
        unsafe self.base[self.count &+ 1] = second
        self.count &+= 2
    }

    package mutating func append(_ span: Span<UInt8>) {
        let added = span.count
        self.reserve(added)
        unsafe span.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            unsafe (self.base + self.count).update(from: start, count: added)
        }
        self.count &+= added
    }

    package mutating func append(_ text: StaticString) {
        let added = text.utf8CodeUnitCount
        self.reserve(added)
        unsafe (self.base + self.count).update(from: text.utf8Start, count: added)
        self.count &+= added
    }

    /// Appends bytes that are in the store already.
    package mutating func append(copying range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= self.count)
        self.reserve(range.count)
        unsafe (self.base + self.count).update(
            from: self.base + range.lowerBound, count: range.count)
        self.count &+= range.count
    }

    /// Appends at most `countMax` bytes: those that `write` puts where it is told, and counts.
    mutating func append(
        atMost countMax: Int, by write: (UnsafeMutablePointer<UInt8>) -> Int
    ) {
        precondition(countMax >= 0)
        self.reserve(countMax)
        let added = unsafe write(self.base + self.count)
        precondition(added >= 0 && added <= countMax)
        self.count &+= added
    }

    /// Appends what `write` writes if it fits into `countMax` bytes and is wanted: it says so.
    @inline(__always)
    mutating func append(atMost countMax: Int, writing write: (inout ByteCursor) -> Bool) {
        unsafe self.append(atMost: countMax) { start in
            let memory = unsafe UnsafeMutableRawBufferPointer(start: start, count: countMax)
            var cursor = unsafe ByteCursor(memory)
            return write(&cursor) && !cursor.isOverfull ? cursor.count : 0
        }
    }

    /// Appends a number's decimal digits.
    mutating func append(decimal number: UInt64) {
        // No 64-bit number has more.
        self.append(
            atMost: 20,
            writing: { cursor in
                cursor.writeDecimal(number)
                return true
            })
    }

    /// Drops what lies behind `count`.
    package mutating func truncate(to count: Int) {
        self.count = min(self.count, max(0, count))
    }

    /// Forgets everything; gives memory over `capacityMax` back.
    package mutating func removeAll(keepingCapacityUpTo capacityMax: Int) {
        self.count = 0
        guard self.capacity > capacityMax else { return }
        unsafe self.base.deallocate()
        unsafe self.base = .allocate(capacity: 0)
        self.capacity = 0
    }

    @inline(__always)
    private mutating func reserve(_ added: Int) {
        if self.count &+ added > self.capacity { self.grow(added) }
    }

    @inline(never)
    private mutating func grow(_ added: Int) {
        let capacity = max(Self.initialCapacity, self.capacity * 2, self.count + added)
        let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        unsafe grown.update(from: self.base, count: self.count)
        unsafe self.base.deallocate()
        unsafe self.base = grown
        self.capacity = capacity
    }
}
