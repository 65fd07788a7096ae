#ifndef CNAMELOOKUP_H
#define CNAMELOOKUP_H

#include <stdint.h>

/// Records of one answer; more are left out.
#define NAME_LOOKUP_RECORDS_MAX 256

enum name_lookup_kind { NAME_LOOKUP_ADDRESSES = 1, NAME_LOOKUP_SERVICES = 2 };

/// Which families this machine has addresses of: those are asked for.
enum name_lookup_family { NAME_LOOKUP_IPV4 = 1, NAME_LOOKUP_IPV6 = 2 };

/// An address (`family` 4 or 6), or a service's target, which ends with a zero.
typedef struct {
    uint8_t family;
    uint8_t address[16];
    uint16_t priority;
    uint16_t weight;
    uint16_t port;
    char target[256];
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
void name_lookup_run(name_lookup_query *queries, int count, int families, int milliseconds);

/// Frees the records of every query.
void name_lookup_free(name_lookup_query *queries, int count);

const char *name_lookup_reason(int status);

#endif
