using System.Text;
using System.Text.Json;
using StreamSettle.App.Reconciling.Comparison;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Reconciling.Output;

/// <summary>
/// How far a comparison has come, so that one that was cut off goes on: a line for its scope, then what was found and the places reached. What stands behind the last
/// place is dropped, because it is found again; a torn last line is part of that.
/// </summary>
sealed class ProgressFile : IDisposable
{
    readonly FileStream file;
    readonly MemoryStream unwritten = new();

    ProgressFile(FileStream file) => this.file = file;

    /// <summary>Where to go on.</summary>
    public ReconcilePlace Place { get; private set; } = ReconcilePlace.Start;

    public ReconcileCounts Counts { get; private set; } = new();

    /// <summary>What was found up to there.</summary>
    public IReadOnlyList<Discrepancy> Found { get; private set; } = [];

    /// <summary>Opens it, or begins a new one.</summary>
    /// <exception cref="UserMistakeException">It is of another scope, no progress file, in use, or cannot be opened.</exception>
    public static ProgressFile Open(string path, ReconcileScope scope)
    {
        FileStream? file = null;
        try
        {
            file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var progress = new ProgressFile(file);
            progress.Read(path, scope.ToString());
            return progress;
        }
        catch (Exception failure)
        {
            file?.Dispose();
            throw failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException
                ? new UserMistakeException($"--resume must name a file that can be written, and that no other run uses: {failure.Message}", failure)
                : failure;
        }
    }

    public void Add(Discrepancy found) => Add(new ProgressLine(Found: found));

    /// <summary>Durable when this returns.</summary>
    public void Reach(ReconcilePlace place, ReconcileCounts counts)
    {
        Add(new ProgressLine(Place: place, Counts: counts));
        file.Write(unwritten.GetBuffer().AsSpan(0, (int)unwritten.Length));
        file.Flush(flushToDisk: true);
        unwritten.SetLength(0);
    }

    /// <summary>The comparison has come to its end, and its report is out.</summary>
    public void Remove()
    {
        file.Dispose();
        File.Delete(file.Name);
    }

    public void Dispose() => file.Dispose();

    void Add(ProgressLine line)
    {
        unwritten.Write(JsonSerializer.SerializeToUtf8Bytes(line, ReconcileJson.Default.ProgressLine));
        unwritten.WriteByte((byte)'\n');
    }

    void Read(string path, string scope)
    {
        List<Discrepancy> all = [];
        var (sound, isHead) = (0L, true);
        using var reader = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        var text = reader.ReadToEnd();
        for (var at = 0; text.IndexOf('\n', at) is >= 0 and var end; at = end + 1)
        {
            var line = Line(path, text[at..end]);
            if (isHead && line.Reconcile != scope)
            {
                throw line.Reconcile is { } other
                    ? new UserMistakeException($"'{path}' is of another comparison ({other}), not of this one ({scope}): give the same period, shard and sides, or another file.")
                    : NoProgress(path, null);
            }

            isHead = false;
            if (line.Found is { } found)
            {
                all.Add(found);
            }

            if (line is { Place: { } place, Counts: { } counts })
            {
                (Place, Counts, Found) = (place, counts, [.. all]);
            }

            sound = isHead || line.Place is not null || line.Reconcile is not null ? Encoding.UTF8.GetByteCount(text.AsSpan(0, end + 1)) : sound;
        }

        if (isHead && text.Length > 0)
        {
            throw NoProgress(path, null);
        }

        file.SetLength(sound);
        file.Position = sound;
        if (isHead)
        {
            Add(new ProgressLine(Reconcile: scope));
            Reach(Place, Counts);
        }
    }

    static ProgressLine Line(string path, string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ReconcileJson.Default.ProgressLine) ?? throw NoProgress(path, null);
        }
        catch (JsonException strange)
        {
            throw NoProgress(path, strange);
        }
    }

    static UserMistakeException NoProgress(string path, Exception? cause) => new($"'{path}' is no progress file of reconcile: give another path, or remove it.", cause);
}
