/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading ELF from bytes nobody vouches for: every offset is checked against
 * the size, and nothing is used in place. */
#include <config.h>

#include "store/elf.h"

#include <elf.h>
#include <endian.h>
#include <string.h>

enum { MAX_SEGMENTS = 4096, MAX_NEEDED = 4096 };

/* Program headers and dynamic entries of both classes as one. */
struct segment {
    uint32_t type;
    uint64_t offset, address, size;
};

struct reader {
    const char *name, *bytes;
    size_t size;
    struct arena *arena;
    bool is_64;
    struct segment *segment;
    size_t n;
};

struct dynamic {
    uint64_t tag, value;
};

static int bad(const struct reader *r, const char *what, struct error *err)
{
    ERROR_AT(err, ERR_PARSE, r->name, 0, 0, "is a damaged program: %s", what);
    error_help(err, "build it again");
    return ERR_PARSE;
}

bool elf_is(const char *bytes, size_t size)
{
    return size >= SELFMAG && memcmp(bytes, ELFMAG, SELFMAG) == 0;
}

/* Copy what stands at offset; false when it is not all there. */
static bool take(const struct reader *r, uint64_t offset, void *out,
                 size_t size)
{
    if (offset > r->size || r->size - offset < size)
        return false;
    memcpy(out, r->bytes + offset, size);
    return true;
}

/* The string at offset, ended within the file. */
static const char *take_string(const struct reader *r, uint64_t offset)
{
    size_t left = offset < r->size ? r->size - (size_t)offset : 0;
    const char *from = left ? r->bytes + offset : NULL;
    const char *end = from ? memchr(from, '\0', left) : NULL;

    return end ? arena_memdup(r->arena, from, (size_t)(end - from)) : NULL;
}

struct header {
    uint64_t table;
    uint16_t entry_size, n;
};

static bool read_header(const struct reader *r, struct elf_file *out,
                        struct header *h)
{
    Elf64_Ehdr wide;
    Elf32_Ehdr narrow;

    if (r->is_64) {
        if (!take(r, 0, &wide, sizeof wide))
            return false;
        out->type = wide.e_type;
        out->machine = wide.e_machine;
        *h = (struct header){wide.e_phoff, wide.e_phentsize, wide.e_phnum};
        return h->n == 0 || h->entry_size >= sizeof(Elf64_Phdr);
    }
    if (!take(r, 0, &narrow, sizeof narrow))
        return false;
    out->type = narrow.e_type;
    out->machine = narrow.e_machine;
    *h = (struct header){narrow.e_phoff, narrow.e_phentsize, narrow.e_phnum};
    return h->n == 0 || h->entry_size >= sizeof(Elf32_Phdr);
}

static bool read_segment(const struct reader *r, uint64_t offset,
                         struct segment *out)
{
    Elf64_Phdr wide;
    Elf32_Phdr narrow;

    if (r->is_64) {
        if (!take(r, offset, &wide, sizeof wide))
            return false;
        *out = (struct segment){wide.p_type, wide.p_offset, wide.p_vaddr,
                                wide.p_filesz};
        return true;
    }
    if (!take(r, offset, &narrow, sizeof narrow))
        return false;
    *out = (struct segment){narrow.p_type, narrow.p_offset, narrow.p_vaddr,
                            narrow.p_filesz};
    return true;
}

static int read_segments(struct reader *r, const struct header *h,
                         struct error *err)
{
    if (h->n > MAX_SEGMENTS)
        return bad(r, "it has too many segments", err);
    r->segment = arena_alloc(r->arena, h->n, sizeof *r->segment);
    if (!r->segment)
        return ERROR(err, ERR_NOMEM, "no memory for a program");
    for (; r->n < h->n; r->n++) {
        uint64_t at = h->table + (uint64_t)r->n * h->entry_size;

        if (at < h->table || !read_segment(r, at, &r->segment[r->n]))
            return bad(r, "its segment table ends too early", err);
    }
    return 0;
}

static const struct segment *find_segment(const struct reader *r, uint32_t type)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->segment[i].type == type)
            return &r->segment[i];
    return NULL;
}

/* Where in the file an address of the loaded program comes from. */
static bool file_offset(const struct reader *r, uint64_t address, uint64_t *out)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct segment *s = &r->segment[i];

        if (s->type == PT_LOAD && address >= s->address &&
            address - s->address < s->size) {
            *out = s->offset + (address - s->address);
            return true;
        }
    }
    return false;
}

static bool read_dynamic(const struct reader *r, uint64_t at,
                         struct dynamic *out)
{
    Elf64_Dyn wide;
    Elf32_Dyn narrow;

