using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Merchants;
using StreamSettle.Schemas.Sources;
using StreamSettle.Streams.Errors;
using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.Merchants;

/// <summary>Keeps the global store <c>merchants</c>. What a change left alone and did not tell comes from the row that is kept, else from the shop's.</summary>
/// <inheritdoc/>
sealed class MerchantUpdater(int partitions, ISourceRows rows) : TableUpdater<MerchantChange>(StoreNames.Merchants, partitions)
{
    protected override ChangedRow RowOf(scoped in MerchantChange change) => new(change.Op, change.Id.Value, change.Position);

    protected override void WriteRow(scoped in MerchantChange change, ReadOnlySpan<byte> kept, ByteWriter to)
    {
        if (change.Row.Unsent == UnsentMerchantColumns.None)
        {
            change.Row.Write(to);
        }
        else if (!kept.IsEmpty)
        {
            var from = new ByteReader(kept);
            change.Row.FilledFrom(MerchantRow.Read(ref from)).Write(to);
        }
        else
        {
            var now = Ask(change);
            change.Row.FilledFrom(new() { Id = change.Id, Tier = now.Tier, Country = now.Country, TimeZone = now.TimeZone }).Write(to);
        }
    }

    MerchantTexts Ask(scoped in MerchantChange change)
    {
        try
        {
            return rows.Merchant(change.Id, change.Position) ?? throw new RecordNotTakenException(
                $"a change of merchants, row {change.Id.Value}, cannot be read: it does not tell {change.Row.Unsent}, which nothing is kept of, and the shop has no such row to be read",
                isForNow: false);
        }
        catch (EnvironmentFailedException away)
        {
            throw new RecordNotTakenException(away.Message, isForNow: true, away);
        }
    }
}
