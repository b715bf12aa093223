// Fewer mappings for a fork to copy.
#pragma once

/// Joins the parts of each loaded library to two mappings, one of code and one of data.
void libraries_join(void);
