using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Schemas.Changes;

/// <summary>A transaction of the source as each of its changes names it: of one row's changes those of one transaction have the same name, and no others.</summary>
/// <remarks><code>committedAtUs(8) | txId(varint)</code></remarks>
/// <param name="CommittedAt">When it was committed, by the source's clock; as fine as the connector tells it, which may be a millisecond for two of them.</param>
/// <param name="TxId">PostgreSQL's number of it, which comes round after 2^32 of them; 0, which is nobody's, where the connector does not tell it.</param>
public readonly record struct SourceTransaction(UtcInstant CommittedAt, long TxId)
{
    public void Write(ByteWriter to)
    {
        to.Int64(CommittedAt.Microseconds);
        to.VarInt64(TxId);
    }

    public static SourceTransaction Read(scoped ref ByteReader from) => new(new(from.Int64()), from.VarInt64());
}
