using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Streamiz.Tests;

/// <summary>The host on a log in memory: Streamiz' threads, tasks and commits without a broker.</summary>
public class HostTests
{
    [Fact]
    public async Task Words_are_counted_once_each_through_a_repartition()
    {
        await using var hosted = new HostedWords(new MemoryLog());
        hosted.Pipe("apple", "bread", "anchovy", "butter", "avocado");

        hosted.ExpectCounts(("a", 3), ("b", 2));
    }

    [Fact]
    public async Task A_stopped_application_goes_on_where_it_was()
    {
        await using var hosted = new HostedWords(new MemoryLog());
        hosted.Pipe("apple", "bread");
        hosted.ExpectCounts(("a", 1), ("b", 1));
        await hosted.StopAsync();

        hosted.Pipe("anchovy");
        hosted.StartAgain(threads: 2);
        hosted.ExpectCounts(("a", 2), ("b", 1));
    }

    [Fact]
    public async Task A_hostile_log_loses_and_doubles_nothing()
    {
        var seed = Seeds.Next(nameof(HostTests));
        await using var hosted = new HostedWords(new MemoryLog(new Hostility(new(seed))), threads: 2);
        var random = new Random(seed);
        var words = Enumerable.Range(0, 300).Select(i => $"{(char)('a' + random.Next(5))}{i}").ToArray();
        foreach (var some in words.Chunk(50))
        {
            hosted.Pipe(some);
            await hosted.StopAsync();
            hosted.StartAgain(threads: 1 + random.Next(3));
        }

        hosted.ExpectCounts([.. words.GroupBy(word => word[..1]).Select(letter => (letter.Key, letter.Count()))]);
    }
}
