using StreamSettle.Connectors.Debezium.AvroForms;
using StreamSettle.Connectors.Json;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Registry;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium;

/// <summary>Keys of the orders' topic: <c>{"order_id":1}</c>, also with schema, or in Avro.</summary>
/// <param name="column">The key column's name.</param>
/// <param name="schemas">The schemas of keys in Avro; null where no registry is configured.</param>
public sealed class OrderKeySerde(string column = "order_id", IWriterSchemas? schemas = null) : ISerde<OrderId>
{
    readonly HeaderFrame frame = new();
    readonly KeyReader key = new(column, schemas);

    /// <inheritdoc/>
    public OrderId Read(ReadOnlySpan<byte> source, Headers headers) => new(key.Read(frame.OfKey(source, headers)));

    /// <inheritdoc/>
    public OrderId Read(ReadOnlySpan<byte> source) => new(key.Read(source));

    public void Write(OrderId value, ByteWriter destination) => KeyJson.Write(column, value.Value, destination);
}
