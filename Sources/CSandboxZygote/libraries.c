// Two mappings for each library, because a fork copies, and a session's end removes, one by one.
//
// The dynamic linker maps a library in about five parts: headers, code, constants, data that is
// constant after loading, data. With 180 libraries these are nine in ten of the zygote's mappings
// and a third of what a fork and a session's end cost. The constants get the access of the code
// beside them, which they can be joined with, and all data become anonymous memory, which joins
// what lies next to it. Nothing is ever writable and executable. What this gives up
// guards against accidents only: a session may overwrite its own memory as it likes.

#include "libraries.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gnu/libc-version.h>
#include <sys/auxv.h>
#include <sys/mman.h>

struct mapping {
    uintptr_t start, end;
    char access[5];
    char path[256]; // of a library; empty for other memory
};

static bool read_mapping(FILE *maps, struct mapping *mapping) {
    char line[512];
    if (fgets(line, sizeof line, maps) == NULL)
        return false;
    mapping->path[0] = '\0';
    return sscanf(line, "%lx-%lx %4s %*s %*s %*s %255s", &mapping->start, &mapping->end,
                  mapping->access, mapping->path) >= 3;
}

/// - Returns: this process's mappings in the order of their addresses, or NULL.
static struct mapping *read_mappings(size_t *count) {
    struct mapping *mappings = NULL;
    *count = 0;
    FILE *maps = fopen("/proc/self/maps", "re");
    if (maps == NULL)
        return NULL;
    for (size_t room = 0;; ++*count) {
        if (*count == room) {
            room += 1024;
            struct mapping *larger = realloc(mappings, room * sizeof *mappings);
            if (larger == NULL)
                break;
            mappings = larger;
        }
        if (!read_mapping(maps, &mappings[*count]))
            break;
    }
    fclose(maps);
    return mappings;
}

static bool is_same_library(const struct mapping *left, const struct mapping *right) {
    return left->path[0] == '/' && strcmp(left->path, right->path) == 0;
}

static const char *path_at(const struct mapping *mappings, size_t count, uintptr_t address) {
    for (size_t index = 0; index < count; index++)
        if (mappings[index].start <= address && address < mappings[index].end)
            return mappings[index].path;
    return "";
}

/// Puts anonymous memory with the same contents in the place of a library's data.
static void make_anonymous(uintptr_t start, uintptr_t end, void *copy) {
    size_t size = end - start;
    memcpy(copy, (void *)start, size);
    void *place = mmap((void *)start, size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (place == MAP_FAILED) {
        // Kernels before 6.12 have taken the data away by now.
        dprintf(2, "sandbox zygote: mapping memory for a library's data: %s\n", strerror(errno));
        _exit(1);
    }
    memcpy(place, copy, size);
}

void libraries_join(void) {
    size_t count;
    struct mapping *mappings = read_mappings(&count);
    // Their data are in use while others' are replaced: the C library, the linker, this one.
    const char *in_use[] = {path_at(mappings, count, (uintptr_t)&gnu_get_libc_version),
                            path_at(mappings, count, (uintptr_t)getauxval(AT_BASE)),
                            path_at(mappings, count, (uintptr_t)&libraries_join)};
    for (size_t index = 0; index + 1 < count; index++) {
        struct mapping *this = &mappings[index], *next = this + 1;
        bool is_constant = strcmp(this->access, "r--p") == 0;
        bool is_data = strcmp(this->access, "rw-p") == 0;
        bool has_data_next = this->end == next->start && is_same_library(this, next) &&
                             strcmp(next->access, "rw-p") == 0;
        bool is_beside_code =
            (this->end == next->start && is_same_library(this, next) && next->access[2] == 'x') ||
            (index > 0 && this[-1].end == this->start && is_same_library(this - 1, this) &&
             this[-1].access[2] == 'x');
        if (is_constant && is_beside_code && !has_data_next) {
            mprotect((void *)this->start, this->end - this->start, PROT_READ | PROT_EXEC);
            this->access[2] = 'x';
        } else if (this->path[0] == '/' && (is_data || (is_constant && has_data_next))) {
            uintptr_t end = is_data ? this->end : next->end;
            bool is_in_use = false;
            for (size_t user = 0; user < sizeof in_use / sizeof *in_use; user++)
                is_in_use = is_in_use || strcmp(this->path, in_use[user]) == 0;
            void *copy = is_in_use ? NULL : malloc(end - this->start);
            if (copy != NULL)
                make_anonymous(this->start, end, copy);
            free(copy);
            index += is_data ? 0 : 1;
        }
    }
    free(mappings);
}
