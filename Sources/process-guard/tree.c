#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct process {
    pid_t pid;
    pid_t parent;
    bool below;
};

/// The parent of a process, from /proc/PID/stat, or 0 when it is gone.
/// The command name is in parentheses and may hold any byte, so the search starts at the last ')'.
static pid_t parent_of(pid_t pid) {
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return 0;
    ssize_t size = read(file, text, sizeof text - 1);
    close(file);
    if (size <= 0)
        return 0;
    text[size] = '\0';
    const char *after_name = strrchr(text, ')');
    int parent = 0;
    char state;
    if (after_name == NULL || sscanf(after_name + 1, " %c %d", &state, &parent) != 2)
        return 0;
    return parent;
}

/// Every process of the system with its parent. The caller frees the array.
static size_t all_processes(struct process **list) {
    size_t count = 0, room = 256;
    struct process *found = malloc(room * sizeof *found);
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    while (found != NULL && proc != NULL && (entry = readdir(proc)) != NULL) {
        pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
        if (pid <= 0)
            continue;
        if (count == room) {
            struct process *larger = realloc(found, 2 * room * sizeof *found);
            if (larger == NULL)
                break;
            found = larger;
            room *= 2;
        }
        found[count++] = (struct process){.pid = pid, .parent = parent_of(pid)};
    }
    if (proc != NULL)
        closedir(proc);
    *list = found;
    return found == NULL ? 0 : count;
}

void tree_signal(const struct program *program, int signal) {
    if (!program->ended)
        kill(-program->pid, signal);

    struct process *list;
    size_t count = all_processes(&list);
    pid_t self = getpid();
    // Breadth first: the guard's children, their children, and so on.
    pid_t *family = calloc(count + 1, sizeof *family);
    size_t known = 0;
    if (family != NULL)
        family[known++] = self;
    for (size_t next = 0; next < known; next++)
        for (size_t index = 0; index < count; index++)
            if (list[index].parent == family[next] && !list[index].below) {
                list[index].below = true;
                family[known++] = list[index].pid;
            }
    free(family);
    for (size_t index = 0; index < count; index++)
        if (list[index].below)
            kill(list[index].pid, signal);
    free(list);
}

bool tree_reap(struct program *program) {
    for (;;) {
        int status;
        pid_t pid = waitpid(-1, &status, WNOHANG);
        if (pid == 0)
            return true;
        if (pid < 0 && errno == EINTR)
            continue;
        if (pid < 0)
            return false;
        if (pid == program->pid) {
            program->ended = true;
            program->wait_status = status;
        }
    }
}
