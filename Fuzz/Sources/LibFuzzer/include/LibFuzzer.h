// The entry of libFuzzer for programs that have a main of their own.
#ifndef MARTLET_LIBFUZZER_H
#define MARTLET_LIBFUZZER_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(
    int *argc, char ***argv, int (*test)(const uint8_t *bytes, size_t count));

#endif
