// The processes below this one: finding them, signalling them, reaping them.
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/// What is known about the program that this guard was started for.
struct program {
    pid_t pid;
    bool ended;
    int wait_status;
};

/// Sends `signal` to the program's process group and to every other descendant of this process.
/// Orphans count as descendants because the guard is a child subreaper.
void tree_signal(const struct program *program, int signal);

/// Reaps every child that has ended; remembers the program's status.
/// - Returns: false once no child is left.
bool tree_reap(struct program *program);
