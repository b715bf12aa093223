// A session's process: its locks and its two frames, a snippet in and a result out.
//
// The process has four descriptors: 0 and 2 are /dev/null, 1 is the pipe for what it prints, 3 the
// socket for these frames. The filter lets 3 be used by recvfrom and sendto only, so nothing that
// Python code writes to a descriptor is ever taken for a frame, and a frame counts only with the
// nonce of the snippet that is being answered.

#include "sandbox-zygote.h"

#include "protocol.h"
#include "repeatable.h"
#include "zygote-state.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/seccomp.h>

static uint64_t current_nonce;
static char *snippet;
static struct {
    struct session_frame frame;
    char text[error_text_limit];
} result;

static int limit(int resource, uint64_t value) {
    return setrlimit(resource, &(struct rlimit){value, value});
}

/// The memory that a session may add to the zygote's mappings.
///
/// What it writes to in memory that it shares with the zygote becomes its own, and counts: enough is
/// held back for all of it, but at most a fifth of the limit, lest a small limit leave nothing. The
/// rank watches what remains.
static uint64_t addable_bytes(uint64_t limit) {
    uint64_t shared = zygote_memory.private_bytes, most = limit / shared_part_of_limit;
    return limit - (shared < most ? shared : most);
}

/// Two limits on memory, since neither covers the other: one on all mappings, and one on those that
/// can be written to, which a library's constants are not until they are made so.
static int limit_memory(uint64_t bytes) {
    uint64_t added = addable_bytes(bytes) + snippet_limit;
    return limit(RLIMIT_AS, zygote_memory.address_space_bytes + added) != 0 ||
                   limit(RLIMIT_DATA, zygote_memory.data_bytes + added) != 0
               ? -1
               : 0;
}

int session_lock(const struct zygote_session *session) {
    // Room for the longest snippet, taken before the limit so that addresses do not depend on it.
    snippet = mmap(NULL, snippet_limit + 1, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (snippet == MAP_FAILED)
        return -1;

    if (limit_memory(session->memory_bytes) != 0 || limit(RLIMIT_CORE, 0) != 0 ||
        limit(RLIMIT_FSIZE, 0) != 0 || limit(RLIMIT_NOFILE, descriptor_session + 1) != 0 ||
        limit(RLIMIT_NPROC, 0) != 0 || limit(RLIMIT_MEMLOCK, 0) != 0 ||
        limit(RLIMIT_MSGQUEUE, 0) != 0 || limit(RLIMIT_SIGPENDING, 0) != 0 ||
        limit(RLIMIT_NICE, 0) != 0 || limit(RLIMIT_RTPRIO, 0) != 0)
        return -1;
    // Behind the rank's own limit for each snippet: it moves this one as snippets add up.
    uint64_t cpu = session->cpu_seconds;
    if (setrlimit(RLIMIT_CPU, &(struct rlimit){cpu, RLIM_INFINITY}) != 0)
        return -1;

    repeatable_begin(session->seed);
    if (zygote_filter.len == 0)
        return 0;
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0u, &zygote_filter);
}

static void receive_exactly(void *buffer, size_t length) {
    for (char *next = buffer; length > 0;) {
        ssize_t size = recvfrom(descriptor_session, next, length, 0, NULL, NULL);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            session_end(0);
        next += size;
        length -= (size_t)size;
    }
}

int64_t session_receive(const char **text) {
    struct session_frame frame;
    receive_exactly(&frame, sizeof frame);
    if (frame.magic != protocol_magic || frame.kind != kind_run || frame.length > snippet_limit)
        session_end(1);
    receive_exactly(snippet, frame.length);
    snippet[frame.length] = '\0';
    current_nonce = frame.nonce;
    *text = snippet;
    return frame.length;
}

void session_reply(uint32_t status, const char *text, uint64_t length) {
    if (length > error_text_limit)
        length = error_text_limit;
    result.frame = (struct session_frame){.magic = protocol_magic,
                                          .kind = kind_result,
                                          .nonce = current_nonce,
                                          .status = status,
                                          .length = (uint32_t)length};
    memcpy(result.text, text, length);
    const char *next = (const char *)&result;
    for (size_t left = sizeof result.frame + length; left > 0;) {
        ssize_t size = sendto(descriptor_session, next, left, MSG_NOSIGNAL, NULL, 0);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            session_end(0);
        next += size;
        left -= (size_t)size;
    }
}

void session_end(int status) {
    _exit(status);
}
