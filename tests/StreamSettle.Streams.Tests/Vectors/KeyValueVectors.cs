using System.Text;
using System.Text.Json;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tests.Testing;

namespace StreamSettle.Streams.Tests.Vectors;

/// <summary>Key-value stores answer as those of Kafka Streams do.</summary>
static class KeyValueVectors
{
    /// <param name="commitEvery">Operations a commit.</param>
    public static string? Check(JsonElement line, int commitEvery)
    {
        using var store = new CommittingStore(commitEvery);
        foreach (var operation in line.GetProperty("ops").EnumerateArray())
        {
            var answer = Answer(store, operation);
            store.Step();
            if (operation.TryGetProperty("result", out var expected) && !JsonElement.DeepEquals(expected, JsonSerializer.SerializeToElement(answer)))
            {
                return $"{operation} answered {JsonSerializer.Serialize(answer)}";
            }
        }

        return null;
    }

    static object? Answer(CommittingStore committing, JsonElement operation)
    {
        var store = committing.Store;
        byte[] Bytes(string name) => TextDriver.Bytes(operation.GetProperty(name).GetString()!);
        switch (operation.GetProperty("op").GetString())
        {
            case "put":
                return Put(store, Bytes("key"), operation.GetProperty("value"));
            case "delete":
                var before = store.Get(operation.GetProperty("key").GetString()!);
                store.Delete(Bytes("key"));
                return before;
            case "putIfAbsent":
                return store.PutIfAbsent(Bytes("key"), Bytes("value"), out var existing) ? null : Encoding.UTF8.GetString(existing);
            case "get":
                return store.Get(operation.GetProperty("key").GetString()!);
            case "range":
                return Entries(store.Range(Bytes("from"), Bytes("to")));
            case "reverseRange":
                return Entries(store.Range(Bytes("from"), Bytes("to"), reverse: true));
            case "prefixScan":
                return Entries(store.PrefixScan(Bytes("prefix")));
            case "all":
                return Entries(store.All());
            case var other:
                throw new InvalidOperationException($"unknown operation '{other}'");
        }
    }

    static object? Put(IKeyValueStore store, byte[] key, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            store.Delete(key);
        }
        else
        {
            store.Put(key, TextDriver.Bytes(value.GetString()!));
        }

        return null;
    }

    static List<string[]> Entries(StoreScan scan)
    {
        using (scan)
        {
            var entries = new List<string[]>();
            while (scan.MoveNext())
            {
                entries.Add([Encoding.UTF8.GetString(scan.Key), Encoding.UTF8.GetString(scan.Value)]);
            }

            return entries;
        }
    }
}
