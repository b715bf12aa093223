#include "filters.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/futex.h>
#include <seccomp.h>

enum { output = 1, session_socket = 3 };

/// What kind of memory mmap makes: one's own or shared, without a file, of the pool of huge pages.
enum { mapping_kind = 0x0f | MAP_ANONYMOUS | MAP_HUGETLB };

/// A rule: what happens to a system call, and which arguments it is about.
/// The same call may have several rules; an allowed call must satisfy all checks of one of them.
struct rule {
    const char *name;
    int system_call;
    uint32_t action;
    unsigned check_count;
    struct scmp_arg_cmp checks[3];
};

#define ALLOW(call) {#call, SCMP_SYS(call), SCMP_ACT_ALLOW, 0, {{0}}}
#define ALLOW_IF(rule_name, call, count, ...)                                                      \
    {rule_name, SCMP_SYS(call), SCMP_ACT_ALLOW, count, {__VA_ARGS__}}
#define KILL(call) {#call, SCMP_SYS(call), SCMP_ACT_KILL_PROCESS, 0, {{0}}}
#define KILL_IF(rule_name, call, count, ...)                                                       \
    {rule_name, SCMP_SYS(call), SCMP_ACT_KILL_PROCESS, count, {__VA_ARGS__}}
/// A command of futex, with its flags: neither has another meaning in the upper half.
#define FUTEX(rule_name, command) ALLOW_IF(rule_name, futex, 1, SCMP_A1_32(SCMP_CMP_EQ, command))
#define REFUSE(call, number) {#call, SCMP_SYS(call), SCMP_ACT_ERRNO(number), 0, {{0}}}

