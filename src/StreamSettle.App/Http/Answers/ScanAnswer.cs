using System.Text.Json.Serialization;
using StreamSettle.Connectors.Embedded.Scanning;

namespace StreamSettle.App.Http.Answers;

/// <summary>Where a scan may be.</summary>
enum ScanPhase
{
    Running,

    /// <summary>It does not come on at the moment; why is said beside it.</summary>
    Waiting,
    Done,
    Stopped,
}

/// <summary>What is asked of a scan.</summary>
/// <param name="From">Only orders completed from this instant on.</param>
/// <param name="To">Only orders completed before this instant.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed record ScanRequestBody(string? From = null, string? To = null);

/// <summary>The present scan, or the last one.</summary>
/// <param name="By">Name of the key.</param>
/// <param name="Shards">Shares of the table by key.</param>
/// <param name="Rows">Rows that are in the log.</param>
/// <param name="Waits">Why it does not come on; null where it does.</param>
sealed record ScanAnswer(
    string Id, string By, string? From, string? To, string StartedAt, string? EndedAt, ScanPhase Phase, int Shards, int ShardsDone, long Rows, string? Waits)
{
    public static ScanAnswer Of(ScanState state, string? waits) => new(
        state.Request.Id, state.Request.By, state.Request.From?.ToString(), state.Request.To?.ToString(), state.Started.ToString(), state.Ended?.ToString(),
        state switch
        {
            { IsStopped: true } => ScanPhase.Stopped,
            { Ended: not null } => ScanPhase.Done,
            _ => waits is null ? ScanPhase.Running : ScanPhase.Waiting,
        },
        state.Shards.Count, state.ShardsDone, state.Rows, state.Ended is null ? waits : null);
}
