// sandbox-launch: locks itself in and becomes the Python interpreter that sessions are forked from.
//
//   sandbox-launch --python PATH [--cgroup DIRECTORY] [--without LIST] [--omit RULES]
//                  [--loosen RULES] -- ARGUMENT ...
//   sandbox-launch --rules
//
// It starts with standard input, output and error, its socket to the rank (3) and the interpreter's
// bootstrap (4). It closes everything else, forbids new privileges, enters the cgroup and what
// namespaces it can, sets limits, switches address randomisation off, loads the filter of stage one and executes the
// interpreter in isolated mode with a fixed environment. The library libsandbox-zygote.so, which
// must be beside this program, is preloaded into it and does the rest.
//
// Without the process namespace there is one process; with it there is a second, this one, that
// waits for the interpreter and ends as it ends. Both run below process-guard.
//
// `--without` (namespaces, session-filter), `--omit` and `--loosen` exist for the tests, which show
// that a lock is what stops an attack by taking it away.

#include "filters.h"
#include "namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum descriptors { last_given = 4, session_filter = 5, library = 6 };

/// Above the namespaces' bits: addresses repeat from run to run; a cgroup was entered.
enum { lock_fixed_addresses = 1 << 16, lock_control_group = 1 << 17 };

struct options {
    const char *python;
    const char *control_group;
    const char *without;
    struct filter_change change;
    char **arguments;
    int argument_count;
};

static void fail(const char *what, const char *remedy) {
    fprintf(stderr, "sandbox-launch: %s: %s; %s\n", what, strerror(errno), remedy);
    exit(1);
}

static struct options parse(int count, char **arguments) {
    struct options options = {.without = ""};
    int index = 1;
    if (count == 2 && strcmp(arguments[1], "--rules") == 0) {
        filters_print_rules();
        exit(0);
    }
    for (; index + 1 < count && strcmp(arguments[index], "--") != 0; index += 2) {
        if (strcmp(arguments[index], "--python") == 0)
            options.python = arguments[index + 1];
        else if (strcmp(arguments[index], "--cgroup") == 0)
            options.control_group = arguments[index + 1];
        else if (strcmp(arguments[index], "--without") == 0)
            options.without = arguments[index + 1];
        else if (strcmp(arguments[index], "--omit") == 0)
            options.change.omitted = arguments[index + 1];
        else if (strcmp(arguments[index], "--loosen") == 0)
            options.change.loosened = arguments[index + 1];
    }
    if (options.python == NULL || index >= count) {
        fprintf(stderr, "usage: sandbox-launch --python PATH -- ARGUMENT ...\n");
        exit(2);
    }
    options.arguments = arguments + index + 1;
    options.argument_count = count - index - 1;
    return options;
}

/// Opens a file as a descriptor of a fixed number that the interpreter inherits.
static void place(int file, int number, const char *what) {
    if (file < 0 || dup2(file, number) < 0)
        fail(what, "install it beside sandbox-launch");
    if (file != number)
        close(file);
}

static void open_library(void) {
    char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 32);
    if (size <= 0)
        fail("/proc/self/exe", "mount /proc");
    path[size] = '\0';
    char *name = strrchr(path, '/') + 1;
    strcpy(name, "libsandbox-zygote.so");
    place(open(path, O_RDONLY), library, path);
}

/// Everything below this process is then limited by it.
static bool enter_control_group(const char *directory) {
    char path[PATH_MAX];
    if (directory == NULL ||
        snprintf(path, sizeof path, "%s/cgroup.procs", directory) >= (int)sizeof path)
        return false;
    int file = open(path, O_WRONLY | O_CLOEXEC);
    bool has_entered = file >= 0 && write(file, "0", 1) == 1;
    if (file >= 0)
        close(file);
    return has_entered;
}

