#include "CPasswordHashes.h"

#include <argon2.h>
#include <crypt.h>
#include <stdlib.h>
#include <string.h>

int password_hashes_verify_crypt(const char *password, const char *encoded) {
    // 32 KiB, too much for the stack of a small thread.
    struct crypt_data *data = calloc(1, sizeof(struct crypt_data));
    if (data == NULL) return -1;
    const char *found = crypt_r(password, encoded, data);
    size_t count = strlen(encoded);
    int result = -1;
    // What begins with `*` is an error and equals nothing.
    if (found != NULL && found[0] != '*') {
        unsigned char difference = strlen(found) == count ? 0 : 1;
        if (difference == 0) {
            for (size_t index = 0; index < count; index++) {
                difference |= (unsigned char)(found[index] ^ encoded[index]);
            }
        }
        result = difference == 0;
    }
    explicit_bzero(data, sizeof(struct crypt_data));
    free(data);
    return result;
}

int password_hashes_verify_argon2id(const char *encoded, const void *password, size_t count) {
    switch (argon2id_verify(encoded, password, count)) {
    case ARGON2_OK: return 1;
    case ARGON2_VERIFY_MISMATCH: return 0;
    default: return -1;
    }
}
