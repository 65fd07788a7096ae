#ifndef CPASSWORDHASHES_H
#define CPASSWORDHASHES_H

#include <stddef.h>

/// Whether a password is the one that a crypt(5) text was made of: 1 if so, 0 if not, -1 if the
/// text cannot be used. `password` ends with a zero and holds no other.
int password_hashes_verify_crypt(const char *password, const char *encoded);

/// The same for Argon2id in PHC form.
int password_hashes_verify_argon2id(const char *encoded, const void *password, size_t count);

#endif
