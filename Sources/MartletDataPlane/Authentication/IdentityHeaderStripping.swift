import MartletHTTP

extension AuthenticationPlan {
    /// Removes what tells upstreams who calls from a client's request: nobody else says it.
    ///
    /// Most requests have no field whose name is as long as one of these: one bit tells.
    func removeIdentityHeaders(from headers: inout HeaderList) {
        guard self.identityHeaderLengths != 0 else { return }
        for index in headers.fields.indices {
            let length = UInt64(headers.fields[index].name.count & 63)
            guard self.identityHeaderLengths &>> length & 1 == 1,
                self.isIdentityHeader(headers, index)
            else { continue }
            headers.markRemoved(at: index)
        }
    }

    private func isIdentityHeader(_ headers: borrowing HeaderList, _ index: Int) -> Bool {
        for row in self.identityHeaders.indices
        where headers.isField(index, spelled: self.identityHeaders[row]) {
            return true
        }
        return false
    }
}
