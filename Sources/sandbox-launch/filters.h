// The two seccomp filters: one for the zygote while it imports, one for every session.
#pragma once

/// For the tests: rules to leave out, and rules to apply whatever the arguments, as names separated
/// by commas; or NULL.
struct filter_change {
    const char *omitted;
    const char *loosened;
};

/// Loads the filter of stage one into this process.
/// - Returns: 0 or a negative error number.
int filters_load_zygote_filter(const struct filter_change *change);

/// Writes the session filter, as the kernel wants it, into a new memory file.
/// - Returns: the file or a negative error number.
int filters_session_filter(const struct filter_change *change);

/// Prints every rule on a line of its own, separated by tabs: filter, name, number of the system
/// call, action, number of arguments checked.
void filters_print_rules(void);
