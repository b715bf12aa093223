// The zygote's loop: a fork for each session, a notice for each end.
//
// It is written in C and allocates nothing, so that the memory of the first session and of the
// ten-thousandth are the same down to the addresses of their objects.

#include "sandbox-zygote.h"

#include "protocol.h"
#include "zygote-state.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sock_filter filter_instructions[BPF_MAXINSNS];
struct sock_fprog zygote_filter = {.filter = filter_instructions};

/// A session's process number and the name the rank gave it.
static struct child {
    pid_t pid;
    uint64_t identifier;
} children[1 << 16];
/// Entries above this one were never used.
static uint32_t child_count;
static const uint32_t child_room = sizeof children / sizeof *children;

static int memory_file = -1;
struct zygote_memory zygote_memory;

void zygote_begin_measuring(void) {
    memory_file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
}

static void measure(void) {
    enum { size, resident, shared, text, library, data, count };
    char line[128] = "", *rest = line;
    if (pread(memory_file, line, sizeof line - 1, 0) <= 0)
        return;
    uint64_t bytes[count], page = (uint64_t)sysconf(_SC_PAGESIZE);
    for (int index = 0; index < count; index++)
        bytes[index] = strtoull(rest, &rest, 10) * page;
    zygote_memory = (struct zygote_memory){.address_space_bytes = bytes[size],
                                           .data_bytes = bytes[data],
                                           .private_bytes = bytes[resident] - bytes[shared]};
}

/// The zygote cannot go on: the launcher's error output says why, and the rank sees the end.
static void give_up(const char *what) {
    dprintf(2, "sandbox zygote: %s: %s\n", what, strerror(errno));
    _exit(1);
}

static void prepare(void) {
    ssize_t size = pread(descriptor_filter, filter_instructions, sizeof filter_instructions, 0);
    if (size < 0)
        give_up("reading the session filter");
    zygote_filter.len = (unsigned short)((size_t)size / sizeof *filter_instructions);
    // What the launcher handed over has been read.
    close(descriptor_bootstrap);
    close(descriptor_filter);
    close(descriptor_library);
}

static void notify(enum protocol_kind kind, uint64_t identifier, uint64_t value, uint64_t extra,
                   int descriptor) {
    struct zygote_notice notice = {.magic = protocol_magic,
                                   .kind = kind,
                                   .identifier = identifier,
                                   .value = value,
                                   .extra = extra};
    struct iovec part = {&notice, sizeof notice};
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof descriptor)];
    } control = {.room = {0}};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (descriptor >= 0) {
        message.msg_control = &control;
        message.msg_controllen = sizeof control.room;
        struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof descriptor);
        memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
    }
    ssize_t sent;
    do
        sent = sendmsg(descriptor_control, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent < 0)
        _exit(0);
}

static void reap(void) {
    int status;
    struct rusage usage;
    pid_t pid;
    while ((pid = (pid_t)syscall(SYS_wait4, -1, &status, WNOHANG, &usage)) > 0)
        for (uint32_t index = 0; index < child_count; index++)
            if (children[index].pid == pid) {
                children[index].pid = 0;
                notify(kind_ended, children[index].identifier, (uint64_t)(uint32_t)status,
                       (uint64_t)usage.ru_maxrss, -1);
                break;
            }
}

/// - Returns: false when the message is not a request with its two descriptors.
static bool receive(struct fork_request *request, int descriptors[2]) {
    struct iovec part = {request, sizeof *request};
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(2 * sizeof(int))];
    } control;
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control.room};
    ssize_t size = recvmsg(descriptor_control, &message, MSG_CMSG_CLOEXEC);
    if (size < 0 && errno == EINTR)
        return false;
    if (size <= 0)
        _exit(0); // The rank is gone.
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    if (size != sizeof *request || request->magic != protocol_magic ||
        request->kind != kind_fork || rights == NULL || rights->cmsg_type != SCM_RIGHTS ||
        rights->cmsg_len != CMSG_LEN(2 * sizeof(int)))
        give_up("a request that is none");
    memcpy(descriptors, CMSG_DATA(rights), 2 * sizeof(int));
    return true;
}

/// In the new process: the four descriptors it may have, and the zygote's death as its own.
static void become_session(const int descriptors[2], const sigset_t *original_mask) {
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    dup2(descriptors[1], descriptor_output);
    dup2(descriptors[0], descriptor_session);
    dup2(0, 2); // /dev/null: what goes to standard error is not part of a result.
    syscall(SYS_close_range, (unsigned)descriptor_session + 1, ~0u, 0u);
    sigprocmask(SIG_SETMASK, original_mask, NULL);
}

/// - Returns: whether this is the new session's process.
static bool fork_session(const struct fork_request *request, const int descriptors[2],
                         const sigset_t *original_mask) {
    uint32_t slot = 0;
    while (slot < child_count && children[slot].pid != 0)
        slot++;
    measure();
    pid_t pid = -1;
    if (slot == child_room)
        errno = EAGAIN;
    else
        pid = fork();
    if (pid == 0) {
        become_session(descriptors, original_mask);
        return true;
    }
    int failure = pid < 0 ? errno : 0;
    close(descriptors[0]);
    close(descriptors[1]);
    int process = -1;
    if (pid > 0) {
        children[slot] = (struct child){pid, request->identifier};
        child_count = slot < child_count ? child_count : slot + 1;
        process = (int)syscall(SYS_pidfd_open, pid, 0u);
    }
    notify(kind_forked, request->identifier, (uint64_t)failure, zygote_memory.private_bytes,
           process);
    if (process >= 0)
        close(process);
    return false;
}

int zygote_serve(uint32_t locks, uint32_t landlock_abi, struct zygote_session *session) {
    prepare();
    sigset_t ended, original_mask;
    sigemptyset(&ended);
    sigaddset(&ended, SIGCHLD);
    sigprocmask(SIG_BLOCK, &ended, &original_mask);
    // The rank stops sessions between their snippets, of which nothing is to be done here.
    sigaction(SIGCHLD, &(struct sigaction){.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDSTOP}, NULL);
    int signals = signalfd(-1, &ended, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals < 0)
        give_up("signalfd");
    // The bits of the launcher and of lockdown.c end below this one.
    if (zygote_filter.len > 0)
        locks |= 1u << 18;
    notify(kind_ready, 0, locks, landlock_abi, -1);

    for (;;) {
        struct pollfd sources[2] = {{.fd = descriptor_control, .events = POLLIN},
                                    {.fd = signals, .events = POLLIN}};
        if (poll(sources, 2, -1) < 0 && errno != EINTR)
            give_up("poll");
        if (sources[1].revents != 0) {
            struct signalfd_siginfo information;
            while (read(signals, &information, sizeof information) > 0) {
            }
            reap();
        }
        struct fork_request request;
        int descriptors[2];
        if (sources[0].revents != 0 && receive(&request, descriptors) &&
            fork_session(&request, descriptors, &original_mask)) {
            *session = (struct zygote_session){.identifier = request.identifier,
                                               .seed = request.seed,
                                               .memory_bytes = request.memory_bytes,
                                               .cpu_seconds = request.cpu_seconds};
            return 0;
        }
    }
}
