using StreamSettle.App.Reconciling;
using StreamSettle.App.Reconciling.Comparison;
using StreamSettle.App.Reconciling.Output;
using StreamSettle.App.Reports;
using StreamSettle.Kernel.Failures;
using Xunit;

namespace StreamSettle.Integration.Tests.Reconciling;

/// <summary>A comparison that was cut off goes on where it was.</summary>
public sealed class ProgressFileTests : IDisposable
{
    static readonly ReconcileScope Scope = new(Period.Read("2026-11-01", "2026-12-01"), Shard.All, true, true);

    readonly string folder = Directory.CreateTempSubdirectory("streamsettle-progress-").FullName;

    string FilePath => Path.Combine(folder, "progress");

    [Fact]
    public void What_was_reached_and_found_until_then_is_there_again_and_what_came_behind_is_not()
    {
        using (var file = ProgressFile.Open(FilePath, Scope))
        {
            file.Add(new(1, DiscrepancyKind.Missing, "order", "COMPLETED"));
            file.Reach(new(false, "17"), Counts(17, DiscrepancyKind.Missing));
            file.Add(new(18, DiscrepancyKind.Extra, "order"));
        }

        // Cut off in the middle of a line.
        File.AppendAllText(FilePath, "{\"found\":{\"orderId\":18,\"ki");
        for (var again = 0; again < 2; again++)
        {
            using var file = ProgressFile.Open(FilePath, Scope);
            Assert.Equal(new(false, "17"), file.Place);
            Assert.Equal([new(1, DiscrepancyKind.Missing, "order", "COMPLETED")], file.Found);
            Assert.Equal((17, 1, 17), (file.Counts.Orders, file.Counts.Of(DiscrepancyKind.Missing), file.Counts.Of(OrderStanding.Settled)));
        }

        using (var file = ProgressFile.Open(FilePath, Scope))
        {
            file.Add(new(19, DiscrepancyKind.Late, "mark"));
            file.Reach(new(true, null), file.Counts);
        }

        using var last = ProgressFile.Open(FilePath, Scope);
        Assert.Equal([1, 19], last.Found.Select(one => one.OrderId));
        last.Remove();
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public void A_file_of_another_comparison_or_of_something_else_is_refused_and_left_alone()
    {
        ProgressFile.Open(FilePath, Scope).Dispose();
        var other = Assert.Throws<UserMistakeException>(() => ProgressFile.Open(FilePath, Scope with { Shard = new(1, 2) }));
        Assert.Contains("1/2", other.Message, StringComparison.Ordinal);
        Assert.Equal(ReconcilePlace.Start, Opened().Place);

        var letter = Path.Combine(folder, "letter.txt");
        File.WriteAllText(letter, "Dear auditor,\n");
        Assert.Throws<UserMistakeException>(() => ProgressFile.Open(letter, Scope));
        File.WriteAllText(letter, "{}\n");
        Assert.Throws<UserMistakeException>(() => ProgressFile.Open(letter, Scope));
        File.WriteAllText(letter, "not a whole line");
        Assert.Throws<UserMistakeException>(() => ProgressFile.Open(letter, Scope));
        Assert.Equal("not a whole line", File.ReadAllText(letter));
        Assert.Throws<UserMistakeException>(() => ProgressFile.Open(Path.Combine(folder, "nowhere", "progress"), Scope));
    }

    [Fact]
    public void Two_runs_do_not_share_one()
    {
        using var first = ProgressFile.Open(FilePath, Scope);
        Assert.Throws<UserMistakeException>(() => ProgressFile.Open(FilePath, Scope));
    }

    [Theory]
    [InlineData("16/16"), InlineData("-1/16"), InlineData("1"), InlineData("0/0"), InlineData("a/b"), InlineData("1/2/3")]
    public void What_is_no_shard_is_refused(string text) => Assert.Contains(text, Assert.Throws<UserMistakeException>(() => Shard.Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_order_is_in_one_shard()
    {
        for (var id = -100L; id < 100; id++)
        {
            Assert.Single(Enumerable.Range(0, 7), shard => new Shard(shard, 7).Has(new(id)));
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    ProgressFile Opened()
    {
        using var file = ProgressFile.Open(FilePath, Scope);
        return file;
    }

    static ReconcileCounts Counts(int orders, DiscrepancyKind found)
    {
        var counts = new ReconcileCounts();
        for (var i = 0; i < orders; i++)
        {
            counts.Count(OrderStanding.Settled);
        }

        counts.Count(found);
        return counts;
    }
}
