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

    public string DatabasePath => Path.Combine(path, "db");

    string FormatPath => Path.Combine(path, "FORMAT");

    string OwnerPath => Path.Combine(path, "OWNER");

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

    public UserMistakeException InUse(Exception cause)
    {
        var owner = File.Exists(OwnerPath) ? $"process {File.ReadAllText(OwnerPath).Trim()}" : "another process";
        return new UserMistakeException($"the state directory {path} is used by {owner}; it has one owner at a time: stop that one first, or name another StateDirectory", cause);
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

        if (Directory.EnumerateFileSystemEntries(path).FirstOrDefault(entry => Path.GetFileName(entry) is not ("FORMAT.new" or "lost+found")) is { } foreign)
        {
            throw new UserMistakeException(
                $"the state directory {path} is not empty and not ours: it has no FORMAT file but has '{Path.GetFileName(foreign)}'; name an empty or a new directory as StateDirectory");
        }

        WriteFormat();
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
