using Npgsql;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Sealing;

/// <summary>Reads rows of <see cref="LeafColumns.Sealed"/>.</summary>
internal static class SealedRows
{
    public static SealedRow Read(NpgsqlDataReader rows)
    {
        return new()
        {
            Sequence = rows.GetInt64(0), Id = rows.GetGuid(1), StreamId = Text(2), Version = rows.GetInt64(3), Data = rows.GetString(4),
            BinaryData = rows.IsDBNull(5) ? null : rows.GetFieldValue<byte[]>(5), Type = rows.GetString(6), Timestamp = SealedRow.Text(UtcInstant.From(rows.GetFieldValue<DateTimeOffset>(7))),
            TenantId = Text(8), DotnetType = Text(9), IsArchived = rows.IsDBNull(10) ? null : rows.GetBoolean(10),
        };

        string? Text(int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
    }
}
