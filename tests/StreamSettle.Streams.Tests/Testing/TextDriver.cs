using System.Text;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Tests.Testing;

/// <summary>Texts instead of bytes, for tests.</summary>
static class TextDriver
{
    public static readonly UtcInstant Start = UtcInstant.Parse("2026-11-01T00:00:00Z");

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static void Pipe(this DrivenTopology driver, string topic, string key, string value, long timestampMs = 0, int? partition = null) =>
        driver.Pipe(topic, Bytes(key), Bytes(value), timestampMs, partition: partition);

    public static void Append(this DrivenTopology driver, string topic, string key, string value, long timestampMs = 0, int? partition = null) =>
        driver.Append(topic, Bytes(key), Bytes(value), timestampMs, partition: partition);

    public static string[] ReadTexts(this DrivenTopology driver, string topic) =>
        [.. driver.ReadOutput(topic).Select(record => $"{Text(record.Key)}={Text(record.Value)}@{record.TimestampMs}")];

    public static string? Get(this IReadOnlyKeyValueStore store, string key) => store.TryGet(Bytes(key), out var value) ? Encoding.UTF8.GetString(value) : null;

    public static void Put(this IKeyValueStore store, string key, string value) => store.Put(Bytes(key), Bytes(value));

    public static void Send(this Output<string, string> output, string key, string value, long timestampMs) =>
        output.Forward(new Record<string, string> { Key = key, Value = value, TimestampMs = timestampMs });

    public static TopologyBuilder AddTextSource(this TopologyBuilder builder, string name, params string[] topics) =>
        builder.AddSource(name, () => new TextSerde(), () => new TextSerde(), topics);

    public static TopologyBuilder AddTextSink(this TopologyBuilder builder, string name, string topic, params string[] parents) =>
        builder.AddSink(name, topic, () => new TextSerde(), () => new TextSerde(), parents);

    public static TopologyBuilder AddTextRepartition(this TopologyBuilder builder, string name, params string[] parents) =>
        builder.AddRepartition(name, () => new TextSerde(), () => new TextSerde(), parents);

    /// <summary>A global store that keeps the last value of each key.</summary>
    public static TopologyBuilder AddGlobalStore(this TopologyBuilder builder, string store, string source, string topic) =>
        builder.AddGlobalStore(new(store), source, () => new TextSerde(), () => new TextSerde(), topic, () => LastValue(store));

    static TextProcessor LastValue(string name)
    {
        IKeyValueStore store = null!;
        return new(context => store = context.Store(name), (key, value, _) => store.Put(key, value));
    }

    static string Text(byte[]? bytes) => bytes is null ? "null" : Encoding.UTF8.GetString(bytes);
}
