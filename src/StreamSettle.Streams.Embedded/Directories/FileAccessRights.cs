using System.Runtime.InteropServices;

namespace StreamSettle.Streams.Embedded.Directories;

/// <summary>Asks the system what this process may do with a file, without doing it.</summary>
internal static class FileAccessRights
{
    const int Execute = 1, Write = 2, Read = 4;
    const int ReadOnlyFileSystem = 30;

    /// <summary>Why files cannot be made in the directory; null when they can.</summary>
    public static string? WhyNotWritable(string directory) => Ask(directory, Read | Write | Execute);

    /// <summary>Why the file cannot be read and written; null when it can.</summary>
    public static string? WhyNotOurs(string file) => Ask(file, Read | Write);

    static string? Ask(string path, int mode)
    {
        if (!OperatingSystem.IsLinux() || access(path, mode) == 0)
        {
            return null;
        }

        return Marshal.GetLastPInvokeError() == ReadOnlyFileSystem
            ? $"{path} is on a read-only file system"
            : $"{path} may not be read and written by the user {Environment.UserName}";
    }

    [DllImport("libc", SetLastError = true, ExactSpelling = true)]
    static extern int access([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int mode);
}
