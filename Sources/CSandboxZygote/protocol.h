// The fixed binary messages between the rank and the zygote, and between the rank and a session.
// Little endian, no pointers, no lengths that are not checked. Mirrored in WireFormat.swift.
#pragma once

#include <assert.h>
#include <stdint.h>

enum protocol_descriptors {
    descriptor_output = 1,  ///< a session's standard output: a pipe to the rank
    descriptor_control = 3, ///< the zygote's socket to the rank
    descriptor_session = 3, ///< a session's socket to the rank
    descriptor_bootstrap = 4,
    descriptor_filter = 5,  ///< the session filter, as the kernel wants it
    descriptor_library = 6, ///< this library, preloaded
};

enum protocol_kind {
    kind_fork = 1,   ///< rank -> zygote, with the session's socket and output pipe
    kind_ready = 2,  ///< zygote -> rank: `value` is the locks, `extra` the Landlock ABI
    kind_forked = 3, ///< zygote -> rank, with a pidfd; `value` is an error number or 0, `extra` the
                     ///< zygote's private bytes
    kind_ended = 4,  ///< zygote -> rank: `value` is the wait status, `extra` the peak in KiB
    kind_run = 5,    ///< rank -> session, followed by the snippet
    kind_result = 6, ///< session -> rank, followed by the error text
};

static const uint32_t protocol_magic = 0x444d5331; // "DMS1"

/// rank -> zygote
struct fork_request {
    uint32_t magic;
    uint32_t kind;
    uint64_t identifier;
    uint64_t seed;
    uint64_t memory_bytes;
    uint64_t cpu_seconds;
};

/// zygote -> rank
struct zygote_notice {
    uint32_t magic;
    uint32_t kind;
    uint64_t identifier;
    uint64_t value;
    uint64_t extra;
};

/// rank -> session and back; the nonce of the answer is the nonce of the question
struct session_frame {
    uint32_t magic;
    uint32_t kind;
    uint64_t nonce;
    uint32_t status;
    uint32_t length;
};

/// Of a session's memory, the part that is held back at most for what it shares with the zygote.
enum { shared_part_of_limit = 5 };

/// Longest snippet and longest error text.
enum { snippet_limit = 4 << 20, error_text_limit = 1 << 16 };

static_assert(sizeof(struct fork_request) == 40, "mirrored in Swift");
static_assert(sizeof(struct zygote_notice) == 32, "mirrored in Swift");
static_assert(sizeof(struct session_frame) == 24, "mirrored in Swift");
