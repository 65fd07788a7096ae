#ifndef CNAMELOOKUP_H
#define CNAMELOOKUP_H

#include <stdint.h>

/// Records of one answer; more are left out.
#define NAME_LOOKUP_RECORDS_MAX 256

enum name_lookup_kind { NAME_LOOKUP_ADDRESSES = 1, NAME_LOOKUP_SERVICES = 2 };

/// A numeric address, or a service's target; `text` ends with a zero.
typedef struct {
    uint16_t priority;
    uint16_t weight;
    uint16_t port;
    char text[256];
} name_lookup_record;

/// One question; `name` belongs to the caller, `records` to whoever asked until they are freed.
typedef struct {
    const char *name;
    int kind;
    /// 0 if it was answered, otherwise what `name_lookup_reason` has a text for.
    int status;
    /// Seconds; the shortest of all that the answer is made of.
    uint32_t ttl;
    uint32_t count;
    name_lookup_record *records;
} name_lookup_query;

/// Asks all of it at once, and waits for the answers, at most `milliseconds`.
///
/// Files and servers are those of the system (`/etc/hosts`, `/etc/resolv.conf`), read anew each time.
/// Only addresses of families are asked for that this machine has one of beyond its loopback interface;
/// of both if it has none.
void name_lookup_run(name_lookup_query *queries, int count, int milliseconds);

/// Frees the records of every query.
void name_lookup_free(name_lookup_query *queries, int count);

const char *name_lookup_reason(int status);

#endif
