// process-guard: runs one program and sees to it that nothing of it outlives its purpose.
//
//   process-guard --grace-ms MS --keep N [--nice N] -- PROGRAM [ARGUMENT ...]
//
// A rank starts vLLM, the trainer, the grader and the sandbox below this guard. Such programs
// have children of their own, which leave their process group, outlive their parent or ignore
// SIGTERM. The guard is a child subreaper: whatever is orphaned below it becomes its child, so
// that it can find and end everything. The end begins when
//
//   - the control socket closes: the rank is gone, however it died;
//   - four bytes arrive on it: a grace period in milliseconds, little endian;
//   - SIGTERM, SIGINT or SIGHUP arrives, or the parent process is gone;
//   - the program has ended by itself and left something behind.
//
// Then everything gets SIGTERM and, when the grace period is over, SIGKILL until nothing is left.
// The guard ends with the program's own exit status, or dies by the signal the program died of.
//
// With `--nice` the program has that niceness, among all programs of the machine.
//
// Descriptors: 0, 1, 2 and 3 ... 2+N are the program's; 3+N is the control socket.

#include "tree.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC 4
#endif

/// How often everything left gets SIGKILL again: a process may have forked between two looks.
enum { kill_again_milliseconds = 20 };

enum { exit_usage = 125, exit_internal = 126, exit_not_started = 127 };

struct options {
    long grace_milliseconds;
    int kept_descriptors;
    int niceness;
    char **command;
};

static struct options parse(int count, char **arguments) {
    struct options options = {.grace_milliseconds = 5000};
    int index = 1;
    for (; index + 1 < count && strcmp(arguments[index], "--") != 0; index += 2) {
        if (strcmp(arguments[index], "--grace-ms") == 0)
            options.grace_milliseconds = strtol(arguments[index + 1], NULL, 10);
        else if (strcmp(arguments[index], "--keep") == 0)
            options.kept_descriptors = (int)strtol(arguments[index + 1], NULL, 10);
        else if (strcmp(arguments[index], "--nice") == 0)
            options.niceness = (int)strtol(arguments[index + 1], NULL, 10);
        else
            break;
    }
    if (index + 1 >= count || strcmp(arguments[index], "--") != 0) {
        fprintf(stderr,
                "usage: process-guard --grace-ms MS --keep N [--nice N] -- PROGRAM "
                "[ARGUMENT ...]\n");
        exit(exit_usage);
    }
    options.command = arguments + index + 1;
    return options;
}

static int64_t now_milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/// Lets other programs go first where cores are short. Should the kernel refuse, all are equal.
static void be_nice(int niceness) {
    setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + niceness);
    // The guard leads a session. Where the kernel shares cores out by session (autogroups), a process's
    // own niceness counts within its session alone, and that of the session is here.
    FILE *session = fopen("/proc/self/autogroup", "we");
    if (session == NULL)
        return;
    fprintf(session, "%d", niceness);
    fclose(session);
}

/// In the new process: its own group, the guard's death as its own, default signals, the program.
static void become(const struct options *options, const sigset_t *original_mask) {
    setpgid(0, 0);
    if (options->niceness != 0)
        be_nice(options->niceness);
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    syscall(SYS_close_range, 3u + (unsigned)options->kept_descriptors, ~0u, CLOSE_RANGE_CLOEXEC);
    sigprocmask(SIG_SETMASK, original_mask, NULL);
    execvp(options->command[0], options->command);
    fprintf(stderr, "process-guard: cannot start %s: %s\n", options->command[0], strerror(errno));
    _exit(exit_not_started);
}

/// Ends as the program ended, so that whoever waits for the guard learns it.
static void end_like(const struct program *program) {
    if (WIFEXITED(program->wait_status))
        exit(WEXITSTATUS(program->wait_status));
    int signal_number = WTERMSIG(program->wait_status);
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, signal_number);
    signal(signal_number, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &only, NULL);
    raise(signal_number);
    exit(exit_internal);
}

