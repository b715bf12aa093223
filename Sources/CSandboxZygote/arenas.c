// One place for all of Python's small objects.
//
// CPython takes memory for small objects in arenas of 1 MiB, and the kernel puts each into the
// first hole between the libraries. Side by side they can become huge pages (compact.c). This
// stands in for libc's mmap, because the library is preloaded, and changes where, never what.

#include "arenas.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static const size_t arena_size = 1 << 20;
static const size_t region_size = 512 << 20;
static const uintptr_t huge_page = 2 << 20;

static uintptr_t next_arena, region_end;

static void *map(void *address, size_t length, int protection, int flags, int file, off_t offset) {
    return (void *)syscall(SYS_mmap, address, length, protection, flags, file, offset);
}

static void reserve(void) {
    void *region = map(NULL, region_size, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (region == MAP_FAILED) {
        region_end = 1; // Not again.
        return;
    }
    region_end = (uintptr_t)region + region_size;
    next_arena = ((uintptr_t)region + huge_page - 1) & ~(huge_page - 1);
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset) {
    // Shared memory without a file is shared with forks alone. No session forks, and what the zygote
    // shared with all of them would be a way from one to the next.
    if ((flags & MAP_ANONYMOUS) != 0 && (flags & MAP_TYPE) == MAP_SHARED)
        flags = (flags & ~MAP_TYPE) | MAP_PRIVATE;
    if (address == NULL && length == arena_size && file == -1 &&
        protection == (PROT_READ | PROT_WRITE) && flags == (MAP_PRIVATE | MAP_ANONYMOUS)) {
        if (region_end == 0)
            reserve();
        if (next_arena + length <= region_end) {
            void *arena = map((void *)next_arena, length, protection, flags | MAP_FIXED, -1, 0);
            if (arena != MAP_FAILED)
                next_arena += length;
            return arena;
        }
    }
    return map(address, length, protection, flags, file, offset);
}

/// The name that programs built for large files call.
void *mmap64(void *address, size_t length, int protection, int flags, int file, off64_t offset)
    __attribute__((alias("mmap")));

void arenas_end_region(void) {
    if (next_arena < region_end)
        munmap((void *)next_arena, region_end - next_arena);
    next_arena = region_end;
}
