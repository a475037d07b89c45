using System.Globalization;
using CsCheck;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Tests.RocksDb;
using Xunit;

namespace StreamSettle.Streams.Tests.Embedded;

/// <summary>The write-ahead log ends anywhere, as after a power cut: what is left is the first commits, each whole.</summary>
public sealed class RecoveryTests : IDisposable
{
    const int Commits = 40;
    static readonly TopicPartition Out = new("out", 0);
    static readonly TopicPartition Other = new("out", 1);

    readonly TempDirectory temp = new();
    readonly string source;
    readonly List<long> boundaries = [];

    public RecoveryTests()
    {
        source = temp.Below("source");
        Prepare();
    }

    public void Dispose() => temp.Dispose();

    [Fact]
    public void A_log_cut_at_a_commit_boundary_has_exactly_the_commits_before_it()
    {
        for (var kept = 0; kept < Commits; kept += 3)
        {
            Assert.Equal(kept, CommitsAfterCut(boundaries[kept]));
        }
    }

    [Fact]
    public void A_log_cut_at_any_byte_has_a_prefix_of_the_commits_and_never_half_of_one() =>
        Gen.Long[boundaries[0], boundaries[^1]].Sample(
            length => Assert.Equal(boundaries.FindLastIndex(boundary => boundary <= length), CommitsAfterCut(length)),
            iter: 40, threads: 1);

    [Fact]
    public void What_is_committed_after_a_cut_survives_the_next_one()
    {
        var directory = Cut(boundaries[10] + 5);
        var log = LogHarness.Open(directory);
        using (var client = log.OpenClient("app", "1"))
        {
            client.Commit(CommitNumber(11));
        }

        TempDirectory.Copy(directory, temp.Below("again"));
        log.Close();

        Assert.Equal(11, CommitsIn(temp.Below("again")));
        Assert.Equal(11, CommitsIn(directory));
    }

    void Prepare()
    {
        var log = LogHarness.Open(source);
        log.EnsureTopics([new TopicSpec("in", 1, TopicRetention.PurgeConsumed), new TopicSpec("out", 2, TopicRetention.Keep)]);
        log.Get("a", 0, "n");
        log.Get("b", 0, "n");
        log.Close();

        log = LogHarness.Open(source);
        using var client = log.OpenClient("app", "1");
        client.Append(Other, "first of the new write-ahead log");
        boundaries.Add(new FileInfo(WalOf(source)).Length);
        for (var n = 1; n <= Commits; n++)
        {
            client.Commit(CommitNumber(n));
            boundaries.Add(new FileInfo(WalOf(source)).Length);
        }

        TempDirectory.Copy(source, temp.Below("uncut"));
        log.Close();
    }

    static LogCommit CommitNumber(int n)
    {
        var text = n.ToString(CultureInfo.InvariantCulture);
        var commit = new LogCommit();
        commit.Outputs.Add((Out, LogHarness.Batch(text)));
        commit.Outputs.Add((Other, LogHarness.Batch(new string('x', n * 997 % 5000))));
        commit.Positions.Add((new TopicPartition("in", 0), n));
        commit.Metadata.Add(("n", [(byte)n]));
        commit.Put("a", 0, "n", text);
        commit.Put("b", 0, "n", text);
        return commit;
    }

    string Cut(long length)
    {
        var directory = temp.Below($"cut-{length}-{Directory.GetDirectories(temp.Path).Length}");
        TempDirectory.Copy(temp.Below("uncut"), directory);
        using var wal = new FileStream(WalOf(directory), FileMode.Open);
        wal.SetLength(length);
        return directory;
    }

    int CommitsAfterCut(long length)
    {
        var directory = Cut(length);
        var commits = CommitsIn(directory);
        Directory.Delete(directory, recursive: true);
        return commits;
    }

    /// <summary>How many commits are there, by each of their parts, which must agree.</summary>
    static int CommitsIn(string directory)
    {
        var log = LogHarness.Open(directory);
        Assert.False(log.IsNew);
        var values = log.ReadAll(Out);
        var n = values.Count;
        Assert.Equal(Enumerable.Range(1, n).Select(i => i.ToString(CultureInfo.InvariantCulture)), values);
        Assert.Equal(n, log.EndOffset(Out));
        Assert.Equal(n + 1, log.EndOffset(Other));
        Assert.Equal(n, log.CommittedPosition("app", new("in", 0)));
        Assert.Equal(n == 0 ? null : [(byte)n], log.ReadMetadata("n"));
        Assert.Equal(n == 0 ? null : $"{n}", log.Get("a", 0, "n"));
        Assert.Equal(n == 0 ? null : $"{n}", log.Get("b", 0, "n"));
        log.Close();
        return n;
    }

    static string WalOf(string directory) =>
        Directory.EnumerateFiles(Path.Combine(directory, "db"), "*.log").OrderBy(file => file, StringComparer.Ordinal).Last();
}
