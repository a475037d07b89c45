using System.Text;
using CsCheck;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tests.Stores;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Windows;
using Xunit;

namespace StreamSettle.Streams.Tests.Windows;

public class DueWindowStoreTests
{
    const int WindowUs = 10;

    static readonly Gen<long> Due = Gen.OneOf(Gen.Long[-25, 60], Gen.Long[-3, 3]);
    static readonly Gen<string> Key = Gen.String[Gen.Char['a', 'c'], 1, 2];

    static readonly Gen<Operation> AnyOperation = Gen.Frequency(
        (9, Gen.Select(Due, Key, (due, key) => (Operation)new Operation.Put(due, key))),
        (3, Gen.Select(Due, Key, (due, key) => (Operation)new Operation.Delete(due, key))),
        (4, Gen.Select(Due, Gen.OneOf(Gen.Int[1, 4], Gen.Const(int.MaxValue)), Gen.Long[-20, 30], (through, max, again) => (Operation)new Operation.Take(through, max, again))),
        (2, Due.Select(through => (Operation)new Operation.First(through))),
        (2, Gen.Const((Operation)new Operation.Commit())),
        (1, Gen.Const((Operation)new Operation.Crash())));

    [Fact]
    public void What_waits_is_taken_once_and_in_order_through_late_puts_clocks_that_go_back_commits_and_crashes() =>
        AnyOperation.Array[0, 80].Sample(
            operations =>
            {
                var world = new World();
                Array.ForEach(operations, world.Do);
                world.TakeAll();
            },
            iter: 5000);

    [Fact]
    public void What_is_late_is_never_dropped_with_its_window()
    {
        var world = new World();
        world.Do(new Operation.Put(5, "a"));
        world.Do(new Operation.Take(5, 1, 0));
        world.Do(new Operation.Put(4, "late"));
        world.Do(new Operation.Put(6, "b"));
        world.Do(new Operation.Commit());
        world.Do(new Operation.Crash());
        world.Do(new Operation.Take(1000, int.MaxValue, 0));

        Assert.Equal(0, world.Count);
    }

    [Fact]
    public void What_was_put_behind_an_open_scan_and_is_left_where_it_is_when_taken_waits_there_again()
    {
        using var store = new CommittingStore(int.MaxValue);
        var windows = new DueWindowStore(store.Store, TimeSpan.FromMicroseconds(WindowUs));
        windows.Put(new(1), "a"u8);
        windows.Put(new(9), "b"u8);
        using (var first = windows.Take(new(20), max: 1))
        {
            Assert.True(first.MoveNext());
            windows.Put(new(12), "behind"u8);
        }

        for (var round = 0; round < 3; round++)
        {
            using var scan = windows.Take(new(20));
            while (scan.MoveNext())
            {
                if (scan.Key.SequenceEqual("behind"u8))
                {
                    windows.Move(new(12), new(12), "behind"u8);
                }
            }
        }

        Assert.Equal(new UtcInstant(12), windows.First(new(20)));
    }

    [Fact]
    public void A_window_that_is_done_is_dropped_as_one_range()
    {
        using var store = new CommittingStore(int.MaxValue);
        var windows = new DueWindowStore(store.Store, TimeSpan.FromMicroseconds(WindowUs));
        for (var due = 0; due < 3 * WindowUs; due++)
        {
            windows.Put(new(due), "k"u8);
        }

        store.Commit();
        TakeAll(windows, 2 * WindowUs);
        var changes = new List<string>();
        store.Store.Changes.VisitRanges((_, to) => changes.Add($"to {DueWindowKey.DueOf(to).Microseconds}"));
        store.Store.Changes.Visit((key, _, _) => changes.Add($"{key[0]}"));
        Assert.Equal(["to 20", "0"], changes);

        store.Commit();
        TakeAll(windows, 1000);
        store.Commit();
        Assert.Single(StoreModel.Hexes(store.Store.All()));
    }

    [Fact]
    public void Taking_nothing_costs_nothing()
    {
        using var store = new CommittingStore(int.MaxValue);
        var windows = new DueWindowStore(store.Store, TimeSpan.FromMicroseconds(WindowUs));
        windows.Put(new(100), "k"u8);
        TakeAll(windows, 50);
        store.Commit();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var through = 51; through < 100; through++)
        {
            TakeAll(windows, through);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, store.Store.Changes.Count);
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void The_ends_of_time_are_times_as_others(long due)
    {
        var world = new World();
        world.Do(new Operation.Put(due, "a"));
        world.Do(new Operation.Take(due, 1, 0));
        world.Do(new Operation.Put(due, "b"));
        world.Do(new Operation.Commit());
        world.TakeAll();

        Assert.Equal(0, world.Count);
    }