/// What a session may do. Everything that is not here fails with EPERM: what a model may try in
/// good faith (a file, a socket, a thread) becomes an ordinary exception.
static const struct rule session_rules[] = {
    // What a snippet prints. Any other descriptor would be another channel.
    ALLOW_IF("write", write, 1, SCMP_A0_32(SCMP_CMP_EQ, output)),
    // The next snippet. Not read(): Python code cannot take from the socket by os.read. No flags:
    // they would look at what is not the next byte.
    ALLOW_IF("recvfrom", recvfrom, 2, SCMP_A0_32(SCMP_CMP_EQ, session_socket),
             SCMP_A3_32(SCMP_CMP_EQ, 0)),
    // The result, to the connected rank only: an address would reach other sockets. A byte out of
    // band (MSG_OOB) would wait beside the results, where no read of the rank finds it.
    ALLOW_IF("sendto", sendto, 3, SCMP_A0_32(SCMP_CMP_EQ, session_socket),
             SCMP_A3_32(SCMP_CMP_MASKED_EQ, (uint32_t)~MSG_NOSIGNAL, 0), SCMP_A4(SCMP_CMP_EQ, 0)),
    // No program sends one by accident.
    KILL_IF("sendto out of band", sendto, 1, SCMP_A3_32(SCMP_CMP_MASKED_EQ, MSG_OOB, MSG_OOB)),
    // Memory, but no file's and none that can be executed: no machine code of one's own, so no
    // 32-bit system calls either. Private, so that the limit on data counts it. Not of the pool of
    // huge pages, which all of the machine's processes share: how much is left of it is a channel.
    ALLOW_IF("mmap", mmap, 2, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
             SCMP_A3(SCMP_CMP_MASKED_EQ, mapping_kind, MAP_PRIVATE | MAP_ANONYMOUS)),
    ALLOW_IF("mprotect", mprotect, 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)),
    // Giving memory back, which is all it can do.
    ALLOW(munmap),
    // Growing memory in place; what it moves keeps its protection.
    ALLOW(mremap),
    // libc's heap, within the limit on memory.
    ALLOW(brk),
    // Giving memory back; merging pages with other processes', which can be timed, is no advice
    // that is taken here, and poisoning is the administrator's.
    ALLOW_IF("madvise", madvise, 1, SCMP_A2(SCMP_CMP_EQ, MADV_DONTNEED)),
    // Large arrays of numpy ask for it.
    ALLOW_IF("madvise hugepage", madvise, 1, SCMP_A2(SCMP_CMP_EQ, MADV_HUGEPAGE)),
    // Python's locks, also with one thread. Only private ones: a futex that is not private is known
    // to the kernel by its page, and every process that has a library's page could wait or wake
    // there. The other commands (requeue, owners, operations on a second word) have no user here.
    FUTEX("futex wait", FUTEX_WAIT_PRIVATE),                 // a mutex of libc
    FUTEX("futex wake", FUTEX_WAKE_PRIVATE),                 // all of libc's locks
    FUTEX("futex wait bitset", FUTEX_WAIT_BITSET_PRIVATE),   // until a moment, or a condition
    // A semaphore, which is what Python's locks are: libc asks for this clock also without a moment.
    FUTEX("futex wait bitset realtime", FUTEX_WAIT_BITSET_PRIVATE | FUTEX_CLOCK_REALTIME),
    FUTEX("futex wake bitset", FUTEX_WAKE_BITSET_PRIVATE),   // the counterpart
    // time.sleep. Other clocks are those of processes, and tell which exist and what they use.
    ALLOW_IF("clock_nanosleep", clock_nanosleep, 1, SCMP_A0_32(SCMP_CMP_EQ, CLOCK_MONOTONIC)),
    // What the kernel makes of a sleep that was stopped and goes on; nothing else can be asked of it.
    ALLOW(restart_syscall),
    // The number of processors, which numpy and os.cpu_count ask for.
    ALLOW_IF("sched_getaffinity", sched_getaffinity, 1, SCMP_A0_32(SCMP_CMP_EQ, 0)),
    // The end.
    ALLOW(exit_group),
    // The same for a single thread, which this is.
    ALLOW(exit),

    // Refused like everything else, but as "Permission denied", which is what an open looks like.
    REFUSE(open, EACCES),
    REFUSE(openat, EACCES),         // what libc's open calls
    // "Not implemented", so that libc falls back to clone, which is refused.
    REFUSE(clone3, ENOSYS),

    // Calls with no use in a snippet end the process, and the rank sees which signal it died of:
    // the kernel's history of holes, or what reaches beyond this process. Each closes:
    KILL(ptrace),                   // reading and steering another process of this user
    KILL(process_vm_readv),         // another process's memory
    KILL(process_vm_writev),        // the same, writing
    KILL(kcmp),                     // kernel pointers by comparing descriptors of processes
    KILL(bpf),                      // programs inside the kernel
    KILL(perf_event_open),          // counters that watch other processes and the kernel
    KILL(userfaultfd),              // stopping the kernel in the middle of a copy
    KILL(io_uring_setup),           // system calls through shared memory, which no filter sees
    KILL(io_uring_enter),           // the same, on a ring that was found open
    KILL(io_uring_register),        // the same
    KILL(keyctl),                   // the user's keyrings, which outlive the process
    KILL(add_key),                  // a key in them
    KILL(request_key),              // a key from them, or a helper that the kernel starts as root
    KILL(unshare),                  // new namespaces, with capabilities in them
    KILL(setns),                    // other processes' namespaces
    KILL(mount),                    // another file system over this one
    KILL(umount2),                  // taking a mount away, and what it hides
    KILL(pivot_root),               // another root directory
    KILL(chroot),                   // a root directory below an open one
    KILL(open_by_handle_at),        // any file of a disk by number, whatever its path allows
    KILL(init_module),              // code in the kernel
    KILL(finit_module),             // the same, from a file
    KILL(delete_module),            // taking a kernel's guard away
    KILL(kexec_load),               // another kernel
    KILL(kexec_file_load),          // the same, from a file
    KILL(reboot),                   // the end of everybody's jobs
    KILL(swapon),                   // memory of all processes in a file
    KILL(swapoff),                  // a machine without swap, and its memory lost
    KILL(acct),                     // a kernel that writes to a file of one's choice
    KILL(quotactl),                 // other users' disk quotas
    KILL(settimeofday),             // everybody's clock
    KILL(clock_settime),            // the same
    KILL(adjtimex),                 // the same, by drift
    KILL(clock_adjtime),            // the same
    KILL(sethostname),              // the machine's name
    KILL(setdomainname),            // the same
    KILL(syslog),                   // the kernel's log, and addresses in it
    KILL(vmsplice),                 // pages that change after they were checked
    KILL(personality),              // executable memory out of plain memory
    KILL(seccomp),                  // a filter of one's own, and a listener that answers calls
    KILL(modify_ldt),               // segments, a way around checks of addresses
    KILL(iopl),                     // the machine's ports
    KILL(ioperm),                   // the same, one by one
    KILL(lookup_dcookie),           // paths of other processes' files
    KILL(nfsservctl),               // an interface without an owner
    KILL(move_pages),               // other processes' memory, moved and so timed
    KILL(migrate_pages),            // the same, all of it
    KILL(mbind),                    // memory on nodes that the job was not given
    KILL(set_mempolicy),            // the same, for everything to come
};

