using StreamSettle.App.Configuration;
using StreamSettle.App.Rebuilding;
using StreamSettle.Connectors.Embedded.Inspection;

namespace StreamSettle.App.Checks;

/// <summary>The source as the capture inside the service reads it.</summary>
sealed class EmbeddedSourceChecks(ServiceOptions options, StateView state, TimeProvider time)
{
    readonly SourceLook source = new(
        state switch
        {
            StateView.Known known => RebuiltSource.Of(options.Source, known.ReadMetadata),
            StateView.Lost => options.Source with { StartAnew = true },
            _ => options.Source,
        },
        state switch
        {
            StateView.Known known => known.ReadMetadata,
            StateView.None or StateView.Lost => _ => null,
            _ => null,
        });

    public IEnumerable<StartCheck> All() => [new("source", SourceAsync), new("first start", FirstStartAsync) { NeedsTheOneBefore = true }];

    async Task<string> SourceAsync(CancellationToken stop)
    {
        var report = (await source.ReadAsync(stop)).Refuse();
        return state is StateView.Unreadable
            ? "reached, server, role and tables are fit; publication and slot were not compared with the state directory"
            : report.IsFirstStart ? $"reached and fit; the slot {report.Slot} will be made" : $"reached and fit; goes on by the slot {report.Slot}";
    }

    async Task<string> FirstStartAsync(CancellationToken stop)
    {
        if (state is StateView.Unreadable)
        {
            return "not looked at: the state directory cannot be read";
        }

        if (state is StateView.Known known && KeptChoice.Read(known.ReadMetadata) is { } kept)
        {
            kept.Compare(options.Settlements.CompletedSince);
        }

        if (state is StateView.Lost or StateView.Known { IsRebuilt: true })
        {
            return "was before; the state is made anew from the event log, which knows what is ours";
        }

        return source.IsFirstStart ? await FirstStartCheck.LookAsync(options, source, time, stop) : "was before";
    }
}
