using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Kafka.Tests.Testing;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Kafka;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;
using StreamSettle.Streams.Tests.Testing;
using Xunit;

namespace StreamSettle.Kafka.Tests;

public class StoreTests(KafkaBroker broker)
{
    static readonly StoreSpec Counts = new("counts");

    [Fact]
    public async Task A_lost_directory_is_filled_from_the_changelogs()
    {
        using var words = new Words(broker);
        await using (words.Start())
        {
            words.Send("abcabbbde");
            words.ExpectAllCounted();
        }

        Directory.Delete(words.Directory("one"), recursive: true);
        await using var again = words.Start();
        words.Send("abcdefg");
        words.ExpectAllCounted();
        Assert.True(words.Log.Count(2202) > 0, "stores were restored");
    }

    [Fact]
    public async Task An_instance_that_was_stopped_replays_no_more_than_the_tail()
    {
        using var words = new Words(broker, partitions: 1);
        var task = new TaskId(1, 0);
        await using (var log = words.Open())
        {
            using var client = log.OpenClient("writer", "1");
            for (var i = 0; i < 200; i++)
            {
                client.Commit(PutOf(task, $"key{i}", $"{i}"));
            }
        }

        await using var again = words.Open();
        using var reopened = again.OpenClient("writer", "1");
        using var store = reopened.OpenStore(Counts, task);
        Assert.False(store.RestoreMore());
        Assert.Equal("199", store.Get("key199"));
    }

    [Fact]
    public async Task A_range_that_was_deleted_is_gone_from_the_changelog_too()
    {
        using var words = new Words(broker, partitions: 1);
        var task = new TaskId(1, 0);
        await using (var log = words.Open())
        {
            using var client = log.OpenClient("writer", "1");
            foreach (var key in new[] { "a1", "a2", "b1", "c1" })
            {
                client.Commit(PutOf(task, key, "x"));
            }

            var changes = new Changes();
            changes.DeleteRange("a", "c");
            changes.Put("b2", "y");
            var commit = new LogCommit();
            commit.Stores.Add((Counts, task, changes));
            client.Commit(commit);
        }

        Directory.Delete(words.Directory("one"), recursive: true);
        await using var again = words.Open();
        using var reopened = again.OpenClient("writer", "1");
        using var store = reopened.OpenStore(Counts, task);
        var polled = new FetchedRecords();
        while (store.RestoreMore())
        {
            reopened.Poll(polled, TimeSpan.Zero);
        }

        Assert.Equal(["b2", "c1"], Keys(store));
    }

    [Fact]
    public async Task A_damaged_copy_is_made_anew_from_the_changelogs_with_one_line()
    {
        using var words = new Words(broker);
        await using (words.Start())
        {
            words.Send("abcabbbde");
            words.ExpectAllCounted();
        }

        foreach (var file in Directory.GetFiles(words.Directory("one"), "MANIFEST-*"))
        {
            await File.WriteAllTextAsync(file, "not what it was");
        }

        await using var again = words.Start();
        words.Send("abcdefg");
        words.ExpectAllCounted();
        Assert.Equal(1, words.Log.Count(2213));
    }

    [Fact]
    public async Task A_copy_of_another_application_is_refused()
    {
        using var words = new Words(broker, partitions: 1);
        await using (words.Open())
        {
        }

        var mistake = Assert.Throws<UserMistakeException>(() => KafkaLog.Open(words.Options() with { ApplicationId = "another" }, TimeProvider.System, words.Log));
        Assert.Contains("another cluster or application", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_that_is_in_use_is_refused()
    {
        using var words = new Words(broker, partitions: 1);
        await using var log = words.Open();

        Assert.Contains("in use by another process", Assert.Throws<UserMistakeException>(() => words.Open()).Message, StringComparison.Ordinal);
    }

    static LogCommit PutOf(TaskId task, string key, string value)
    {
        var changes = new Changes();
        changes.Put(key, value);
        var commit = new LogCommit();
        commit.Stores.Add((Counts, task, changes));
        return commit;
    }

    static List<string> Keys(IStoreBase store)
    {
        using var scan = store.Scan(default, default);
        var keys = new List<string>();
        while (scan.MoveNext())
        {
            keys.Add(System.Text.Encoding.UTF8.GetString(scan.Key));
        }

        return keys;
    }
}
