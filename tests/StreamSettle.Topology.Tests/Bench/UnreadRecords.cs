using StreamSettle.Streams.Errors;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Tests.Bench;

/// <summary>Why records were passed over that a source could not read, each with its topic.</summary>
sealed class UnreadRecords
{
    readonly List<string> reasons = [];

    public IReadOnlyList<string> Reasons => reasons;

    public DeserializationHandlerResponse PassOver(ErrorHandlerContext context, scoped in RawRecord record, SerdeException exception)
    {
        reasons.Add($"{context.Record.Topic}: {exception.Message}");
        return new DeserializationHandlerResponse.Continue();
    }
}
