namespace StreamSettle.Streams.Embedded.Directories;

/// <summary>What was found of others' rights on a directory.</summary>
/// <param name="Before">Its mode.</param>
/// <param name="Closed">Whether they are gone now.</param>
internal readonly record struct OthersRights(UnixFileMode Before, bool Closed);

/// <summary>Rights on the state directory: orders and frozen calls are nobody's business but the service's.</summary>
internal static class OwnerOnly
{
    public const UnixFileMode Directory = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>Takes away what others may do with the directory and what is in it; a directory of somebody else, such as a mounted volume, is left as it is.</summary>
    /// <returns>Null where others could do nothing.</returns>
    public static OthersRights? Tighten(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        var before = File.GetUnixFileMode(path);
        try
        {
            foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos("*", Everything).Prepend(new DirectoryInfo(path)))
            {
                Close(entry);
            }
        }
        catch (UnauthorizedAccessException)
        {
            return new(before, Closed: false);
        }

        return (before & Others) == 0 ? null : new(before, Closed: true);
    }

    static void Close(FileSystemInfo entry)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && (entry.UnixFileMode & Others) != 0)
            {
                entry.UnixFileMode &= ~Others;
            }
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            // Whoever has the directory open, which is found out next, may be tidying up.
        }
    }
}
