using System.Globalization;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Streams.Embedded.Directories;

/// <summary>The directory on disk: <c>FORMAT</c> says whose it is and in which version, <c>OWNER</c> who has it open, <c>db</c> is the database.</summary>
internal sealed class StateDirectory
{
    /// <summary>Version of everything below the directory; raised with any change that an older program cannot read.</summary>
    public const int FormatVersion = 1;

    const int ProbeBytes = 64 * 1024;
    const string Magic = "streamsettle-state ";

    readonly string path;

    StateDirectory(string path) => this.path = path;

    public string DatabasePath => DatabaseOf(path);

    string FormatPath => Path.Combine(path, "FORMAT");

    string OwnerPath => Path.Combine(path, "OWNER");

    public static string DatabaseOf(string path) => Path.Combine(path, "db");

    /// <summary>Checks that the directory is ours and of this version; makes it where there is none.</summary>
    /// <exception cref="UserMistakeException">It is another version's, or holds something else.</exception>
    public static StateDirectory Open(string path)
    {
        var directory = new StateDirectory(Path.GetFullPath(path));
        try
        {
            directory.CheckOrCreate();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFailedException($"the state directory {directory.path} cannot be used: {failed.Message}", failed);
        }

        return directory;
    }

    /// <summary>Closes the directory, as far as it is ours, to others.</summary>
    /// <returns>What was found; null where it was closed.</returns>
    public OthersRights? Tighten() => OwnerOnly.Tighten(path);

    /// <summary>Whether the directory takes a small file to the disk now.</summary>
    public bool MayWrite()
    {
        try
        {
            using var probe = new FileStream(Path.Combine(path, "PROBE"), FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            probe.Write(new byte[ProbeBytes]);
            probe.Flush(flushToDisk: true);
            return true;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Leaves our process id for whoever finds the directory in use.</summary>
    public void WriteOwner() => File.WriteAllText(OwnerPath, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

    public UserMistakeException InUse(Exception? cause = null)
    {
        var owner = File.Exists(OwnerPath) ? $"process {File.ReadAllText(OwnerPath).Trim()}" : "another process";
        return new UserMistakeException($"the state directory {path} is used by {owner}; it has one owner at a time: stop that one first, or name another StateDirectory", cause);
    }

    /// <summary>Looks whether the directory can be used or made, and leaves everything as it is.</summary>
    /// <returns>Whether there is a state already.</returns>
    /// <exception cref="UserMistakeException">It cannot: not a directory, not writable, another version's, in use, or holds something else.</exception>
    public static bool Look(string path)
    {
        var directory = new StateDirectory(Path.GetFullPath(path));
        directory.CheckRights();
        if (!Directory.Exists(directory.path))
        {
            return false;
        }

        if (File.Exists(directory.FormatPath))
        {
            directory.CheckVersion(File.ReadAllText(directory.FormatPath).Trim());
        }
        else
        {
            directory.CheckEmpty();
        }

        if (directory.IsLocked())
        {
            throw directory.InUse();
        }

        return File.Exists(Path.Combine(directory.DatabasePath, "CURRENT"));
    }

    /// <summary>Takes away what <see cref="Open"/> and the database made. What cannot be taken away stays: it is a state that the next start opens.</summary>
    public static void Remove(string path, bool withItself)
    {
        var directory = new StateDirectory(Path.GetFullPath(path));
        try
        {
            Directory.Delete(directory.DatabasePath, recursive: true);
            File.Delete(directory.OwnerPath);
            File.Delete(directory.FormatPath);
            if (withItself)
            {
                Directory.Delete(directory.path);
            }
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            // Said by whoever finds it.
        }
    }

    void CheckRights()
    {
        const string remedy = "give it to the user that the service runs as (chown -R), or name another StateDirectory";
        if (File.Exists(path))
        {
            throw new UserMistakeException($"the state directory {path} is a file; name a directory as StateDirectory");
        }

        if (!Directory.Exists(path))
        {
            var parent = Path.GetDirectoryName(path);
            while (parent is not null && !Directory.Exists(parent) && !File.Exists(parent))
            {
                parent = Path.GetDirectoryName(parent);
            }

            if (parent is not null && (File.Exists(parent) ? $"{parent} is a file" : FileAccessRights.WhyNotWritable(parent) ?? WhyNotMade(parent)) is { } hindrance)
            {
                throw new UserMistakeException($"the state directory {path} cannot be made: {hindrance}; {remedy}");
            }

            return;
        }

        var files = new[] { FormatPath, OwnerPath, Path.Combine(DatabasePath, "LOCK"), Path.Combine(DatabasePath, "CURRENT") }.Where(File.Exists);
        if ((FileAccessRights.WhyNotWritable(path) ?? (Directory.Exists(DatabasePath) ? FileAccessRights.WhyNotWritable(DatabasePath) : null)
                ?? files.Select(FileAccessRights.WhyNotOurs).FirstOrDefault(why => why is not null)) is { } reason)
        {
            throw new UserMistakeException($"the state directory {path} cannot be used: {reason}; {remedy}");
        }
    }

    /// <summary>Rights do not tell all: <c>/proc</c> takes no directory from anybody. So one is made there, and taken away again.</summary>
    static string? WhyNotMade(string parent)
    {
        var probe = Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $".streamsettle-{Environment.ProcessId}"));
        try
        {
            Directory.CreateDirectory(probe);
            Directory.Delete(probe);
            return null;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return $"no directory can be made in {parent} ({failed.Message})";
        }
    }

    /// <summary>Locks belong to the process: asking for one of our own would let it go. A number that comes again, as in containers, is told by the open itself.</summary>
    bool OwnerIsThisProcess() => File.Exists(OwnerPath) && File.ReadAllText(OwnerPath).Trim() == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    /// <summary>RocksDB holds a write lock on its lock file; a read lock is refused meanwhile.</summary>
    bool IsLocked()
    {
        var path = Path.Combine(DatabasePath, "LOCK");
        if (!OperatingSystem.IsLinux() || !File.Exists(path) || OwnerIsThisProcess())
        {
            return false;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        try
        {
            file.Lock(0, 0);
            file.Unlock(0, 0);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    void CheckOrCreate()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly.Directory);
        }

        if (File.Exists(FormatPath))
        {
            CheckVersion(File.ReadAllText(FormatPath).Trim());
            return;
        }

        CheckEmpty();
        WriteFormat();
    }

    void CheckEmpty()
    {
        if (Directory.EnumerateFileSystemEntries(path).FirstOrDefault(entry => Path.GetFileName(entry) is not ("FORMAT.new" or "lost+found")) is { } foreign)
        {
            throw new UserMistakeException(
                $"the state directory {path} is not empty and not ours: it has no FORMAT file but has '{Path.GetFileName(foreign)}'; name an empty or a new directory as StateDirectory");
        }
    }

    void CheckVersion(string found)
    {
        if (!found.StartsWith(Magic, StringComparison.Ordinal))
        {
            throw new UserMistakeException($"the state directory {path} is not ours: its FORMAT file says '{found}', expected '{Magic}{FormatVersion}'; name another StateDirectory");
        }

        if (found != Magic + FormatVersion.ToString(CultureInfo.InvariantCulture))
        {
            throw new UserMistakeException(
                $"the state directory {path} has format version {found[Magic.Length..]}, this program knows version {FormatVersion}; "
                + "run the program that wrote it, or restore the directory from a backup that this program wrote");
        }
    }

    void WriteFormat()
    {
        var fresh = FormatPath + ".new";
        using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(Magic + FormatVersion.ToString(CultureInfo.InvariantCulture) + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, FormatPath);
    }
}
