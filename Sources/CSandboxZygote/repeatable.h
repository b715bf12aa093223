// The answers that make two runs equal.
#pragma once

#include <stdint.h>

/// Starts the random stream of a session, and its clocks at their common beginning.
void repeatable_begin(uint64_t seed);
