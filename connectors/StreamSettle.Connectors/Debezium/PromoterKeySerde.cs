using StreamSettle.Connectors.Json;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium;

/// <summary>Keys of the promoters' topic.</summary>
/// <param name="column">The key column's name.</param>
public sealed class PromoterKeySerde(string column = "promoter_id") : ISerde<PromoterId>
{
    readonly KeyReader key = new(column);

    /// <inheritdoc/>
    public PromoterId Read(ReadOnlySpan<byte> source) => new(key.Read(source));

    public void Write(PromoterId value, ByteWriter destination) => KeyJson.Write(column, value.Value, destination);
}
