import Foundation
import MartletJSON
import Testing

/// Texts collected by others: `y_` must be accepted, `n_` refused; of `i_` it is written down here
/// what becomes of them.
@Suite struct JSONConformanceTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../../shared/conformance/json/test_parsing").standardizedFileURL

    static let names: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        if names.isEmpty { print("skipped: no conformance data in \(folder.path)") }
        return names.sorted()
    }()

    /// What RFC 8259 leaves open, and why.
    static let undecided: [String: (reason: JSONError.Reason?, why: String)] = [
        "number_double_huge_neg_exp": (nil, "§6: numbers are texts here, none is out of range"),
        "number_huge_exp": (.exponentTooLarge, "§6 allows a limit"),
        "number_neg_int_huge_exp": (nil, "§6"),
        "number_pos_double_huge_exp": (nil, "§6"),
        "number_real_neg_overflow": (nil, "§6"),
        "number_real_pos_overflow": (nil, "§6"),
        "number_real_underflow": (nil, "§6"),
        "number_too_big_neg_int": (nil, "§6"),
        "number_too_big_pos_int": (nil, "§6"),
        "number_very_big_negative_int": (nil, "§6"),
        "object_key_lone_2nd_surrogate": (.loneSurrogate, "§8.2: readers do not agree on it"),
        "string_1st_surrogate_but_2nd_missing": (.loneSurrogate, "§8.2"),
        "string_1st_valid_surrogate_2nd_invalid": (.loneSurrogate, "§8.2"),
        "string_UTF-16LE_with_BOM": (.unexpectedByte, "§8.1: UTF-8 only"),
        "string_UTF-8_invalid_sequence": (.invalidUTF8, "§8.1"),
        "string_UTF8_surrogate_U+D800": (.invalidUTF8, "§8.1"),
        "string_incomplete_surrogate_and_escape_valid": (.loneSurrogate, "§8.2"),
        "string_incomplete_surrogate_pair": (.loneSurrogate, "§8.2"),
        "string_incomplete_surrogates_escape_valid": (.loneSurrogate, "§8.2"),
        "string_invalid_lonely_surrogate": (.loneSurrogate, "§8.2"),
        "string_invalid_surrogate": (.loneSurrogate, "§8.2"),
        "string_invalid_utf-8": (.invalidUTF8, "§8.1"),
        "string_inverted_surrogates_U+1D11E": (.loneSurrogate, "§8.2"),
        "string_iso_latin_1": (.invalidUTF8, "§8.1"),
        "string_lone_second_surrogate": (.loneSurrogate, "§8.2"),
        "string_lone_utf8_continuation_byte": (.invalidUTF8, "§8.1"),
        "string_not_in_unicode_range": (.invalidUTF8, "§8.1"),
        "string_overlong_sequence_2_bytes": (.invalidUTF8, "§8.1"),
        "string_overlong_sequence_6_bytes": (.invalidUTF8, "§8.1"),
        "string_overlong_sequence_6_bytes_null": (.invalidUTF8, "§8.1"),
        "string_truncated-utf-8": (.invalidUTF8, "§8.1"),
        "string_utf16BE_no_BOM": (.unexpectedByte, "§8.1"),
        "string_utf16LE_no_BOM": (.unexpectedByte, "§8.1"),
        "structure_500_nested_arrays": (.tooDeep, "§9 allows a limit"),
        "structure_UTF-8_BOM_empty_object": (.byteOrderMark, "§8.1 allows to refuse it"),
    ]

    @Test(arguments: names)
    func text(name: String) throws {
        let text = Array(try Data(contentsOf: Self.folder.appending(path: name)))
        // Twins are good JSON (§4: SHOULD be unique); refusing them is a limit of ours.
        var limits = JSONLimits()
        limits.allowsDuplicateKeys = true
        var reason: JSONError.Reason?
        do { _ = try JSONDocument(text.span, limits: limits) } catch { reason = error.reason }
        let stem = String(name.dropFirst(2).dropLast(5))
        switch name.prefix(2) {
        case "y_": #expect(reason == nil, "\(name)")
        case "n_": #expect(reason != nil, "\(name)")
        default:
            let expected = try #require(Self.undecided[stem], "\(name) is new: \(reason as Any)")
            #expect(reason == expected.reason, "\(name): \(expected.why)")
        }
        // Other readers of the same bytes come to the same end.
        if let reason, JSONError(reason, at: 0).isLimit { return }
        #expect((ModelJSON.read(text) != nil) == (reason == nil), "\(name)")
    }
}