/// In the process namespace the interpreter is a child; this process waits and ends as it ends.
static void wait_in_its_place(void) {
    pid_t interpreter = fork();
    if (interpreter < 0)
        fail("fork", "raise the limit on processes (ulimit -u)");
    if (interpreter == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        return;
    }
    // The rank must see the control socket close when the interpreter ends.
    syscall(SYS_close_range, 3u, ~0u, 0u);
    int status;
    while (waitpid(interpreter, &status, 0) < 0 && errno == EINTR) {
    }
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static void limit_zygote(void) {
    struct rlimit none = {0, 0}, files = {256, 256}, stack = {8 << 20, 8 << 20};
    if (setrlimit(RLIMIT_CORE, &none) != 0 || setrlimit(RLIMIT_MEMLOCK, &none) != 0 ||
        setrlimit(RLIMIT_MSGQUEUE, &none) != 0 || setrlimit(RLIMIT_NOFILE, &files) != 0)
        fail("setrlimit", "raise the hard limit on open files to 256 (ulimit -Hn)");
    // Recursion depth must not depend on the user's shell; a lower hard limit is kept.
    setrlimit(RLIMIT_STACK, &stack);
}

static void become_python(const struct options *options, unsigned locks) {
    char lock_text[16], preload[64];
    snprintf(lock_text, sizeof lock_text, "%u", locks);
    snprintf(preload, sizeof preload, "LD_PRELOAD=/proc/self/fd/%d", library);
    const char *search_path = getenv("LD_LIBRARY_PATH");
    size_t room = search_path == NULL ? 1 : strlen(search_path) + 32;
    char *libraries = malloc(room);
    char **arguments = calloc((size_t)options->argument_count + 6, sizeof *arguments);
    if (libraries == NULL || arguments == NULL)
        fail("memory", "free some");
    snprintf(libraries, room, "LD_LIBRARY_PATH=%s", search_path == NULL ? "" : search_path);

    // One thread: a thread pool of OpenBLAS does not survive a fork. Fixed words, zone and home.
    char *environment[] = {preload,
                           "PATH=/usr/bin:/bin",
                           "HOME=/",
                           "LANG=C.UTF-8",
                           "LC_ALL=C.UTF-8",
                           "TZ=UTC",
                           "OPENBLAS_NUM_THREADS=1",
                           "OMP_NUM_THREADS=1",
                           "MKL_NUM_THREADS=1",
                           // Bind calls to libraries once, here, and not once in every session.
                           "LD_BIND_NOW=1",
                           search_path == NULL ? NULL : libraries,
                           NULL};
    int count = 0;
    // The interpreter finds its modules, and a virtual environment, from this path.
    arguments[count++] = (char *)options->python;
    arguments[count++] = "-I";
    arguments[count++] = "-B";
    arguments[count++] = "/proc/self/fd/4";
    arguments[count++] = lock_text;
    for (int index = 0; index < options->argument_count; index++)
        arguments[count++] = options->arguments[index];
    execve(options->python, arguments, environment);
    fail(options->python, "set sandbox.python to an interpreter with numpy, scipy and sympy");
}

int main(int argument_count, char **arguments) {
    struct options options = parse(argument_count, arguments);
    syscall(SYS_close_range, (unsigned)last_given + 1, ~0u, 0u);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        fail("no_new_privs", "a kernel of at least 3.5 is needed");
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    open_library();

    if (strstr(options.without, "session-filter") == NULL) {
        int filter = filters_session_filter(&options.change);
        errno = filter < 0 ? -filter : 0;
        place(filter, session_filter, "the session filter");
    } else {
        place(memfd_create("no filter", 0), session_filter, "no filter");
    }

    unsigned locks = 0;
    bool has_entered = enter_control_group(options.control_group);
    if (strstr(options.without, "namespaces") == NULL)
        locks = namespaces_enter();
    if (has_entered)
        locks |= lock_control_group;
    if (locks & namespace_process)
        wait_in_its_place();
    limit_zygote();
    if (personality(ADDR_NO_RANDOMIZE) >= 0)
        locks |= lock_fixed_addresses;

    int status = filters_load_zygote_filter(&options.change);
    if (status != 0) {
        errno = -status;
        fail("seccomp", "a kernel with CONFIG_SECCOMP_FILTER is needed, and a container that "
                        "allows seccomp()");
    }
    become_python(&options, locks);
}
