// What the zygote prepares once and its sessions share.
#pragma once

#include <stdint.h>

#include <linux/filter.h>

/// The session filter, read from its descriptor; empty when a test leaves it out.
extern struct sock_fprog zygote_filter;

/// The zygote's own address space at the last fork, which a session's limit is counted from.
extern uint64_t zygote_address_space_bytes;

/// Opens what measures the address space, while /proc can still be reached.
void zygote_begin_measuring(void);
