namespace StreamSettle.Connectors.Debezium.Forms;

/// <summary>The members of an envelope and of its source block that we read.</summary>
internal enum EnvelopeMember : byte
{
    Other,
    Before,
    After,
    Source,
    Transaction,
    Op,
    TsMs,
    TsUs,
    TsNs,
    Message,
}