    [Fact]
    public void Golden_bytes()
    {
        using var store = new CommittingStore(int.MaxValue);
        var windows = new DueWindowStore(store.Store, TimeSpan.FromMicroseconds(WindowUs));
        windows.Put(new(2), "A"u8, "v"u8);
        windows.Put(new(11), "B"u8);
        using (var scan = windows.Take(new(2)))
        {
            Assert.True(scan.MoveNext());
        }

        windows.Put(new(1), "C"u8);

        Assert.Equal(
            ["00=800000000000000241", "01800000000000000143=", "02800000000000000241=76", "02800000000000000B42="], StoreModel.Hexes(store.Store.All()));
    }

    static void TakeAll(DueWindowStore windows, long through)
    {
        using var scan = windows.Take(new(through));
        while (scan.MoveNext())
        {
        }
    }

    sealed class World
    {
        readonly CommittingStore store = new(int.MaxValue);
        readonly DueWindowModel model = new();
        DueWindowStore windows;
        int number;

        public World() => windows = Open();

        public int Count => model.Count;

        public void Do(Operation operation)
        {
            switch (operation)
            {
                case Operation.Put(var due, var key):
                    Put(due, key);
                    break;
                case Operation.Delete(var due, var key):
                    windows.Delete(new(due), Encoding.UTF8.GetBytes(key));
                    model.Delete(due, key);
                    break;
                case Operation.First(var through):
                    Assert.Equal(model.First(through), windows.First(new(through))?.Microseconds);
                    break;
                case Operation.Take take:
                    Take(take);
                    break;
                case Operation.Commit:
                    store.Commit();
                    model.Commit();
                    break;
                case Operation.Crash:
                    store.Crash();
                    model.Crash();
                    windows = Open();
                    break;
            }
        }

        /// <summary>Nothing that waits is lost, and nothing that was taken stays.</summary>
        public void TakeAll()
        {
            Do(new Operation.Take(long.MaxValue, int.MaxValue, 0));
            Do(new Operation.Take(long.MaxValue, int.MaxValue, 0));
            Assert.Empty(model.Waiting);
            Assert.All(StoreModel.Hexes(store.Store.All()), entry => Assert.True(entry.StartsWith("00=", StringComparison.Ordinal) || entry.StartsWith("02", StringComparison.Ordinal)));
        }

        void Put(long due, string key)
        {
            var value = $"{++number}";
            windows.Put(new(due), Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value));
            model.Put(due, key, value);
        }

        /// <summary>As the clock does it: what was taken is deleted where it was, and put again somewhere else or not at all.</summary>
        void Take(Operation.Take take)
        {
            var expected = model.Due(take.Through, take.Max);
            var next = model.Due(take.Through, take.Max == int.MaxValue ? take.Max : take.Max + 1).Skip(expected.Count).Select(entry => (long?)entry.Due).FirstOrDefault();
            using var scan = windows.Take(new(take.Through), take.Max);
            var taken = new List<(long Due, string Key, string Value)>();
            while (scan.MoveNext())
            {
                var (due, key) = (scan.DueAt.Microseconds, DueWindowModel.Text(scan));
                taken.Add((due, key, Encoding.UTF8.GetString(scan.Value)));
                model.Delete(due, key);
                if (take.Again != 0 && taken.Count % 3 == 0)
                {
                    windows.Move(new(due), new(due), Encoding.UTF8.GetBytes(key), "again"u8);
                    model.Put(due, key, "again");
                    continue;
                }

                windows.Delete(new(due), Encoding.UTF8.GetBytes(key));
                if (take.Again != 0 && take.Through < long.MaxValue - take.Again && (taken.Count & 1) == 0)
                {
                    Put(take.Through + take.Again, $"{key}{number}");
                }
            }

            Assert.Equal(expected, taken);
            Assert.Equal(next, scan.LeftFrom?.Microseconds);
        }

        DueWindowStore Open() => new(store.Store, TimeSpan.FromMicroseconds(WindowUs));
    }

    abstract record Operation
    {
        public sealed record Put(long Due, string Key) : Operation;
        public sealed record Delete(long Due, string Key) : Operation;
        public sealed record First(long Through) : Operation;

        /// <param name="Again">Where every second one is put again, from the time of the take; 0 for nowhere.</param>
        public sealed record Take(long Through, int Max, long Again) : Operation;
        public sealed record Commit : Operation;
        public sealed record Crash : Operation;
    }
}
