#include "CSandboxShim.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <linux/sockios.h>

int csandbox_errno(void) { return errno; }

int csandbox_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }
int csandbox_pipe(int descriptors[2], int flags) { return pipe2(descriptors, flags); }
int csandbox_duplicate_above(int descriptor, int lowest) {
    return fcntl(descriptor, F_DUPFD_CLOEXEC, lowest);
}
int csandbox_set_nonblocking(int descriptor) { return fcntl(descriptor, F_SETFL, O_NONBLOCK); }
int csandbox_poll_readable(int descriptor) {
    return poll(&(struct pollfd){.fd = descriptor, .events = POLLIN}, 1, 0);
}
int csandbox_unread_bytes(int socket, int *bytes) { return ioctl(socket, SIOCOUTQ, bytes); }
int csandbox_socketpair(int type, int descriptors[2]) {
    return socketpair(AF_UNIX, type, 0, descriptors);
}
int csandbox_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

ssize_t csandbox_send_two_descriptors(int socket, const void *bytes, size_t length, int first,
                                      int second) {
    int descriptors[2] = {first, second};
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof descriptors)];
    } control = {.header = {.cmsg_level = SOL_SOCKET,
                            .cmsg_type = SCM_RIGHTS,
                            .cmsg_len = CMSG_LEN(sizeof descriptors)}};
    memcpy(CMSG_DATA(&control.header), descriptors, sizeof descriptors);
    struct iovec part = {(void *)bytes, length};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control.room};
    return sendmsg(socket, &message, MSG_NOSIGNAL);
}

ssize_t csandbox_receive_descriptor(int socket, void *bytes, size_t length, int *descriptor) {
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof *descriptor)];
    } control = {.room = {0}};
    struct iovec part = {bytes, length};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control.room};
    ssize_t size = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    *descriptor = -1;
    if (size >= 0 && control.header.cmsg_type == SCM_RIGHTS &&
        control.header.cmsg_len == CMSG_LEN(sizeof *descriptor))
        memcpy(descriptor, CMSG_DATA(&control.header), sizeof *descriptor);
    return size;
}

int csandbox_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }
int csandbox_epoll_control(int epoll, int operation, int descriptor, uint32_t events,
                           uint64_t token) {
    return epoll_ctl(epoll, operation, descriptor,
                     &(struct epoll_event){.events = events, .data.u64 = token});
}
int csandbox_epoll_wait(int epoll, struct epoll_event *events, int count, int milliseconds) {
    return epoll_wait(epoll, events, count, milliseconds);
}
uint64_t csandbox_epoll_token(const struct epoll_event *event) { return event->data.u64; }
uint32_t csandbox_epoll_events(const struct epoll_event *event) { return event->events; }
int csandbox_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int csandbox_pidfd_open(pid_t pid, unsigned flags) {
    return (int)syscall(SYS_pidfd_open, pid, flags);
}
int csandbox_pidfd_send_signal(int descriptor, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, descriptor, signal, NULL, 0);
}
int csandbox_spawn_set_new_session(posix_spawnattr_t *attributes) {
    return posix_spawnattr_setflags(
        attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}
int csandbox_spawn_set_defaults(posix_spawnattr_t *attributes) {
    sigset_t every;
    sigfillset(&every);
    return posix_spawnattr_setsigdefault(attributes, &every);
}
int csandbox_wait_exited(int status) { return WIFEXITED(status); }
int csandbox_wait_status(int status) { return WEXITSTATUS(status); }
int csandbox_wait_signal(int status) { return WTERMSIG(status); }
pid_t csandbox_wait_without_blocking(pid_t pid, int *status) {
    return waitpid(pid, status, WNOHANG);
}
int csandbox_block_all_signals(void) {
    sigset_t every;
    sigfillset(&every);
    return pthread_sigmask(SIG_SETMASK, &every, NULL);
}
int csandbox_cpu_time(pid_t pid, struct timespec *used) {
    // The kernel's clock of a whole process, as clock_getcpuclockid() makes it.
    return clock_gettime((~(clockid_t)pid) * 8 + 2, used);
}
int csandbox_set_cpu_limit(pid_t pid, uint64_t soft_seconds, uint64_t hard_seconds) {
    return prlimit(pid, RLIMIT_CPU, &(struct rlimit){soft_seconds, hard_seconds}, NULL);
}
