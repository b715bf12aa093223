#include "filters.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <seccomp.h>

enum { output = 1, session_socket = 3 };

/// A rule: what happens to a system call, and which arguments it is about.
/// The same call may have several rules; an allowed call must satisfy all checks of one of them.
struct rule {
    const char *name;
    int system_call;
    uint32_t action;
    unsigned check_count;
    struct scmp_arg_cmp checks[2];
};

#define ALLOW(call) {#call, SCMP_SYS(call), SCMP_ACT_ALLOW, 0, {{0}}}
#define ALLOW_IF(rule_name, call, count, ...)                                                      \
    {rule_name, SCMP_SYS(call), SCMP_ACT_ALLOW, count, {__VA_ARGS__}}
#define KILL(call) {#call, SCMP_SYS(call), SCMP_ACT_KILL_PROCESS, 0, {{0}}}
#define REFUSE(call, number) {#call, SCMP_SYS(call), SCMP_ACT_ERRNO(number), 0, {{0}}}

/// What a session may do. Everything that is not here fails with EPERM: what a model may try in
/// good faith (a file, a socket, a thread) becomes an ordinary exception.
static const struct rule session_rules[] = {
    // What a snippet prints. Any other descriptor would be another channel.
    ALLOW_IF("write", write, 1, SCMP_A0_32(SCMP_CMP_EQ, output)),
    // The next snippet. Not read(): Python code cannot take from the socket by os.read.
    ALLOW_IF("recvfrom", recvfrom, 1, SCMP_A0_32(SCMP_CMP_EQ, session_socket)),
    // The result, to the connected rank only: an address would reach other sockets.
    ALLOW_IF("sendto", sendto, 2, SCMP_A0_32(SCMP_CMP_EQ, session_socket),
             SCMP_A4(SCMP_CMP_EQ, 0)),
    // Memory, but no file's and none that can be executed: no machine code of one's own, so no
    // 32-bit system calls either.
    ALLOW_IF("mmap", mmap, 2, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
             SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)),
    ALLOW_IF("mprotect", mprotect, 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)),
    ALLOW(munmap),
    ALLOW(mremap),
    ALLOW(brk),
    // Giving memory back; other advice (poisoning, merging) is the administrator's.
    ALLOW_IF("madvise", madvise, 1, SCMP_A2(SCMP_CMP_EQ, MADV_DONTNEED)),
    ALLOW_IF("madvise free", madvise, 1, SCMP_A2(SCMP_CMP_EQ, MADV_FREE)),
    ALLOW_IF("madvise hugepage", madvise, 1, SCMP_A2(SCMP_CMP_EQ, MADV_HUGEPAGE)),
    // Python's locks, also with one thread.
    ALLOW(futex),
    // time.sleep.
    ALLOW(clock_nanosleep),
    // The number of processors, which numpy and os.cpu_count ask for.
    ALLOW_IF("sched_getaffinity", sched_getaffinity, 1, SCMP_A0_32(SCMP_CMP_EQ, 0)),
    // The end.
    ALLOW(exit_group),
    ALLOW(exit),

    // Refused like everything else, but as "Permission denied", which is what an open looks like.
    REFUSE(open, EACCES),
    REFUSE(openat, EACCES),
    // "Not implemented", so that libc falls back to clone, which is refused.
    REFUSE(clone3, ENOSYS),

    // Calls with no use in a snippet and a history of holes in the kernel end the process, and the
    // rank sees which signal it died of.
    KILL(ptrace),
    KILL(process_vm_readv),
    KILL(process_vm_writev),
    KILL(kcmp),
    KILL(bpf),
    KILL(perf_event_open),
    KILL(userfaultfd),
    KILL(io_uring_setup),
    KILL(io_uring_enter),
    KILL(io_uring_register),
    KILL(keyctl),
    KILL(add_key),
    KILL(request_key),
    KILL(unshare),
    KILL(setns),
    KILL(mount),
    KILL(umount2),
    KILL(pivot_root),
    KILL(chroot),
    KILL(open_by_handle_at),
    KILL(init_module),
    KILL(finit_module),
    KILL(delete_module),
    KILL(kexec_load),
    KILL(kexec_file_load),
    KILL(reboot),
    KILL(swapon),
    KILL(swapoff),
    KILL(acct),
    KILL(quotactl),
    KILL(settimeofday),
    KILL(clock_settime),
    KILL(adjtimex),
    KILL(clock_adjtime),
    KILL(sethostname),
    KILL(setdomainname),
    KILL(syslog),
    KILL(vmsplice),
    KILL(personality),
    KILL(seccomp),
    KILL(modify_ldt),
    KILL(iopl),
    KILL(ioperm),
    KILL(lookup_dcookie),
    KILL(nfsservctl),
    KILL(move_pages),
    KILL(migrate_pages),
    KILL(mbind),
    KILL(set_mempolicy),
};

