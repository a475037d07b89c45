using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Registry;
using StreamSettle.Streams.Records;

namespace StreamSettle.Connectors.Debezium.Following;

/// <summary>A compacted topic of a table that Debezium copies.</summary>
/// <param name="PositionOf">Reads where a record's change stands.</param>
internal sealed record CopiedTopic(string Name, PositionReader PositionOf)
{
    /// <summary>Those of merchants and promoters.</summary>
    /// <param name="schemas">Of records in Avro; null where no registry is configured.</param>
    public static IReadOnlyList<CopiedTopic> Of(DebeziumOptions options, IWriterSchemas? schemas)
    {
        var tables = Embedded.CapturedTable.Of(options.Source);
        var merchants = new MerchantChangeSerde(options.Source.Merchants, schemas);
        var promoters = new PromoterChangeSerde(options.Source.Promoters, schemas);
        return [new(tables[0].Topic, (value, headers) => merchants.Read(value, headers).Position), new(tables[1].Topic, (value, headers) => promoters.Read(value, headers).Position)];
    }
}

/// <exception cref="Streams.Serdes.SerdeException">The record is no change.</exception>
internal delegate ChangePosition PositionReader(ReadOnlySpan<byte> value, Headers headers);
