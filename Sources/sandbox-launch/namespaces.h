// The namespaces that the kernel lets this process have.
#pragma once

/// Which namespaces are in force, as bits of the enforcement report (above the zygote's own).
enum namespace_locks {
    namespace_user = 1 << 8,
    namespace_mount = 1 << 9,
    namespace_network = 1 << 10,
    namespace_ipc = 1 << 11,
    namespace_process = 1 << 12,
    namespace_host_name = 1 << 13,
};

/// Enters every namespace that can be had; without privileges through a user namespace of its own.
/// The process namespace begins with the next fork.
/// - Returns: what is in force.
unsigned namespaces_enter(void);
