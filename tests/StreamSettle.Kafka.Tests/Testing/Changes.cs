using StreamSettle.Streams.Log;
using StreamSettle.Streams.Tests.Testing;

namespace StreamSettle.Kafka.Tests.Testing;

/// <summary>Writes of one store, by hand.</summary>
sealed class Changes : IStoreChanges
{
    readonly List<(string From, string To)> ranges = [];
    readonly List<(string Key, string Value)> puts = [];

    public int Count => ranges.Count + puts.Count;

    public void Put(string key, string value) => puts.Add((key, value));

    public void DeleteRange(string from, string to) => ranges.Add((from, to));

    public void VisitRanges(StoreRangeVisitor visit) => ranges.ForEach(range => visit(TextDriver.Bytes(range.From), TextDriver.Bytes(range.To)));

    public void Visit(StoreChangeVisitor visit) => puts.ForEach(put => visit(TextDriver.Bytes(put.Key), TextDriver.Bytes(put.Value), deleted: false));
}
