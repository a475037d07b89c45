using System.Runtime.InteropServices;

namespace StreamSettle.App.Running;

/// <summary>Keeps glibc from holding an arena of freed memory for every thread: RocksDB's and the runtime's threads hand buffers to each other all the time.</summary>
static partial class NativeMemory
{
    /// <summary><c>M_ARENA_MAX</c> of malloc.h; the environment's <c>MALLOC_ARENA_MAX</c> does the same.</summary>
    const int ArenaMax = -8;

    const int Arenas = 2;

    /// <summary>To be called before anything else allocates much. Another C library than glibc has no such knob and needs none.</summary>
    public static void LimitArenas()
    {
        if (OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var libc) && NativeLibrary.TryGetExport(libc, "mallopt", out _))
        {
            SetOption(ArenaMax, Arenas);
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int SetOption(int parameter, int value);
}
