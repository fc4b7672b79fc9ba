/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 as FIPS 180-4 writes it down; tested with its examples. */
#include <config.h>

#include "base/hash.h"

#include <stdio.h>
#include <string.h>

#include "base/scope.h"

/* FIPS 180-4, 4.2.2: fractional parts of the cube roots of the primes. */
static const uint32_t k[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotr(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

static void schedule(const uint8_t *p, uint32_t w[64])
{
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 |
               (uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t s0 = rotr(w[i - 15], 7) ^ rotr(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t s1 = rotr(w[i - 2], 17) ^ rotr(w[i - 2], 19) ^ w[i - 2] >> 10;

        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
}

/* FIPS 180-4, 6.2.2, step 3.  From round to round the eight variables change
 * their names instead of their places: three times as fast. */
#define ROUND(a, b, c, d, e, f, g, h, i)                                       \
    do {                                                                       \
        h += (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & g)) + \
             k[(i)] + w[(i)];                                                  \
        d += h;                                                                \
        h += (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) +                        \
             ((a & b) ^ (a & c) ^ (b & c));                                    \
    } while (0)

static void compress(uint32_t state[8], const uint8_t *block)
{
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    uint32_t w[64];

    schedule(block, w);
    for (int i = 0; i < 64; i += 8) {
        ROUND(a, b, c, d, e, f, g, h, i);
        ROUND(h, a, b, c, d, e, f, g, i + 1);
        ROUND(g, h, a, b, c, d, e, f, i + 2);
        ROUND(f, g, h, a, b, c, d, e, i + 3);
        ROUND(e, f, g, h, a, b, c, d, i + 4);
        ROUND(d, e, f, g, h, a, b, c, i + 5);
        ROUND(c, d, e, f, g, h, a, b, i + 6);
        ROUND(b, c, d, e, f, g, h, a, i + 7);
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
}

void hash_init(struct hash *hash)
{
    *hash = (struct hash){
        .state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                  0x9b05688c, 0x1f83d9ab, 0x5be0cd19},
    };
}

void hash_add(struct hash *hash, const void *data, size_t size)
{
    const uint8_t *p = data;

    while (size) {
        size_t at = hash->bytes % sizeof hash->block;
        size_t n = sizeof hash->block - at;

        if (n > size)
            n = size;
        memcpy(hash->block + at, p, n);
        hash->bytes += n;
        p += n;
        size -= n;
        if (at + n == sizeof hash->block)
            compress(hash->state, hash->block);
    }
}

void hash_end(struct hash *hash, char hex[HASH_HEX])
{
    uint64_t bits = hash->bytes * 8;
    uint8_t length[8];
    static const uint8_t pad[64] = {0x80};
    size_t at = hash->bytes % sizeof hash->block;

    hash_add(hash, pad, at < 56 ? 56 - at : 120 - at);
    for (int i = 0; i < 8; i++)
        length[i] = (uint8_t)(bits >> (56 - 8 * i));
    hash_add(hash, length, sizeof length);
    for (int i = 0; i < 8; i++)
        snprintf(hex + 8 * i, 9, "%08x", (unsigned)hash->state[i]);
}

int hash_file(const char *path, char hex[HASH_HEX], struct error *err)
{
    SCOPED(fclose_scoped) FILE *in = fopen(path, "re");
    struct hash hash;
    char buf[65536];
    size_t n;

    if (!in)
        return ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot open");
    hash_init(&hash);
    while ((n = fread(buf, 1, sizeof buf, in)) > 0)
        hash_add(&hash, buf, n);
    if (ferror(in))
        return ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot read");
    hash_end(&hash, hex);
    return 0;
}
