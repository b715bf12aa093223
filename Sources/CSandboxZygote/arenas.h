#pragma once

/// Gives back what is left of the place for arenas, which would count as the sessions' memory.
void arenas_end_region(void);
