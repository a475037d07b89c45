using StreamSettle.App.Composition;
using StreamSettle.App.Configuration;
using StreamSettle.Audit.Marten;
using StreamSettle.Connectors.Embedded.Inspection;
using StreamSettle.Delivery.Channels;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Checks;

/// <summary>
/// The one list of what must be right before a start writes anything: <c>run</c> refuses by it, <c>check</c> prints it. Configuration and state directory come
/// before, as what is looked at follows from them.
/// </summary>
sealed class StartChecks(ServiceOptions options, MartenEventLog eventLog, StateView state, TimeProvider time)
{
    readonly SourceLook source = new(options.Source, state switch
    {
        StateView.Known known => known.ReadMetadata,
        StateView.None => _ => null,
        _ => null,
    });

    public IEnumerable<StartCheck> All()
    {
        yield return new("rules", _ => Task.FromResult($"{RuleFiles.Load(options.RulesDirectory).Sets.Length} rule sets in {options.RulesDirectory}"));
        yield return new("source", SourceAsync);
        yield return new("first start", FirstStartAsync);
        yield return new("event log", EventLogAsync);
        foreach (var (leg, downstream) in options.Downstreams)
        {
            yield return new($"credentials for {leg.Name()}", async _ =>
            {
                // Reads certificates and files, opens no connection.
                await using var channel = DownstreamChannel.OverHttp(leg, downstream, time);
                return downstream.Headers.Count == 0 && downstream.ClientCertificate is null ? "none" : "can be read";
            });
        }
    }

    /// <summary>Refuses a start by the list: every mistake is told at once. A source that is away only now is waited for by the start itself.</summary>
    /// <param name="take">What the start itself needs beside the list.</param>
    /// <exception cref="UserMistakeException">One or more, one a line.</exception>
    /// <exception cref="EnvironmentFailedException">The event log cannot be reached.</exception>
    public async Task RefuseAsync(StartCheck take, CancellationToken stop)
    {
        List<string> mistakes = [];
        EnvironmentFailedException? away = null;
        foreach (var check in All().Append(take))
        {
            try
            {
                await check.Look(stop);
            }
            catch (UserMistakeException mistake)
            {
                mistakes.Add(mistake.Message);
            }
            catch (EnvironmentFailedException failure)
            {
                away = check.Name == "event log" || check == take ? away ?? failure : away;
            }
        }

        if (mistakes.Count > 0)
        {
            throw new UserMistakeException(string.Join(Environment.NewLine, mistakes.Distinct()));
        }

        if (away is not null)
        {
            throw away;
        }
    }

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

    async Task<string> EventLogAsync(CancellationToken stop)
    {
        var look = await EventLogOpening.GuardAsync(options, () => eventLog.LookAsync(stop));
        if (look.Problems.Count > 0)
        {
            throw new UserMistakeException(string.Join(Environment.NewLine, look.Problems));
        }

        StateDirectoryCheck.Compare(options, state, look);
        return !look.Exists ? $"reached; schema '{options.AuditSchema}' will be made" : look.State.IsEmpty ? "reached; no events yet" : "reached; goes on";
    }
}
