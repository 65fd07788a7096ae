/// A rule of the injection filter: one thing that a detector can find.
///
/// The cases' order is the order of `RuleDefinition.catalogue`. Names are stable: exceptions and
/// logs hold them, so a rule that goes takes its name with it.
package enum InspectionRule: UInt8, CaseIterable, Sendable {
    // SQL
    case sqlUnion, sqlSelect, sqlTautology, sqlQuoteEnd, sqlStacked, sqlStatement, sqlFunction
    case sqlCatalogue, sqlCast, sqlClause, sqlComment, sqlDelay, sqlNumberTrick
    case sqlComparison, sqlWord
    // NoSQL, LDAP, XPath
    case noSQLOperator, noSQLScript, ldapFilter, xpathExpression
    // Scripts in pages
    case xssTag, xssEvent, xssScriptURL, xssScriptCall, xssProperty, xssObfuscation, xssMarkup
    // Files
    case fileTraversal, fileSensitive, fileHidden, fileExtension, fileWrapper, fileHexTraversal
    case includeRemote, includeAddress
    // Inner addresses
    case forgeryMetadata, forgeryLocal, forgeryAddress, forgeryProxy
    // Commands
    case commandSeparated, commandDirect, commandPath, commandSubstitution, commandGlob
    case commandShorthand, commandShellFunction, commandShellDevice, commandAlias
    case commandPowerShell, commandBatch
    case commandWeak
    // Code
    case phpTag, phpVariable, phpFunction, phpVariableCall, phpObject, phpDirective
    case javaClass, javaGadget, javaSerialised, expressionLanguage
    case templateExpression, nodeCode, prototypePollution, endlessLoop, scriptingCode
    case uploadExecutable, sessionFile
    // Headers
    case headerSplit, headerRequestLine, headerControl
    // XML
    case xmlEntity, xmlInclude
    // Tools
    case scannerAgent
    // Ambiguity
    case ambiguousEncoding, ambiguousLetter, ambiguousNull, ambiguousOverlong
    case ambiguousContentType, ambiguousCharset
    case ambiguousMultipart, ambiguousMultipartName, ambiguousJSON, ambiguousXML
    case ambiguousTooMany

    package var definition: RuleDefinition { RuleDefinition.catalogue[Int(self.rawValue)] }
    package var id: StaticString { self.definition.id }
}

/// A set of rules, as bits.
package struct RuleSet: Sendable, Equatable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    package init() {}

    package init(_ rules: InspectionRule...) {
        for rule in rules { self.insert(rule) }
    }

    /// Every rule up to a sensitivity level.
    package init(level: InspectionLevel) {
        for definition in RuleDefinition.catalogue where definition.level <= level {
            self.insert(definition.rule)
        }
    }

    package var isEmpty: Bool { self.low | self.high == 0 }

    package mutating func insert(_ rule: InspectionRule) {
        let raw = UInt64(rule.rawValue)
        if raw < 64 { self.low |= 1 &<< raw } else { self.high |= 1 &<< (raw &- 64) }
    }

    package func contains(_ rule: InspectionRule) -> Bool {
        let raw = UInt64(rule.rawValue)
        return (raw < 64 ? self.low &>> raw : self.high &>> (raw &- 64)) & 1 != 0
    }

    package mutating func formUnion(_ other: RuleSet) {
        self.low |= other.low
        self.high |= other.high
    }

    package mutating func formIntersection(_ other: RuleSet) {
        self.low &= other.low
        self.high &= other.high
    }

    package mutating func subtract(_ other: RuleSet) {
        self.low &= ~other.low
        self.high &= ~other.high
    }

    /// Takes the first rule out, in the catalogue's order.
    package mutating func popFirst() -> InspectionRule? {
        if self.low != 0 {
            let raw = self.low.trailingZeroBitCount
            self.low &= self.low &- 1
            return InspectionRule(rawValue: UInt8(raw))
        }
        guard self.high != 0 else { return nil }
        let raw = self.high.trailingZeroBitCount + 64
        self.high &= self.high &- 1
        return InspectionRule(rawValue: UInt8(raw))
    }
}