/// What the zygote may not do while it imports modules. It is not hostile, but what it loads is
/// third-party code, and its sessions inherit this filter below their own.
static const struct rule zygote_rules[] = {
    // No network: only Unix sockets can be made, and those cannot be connected.
    {"socket", SCMP_SYS(socket), SCMP_ACT_ERRNO(EPERM), 1, {SCMP_A0_32(SCMP_CMP_NE, 1)}},
    REFUSE(connect, EPERM),
    REFUSE(bind, EPERM),
    REFUSE(listen, EPERM),
    REFUSE(accept, EPERM),
    REFUSE(accept4, EPERM),
    // No looking into other processes.
    KILL(ptrace),
    KILL(process_vm_readv),
    KILL(process_vm_writev),
    REFUSE(pidfd_getfd, EPERM),
    // No new namespaces, mounts or keys: the launcher has made its own before.
    KILL(unshare),
    KILL(setns),
    KILL(mount),
    KILL(umount2),
    KILL(pivot_root),
    REFUSE(keyctl, EPERM),
    REFUSE(add_key, EPERM),
    REFUSE(request_key, EPERM),
    // No kernel interfaces with a history.
    KILL(bpf),
    KILL(userfaultfd),
    REFUSE(io_uring_setup, ENOSYS),
    KILL(perf_event_open),
    KILL(open_by_handle_at),
    KILL(init_module),
    KILL(finit_module),
    KILL(delete_module),
    KILL(kexec_load),
    KILL(kexec_file_load),
    KILL(reboot),
    KILL(swapon),
    KILL(swapoff),
    // No changes of the machine.
    KILL(settimeofday),
    KILL(clock_settime),
    KILL(sethostname),
    KILL(setdomainname),
};

static int add_rules(scmp_filter_ctx context, const struct rule *rules, size_t count,
                     const struct filter_change *change) {
    for (size_t index = 0; index < count; index++) {
        const struct rule *rule = &rules[index];
        if (change->omitted != NULL && strcmp(rule->name, change->omitted) == 0)
            continue;
        bool is_loose = change->loosened != NULL && strcmp(rule->name, change->loosened) == 0;
        // libseccomp gives calls that this architecture does not have negative numbers.
        if (rule->system_call < 0)
            continue;
        int status = seccomp_rule_add_array(context, rule->action, rule->system_call,
                                            is_loose ? 0 : rule->check_count, rule->checks);
        if (status != 0)
            return status;
    }
    return 0;
}

int filters_load_zygote_filter(const struct filter_change *change) {
    scmp_filter_ctx context = seccomp_init(SCMP_ACT_ALLOW);
    if (context == NULL)
        return -ENOMEM;
    int status = seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (status == 0)
        status = add_rules(context, zygote_rules, sizeof zygote_rules / sizeof *zygote_rules,
                           change);
    if (status == 0)
        status = seccomp_load(context);
    seccomp_release(context);
    return status;
}

int filters_session_filter(const struct filter_change *change) {
    scmp_filter_ctx context = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int file = memfd_create("session filter", 0);
    if (context == NULL || file < 0)
        return -ENOMEM;
    // A foreign architecture (32-bit, x32) has other numbers for the same calls.
    int status = seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (status == 0)
        status = add_rules(context, session_rules, sizeof session_rules / sizeof *session_rules,
                           change);
    if (status == 0)
        status = seccomp_export_bpf(context, file);
    seccomp_release(context);
    return status == 0 ? file : status;
}

static void print_rules(const char *filter, const struct rule *rules, size_t count) {
    for (size_t index = 0; index < count; index++)
        printf("%s\t%s\t%d\t%s\t%u\n", filter, rules[index].name, rules[index].system_call,
               rules[index].action == SCMP_ACT_ALLOW          ? "allow"
               : rules[index].action == SCMP_ACT_KILL_PROCESS ? "kill"
                                                              : "refuse",
               rules[index].check_count);
}

void filters_print_rules(void) {
    print_rules("session", session_rules, sizeof session_rules / sizeof *session_rules);
    print_rules("zygote", zygote_rules, sizeof zygote_rules / sizeof *zygote_rules);
}
