using StreamSettle.Connectors.Debezium.AvroForms;
using StreamSettle.Connectors.Json;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Registry;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium;

/// <summary>Keys of the merchants' topic.</summary>
/// <param name="column">The key column's name.</param>
/// <param name="schemas">The schemas of keys in Avro; null where no registry is configured.</param>
public sealed class MerchantKeySerde(string column = "merchant_id", IWriterSchemas? schemas = null) : ISerde<MerchantId>
{
    readonly HeaderFrame frame = new();
    readonly KeyReader key = new(column, schemas);

    /// <inheritdoc/>
    public MerchantId Read(ReadOnlySpan<byte> source, Headers headers) => new(key.Read(frame.OfKey(source, headers)));

    /// <inheritdoc/>
    public MerchantId Read(ReadOnlySpan<byte> source) => new(key.Read(source));

    public void Write(MerchantId value, ByteWriter destination) => KeyJson.Write(column, value.Value, destination);
}
