using StreamSettle.App.Composition;
using StreamSettle.App.Configuration;
using StreamSettle.Connectors.Embedded.Inspection;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Checks;

/// <summary>The source as the capture inside the service reads it.</summary>
sealed class EmbeddedSourceChecks(ServiceOptions options, StateView state, TimeProvider time)
{
    readonly SourceLook source = new(options.Source, state switch
    {
        StateView.Known known => known.ReadMetadata,
        StateView.None => _ => null,
        _ => null,
    });

    public IEnumerable<StartCheck> All() => [new("source", SourceAsync), new("first start", FirstStartAsync)];

    async Task<string> SourceAsync(CancellationToken stop)
    {
        var report = await source.ReadAsync(stop);
        if (report.Findings.Count > 0)
        {
            throw new UserMistakeException(string.Join(Environment.NewLine, report.Findings.Select(finding => finding.Message).Distinct()));
        }

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

        if (!source.IsFirstStart)
        {
            return "was before";
        }

        var found = "";
        await source.ShowAsync(
            async (reader, token) => found = FirstStartCheck.Told(await new FirstStartCheck(RuleFiles.Load(options.RulesDirectory), options.Settlements.CompletedSince, time).RunAsync(reader, token)),
            stop);
        return found;
    }
}
