#include "CNameLookup.h"

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// Of one try at one server, and tries at each; the time for all of it bounds them together.
enum { TRY_MILLISECONDS = 2000, TRIES = 2 };

typedef struct {
    name_lookup_query *query;
    int *pending;
    bool is_done;
} state;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int library_status = ARES_ENOTINITIALIZED;

static void initialise(void) { library_status = ares_library_init(ARES_LIB_INIT_ALL); }

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void finish(state *one, int status) {
    if (one->is_done) return;
    one->is_done = true;
    one->query->status = status;
    *one->pending -= 1;
}

static name_lookup_record *next_record(name_lookup_query *query) {
    if (query->count >= NAME_LOOKUP_RECORDS_MAX) return NULL;
    if (query->records == NULL) {
        query->records = calloc(NAME_LOOKUP_RECORDS_MAX, sizeof(name_lookup_record));
        if (query->records == NULL) return NULL;
    }
    return &query->records[query->count++];
}

static void note_ttl(name_lookup_query *query, int64_t seconds) {
    // A TTL with its highest bit set counts as zero (RFC 2181 §8).
    uint32_t ttl = seconds < 0 ? 0 : (uint32_t)seconds;
    if (ttl < query->ttl) query->ttl = ttl;
}

static void addresses_found(void *argument, int status, int timeouts, struct ares_addrinfo *result) {
    state *one = argument;
    (void)timeouts;
    if (status == ARES_SUCCESS && result != NULL) {
        for (struct ares_addrinfo_cname *alias = result->cnames; alias; alias = alias->next)
            note_ttl(one->query, alias->ttl);
        for (struct ares_addrinfo_node *node = result->nodes; node; node = node->ai_next) {
            bool is_four = node->ai_family == AF_INET
                && node->ai_addrlen >= (ares_socklen_t)sizeof(struct sockaddr_in);
            bool is_six = node->ai_family == AF_INET6
                && node->ai_addrlen >= (ares_socklen_t)sizeof(struct sockaddr_in6);
            if (!is_four && !is_six) continue;
            name_lookup_record *record = next_record(one->query);
            if (record == NULL) break;
            note_ttl(one->query, node->ai_ttl);
            const void *address = is_four
                ? (const void *)&((struct sockaddr_in *)node->ai_addr)->sin_addr
                : (const void *)&((struct sockaddr_in6 *)node->ai_addr)->sin6_addr;
            if (inet_ntop(node->ai_family, address, record->text, sizeof record->text) == NULL)
                one->query->count -= 1;
        }
        if (one->query->count == 0) status = ARES_ENODATA;
    }
    if (result != NULL) ares_freeaddrinfo(result);
    finish(one, status);
}

/// The shortest TTL in the answer section (RFC 1035 §4.1); c-ares' own reader leaves it out.
static void note_answer_ttls(name_lookup_query *query, const unsigned char *bytes, int count) {
    if (count < NS_HFIXEDSZ) return;
    int questions = bytes[4] << 8 | bytes[5], answers = bytes[6] << 8 | bytes[7];
    const unsigned char *end = bytes + count, *at = bytes + NS_HFIXEDSZ;
    for (int index = 0; index < questions + answers; index++) {
        char *name = NULL;
        long length = 0;
        if (at >= end || ares_expand_name(at, bytes, count, &name, &length) != ARES_SUCCESS) return;
        ares_free_string(name);
        if (length <= 0 || length > end - at) return;
        at += length;
        if (index < questions) {
            if (end - at < NS_QFIXEDSZ) return;
            at += NS_QFIXEDSZ;
            continue;
        }
        if (end - at < NS_RRFIXEDSZ) return;
        int32_t ttl = (int32_t)((uint32_t)at[4] << 24 | (uint32_t)at[5] << 16
            | (uint32_t)at[6] << 8 | at[7]);
        int size = at[8] << 8 | at[9];
        if (end - at - NS_RRFIXEDSZ < size) return;
        note_ttl(query, ttl);
        at += NS_RRFIXEDSZ + size;
    }
}

static void services_found(
    void *argument, int status, int timeouts, unsigned char *bytes, int count
) {
    state *one = argument;
    (void)timeouts;
    struct ares_srv_reply *list = NULL;
    if (status == ARES_SUCCESS) status = ares_parse_srv_reply(bytes, count, &list);
    if (status == ARES_SUCCESS) {
        for (struct ares_srv_reply *entry = list; entry; entry = entry->next) {
            size_t length = entry->host ? strlen(entry->host) : 0;
            // An empty target: the service is not offered (RFC 2782).
            if (length == 0 || length >= sizeof(((name_lookup_record *)0)->text)) continue;
            name_lookup_record *record = next_record(one->query);
            if (record == NULL) break;
            record->priority = entry->priority;
            record->weight = entry->weight;
            record->port = entry->port;
            memcpy(record->text, entry->host, length);
        }
        note_answer_ttls(one->query, bytes, count);
        if (one->query->count == 0) status = ARES_ENODATA;
    }
    if (list != NULL) ares_free_data(list);
    finish(one, status);
}

