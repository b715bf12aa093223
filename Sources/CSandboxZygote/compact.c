// Huge pages for the zygote's memory, because a fork copies one entry per page.
//
// With 4 KiB pages the page tables of 130 MB of modules are most of what a fork and the end of a
// session cost. Collapsed into 2 MiB pages the same memory takes a few dozen entries. A session
// that writes to such a page gets a 4 KiB copy of the part it wrote to, as without them.

#include "sandbox-zygote.h"

#include "arenas.h"
#include "libraries.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25 // Linux 6.1; older kernels refuse it, and nothing is lost
#endif

static const uintptr_t huge_page = 2 << 20;

/// Sorts libc's free blocks once; else every session's first allocations would do it, and write
/// to pages all over the heap.
static void sort_free_blocks(void) {
    malloc_trim(0);
    for (size_t size = 64; size < huge_page; size *= 2)
        free(malloc(size));
}

void zygote_compact(void) {
    libraries_join();
    sort_free_blocks();
    arenas_end_region();
    FILE *maps = fopen("/proc/self/maps", "re");
    char line[512];
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        uintptr_t start, end;
        char access[8] = "", path[256] = "";
        if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %255s", &start, &end, access, path) < 3)
            continue;
        int is_anonymous = path[0] == '\0' || strcmp(path, "[heap]") == 0;
        if (!is_anonymous || strncmp(access, "rw-p", 4) != 0)
            continue;
        start = (start + huge_page - 1) & ~(huge_page - 1);
        end &= ~(huge_page - 1);
        if (start >= end)
            continue;
        madvise((void *)start, end - start, MADV_COLLAPSE);
        // What sessions add stays in small pages: an idle one must cost little.
        madvise((void *)start, end - start, MADV_NOHUGEPAGE);
    }
    if (maps != NULL)
        fclose(maps);
}
