namespace StreamSettle.Streams.Tests.RocksDb;

/// <summary>A directory of one test, gone after it.</summary>
internal sealed class TempDirectory : IDisposable
{
    const int CopyTriesMax = 1000;

    public string Path { get; } = Directory.CreateTempSubdirectory("streamsettle-test-").FullName;

    public string Below(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A copy as a power cut would leave it: nothing is flushed or closed. Taken anew when files changed meanwhile: the disk is cut at one instant.</summary>
    public static void Copy(string from, string to)
    {
        for (var tries = 0; tries < CopyTriesMax; tries++)
        {
            var before = Contents(from);
            try
            {
                CopyFiles(from, to);
            }
            catch (FileNotFoundException)
            {
                // Gone by compaction: the contents have changed.
            }

            if (Contents(from) == before)
            {
                return;
            }

            Directory.Delete(to, recursive: true);
        }

        throw new InvalidOperationException($"{from} did not come to rest");
    }

    static string Contents(string directory) => string.Join('\n', new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories)
        .Select(file => $"{file.FullName} {(file.Exists ? file.Length : -1)}").Order(StringComparer.Ordinal));

    static void CopyFiles(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, System.IO.Path.Combine(to, System.IO.Path.GetFileName(file)));
        }

        foreach (var directory in Directory.EnumerateDirectories(from))
        {
            CopyFiles(directory, System.IO.Path.Combine(to, System.IO.Path.GetFileName(directory)));
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
