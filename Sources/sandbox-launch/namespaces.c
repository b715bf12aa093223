#include "namespaces.h"

#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>

static bool write_text(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    bool is_written = write(file, text, strlen(text)) == (ssize_t)strlen(text);
    close(file);
    return is_written;
}

/// Capabilities that survive the start of the interpreter, which needs them to leave the file
/// system and then drops them. They are worth nothing outside this user namespace.
static void keep_capabilities_of_the_namespace(void) {
    static const int kept[] = {CAP_SYS_CHROOT, CAP_SETPCAP};
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) != 0)
        return;
    for (size_t index = 0; index < sizeof kept / sizeof *kept; index++)
        data[0].inheritable |= 1u << kept[index];
    if (syscall(SYS_capset, &header, data) != 0)
        return;
    for (size_t index = 0; index < sizeof kept / sizeof *kept; index++)
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, kept[index], 0, 0);
}

/// A user namespace in which this user is itself and nobody else exists.
static bool enter_user_namespace(void) {
    uid_t user = geteuid();
    gid_t group = getegid();
    if (unshare(CLONE_NEWUSER) != 0)
        return false;
    // The maps of a process that cannot be dumped belong to root.
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    char user_map[64], group_map[64];
    snprintf(user_map, sizeof user_map, "%u %u 1", user, user);
    snprintf(group_map, sizeof group_map, "%u %u 1", group, group);
    bool is_mapped = write_text("/proc/self/setgroups", "deny") &&
                     write_text("/proc/self/uid_map", user_map) &&
                     write_text("/proc/self/gid_map", group_map);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    if (is_mapped)
        keep_capabilities_of_the_namespace();
    return is_mapped;
}

unsigned namespaces_enter(void) {
    static const struct {
        int flag;
        unsigned lock;
    } wanted[] = {
        {CLONE_NEWNS, namespace_mount},    {CLONE_NEWNET, namespace_network},
        {CLONE_NEWIPC, namespace_ipc},     {CLONE_NEWPID, namespace_process},
        {CLONE_NEWUTS, namespace_host_name},
    };
    unsigned locks = 0;
    // Root needs no user namespace for the others, and must be able to become another user.
    if (geteuid() != 0 && enter_user_namespace())
        locks |= namespace_user;
    for (size_t index = 0; index < sizeof wanted / sizeof *wanted; index++)
        if (unshare(wanted[index].flag) == 0)
            locks |= wanted[index].lock;
    // Without this, mounts made outside would still appear inside.
    if (locks & namespace_mount)
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
    if (locks & namespace_host_name) {
        static const char name[] = "sandbox";
        if (sethostname(name, sizeof name - 1) != 0)
            locks &= ~(unsigned)namespace_host_name;
    }
    return locks;
}
