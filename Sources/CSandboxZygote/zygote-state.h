// What the zygote prepares once and its sessions share.
#pragma once

#include <stdint.h>

#include <linux/filter.h>

/// The session filter, read from its descriptor; empty when a test leaves it out.
extern struct sock_fprog zygote_filter;

/// The zygote's own memory at the last fork, which a session's limits are counted from.
extern struct zygote_memory {
    uint64_t address_space_bytes; ///< all mappings
    uint64_t data_bytes;          ///< of these, what can be written to
    uint64_t private_bytes;       ///< resident without a file: a session shares it until it writes to
                                  ///< it, and the rank watches it for growth
} zygote_memory;

/// Opens what measures the address space, while /proc can still be reached.
void zygote_begin_measuring(void);
