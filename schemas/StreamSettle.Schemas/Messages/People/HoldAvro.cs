using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Avro.Binary;
using StreamSettle.Schemas.Messages.Reading;
using StreamSettle.Schemas.Registry;

namespace StreamSettle.Schemas.Messages.People;

/// <summary>Holds in Avro, by <c>hold.avsc</c>. Not thread-safe.</summary>
public sealed class HoldAvro(MessageSchemas schemas) : IMessageForm<Hold>
{
    static readonly string[] Places = ["id", "scope", "reason", "by", "since", "until", "release", "release.by", "release.requestId", "release.reason", "release.at"];

    readonly MessageReader reader = new(MessageSchema.Hold, schemas, Places);

    /// <exception cref="CorruptStateException">The record is no hold of ours.</exception>
    /// <inheritdoc cref="MessageReader.Read"/>
    public Hold Read(ReadOnlySpan<byte> record)
    {
        var values = reader.Read(record);
        var (id, text) = (values.Text(0), values.Text(1));
        return HoldScope.TryParse(text, out var scope)
            ? new(id, scope, values.Text(2), values.Text(3), new(values.Long(4)), values.OptionalLong(5) is { } until ? new UtcInstant(until) : null)
            {
                Release = values.Has(6) ? new(values.Text(7), values.Text(8), values.Text(9), new(values.Long(10))) : null,
            }
            : throw new CorruptStateException($"the hold '{id}' is on '{text}', which this program cannot hold");
    }

    public void Write(Hold value, ByteWriter to)
    {
        WireFormat.Write(schemas.IdOf(MessageSchema.Hold), to);
        var avro = new AvroEncoder(to);
        avro.Text(value.Id);
        avro.Text(value.Scope.ToString());
        avro.Text(value.Reason);
        avro.Text(value.By);
        avro.Long(value.Since.Microseconds);
        avro.OptionalLong(value.Until?.Microseconds);
        if (avro.Optional(value.Release is not null))
        {
            var release = value.Release!;
            avro.Text(release.By);
            avro.Text(release.RequestId);
            avro.Text(release.Reason);
            avro.Long(release.At.Microseconds);
        }
    }
}
