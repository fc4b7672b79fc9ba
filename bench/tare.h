/* SPDX-License-Identifier: MIT */
/* tare.h - the whole public interface of libtare. */
#ifndef TARE_H
#define TARE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define TARE_API __attribute__((visibility("default")))
#define TARE_PRINTF_(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define TARE_API
#define TARE_PRINTF_(fmt, args)
#endif

struct tare;

struct tare_test_def {
    const char *name;
    const char *file;
    int line;
    void (*run)(struct tare *t);
    struct tare_test_def *next;
    const char *tags;
};

TARE_API void tare_register_test_(struct tare_test_def *def);

#define TARE_TEST(name_, ...)                                                 \
    static void tare_test_##name_(struct tare *t);                            \
    static struct tare_test_def tare_def_##name_ = {                          \
        .name = #name_,                                                       \
        .file = __FILE__,                                                     \
        .line = __LINE__,                                                     \
        .run = tare_test_##name_,                                             \
        __VA_ARGS__};                                                         \
    __attribute__((constructor)) static void tare_reg_##name_(void)           \
    {                                                                         \
        tare_register_test_(&tare_def_##name_);                               \
    }                                                                         \
    static void tare_test_##name_(struct tare *t __attribute__((unused)))

TARE_API int tare_check_(struct tare *t, int ok, int fatal, const char *file,
                         int line, const char *fmt, ...) TARE_PRINTF_(6, 7);
TARE_API int tare_check_int_(struct tare *t, int fatal, const char *file,
                             int line, const char *what, intmax_t got,
                             intmax_t want);
TARE_API int tare_check_rel_(struct tare *t, int fatal, const char *file,
                             int line, const char *what, double got,
                             double want, double rel);
TARE_API int tare_check_str_(struct tare *t, int fatal, const char *file,
                             int line, const char *what, const char *got,
                             const char *want);
TARE_API void tare_skip_(struct tare *t, const char *fmt, ...)
    TARE_PRINTF_(2, 3);

#define TARE_CHECK(cond) \
    tare_check_(t, !!(cond), 0, __FILE__, __LINE__, "%s is false", #cond)
#define TARE_REQUIRE(cond) \
    tare_check_(t, !!(cond), 1, __FILE__, __LINE__, "%s is false", #cond)
#define TARE_CHECK_INT(got, want) \
    tare_check_int_(t, 0, __FILE__, __LINE__, #got, (got), (want))
#define TARE_REQUIRE_INT(got, want) \
    tare_check_int_(t, 1, __FILE__, __LINE__, #got, (got), (want))
/* |got - want| <= rel * |want|; with want == 0 the bound is rel itself.  NaN
 * equals NaN, an infinity itself. */
#define TARE_CHECK_REL(got, want, rel) \
    tare_check_rel_(t, 0, __FILE__, __LINE__, #got, (got), (want), (rel))
#define TARE_REQUIRE_REL(got, want, rel) \
    tare_check_rel_(t, 1, __FILE__, __LINE__, #got, (got), (want), (rel))
#define TARE_CHECK_STR(got, want) \
    tare_check_str_(t, 0, __FILE__, __LINE__, #got, (got), (want))
#define TARE_REQUIRE_STR(got, want) \
    tare_check_str_(t, 1, __FILE__, __LINE__, #got, (got), (want))
#define TARE_SKIP(...) tare_skip_(t, __VA_ARGS__)

#ifdef __cplusplus
}
#endif

#endif
