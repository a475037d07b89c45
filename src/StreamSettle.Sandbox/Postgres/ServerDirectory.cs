using System.Globalization;
using System.Security.Cryptography;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Sandbox.Postgres;

/// <summary>The folder of a private PostgreSQL: <c>data/</c>, <c>log</c>, <c>password</c>, a mark that it is ours, and a lock that says a live process owns it.</summary>
internal sealed class ServerDirectory : IDisposable
{
    const string MarkName = "private-postgres";
    const int PasswordBytes = 24;

    /// <summary>A longer path does not fit into a Unix socket's address (108 bytes with the socket's own name).</summary>
    const int LongestSocketFolder = 80;

    readonly FileStream ownership;

    ServerDirectory(string path, bool temporary, FileStream ownership) => (Path, IsTemporary, this.ownership) = (path, temporary, ownership);

    public string Path { get; }

    public bool IsTemporary { get; }

    public string Data => System.IO.Path.Combine(Path, "data");

    public string Log => System.IO.Path.Combine(Path, "log");

    public string PasswordFile => System.IO.Path.Combine(Path, "password");

    public string Password => File.ReadAllText(PasswordFile).Trim();

    public bool HasData => File.Exists(System.IO.Path.Combine(Data, "PG_VERSION"));

    /// <summary>Where the Unix socket goes; empty where the path is too long for one.</summary>
    public string SocketFolder => Path.Length <= LongestSocketFolder ? Path : "";

    /// <summary>Takes the folder for this process.</summary>
    /// <exception cref="UserMistakeException">It belongs to somebody else, or another process runs in it.</exception>
    public static ServerDirectory Open(string? wanted)
    {
        var path = System.IO.Path.GetFullPath(wanted ?? System.IO.Path.Combine(
            System.IO.Path.GetTempPath(), "streamsettle-pg-" + RandomNumberGenerator.GetHexString(12, lowercase: true)));
        var mark = System.IO.Path.Combine(path, MarkName);
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any() && !File.Exists(mark))
        {
            throw new UserMistakeException($"{path} is not empty and no private PostgreSQL of ours; name another folder, or an empty one");
        }

        Directory.CreateDirectory(path);
        try
        {
            return new(path, wanted is null, new FileStream(mark, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException inner)
        {
            throw new UserMistakeException($"another process runs a private PostgreSQL in {path}; stop it, or name another folder", inner);
        }
    }

    public void WritePassword()
    {
        File.WriteAllText(PasswordFile, RandomNumberGenerator.GetHexString(2 * PasswordBytes, lowercase: true));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(PasswordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <exception cref="UserMistakeException">Another major version wrote the data.</exception>
    public void RequireVersion(string binaries)
    {
        var written = File.ReadAllText(System.IO.Path.Combine(Data, "PG_VERSION")).Trim();
        var folder = System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(binaries)) ?? "";
        if (int.TryParse(folder, NumberStyles.None, CultureInfo.InvariantCulture, out _) && folder != written)
        {
            throw new UserMistakeException($"{Path} was written by PostgreSQL {written}, but {binaries} has {folder}; remove the folder to begin anew");
        }
    }

    public void DeleteData()
    {
        if (Directory.Exists(Data))
        {
            Directory.Delete(Data, recursive: true);
        }
    }

    public void Dispose()
    {
        ownership.Dispose();
        if (IsTemporary && Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
