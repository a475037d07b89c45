using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Operators;

/// <summary>What an operator asks for a dead letter: a record of <c>operator-commands</c>.</summary>
/// <param name="Replay">Try again; false: give up.</param>
/// <param name="By">The name of the API key.</param>
/// <param name="RequestId">Unique.</param>
/// <param name="Note">Why, in the operator's words; null where none were given.</param>
/// <param name="NeverCalculated">The event log was asked, and proves that the order was never calculated: it may be settled although it may have been forgotten.</param>
/// <remarks><code>replay(1), 0 or 1 | key | by | requestId | note(nullable) | neverCalculated(1)</code></remarks>
public sealed record OperatorRequest(bool Replay, CallKey Key, string By, string RequestId, string? Note = null, bool NeverCalculated = false)
{
    /// <summary>As causes in events name it.</summary>
    public string Cause => $"{By}@{RequestId}";

    public void Write(ByteWriter to)
    {
        to.Bool(Replay);
        to.String(Key.ToString());
        to.String(By);
        to.String(RequestId);
        to.NullableString(Note);
        to.Bool(NeverCalculated);
    }

    /// <exception cref="CorruptStateException">The bytes are no request of ours.</exception>
    public static OperatorRequest Read(ref ByteReader from)
    {
        var replay = from.Bool();
        var text = from.String();
        return CallKey.TryParse(text, out var key)
            ? new(replay, key, from.String(), from.String(), from.NullableString(), from.Bool())
            : throw new CorruptStateException($"'{text}' is no key of a call");
    }
}

/// <summary>Reads and writes operator requests.</summary>
public sealed class OperatorRequestSerde : ISerde<OperatorRequest>
{
    public OperatorRequest Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        return OperatorRequest.Read(ref from);
    }

    public void Write(OperatorRequest value, ByteWriter destination) => value.Write(destination);
}
