// What the zygote gives up, in two steps: before it imports modules, and after.
//
// A session's own filter refuses every path and every privilege by itself. These are second locks:
// they hold if that filter had a hole, and each is used only where the kernel has it.

#include "sandbox-zygote.h"

#include "zygote-state.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/capability.h>
#include <linux/landlock.h>

// Newer than the oldest headers this is built with; the kernel is asked for what it knows.
enum {
    landlock_read = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
                    LANDLOCK_ACCESS_FS_EXECUTE,
    landlock_read_of_a_file = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE,
    landlock_tcp = 1 << 0 | 1 << 1,    // ABI 4: bind and connect
    landlock_scopes = 1 << 0 | 1 << 1, // ABI 6: abstract Unix sockets and signals
    nobody = 65534,
};

struct landlock_rules {
    uint64_t file_system;
    uint64_t network;
    uint64_t scopes;
};

static int landlock_version(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version < 0 ? 0 : (int)version;
}

/// A ruleset that handles, and so forbids, everything the kernel's version can.
static int landlock_everything(int version) {
    struct landlock_rules rules = {.file_system = (1u << 13) - 1};
    size_t size = sizeof rules.file_system;
    if (version >= 2)
        rules.file_system |= 1 << 13; // renaming across directories
    if (version >= 3)
        rules.file_system |= 1 << 14; // truncating
    if (version >= 5)
        rules.file_system |= 1 << 15; // ioctl on devices
    if (version >= 4) {
        rules.network = landlock_tcp;
        size = 2 * sizeof rules.file_system;
    }
    if (version >= 6) {
        rules.scopes = landlock_scopes;
        size = sizeof rules;
    }
    return (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0u);
}

static bool landlock_enforce(int ruleset) {
    bool is_enforced = syscall(SYS_landlock_restrict_self, ruleset, 0u) == 0;
    close(ruleset);
    return is_enforced;
}

int zygote_restrict_reading(const char *const *paths, size_t count) {
    int version = landlock_version();
    int ruleset = version == 0 ? -1 : landlock_everything(version);
    if (ruleset < 0)
        return 0;
    for (size_t index = 0; index < count; index++) {
        int place = open(paths[index], O_PATH | O_CLOEXEC);
        struct stat status;
        if (place < 0)
            continue; // Not every system has every path.
        if (fstat(place, &status) == 0) {
            struct landlock_path_beneath_attr rule = {
                .allowed_access = S_ISDIR(status.st_mode) ? landlock_read : landlock_read_of_a_file,
                .parent_fd = place};
            syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0u);
        }
        close(place);
    }
    return landlock_enforce(ruleset) ? version : 0;
}

/// Leaves for a root directory that is empty and cannot be filled: the /proc directory of a
/// process that is gone. The process shares its root with the zygote, changes it, and ends.
static bool move_to_empty_root(void) {
    pid_t mover = (pid_t)syscall(SYS_clone, CLONE_FS | SIGCHLD, 0, 0, 0, 0);
    if (mover == 0)
        _exit(chroot("/proc/self/fdinfo") == 0 && chdir("/") == 0 ? 0 : 1);
    int status;
    if (mover < 0 || waitpid(mover, &status, 0) != mover)
        return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 && access("/proc", F_OK) != 0;
}

static bool drop_root(void) {
    return setgroups(0, NULL) == 0 && syscall(SYS_setresgid, nobody, nobody, nobody) == 0 &&
           syscall(SYS_setresuid, nobody, nobody, nobody) == 0 && setuid(0) != 0;
}

static bool drop_capabilities(void) {
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0}};
    return syscall(SYS_capset, &header, none) == 0;
}

int zygote_lock_down(int uses_second_locks) {
    int locks = 0;
    zygote_begin_measuring();
    for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
        prctl(PR_CAPBSET_DROP, capability, 0, 0, 0); // Refused, and needless, without privileges.
    if (uses_second_locks && move_to_empty_root())
        locks |= zygote_lock_empty_root;
    if (geteuid() == 0 || getuid() == 0) {
        if (!drop_root())
            return -1;
        locks |= zygote_lock_user;
    }
    if (!drop_capabilities())
        return -1;
    // Changing the user forgets both of these.
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);

    int version = uses_second_locks ? landlock_version() : 0;
    int ruleset = version == 0 ? -1 : landlock_everything(version);
    if (ruleset >= 0 && landlock_enforce(ruleset))
        locks |= zygote_lock_landlock;
    return locks;
}
