using CsCheck;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tests.Testing;
using Xunit;

namespace StreamSettle.Streams.Tests.Stores;

public class OverlayStoreTests
{
    // Few short keys, so that operations meet; longer ones than the eight bytes that most comparisons look at.
    static readonly Gen<byte[]> Key = Gen.OneOf(Gen.Byte[0, 3].Array[0, 3], Gen.Byte[0, 2].Array[8, 10]);

    static readonly Gen<Operation> AnyOperation = Gen.Frequency(
        (8, Gen.Select(Key, Gen.Byte.Array[0, 20], (key, value) => (Operation)new Operation.Put(key, value))),
        (4, Key.Select(key => (Operation)new Operation.Delete(key))),
        (1, Gen.Select(Key, Key, (from, to) => (Operation)new Operation.DeleteRange(from, to))),
        (3, Key.Select(key => (Operation)new Operation.Get(key))),
        (3, Gen.Select(Key, Key, Gen.Bool, (from, to, reverse) => (Operation)new Operation.Scan(from, to, reverse))),
        (2, Gen.Select(Key, Key, Gen.Bool, Gen.Int[0, 3], (from, to, reverse, take) => (Operation)new Operation.ScanAndDelete(from, to, reverse, take))),
        (1, Gen.Const((Operation)new Operation.Commit())),
        (1, Gen.Const((Operation)new Operation.Crash())));

    [Fact]
    public void A_store_is_a_sorted_dictionary_through_commits_and_crashes() =>
        AnyOperation.Array[0, 120].Sample(
            operations =>
            {
                using var store = new CommittingStore(int.MaxValue);
                var model = new StoreModel();
                foreach (var operation in operations)
                {
                    Check(store, model, operation);
                }
            },
            iter: 3000);

    [Fact]
    public void A_scan_sees_the_store_as_it_was_when_it_began()
    {
        using var store = new CommittingStore(int.MaxValue);
        store.Store.Put("a", "committed");
        store.Commit();
        store.Store.Put("b", "old");
        store.Store.Put("d", "old");

        using var scan = store.Store.All();
        store.Store.Put("b", "new");
        store.Store.Put("c", "new");
        store.Store.Delete("d"u8);
        store.Store.Put("a", "new");
        using var inner = store.Store.All();

        store.Store.DeleteRange("a"u8, "c"u8);
        store.Store.Put("a", "newest");

        Assert.Equal(["a=committed", "b=old", "d=old"], StoreModel.Texts(scan));
        Assert.Equal(["a=new", "b=new", "c=new"], StoreModel.Texts(inner));
        Assert.Equal(["a=newest", "c=new"], StoreModel.Texts(store.Store.All()));
    }

    [Fact]
    public void A_key_that_came_and_went_with_a_range_between_two_commits_is_not_told_to_the_commit()
    {
        using var store = new CommittingStore(int.MaxValue);
        store.Store.Put("a", "1");
        store.Store.Put("b", "1");
        store.Store.DeleteRange("a"u8, "b"u8);
        var told = new List<string>();

        store.Store.Changes.VisitRanges((from, to) => told.Add($"{(char)from[0]} to {(char)to[0]}"));
        store.Store.Changes.Visit((key, _, deleted) => told.Add($"{(char)key[0]} {deleted}"));

        Assert.Equal(["a to b", "b False"], told);
    }

    [Fact]
    public void A_scan_that_outlives_a_commit_is_refused()
    {
        using var store = new CommittingStore(int.MaxValue);
        store.Store.Put("a", "1");
        using var scan = store.Store.All();

        store.Commit();

        Assert.Throws<InvalidOperationException>(() => scan.MoveNext());
    }

    static void Check(CommittingStore store, StoreModel model, Operation operation)
    {
        switch (operation)
        {
            case Operation.Put(var key, var value):
                store.Store.Put(key, value);
                model.Put(key, value);
                break;
            case Operation.Delete(var key):
                store.Store.Delete(key);
                model.Delete(key);
                break;
            case Operation.DeleteRange(var from, var to):
                store.Store.DeleteRange(from, to);
                model.DeleteRange(from, to);
                break;
            case Operation.Get(var key):
                Assert.Equal(model.Get(key), store.Store.TryGet(key, out var found) ? Convert.ToHexString(found) : null);
                break;
            case Operation.Scan(var from, var to, var reverse):
                using (var scan = store.Store.Scan(from, to, reverse))
                {
                    Assert.Equal(model.Scan(from, to, reverse), StoreModel.Hexes(scan));
                }

                break;
            case Operation.ScanAndDelete scanning:
                ScanAndDelete(store, model, scanning);
                break;
            case Operation.Commit:
                store.Commit();
                model.Commit();
                break;
            case Operation.Crash:
                store.Crash();
                model.Crash();
                break;
        }
    }

    static void ScanAndDelete(CommittingStore store, StoreModel model, Operation.ScanAndDelete operation)
    {
        var expected = model.Scan(operation.From, operation.To, operation.Reverse);
        var seen = new List<string>();
        using var scan = store.Store.Scan(operation.From, operation.To, operation.Reverse);
        while (scan.MoveNext())
        {
            seen.Add($"{Convert.ToHexString(scan.Key)}={Convert.ToHexString(scan.Value)}");
            var key = scan.Key.ToArray();
            store.Store.Delete(key);
            model.Delete(key);
            if (seen.Count <= operation.Writes)
            {
                // Before and behind the place of the scan; it must see neither.
                byte[] other = [.. key, 1];
                store.Store.Put(other, [9]);
                model.Put(other, [9]);
            }
        }

        Assert.Equal(expected, seen);
    }

    abstract record Operation
    {
        public sealed record Put(byte[] Key, byte[] Value) : Operation;
        public sealed record Delete(byte[] Key) : Operation;
        public sealed record DeleteRange(byte[] From, byte[] To) : Operation;
        public sealed record Get(byte[] Key) : Operation;
        public sealed record Scan(byte[] From, byte[] To, bool Reverse) : Operation;
        public sealed record ScanAndDelete(byte[] From, byte[] To, bool Reverse, int Writes) : Operation;
        public sealed record Commit : Operation;
        public sealed record Crash : Operation;
    }
}