/// What the zygote may not do while it imports modules. It is not hostile, but what it loads is
/// third-party code, and its sessions inherit this filter below their own.
static const struct rule zygote_rules[] = {
    // No network: only Unix sockets can be made, and those cannot be connected.
    {"socket", SCMP_SYS(socket), SCMP_ACT_ERRNO(EPERM), 1, {SCMP_A0_32(SCMP_CMP_NE, 1)}},
    REFUSE(connect, EPERM),         // nor connected to anything
    REFUSE(bind, EPERM),            // nor given a name
    REFUSE(listen, EPERM),          // nor waited at
    REFUSE(accept, EPERM),          // nor answered
    REFUSE(accept4, EPERM),         // nor answered
    // No looking into other processes.
    KILL(ptrace),                   // steering another process
    KILL(process_vm_readv),         // another process's memory
    KILL(process_vm_writev),        // the same, writing
    REFUSE(pidfd_getfd, EPERM),     // another process's descriptors
    // No new namespaces, mounts or keys: the launcher has made its own before.
    KILL(unshare),                  // more namespaces
    KILL(setns),                    // other processes' namespaces
    KILL(mount),                    // another file system over this one
    KILL(umount2),                  // what a mount hides
    KILL(pivot_root),               // another root directory
    REFUSE(keyctl, EPERM),          // the user's keyrings; refused softly, because libraries ask
    REFUSE(add_key, EPERM),         // a key in them
    REFUSE(request_key, EPERM),     // a key from them
    // No kernel interfaces with a history.
    KILL(bpf),                      // programs inside the kernel
    KILL(userfaultfd),              // stopping the kernel in the middle of a copy
    REFUSE(io_uring_setup, ENOSYS), // calls that no filter sees; libraries do without
    KILL(perf_event_open),          // watching other processes and the kernel
    KILL(open_by_handle_at),        // any file of a disk by number
    KILL(init_module),              // code in the kernel
    KILL(finit_module),             // the same, from a file
    KILL(delete_module),            // taking a kernel's guard away
    KILL(kexec_load),               // another kernel
    KILL(kexec_file_load),          // the same, from a file
    KILL(reboot),                   // the end of everybody's jobs
    KILL(swapon),                   // memory of all processes in a file
    KILL(swapoff),                  // a machine without swap
    // No changes of the machine.
    KILL(settimeofday),             // everybody's clock
    KILL(clock_settime),            // the same
    KILL(sethostname),              // the machine's name, where the namespace is not one's own
    KILL(setdomainname),            // the same
};

/// Whether a list, separated by commas, has a name.
static bool names(const char *list, const char *name) {
    size_t length = strlen(name);
    for (const char *next = list; next != NULL; next = strchr(next, ',')) {
        next += *next == ',';
        if (strncmp(next, name, length) == 0 && (next[length] == ',' || next[length] == '\0'))
            return true;
    }
    return false;
}

static int add_rules(scmp_filter_ctx context, const struct rule *rules, size_t count,
                     const struct filter_change *change) {
    for (size_t index = 0; index < count; index++) {
        const struct rule *rule = &rules[index];
        if (names(change->omitted, rule->name))
            continue;
        bool is_loose = names(change->loosened, rule->name);
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
    // A tree, not a list: every session loads it, and the kernel tries it with all its calls then.
    if (status == 0)
        seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
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
