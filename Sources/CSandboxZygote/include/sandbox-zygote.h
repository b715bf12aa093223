// What the interpreter's bootstrap (zygote.py) calls in C, through ctypes.
//
// The library is preloaded into CPython. It answers the calls that would make two runs differ
// (repeatable.c), takes away what the interpreter no longer needs once its modules are imported
// (lockdown.c), forks one process per session (serve.c) and is that process's only way to talk
// (session.c). Every function holds Python's global lock while it runs: there is one thread.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// What `zygote_lock_down` put in force, as bits.
enum zygote_locks {
    zygote_lock_landlock = 1 << 0,
    zygote_lock_empty_root = 1 << 1,
    zygote_lock_user = 1 << 2,
};

/// What a new session was asked to be.
struct zygote_session {
    uint64_t identifier;
    uint64_t seed;
    uint64_t memory_bytes;
    uint64_t cpu_seconds;
};

/// Landlock: from here on only `paths` can be read or executed, and nothing can be written.
/// - Returns: the Landlock ABI in force, or 0 where the kernel has none.
int zygote_restrict_reading(const char *const *paths, size_t count);

/// Makes a fork cheap: joins mappings, and puts the memory that all sessions share into huge pages
/// where the kernel can.
void zygote_compact(void);

/// Once the modules are imported: drops root's privileges and capabilities, leaves the file system
/// and forbids every path through Landlock; the latter two only when they are asked for.
/// - Returns: the locks in force, or -1 with `errno` when a privilege could not be dropped.
int zygote_lock_down(int uses_second_locks);

/// Tells the rank that sessions can be opened, then forks one for each request until the rank
/// closes the control socket, which ends the process.
/// - Returns: 0, in each new session's process only; `session` says what it is to be.
int zygote_serve(uint32_t locks, uint32_t landlock_abi, struct zygote_session *session);

/// In a session's process: limits, then the filter after which nothing can be opened.
/// - Returns: 0, or -1 with `errno`; the process must not run a snippet then.
int session_lock(const struct zygote_session *session);

/// Waits for the next snippet.
/// - Returns: its length; never returns once the rank has closed the session.
int64_t session_receive(const char **text);

/// Answers the snippet that was received last.
void session_reply(uint32_t status, const char *text, uint64_t length);

/// Ends the session's process without running anything of the interpreter's.
void session_end(int status);
