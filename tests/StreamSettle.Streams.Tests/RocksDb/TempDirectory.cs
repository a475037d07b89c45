namespace StreamSettle.Streams.Tests.RocksDb;

/// <summary>A directory of one test, gone after it.</summary>
internal sealed class TempDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("streamsettle-test-").FullName;

    public string Below(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A copy as a power cut would leave it: nothing is flushed or closed.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, System.IO.Path.Combine(to, System.IO.Path.GetFileName(file)));
        }

        foreach (var directory in Directory.EnumerateDirectories(from))
        {
            Copy(directory, System.IO.Path.Combine(to, System.IO.Path.GetFileName(directory)));
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
