using System.Runtime.InteropServices;

namespace StreamSettle.App.Running;

/// <summary>Rights on the files that this process makes from now on.</summary>
static partial class FileRights
{
    /// <summary>Octal 077: nothing for the group, nothing for others.</summary>
    const uint NotForOthers = 0x3F;

    /// <summary>RocksDB makes files as the umask lets it.</summary>
    public static void OwnerOnly()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetMask(NotForOthers);
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetMask(uint mask);
}
