// SwiftPM links C-only products with Swift's driver, which adds libswiftCore at the end of the
// linker's arguments. Nothing here calls it, so it must not be loaded either. The driver puts what
// it finds in this section before its own libraries; an option at the end would come too late.
__asm__(".pushsection .swift1_autolink_entries,\"e\"\n"
        ".asciz \"-Wl,--as-needed\"\n"
        ".popsection");
