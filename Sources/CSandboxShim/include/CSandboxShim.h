// The complete list of what Sandbox calls in C. Each function wraps one call: same argument
// order, status returned unchanged; macros and variadic calls become functions.
#pragma once

#include <poll.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Error numbers and open flags, whose macros Swift may not import.
int csandbox_errno(void);

// Descriptors
int csandbox_open(const char *path, int flags, mode_t mode);
int csandbox_pipe(int descriptors[2], int flags);
int csandbox_duplicate_above(int descriptor, int lowest);
int csandbox_set_nonblocking(int descriptor);
int csandbox_poll_readable(int descriptor);
// What the other end of a stream socket has not read yet (SIOCOUTQ), in bytes of the kernel's memory.
int csandbox_unread_bytes(int socket, int *bytes);
int csandbox_socketpair(int type, int descriptors[2]);
int csandbox_memory_file(const char *name);

// Messages with descriptors (SCM_RIGHTS): two go out, at most one comes in (-1: none).
ssize_t csandbox_send_two_descriptors(int socket, const void *bytes, size_t length, int first,
                                      int second);
ssize_t csandbox_receive_descriptor(int socket, void *bytes, size_t length, int *descriptor);

// epoll
int csandbox_epoll_create(void);
int csandbox_epoll_control(int epoll, int operation, int descriptor, uint32_t events, uint64_t token);
int csandbox_epoll_wait(int epoll, struct epoll_event *events, int count, int milliseconds);
uint64_t csandbox_epoll_token(const struct epoll_event *event);
uint32_t csandbox_epoll_events(const struct epoll_event *event);
int csandbox_eventfd(void);

// Processes
int csandbox_pidfd_open(pid_t pid, unsigned flags);
int csandbox_pidfd_send_signal(int descriptor, int signal);
int csandbox_spawn_set_new_session(posix_spawnattr_t *attributes);
int csandbox_spawn_set_defaults(posix_spawnattr_t *attributes);
int csandbox_wait_exited(int status);
int csandbox_wait_status(int status);
int csandbox_wait_signal(int status);
pid_t csandbox_wait_without_blocking(pid_t pid, int *status);
int csandbox_block_all_signals(void);
int csandbox_cpu_time(pid_t pid, struct timespec *used);
int csandbox_set_cpu_limit(pid_t pid, uint64_t soft_seconds, uint64_t hard_seconds);
