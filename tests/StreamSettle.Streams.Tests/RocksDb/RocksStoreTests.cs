using System.Text;
using CsCheck;
using StreamSettle.Streams.RocksDb;
using StreamSettle.Streams.RocksDb.Stores;
using StreamSettle.Streams.Stores;
using Xunit;

namespace StreamSettle.Streams.Tests.RocksDb;

public sealed class RocksStoreTests : IDisposable
{
    readonly TempDirectory temp = new();
    readonly Database database;
    readonly ColumnFamily family;

    public RocksStoreTests()
    {
        database = Database.Open(temp.Below("db"), new DatabaseOptions(), _ => FamilyUse.Store);
        family = database.Family("store", FamilyUse.Store);
    }

    public void Dispose()
    {
        database.Dispose();
        temp.Dispose();
    }

    [Fact]
    public void Partitions_do_not_see_each_other()
    {
        Put(1, "a", "one");
        Put(2, "a", "two");

        using var first = new RocksStore(database, family, 1);
        using var second = new RocksStore(database, family, 2);
        Assert.Equal(["a=one"], Entries(first, "", "", false));
        Assert.Equal(["a=two"], Entries(second, "", "", true));
        Assert.True(first.TryGet("a"u8, out var value));
        Assert.Equal("one"u8, value);
        Assert.False(new RocksStore(database, family, 3).TryGet("a"u8, out _));
    }

    [Fact]
    public void Scans_agree_with_a_sorted_list()
    {
        var text = Gen.String[Gen.Char['a', 'c'], 0, 3];
        var partition = 10;
        Gen.Select(Gen.Dictionary(text, text)[0, 30], text, text, Gen.Bool).Sample(
            (entries, from, to, reverse) =>
            {
                partition++;
                foreach (var (key, value) in entries)
                {
                    Put(partition, key, value);
                }

                using var store = new RocksStore(database, family, partition);
                var expected = entries.Where(e => string.CompareOrdinal(e.Key, from) >= 0 && (to.Length == 0 || string.CompareOrdinal(e.Key, to) < 0))
                    .OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Key}={e.Value}").ToList();
                Assert.Equal(reverse ? Enumerable.Reverse(expected) : expected, Entries(store, from, to, reverse));
            },
            iter: 200, threads: 1);
    }

    [Fact]
    public void A_scan_sees_the_store_as_it_was_when_it_began()
    {
        Put(1, "a", "1");
        Put(1, "b", "2");
        using var store = new RocksStore(database, family, 1);
        using var scan = store.Scan(default, default);
        Assert.True(scan.MoveNext());
        Put(1, "aa", "new");
        Put(1, "b", "changed");

        Assert.True(scan.MoveNext());
        Assert.Equal("b"u8, scan.Key);
        Assert.Equal("2"u8, scan.Value);
        Assert.False(scan.MoveNext());
        Assert.False(scan.MoveNext());
    }

    [Fact]
    public void Views_of_many_threads_are_refused_once_the_database_closes_and_never_crash_it()
    {
        Put(1, "a", "one");
        using var view = new RocksCommittedView(database, family, 1);
        var reads = 0;
        var readers = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            try
            {
                while (view.TryGet("a"u8, out var value) && value.SequenceEqual("one"u8))
                {
                    using var scan = view.Scan("a"u8, default);
                    Assert.True(scan.MoveNext());
                    Interlocked.Increment(ref reads);
                }
            }
            catch (ObjectDisposedException)
            {
            }
        })).ToList();
        readers.ForEach(reader => reader.Start());
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref reads) > 100, TimeSpan.FromSeconds(20)));

        database.Dispose();

        Assert.All(readers, reader => Assert.True(reader.Join(TimeSpan.FromSeconds(20))));
        Assert.Throws<ObjectDisposedException>(() => view.TryGet("a"u8, out _));
    }

    void Put(int partition, string key, string value)
    {
        var batch = new WriteBatch();
        batch.Put(family, StorePrefix.Of(partition), Encoding.UTF8.GetBytes(key), default, Encoding.UTF8.GetBytes(value));
        database.Write(batch, sync: false);
    }

    static List<string> Entries(IReadOnlyKeyValueStore store, string from, string to, bool reverse)
    {
        var found = new List<string>();
        using var scan = store.Scan(Encoding.UTF8.GetBytes(from), Encoding.UTF8.GetBytes(to), reverse);
        while (scan.MoveNext())
        {
            found.Add($"{Encoding.UTF8.GetString(scan.Key)}={Encoding.UTF8.GetString(scan.Value)}");
        }

        return found;
    }
}