/// A request on the control socket, as a grace period; its end closes it.
/// - Returns: false when nothing was asked.
static bool asked_to_end(int *control, long *grace_milliseconds) {
    uint8_t bytes[4];
    ssize_t size = read(*control, bytes, sizeof bytes);
    if (size == (ssize_t)sizeof bytes)
        *grace_milliseconds = (long)((uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 |
                                     (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24);
    if (size < 0 && (errno == EINTR || errno == EAGAIN))
        return false;
    if (size <= 0) {
        close(*control);
        *control = -1;
    }
    return true;
}

int main(int argument_count, char **arguments) {
    struct options options = parse(argument_count, arguments);
    int control = 3 + options.kept_descriptors;
    pid_t starter = getppid();
    // Whatever the rank's other libraries left inheritable is nobody's business here.
    syscall(SYS_close_range, (unsigned)control + 1, ~0u, 0u);

    sigset_t watched, original_mask;
    sigemptyset(&watched);
    sigaddset(&watched, SIGCHLD);
    sigaddset(&watched, SIGTERM);
    sigaddset(&watched, SIGINT);
    sigaddset(&watched, SIGHUP);
    sigprocmask(SIG_BLOCK, &watched, &original_mask);
    // Slurm sends `--signal=USR1` to every process of a step. It is the rank that is asked to stop;
    // the program goes on until the rank ends it. What is ignored stays so through fork and exec.
    signal(SIGUSR1, SIG_IGN);
    int signals = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);

    if (signals < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) {
        fprintf(stderr, "process-guard: cannot watch over a program: %s\n", strerror(errno));
        return exit_internal;
    }
    // Sent when the *thread* that started the guard ends, too: see the check of getppid() below.
    prctl(PR_SET_PDEATHSIG, SIGHUP, 0, 0, 0);

    struct program program = {.pid = fork()};
    if (program.pid < 0) {
        fprintf(stderr, "process-guard: fork: %s\n", strerror(errno));
        return exit_internal;
    }
    if (program.pid == 0)
        become(&options, &original_mask);
    setpgid(program.pid, program.pid);
    // The guard must not keep a pipe or socket of the program open: its other end waits for EOF.
    syscall(SYS_close_range, 0u, 1u, 0u);
    if (options.kept_descriptors > 0)
        syscall(SYS_close_range, 3u, 2u + (unsigned)options.kept_descriptors, 0u);

    bool ending = false, grace_is_over = false;
    int64_t deadline = 0;
    while (tree_reap(&program)) {
        long grace = options.grace_milliseconds;
        bool must_end = program.ended;
        int64_t wait = -1;
        if (ending) {
            wait = grace_is_over ? kill_again_milliseconds : deadline - now_milliseconds();
            if (wait <= 0) {
                grace_is_over = true;
                wait = kill_again_milliseconds;
            }
            if (grace_is_over)
                tree_signal(&program, SIGKILL);
        } else if (must_end) {
            wait = 0;
        }
        struct pollfd sources[2] = {{.fd = signals, .events = POLLIN},
                                    {.fd = control, .events = POLLIN}};
        poll(sources, control < 0 ? 1 : 2, (int)wait);

        struct signalfd_siginfo information;
        while (read(signals, &information, sizeof information) == (ssize_t)sizeof information) {
            bool thread_of_starter_ended =
                information.ssi_signo == SIGHUP && getppid() == starter;
            if (information.ssi_signo != SIGCHLD && !thread_of_starter_ended)
                must_end = true;
        }
        bool shorten = false;
        if (control >= 0 && sources[1].revents != 0 && asked_to_end(&control, &grace))
            must_end = shorten = true;
        if (must_end && (!ending || shorten)) {
            int64_t wanted = now_milliseconds() + grace;
            if (!ending || wanted < deadline)
                deadline = wanted;
            if (!ending)
                tree_signal(&program, SIGTERM);
            ending = true;
        }
    }
    end_like(&program);
}
