namespace StreamSettle.Connectors.Debezium.Forms;

/// <summary>Finds members by name.</summary>
internal static class EnvelopeMembers
{
    public static EnvelopeMember Find(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("before"u8) => EnvelopeMember.Before,
        _ when name.SequenceEqual("after"u8) => EnvelopeMember.After,
        _ when name.SequenceEqual("source"u8) => EnvelopeMember.Source,
        _ when name.SequenceEqual("transaction"u8) => EnvelopeMember.Transaction,
        _ when name.SequenceEqual("op"u8) => EnvelopeMember.Op,
        _ when name.SequenceEqual("ts_ms"u8) => EnvelopeMember.TsMs,
        _ when name.SequenceEqual("ts_us"u8) => EnvelopeMember.TsUs,
        _ when name.SequenceEqual("ts_ns"u8) => EnvelopeMember.TsNs,
        _ when name.SequenceEqual("message"u8) => EnvelopeMember.Message,
        _ => EnvelopeMember.Other,
    };
}
