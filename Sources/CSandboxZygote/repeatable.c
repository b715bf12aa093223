// Randomness, clocks and process numbers that repeat from run to run.
//
// These functions stand in for libc's because the library is preloaded. seccomp cannot do this:
// the clocks are read in the vDSO without a system call. Nothing here is a secret or a boundary; a
// snippet that asks the kernel behind libc's back gets a refusal or the true time.
//
// Time begins at a fixed moment and advances by one tick for each look at it, and by what is slept.
// So a loop that waits for a clock ends, and a printed duration is the same in every run.

#include "repeatable.h"

#include <errno.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { tick_nanoseconds = 1000000 };
static const int64_t second = 1000000000;

/// 2025-01-01 00:00:00 UTC for the calendar; the other clocks count from 1000 s.
static const int64_t calendar_start = 1735689600 * (int64_t)1000000000;
static const int64_t counter_start = 1000 * (int64_t)1000000000;

static uint64_t random_state = 0x6465657 * (uint64_t)0x9e3779b97f4a7c15;
static int64_t elapsed;

void repeatable_begin(uint64_t seed) {
    random_state = seed;
    elapsed = 0;
}

/// SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
static uint64_t next_random(void) {
    uint64_t value = random_state += 0x9e3779b97f4a7c15;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
}

ssize_t getrandom(void *buffer, size_t length, unsigned flags) {
    (void)flags;
    unsigned char *bytes = buffer;
    for (size_t index = 0; index < length;) {
        uint64_t value = next_random();
        for (int byte = 0; byte < 8 && index < length; byte++, index++, value >>= 8)
            bytes[index] = (unsigned char)value;
    }
    return (ssize_t)length;
}

int getentropy(void *buffer, size_t length) {
    getrandom(buffer, length, 0);
    return 0;
}

static int64_t look_at_clock(clockid_t clock) {
    elapsed += tick_nanoseconds;
    bool is_calendar = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ||
                       clock == CLOCK_TAI || clock == CLOCK_REALTIME_ALARM;
    bool is_cpu_time = clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID;
    return elapsed + (is_calendar ? calendar_start : is_cpu_time ? 0 : counter_start);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int64_t nanoseconds = look_at_clock(clock);
    now->tv_sec = nanoseconds / second;
    now->tv_nsec = nanoseconds % second;
    return 0;
}

int clock_getres(clockid_t clock, struct timespec *resolution) {
    (void)clock;
    if (resolution != NULL)
        *resolution = (struct timespec){.tv_nsec = tick_nanoseconds};
    return 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void)zone;
    int64_t nanoseconds = look_at_clock(CLOCK_REALTIME);
    now->tv_sec = nanoseconds / second;
    now->tv_usec = nanoseconds % second / 1000;
    return 0;
}

time_t time(time_t *now) {
    time_t seconds = look_at_clock(CLOCK_REALTIME) / second;
    if (now != NULL)
        *now = seconds;
    return seconds;
}

clock_t clock(void) {
    return look_at_clock(CLOCK_PROCESS_CPUTIME_ID) / (second / CLOCKS_PER_SEC);
}

/// Sleeps for real, so that a snippet that sleeps for ever meets its time limit.
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *request,
                    struct timespec *remaining) {
    (void)remaining;
    if (request->tv_nsec < 0 || request->tv_nsec >= second || request->tv_sec < 0)
        return EINVAL;
    int64_t wanted = INT64_MAX / 2;
    if (request->tv_sec < wanted / second)
        wanted = request->tv_sec * second + request->tv_nsec;
    if (flags & TIMER_ABSTIME)
        wanted -= look_at_clock(clock);
    if (wanted <= 0)
        return 0;
    struct timespec left = {wanted / second, wanted % second};
    long status;
    do
        status = syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &left, &left);
    while (status != 0 && errno == EINTR);
    elapsed += wanted;
    return status == 0 ? 0 : errno;
}

int nanosleep(const struct timespec *request, struct timespec *remaining) {
    int status = clock_nanosleep(CLOCK_MONOTONIC, 0, request, remaining);
    if (status != 0)
        errno = status;
    return status == 0 ? 0 : -1;
}

unsigned sleep(unsigned seconds) {
    nanosleep(&(struct timespec){.tv_sec = seconds}, NULL);
    return 0;
}

int usleep(useconds_t microseconds) {
    return nanosleep(&(struct timespec){microseconds / 1000000, microseconds % 1000000 * 1000},
                     NULL);
}

/// Waits for a semaphore, which is what Python's locks are, until a moment of a clock.
///
/// The kernel would compare the moment with its own clock. There is one thread, so no other
/// thread can post the semaphore meanwhile: a wait is a sleep until then.
int sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *until) {
    if (sem_trywait(semaphore) == 0)
        return 0;
    int status = clock_nanosleep(clock, TIMER_ABSTIME, until, NULL);
    errno = status == 0 ? ETIMEDOUT : status;
    return -1;
}

int sem_timedwait(sem_t *semaphore, const struct timespec *until) {
    return sem_clockwait(semaphore, CLOCK_REALTIME, until);
}

/// Numbers that the kernel hands out in the order of forks would differ between runs.
pid_t getpid(void) { return 2; }
pid_t getppid(void) { return 1; }