/// The address family to ask for.
static int family(void) {
    bool has_four = false, has_six = false;
    struct ifaddrs *list = NULL;
    if (getifaddrs(&list) != 0) return AF_UNSPEC;
    for (struct ifaddrs *entry = list; entry; entry = entry->ifa_next) {
        if (entry->ifa_addr == NULL) continue;
        if (entry->ifa_addr->sa_family == AF_INET) {
            struct sockaddr_in *address = (struct sockaddr_in *)entry->ifa_addr;
            if (ntohl(address->sin_addr.s_addr) >> 24 != 127) has_four = true;
        } else if (entry->ifa_addr->sa_family == AF_INET6) {
            struct sockaddr_in6 *address = (struct sockaddr_in6 *)entry->ifa_addr;
            if (!IN6_IS_ADDR_LOOPBACK(&address->sin6_addr)) has_six = true;
        }
    }
    freeifaddrs(list);
    if (has_four == has_six) return AF_UNSPEC;
    return has_four ? AF_INET : AF_INET6;
}

static void ask(ares_channel channel, state *one, int family) {
    if (one->query->kind == NAME_LOOKUP_SERVICES) {
        ares_search(channel, one->query->name, ns_c_in, ns_t_srv, services_found, one);
        return;
    }
    struct ares_addrinfo_hints hints = {0};
    hints.ai_flags = ARES_AI_NOSORT;
    hints.ai_family = family;
    ares_getaddrinfo(channel, one->query->name, NULL, &hints, addresses_found, one);
}

static void wait_for_answers(ares_channel channel, const int *pending, int64_t deadline) {
    while (*pending > 0) {
        int64_t left = deadline - now();
        if (left <= 0) return;
        ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
        struct pollfd files[ARES_GETSOCK_MAXNUM];
        // Its own macros shift a signed bit.
        unsigned int mask = (unsigned int)ares_getsock(channel, sockets, ARES_GETSOCK_MAXNUM);
        nfds_t count = 0;
        for (int index = 0; index < ARES_GETSOCK_MAXNUM; index++) {
            short events = (short)((mask >> index & 1u ? POLLIN : 0)
                | (mask >> (index + ARES_GETSOCK_MAXNUM) & 1u ? POLLOUT : 0));
            if (events == 0) continue;
            files[count].fd = sockets[index];
            files[count].events = events;
            files[count].revents = 0;
            count++;
        }
        struct timeval longest = {left / 1000, (left % 1000) * 1000}, buffer;
        struct timeval *wait = ares_timeout(channel, &longest, &buffer);
        int milliseconds = (int)(wait->tv_sec * 1000 + (wait->tv_usec + 999) / 1000);
        int ready = poll(files, count, milliseconds);
        if (ready < 0 && errno != EINTR) return;
        if (ready <= 0) {
            // Looks at what has taken too long.
            ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
            continue;
        }
        for (nfds_t index = 0; index < count; index++) {
            short found = files[index].revents;
            if (found == 0) continue;
            ares_process_fd(
                channel, found & (POLLIN | POLLERR | POLLHUP) ? files[index].fd : ARES_SOCKET_BAD,
                found & POLLOUT ? files[index].fd : ARES_SOCKET_BAD);
        }
    }
}

void name_lookup_run(name_lookup_query *queries, int count, int milliseconds) {
    pthread_once(&once, initialise);
    int pending = count;
    for (int index = 0; index < count; index++) {
        queries[index].status = ARES_ENOTINITIALIZED;
        queries[index].ttl = UINT32_MAX;
        queries[index].count = 0;
        queries[index].records = NULL;
    }
    state *states = calloc((size_t)(count > 0 ? count : 1), sizeof(state));
    ares_channel channel = NULL;
    struct ares_options options = {0};
    options.timeout = TRY_MILLISECONDS;
    options.tries = TRIES;
    if (states == NULL || library_status != ARES_SUCCESS
        || ares_init_options(&channel, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES)
            != ARES_SUCCESS) {
        free(states);
        return;
    }
    int64_t deadline = now() + milliseconds;
    int wanted = family();
    for (int index = 0; index < count; index++) {
        states[index].query = &queries[index];
        states[index].pending = &pending;
        ask(channel, &states[index], wanted);
    }
    wait_for_answers(channel, &pending, deadline);
    // What has no answer yet gets one now: it was cancelled.
    ares_destroy(channel);
    free(states);
}

void name_lookup_free(name_lookup_query *queries, int count) {
    for (int index = 0; index < count; index++) {
        free(queries[index].records);
        queries[index].records = NULL;
    }
}

const char *name_lookup_reason(int status) { return ares_strerror(status); }
