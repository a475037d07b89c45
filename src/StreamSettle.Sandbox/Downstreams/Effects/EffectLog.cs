using System.Buffers;
using System.Text;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Sandbox.Downstreams.Effects;

/// <summary>Everything that ever arrived, in order, never changed. With a file, an entry is in it before its answer leaves.</summary>
public sealed class EffectLog : IDisposable
{
    readonly Lock gate = new();
    readonly List<EffectEntry> entries = [];
    readonly ArrayBufferWriter<byte> unwritten = new();
    readonly FileStream? file;

    internal EffectLog(string? path)
    {
        if (path is null)
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (File.Exists(path))
        {
            CutTornLine(path);
        }

        entries.AddRange(ReadFile(path));
        file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    public int Count
    {
        get
        {
            lock (gate)
            {
                return entries.Count;
            }
        }
    }

    /// <summary>All entries so far.</summary>
    public IReadOnlyList<EffectEntry> Snapshot()
    {
        lock (gate)
        {
            return [.. entries];
        }
    }

    /// <summary>At most <paramref name="limit"/> entries after a sequence number, of one system or of all (null).</summary>
    public IReadOnlyList<EffectEntry> Read(long after, int limit, Leg? system = null)
    {
        lock (gate)
        {
            var page = new List<EffectEntry>();
            for (var at = (int)Math.Clamp(after, 0, entries.Count); at < entries.Count && page.Count < limit; at++)
            {
                if (system is null || entries[at].System == system)
                {
                    page.Add(entries[at]);
                }
            }

            return page;
        }
    }

    /// <summary>The entries of a file that a log wrote or writes. A last line without its end is left out: its answer has not left.</summary>
    public static IReadOnlyList<EffectEntry> ReadFile(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file, Encoding.UTF8);
        var read = new List<EffectEntry>();
        for (var line = reader.ReadLine(); line is not null; line = reader.ReadLine())
        {
            // Entries end in a brace; what a crash or a write in progress cut off does not.
            if (!reader.EndOfStream || line.EndsWith('}'))
            {
                read.Add(EffectJson.Read(line));
            }
        }

        return read;
    }

    internal void Append(Leg system, in Arrival arrival, EffectOutcome outcome, int status, string? receipt, byte[] body)
    {
        lock (gate)
        {
            var entry = new EffectEntry(entries.Count + 1, system, arrival.Key, arrival.At, outcome, status, arrival.Fault, receipt, body);
            entries.Add(entry);
            if (file is not null)
            {
                EffectJson.WriteLine(unwritten, entry);
            }
        }
    }

    /// <summary>Hands what was appended to the operating system; called before an answer leaves.</summary>
    internal void Flush()
    {
        if (file is null)
        {
            return;
        }

        lock (gate)
        {
            file.Write(unwritten.WrittenSpan);
            unwritten.ResetWrittenCount();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Flush();
        file?.Dispose();
    }

    static void CutTornLine(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var end = file.Length;
        while (end > 0)
        {
            file.Position = end - 1;
            if (file.ReadByte() == '\n')
            {
                break;
            }

            end--;
        }

        if (end < file.Length)
        {
            file.SetLength(end);
        }
    }
}
