using System.Text.Json;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Changes;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium.Forms;

/// <summary>What a record says about its change besides the row, gathered while it is read.</summary>
internal struct ChangeHead
{
    const byte NoOp = 0;

    byte op;
    long? lsn;
    long? sequenceCommit;
    long? sequenceLsn;
    bool snapshot;
    bool scanned;
    long? txId;
    long? sourceUs;
    long? sourceMs;
    long? outerMs;

    /// <summary>The record has an <c>op</c>, or a flattened one's <c>__op</c>.</summary>
    public readonly bool HasOp => op != NoOp;

    public readonly ChangeOp Op => op switch
    {
        (byte)'c' or (byte)'u' or (byte)'r' => ChangeOp.Upsert,
        (byte)'d' => ChangeOp.Delete,
        (byte)'t' => ChangeOp.Sweep,
        _ => ChangeOp.None,
    };

    /// <summary>Rows of Debezium's incremental snapshots have no lsn at all; those of a scan of ours have one. Where <c>sequence</c> is missing or does not tell a commit, the change's own place is all there is.</summary>
    public readonly ChangePosition Position => (lsn ?? sequenceLsn) switch
    {
        not { } => ChangePosition.None,
        { } known when scanned => ChangePosition.Scanned(known),
        { } known when op == 'r' || snapshot => ChangePosition.Snapshot(known),
        { } known when sequenceCommit is { } commit => ChangePosition.Streamed(commit, known),
        { } known => ChangePosition.Streamed(known),
    };

    /// <summary>0 where it is not told.</summary>
    public readonly long TxId => txId ?? 0;

    public readonly UtcInstant CommittedAt
    {
        get
        {
            const long microsPerMs = 1_000;
            return new(sourceUs ?? (sourceMs ?? outerMs ?? 0) * microsPerMs);
        }
    }

    public void SetOp(ref Utf8JsonReader reader) => SetOp(reader.TokenType == JsonTokenType.String ? reader.ValueSpan : default);

    public void SetOp(ReadOnlySpan<byte> text)
    {
        op = text.Length == 1 ? text[0] : NoOp;
        if (op is not ((byte)'c' or (byte)'u' or (byte)'r' or (byte)'d' or (byte)'t' or (byte)'m'))
        {
            throw new SerdeException("op is none of c, u, r, d, t, m");
        }
    }

    /// <summary>A flattened record without <c>__op</c> still says whether the row is gone.</summary>
    public void SetDeleted(ref Utf8JsonReader reader) =>
        SetDeleted(reader.TokenType == JsonTokenType.True || reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("true"u8));

    /// <inheritdoc cref="SetDeleted(ref Utf8JsonReader)"/>
    public void SetDeleted(bool isDeleted) => op = HasOp ? op : isDeleted ? (byte)'d' : (byte)'u';

    public void SetUpsertIfNone() => op = HasOp ? op : (byte)'u';

    public void SetLsn(long value) => lsn = value;

    public void SetSequence(ReadOnlySpan<byte> text) => (sequenceCommit, sequenceLsn) = SourceSequence.Read(text);

    public void SetTxId(long value) => txId = value;

    public void SetSnapshot(ReadOnlySpan<byte> text) => (snapshot, scanned) = (!text.SequenceEqual("false"u8), text.SequenceEqual("incremental"u8));

    public void SetSourceUs(long value) => sourceUs = value;

    public void SetSourceMs(long value) => sourceMs = Ms(value, "source.ts_ms");

    public void SetOuterMs(long value) => outerMs = Ms(value, "ts_ms");

    public void SetLsn(ref Utf8JsonReader reader) => lsn = ColumnValue.Int64(ref reader, "lsn");

    public void SetSequence(ref Utf8JsonReader reader) => (sequenceCommit, sequenceLsn) = SourceSequence.Read(ref reader);

    public void SetTxId(ref Utf8JsonReader reader) => txId = ColumnValue.Int64(ref reader, "source.txId");

    public void SetSnapshot(ref Utf8JsonReader reader)
    {
        scanned = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("incremental"u8);
        snapshot = reader.TokenType switch
        {
            JsonTokenType.Null or JsonTokenType.False => false,
            JsonTokenType.True => true,
            JsonTokenType.String => !reader.ValueTextEquals("false"u8),
            _ => throw new SerdeException($"source.snapshot is {reader.TokenType}"),
        };
    }

    public void SetSourceUs(ref Utf8JsonReader reader) => sourceUs = ColumnValue.Int64(ref reader, "source.ts_us");

    public void SetSourceMs(ref Utf8JsonReader reader) => sourceMs = Ms(ref reader, "source.ts_ms");

    public void SetOuterMs(ref Utf8JsonReader reader) => outerMs = Ms(ref reader, "ts_ms");

    static long? Ms(ref Utf8JsonReader reader, string name) => Ms(ColumnValue.Int64(ref reader, name), name);

    static long? Ms(long? value, string name)
    {
        const long max = long.MaxValue / 1_000;
        return value is null or (>= -max and <= max) ? value : throw new SerdeException($"{name} is {value}, beyond any time");
    }
}
