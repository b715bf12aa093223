// The two seccomp filters: one for the zygote while it imports, one for every session.
#pragma once

#include <stdbool.h>

/// Loads the filter of stage one into this process.
/// - Returns: 0 or a negative error number.
int filters_load_zygote_filter(void);

/// Writes the session filter, as the kernel wants it, into a new memory file.
/// - Parameter omitted: a rule to leave out, for the tests, or NULL.
/// - Returns: the file or a negative error number.
int filters_session_filter(const char *omitted);

/// Prints the session filter's rules, one a line: name and whether arguments are checked.
void filters_print_rules(void);
