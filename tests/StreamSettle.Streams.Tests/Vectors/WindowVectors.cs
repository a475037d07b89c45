using System.Text;
using System.Text.Json;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Windows;

namespace StreamSettle.Streams.Tests.Vectors;

/// <summary>Window stores answer as those of Kafka Streams do.</summary>
static class WindowVectors
{
    /// <param name="commitEvery">Operations a commit.</param>
    public static string? Check(JsonElement line, int commitEvery)
    {
        using var store = new CommittingStore(commitEvery);
        foreach (var operation in line.GetProperty("ops").EnumerateArray())
        {
            // Made anew each time, as after a restart: what it knows must be in the store.
            var windows = new WindowStore(
                store.Store,
                TimeSpan.FromMilliseconds(line.GetProperty("windowMs").GetInt64()),
                TimeSpan.FromMilliseconds(line.GetProperty("retentionMs").GetInt64()));
            var answer = Answer(windows, operation);
            store.Step();
            if (operation.TryGetProperty("result", out var expected) && !JsonElement.DeepEquals(expected, JsonSerializer.SerializeToElement(answer)))
            {
                return $"{operation} answered {JsonSerializer.Serialize(answer)}";
            }
        }

        return null;
    }

    static object? Answer(WindowStore store, JsonElement operation)
    {
        byte[] Key() => TextDriver.Bytes(operation.GetProperty("key").GetString()!);
        long Time(string name) => operation.GetProperty(name).GetInt64();
        switch (operation.GetProperty("op").GetString())
        {
            case "put":
                return Put(store, Key(), operation.GetProperty("value").GetString(), Time("at"));
            case "get":
                return store.TryGet(Key(), Time("at"), out var value) ? Encoding.UTF8.GetString(value) : null;
            case "fetch":
                return Entries(store.Fetch(Key(), Time("from"), Time("to")));
            case "fetchAll":
                return Entries(store.FetchAll(Time("from"), Time("to")));
            case "all":
                return Entries(store.All());
            case var other:
                throw new InvalidOperationException($"unknown operation '{other}'");
        }
    }

    static object? Put(WindowStore store, byte[] key, string? value, long at)
    {
        if (value is null)
        {
            store.Delete(key, at);
        }
        else
        {
            store.Put(key, TextDriver.Bytes(value), at);
        }

        return null;
    }

    static object[][] Entries(WindowScan scan)
    {
        using (scan)
        {
            var entries = new List<(string Key, long Start, string Value)>();
            while (scan.MoveNext())
            {
                entries.Add((Encoding.UTF8.GetString(scan.Key), scan.WindowStartMs, Encoding.UTF8.GetString(scan.Value)));
            }

            return [.. entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).ThenBy(entry => entry.Start)
                .Select(entry => new object[] { entry.Key, entry.Start, entry.Value })];
        }
    }
}
