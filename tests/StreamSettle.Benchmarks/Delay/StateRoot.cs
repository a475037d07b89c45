namespace StreamSettle.Benchmarks.Delay;

/// <summary>Directories for the runs of a job, removed after it.</summary>
sealed class StateRoot : IDisposable
{
    readonly string root;
    int runs;

    /// <param name="wanted">Where to make them; null for the temporary directory.</param>
    public StateRoot(string? wanted)
    {
        root = wanted is null ? Directory.CreateTempSubdirectory("streamsettle-benchmark-").FullName : Path.Combine(wanted, $"streamsettle-benchmark-{Environment.ProcessId}");
        Directory.CreateDirectory(root);
    }

    public string Next() => Path.Combine(root, $"run-{++runs}");

    public void Dispose() => Directory.Delete(root, recursive: true);
}