    if (r->is_64) {
        if (!take(r, at, &wide, sizeof wide))
            return false;
        *out = (struct dynamic){(uint64_t)wide.d_tag, wide.d_un.d_val};
        return true;
    }
    if (!take(r, at, &narrow, sizeof narrow))
        return false;
    *out = (struct dynamic){(uint32_t)narrow.d_tag, narrow.d_un.d_val};
    return true;
}

/* Entry i of the dynamic section; false at its end. */
static bool next_dynamic(const struct reader *r, const struct segment *s,
                         size_t i, struct dynamic *out)
{
    size_t entry = r->is_64 ? sizeof(Elf64_Dyn) : sizeof(Elf32_Dyn);

    return i < s->size / entry && s->offset + i * entry >= s->offset &&
           read_dynamic(r, s->offset + i * entry, out) && out->tag != DT_NULL;
}

static int add_needed(const struct reader *r, const char *text,
                      struct elf_file *out, struct error *err)
{
    if (out->n_needed >= MAX_NEEDED)
        return bad(r, "it needs too many libraries", err);
    out->needed =
        arena_grow(r->arena, out->needed, out->n_needed, sizeof *out->needed);
    if (!out->needed)
        return ERROR(err, ERR_NOMEM, "no memory for a program");
    out->needed[out->n_needed++] = text;
    return 0;
}

static int use_dynamic(const struct reader *r, const struct dynamic *d,
                       uint64_t strings, struct elf_file *out,
                       struct error *err)
{
    const char **to = d->tag == DT_SONAME    ? &out->soname
                      : d->tag == DT_RPATH   ? &out->rpath
                      : d->tag == DT_RUNPATH ? &out->runpath
                                             : NULL;
    const char *text;

    if (!to && d->tag != DT_NEEDED)
        return 0;
    text = strings + d->value >= strings ? take_string(r, strings + d->value)
                                         : NULL;
    if (!text)
        return bad(r, "a name lies beyond its end", err);
    if (!to)
        return add_needed(r, text, out, err);
    *to = text;
    return 0;
}

static int read_names(const struct reader *r, struct elf_file *out,
                      struct error *err)
{
    const struct segment *s = find_segment(r, PT_DYNAMIC);
    struct dynamic d;
    uint64_t strings = 0;
    bool found = false;
    int rc = 0;

    if (!s)
        return 0;
    for (size_t i = 0; next_dynamic(r, s, i, &d); i++)
        if (d.tag == DT_STRTAB)
            found = file_offset(r, d.value, &strings);
    if (!found)
        return bad(r, "it has no table of names", err);
    for (size_t i = 0; rc == 0 && next_dynamic(r, s, i, &d); i++)
        rc = use_dynamic(r, &d, strings, out, err);
    return rc;
}

int elf_parse(const char *name, const char *bytes, size_t size,
              struct arena *arena, struct elf_file *out, struct error *err)
{
    struct reader r = {
        .name = name, .bytes = bytes, .size = size, .arena = arena};
    struct elf_file file = {
        .interpreter = "", .soname = "", .rpath = "", .runpath = ""};
    const struct segment *interpreter;
    struct header h;
    int rc;

    if (!elf_is(bytes, size) || size < EI_NIDENT)
        return ERROR_AT(err, ERR_PARSE, name, 0, 0, "is not an ELF file");
    if (bytes[EI_DATA] !=
        (__BYTE_ORDER == __LITTLE_ENDIAN ? ELFDATA2LSB : ELFDATA2MSB))
        return ERROR_AT(err, ERR_PARSE, name, 0, 0,
                        "is for a machine with the other byte order");
    file.is_64 = r.is_64 = bytes[EI_CLASS] == ELFCLASS64;
    if (!read_header(&r, &file, &h))
        return bad(&r, "its header ends too early", err);
    rc = read_segments(&r, &h, err);
    if (rc < 0)
        return rc;
    interpreter = find_segment(&r, PT_INTERP);
    if (interpreter)
        file.interpreter = take_string(&r, interpreter->offset);
    if (!file.interpreter)
        return bad(&r, "its interpreter lies beyond its end", err);
    rc = read_names(&r, &file, err);
    if (rc == 0)
        *out = file;
    return rc;
}

bool elf_runs_here(uint16_t machine)
{
#if defined(__x86_64__)
    return machine == EM_X86_64 || machine == EM_386;
#elif defined(__aarch64__)
    return machine == EM_AARCH64 || machine == EM_ARM;
#else
    (void)machine; /* the kernel will say */
    return true;
#endif
}
