/* SPDX-License-Identifier: MIT */
/* A client request is an instruction sequence that does nothing, which valgrind
 * recognises when it translates it, and a block of arguments in a register
 * (Valgrind manual, section 3.1, "The Client Request mechanism"; the sequences
 * are the public interface of valgrind.h). */
#include <config.h>

#include "bench/callgrind.h"

#include <stdint.h>

/* Requests of a tool begin at its two letters; this is the third of callgrind:
 * dump, zero, toggle. */
static const uintptr_t toggle_collect =
    (uintptr_t)'C' << 24 | (uintptr_t)'T' << 16 | 2;

void tarei_callgrind_toggle(void)
{
    volatile uintptr_t request[6] = {toggle_collect};

#if defined(__x86_64__) && defined(__LP64__)
    uintptr_t result = 0;

    __asm__ volatile("rolq $3, %%rdi; rolq $13, %%rdi\n\t"
                     "rolq $61, %%rdi; rolq $51, %%rdi\n\t"
                     "xchgq %%rbx, %%rbx"
                     : "=d"(result)
                     : "a"(&request[0]), "0"(result)
                     : "cc", "memory");
#elif defined(__aarch64__)
    uintptr_t result = 0;

    __asm__ volatile("mov x3, %1\n\tmov x4, %2\n\t"
                     "ror x12, x12, #3; ror x12, x12, #13\n\t"
                     "ror x12, x12, #51; ror x12, x12, #61\n\t"
                     "orr x10, x10, x10\n\t"
                     "mov %0, x3"
                     : "=r"(result)
                     : "r"(result), "r"(&request[0])
                     : "cc", "memory", "x3", "x4");
#else
    (void)request;
#endif
}
